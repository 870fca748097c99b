"""What is looked at by `standings doctor`, which changes nothing."""
