"""One-time codes by which a sign-in ends, by their hash."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from warehouse.ledger import tables
from warehouse.ledger.database import Database
from warehouse.ledger.records import Person
from warehouse.ledger.rows import person_row, read_person

_CODES = tables.codes


class Codes:
    """Codes that stand for a person once, and for a while."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def save(self, code_hash: str, person: Person, lasts: timedelta) -> None:
        """Let the code stand for the person. Raises `LedgerError` for one that is there already."""
        row = {"code_hash": code_hash, "expires_at": self._clock() + lasts, **person_row(person)}
        with self._database.writing() as connection:
            connection.execute(insert(_CODES).values(row))

    def take(self, code_hash: str) -> Person | None:
        """Whom the code stands for, which it does no more then; null: nobody, or no longer."""
        now = self._clock()
        taken = delete(_CODES).where(_CODES.c.code_hash == code_hash).returning(*_CODES.c)
        with self._database.writing() as connection:
            row = connection.execute(taken).one_or_none()
            return None if row is None or row.expires_at <= now else read_person(row)
