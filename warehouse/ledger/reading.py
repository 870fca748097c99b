"""The ledger as a build reads it: one state of it, changing nothing."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from warehouse.ledger.database import Database
from warehouse.ledger.decisions import newest_number
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.migration import schema_of
from warehouse.ledger.places import read_url
from warehouse.ledger.records import Submission
from warehouse.ledger.submissions import read_counting as read_submissions
from warehouse.ledger.tables import SCHEMA, decisions


@dataclass(frozen=True)
class Counting:
    """What becomes scores: pending and approved `submissions`, oldest first, at one revision of the ledger.

    `moved_at` (UTC) is the latest time of the audit: withdrawing moves it too. Null: nothing was ever submitted.
    """

    revision: str = "0"
    moved_at: datetime | None = None
    submissions: tuple[Submission, ...] = ()


def read_counting(url: str) -> tuple[str, list[Submission]]:
    """Revision, and what becomes scores then: pending and approved submissions, oldest first.

    Raises as `read_state` does.
    """
    state = read_state(url)
    return state.revision, list(state.submissions)


def read_state(url: str) -> Counting:
    """What becomes scores now. A ledger that is not there yet has revision "0" and nothing.

    Raises `LedgerError` for one that cannot be read, or that an older version has written and no server has opened
    since.
    """
    place = read_url(url)
    with closing(Database(place)) as database:
        if database.is_sqlite and not Path(str(place.database)).is_file():
            return Counting()
        with database.reading() as connection:
            schema = schema_of(connection, database.place)
            if schema is None:
                return Counting()
            if schema != SCHEMA:
                raise LedgerError(
                    f"the ledger {database.place} has schema {schema}, and {SCHEMA} is needed: `standings serve` "
                    "brings it up to date when it starts"
                )
            moved_at = connection.scalar(select(func.max(decisions.c.at)))
            return Counting(str(newest_number(connection)), moved_at, tuple(read_submissions(connection)))
