"""The steps. One is never changed once a ledger may have taken it."""
