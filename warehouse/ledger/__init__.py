"""What changes between builds: submissions and their decisions, rate windows, sign-ins."""
