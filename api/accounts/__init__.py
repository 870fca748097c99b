"""Who is asking: tokens of the Hub, signing in by a browser, and sessions."""
