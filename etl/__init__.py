"""From upstream bytes to canonical tables."""
