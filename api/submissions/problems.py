"""What is wrong with a submission, and why one is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `path` is the field, as the GraphQL input names it (`scores[2].value`, `evidence`).

    One that is not `blocking` is a warning: the submission is taken all the same.
    """

    path: str
    code: str
    message: str
    blocking: bool = True


class Refusal(Exception):
    """A submission, or something asked of one, that is refused. The text is for people, the code for programs."""

    code = "REFUSED"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Refusal):
    """What was sent cannot be taken. `problems` come in the order in which EASI checks; the first is the message."""

    code = "INVALID"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = tuple(problems)


class RateLimited(Refusal):
    """A person has sent too many; the next may come at `retry_at` (UTC), `seconds` from now."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_at: datetime, seconds: int) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        self.seconds = seconds


class NotSignedIn(Refusal):
    """Nobody, or nobody known, is asking."""

    code = "NOT_AUTHENTICATED"


class Forbidden(Refusal):
    """Someone is asking who may not do this."""

    code = "NOT_ALLOWED"


class Unknown(Refusal):
    """There is no such submission, or none that the asker may know of."""

    code = "NOT_FOUND"


class Failed(Refusal):
    """It cannot be done for a reason that is ours or the Hub's. `status` is the HTTP status: 500 or 503."""

    code = "FAILED"

    def __init__(self, message: str, code: str = "FAILED", status: int = 500, retry_seconds: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_seconds = retry_seconds
