"""What a statement may take, and how it ends that is wrong or takes more."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds of one statement: seconds until its answer is there, memory, and the rows and bytes of the answer."""

    seconds: float = 20.0
    memory_mb: int = 512
    rows: int = 1_000_000
    answer_mb: int = 100


class WrongStatement(Exception):
    """A statement, or its parameters, that cannot be run; the message says why, `code` which kind of wrong it is."""

    def __init__(self, message: str, code: str = "WRONG_STATEMENT") -> None:
        super().__init__(message)
        self.code = code


class RefusedStatement(WrongStatement):
    """A statement that may not run here, right or wrong; the message says what of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "REFUSED_STATEMENT")


class TooLarge(Exception):
    """A statement that took more memory than it may, or whose answer is larger than one may be."""


class SandboxFailed(Exception):
    """A sandbox that cannot be opened or does not answer; the message is for the log."""
