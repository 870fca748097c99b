"""EASI's REST endpoints, and signing in."""
