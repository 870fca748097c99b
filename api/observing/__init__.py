"""What an operator sees of a running server: metrics, logs, traces, slow questions and readiness."""
