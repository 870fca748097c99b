"""What the ledger keeps, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a submission stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class PushState(StrEnum):
    """How far a submission has come to the repository on the Hub."""

    LOCAL = "LOCAL"
    WAITING = "WAITING"
    PUSHED = "PUSHED"


@dataclass(frozen=True)
class Person:
    """Someone on the Hub. `id` stays when the name changes; `organizations` are those that are known, by name."""

    id: str
    name: str
    avatar_url: str | None = None
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubmittedScore:
    """One score as it was sent, in percent; null: not evaluated. `id` is verbatim, and names benchmark and variant."""

    id: str
    benchmark: str
    variant: str | None
    value: float | None
    sub_scores: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The archive behind a submission, which is kept by the SHA-256 of its bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Entry:
    """What is sent in. Enumerations are in lower case, as EASI writes them: `instruction`, `bfloat16`, `original`."""

    model_name: str
    model_type: str
    precision: str
    revision: str
    weight_type: str
    base_model: str | None
    backend: str
    remarks: str | None
    scores: tuple[SubmittedScore, ...]
    model_sha: str | None = None


@dataclass(frozen=True)
class Submission:
    """A submission that was taken. `content` is a SHA-256 of all that was sent; times are UTC."""

    id: str
    entry: Entry
    evidence: Evidence
    submitted_by: Person
    submitted_at: datetime
    content: str
    status: Status = Status.PENDING
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    review_note: str | None = field(default=None, repr=False)
    push_state: PushState = PushState.LOCAL
    push_commit: str | None = None


@dataclass(frozen=True)
class Decision:
    """One row of the audit: who did what to which submission, when and why."""

    number: int
    submission: str
    action: str
    person_id: str
    person_name: str
    at: datetime
    note: str | None


@dataclass(frozen=True)
class Window:
    """What of a rate window is left: `resets_at` is when the oldest slot in it is free again; null: none is taken."""

    limit: int
    remaining: int
    resets_at: datetime | None
