"""People and what they send, for tests of the ledger, and a clock that stands."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from warehouse.ledger.records import Entry, Evidence, Person, Submission, SubmittedScore

NOON = datetime(2026, 11, 21, 12, 0, 0, 123_456, tzinfo=UTC)
ANN = Person("5f0c", "ann", "https://hub.test/ann.png")
BEN = Person("6a1d", "ben")
REVIEWER = Person("7b2e", "rita", organizations=("reviewers",))


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: datetime = field(default=NOON)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **passed: float) -> None:
        self.now += timedelta(**passed)


def url_in(folder: Path) -> str:
    """URL of a ledger in SQLite."""
    return URL.create("sqlite", database=str(folder / "ledger" / "ledger.sqlite3")).render_as_string()


def submission(person: Person = ANN, at: datetime = NOON, **others: Any) -> Submission:
    """A submission that differs from every other, but for what is given."""
    fields: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "content": uuid.uuid4().hex * 2,
        "evidence": Evidence("e" * 64, 1234),
    } | others
    return Submission(entry=entry(), submitted_by=person, submitted_at=at, **fields)


def entry(**others: Any) -> Entry:
    fields: dict[str, Any] = {
        "model_name": "org/model",
        "model_type": "instruction",
        "precision": "bfloat16",
        "revision": "main",
        "weight_type": "delta",
        "base_model": "org/stem",
        "backend": "vlmevalkit",
        "remarks": "ünïcode, 日本, 🙂\n'; drop table submissions; --",
        "scores": (
            SubmittedScore("blink_gpt-4o", "blink", "gpt-4o", 61.25, (("Jigsaw", 50.0), ("Relative_Depth", None))),
            SubmittedScore("erqa", "erqa", None, None),
            SubmittedScore("odd\0 id", "odd\0 id", None, 0.1 + 0.2),
        ),
        "model_sha": "0123abcd",
    }
    return Entry(**fields | others)
