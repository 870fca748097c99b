"""What a ledger says when it cannot do what was asked."""


class LedgerError(Exception):
    """A ledger that cannot do what was asked; the message says which, why and what to do, and holds no password."""


class UnknownSubmission(LedgerError):
    """A submission that a page is to come after, and that is not there."""
