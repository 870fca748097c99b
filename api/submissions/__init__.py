"""Submissions: what may be sent, the evidence behind it, and what becomes of it."""
