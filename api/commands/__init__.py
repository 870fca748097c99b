"""The subcommands of `standings`."""
