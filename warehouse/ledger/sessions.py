"""Who is signed in, by the hash of a key that nobody but the browser holds."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from warehouse.ledger import tables
from warehouse.ledger.database import Database
from warehouse.ledger.records import Person
from warehouse.ledger.rows import person_row, read_person

COOKIE = "cookie"
MOST_OF_A_PERSON = 50
_SESSIONS = tables.sessions


class Sessions:
    """Sign-ins that hold for a while. A person has 50 of a kind at most: one more ends the oldest."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def open(self, key_hash: str, person: Person, lasts: timedelta, kind: str = COOKIE) -> None:
        """Let the key stand for the person; one that stood for someone does so no more."""
        now = self._clock()
        surplus = (
            select(_SESSIONS.c.key_hash)
            .where(_SESSIONS.c.person_id == person.id, _SESSIONS.c.kind == kind)
            .order_by(_SESSIONS.c.opened_at.desc(), _SESSIONS.c.key_hash)
            .offset(MOST_OF_A_PERSON - 1)
        )
        row = {"key_hash": key_hash, "kind": kind, "opened_at": now, "expires_at": now + lasts, **person_row(person)}
        with self._database.writing(f"sessions of {person.id}") as connection:
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.key_hash == key_hash))
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.key_hash.in_(surplus)))
            connection.execute(insert(_SESSIONS).values(row))

    def find(self, key_hash: str, kind: str = COOKIE) -> Person | None:
        """Whom the key stands for; null: nobody, or no longer."""
        held = select(_SESSIONS).where(
            _SESSIONS.c.key_hash == key_hash, _SESSIONS.c.kind == kind, _SESSIONS.c.expires_at > self._clock()
        )
        with self._database.reading() as connection:
            row = connection.execute(held).one_or_none()
            return None if row is None else read_person(row)

    def close(self, key_hash: str) -> None:
        """Let the key stand for nobody."""
        with self._database.writing() as connection:
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.key_hash == key_hash))

    def count(self) -> int:
        """How many hold."""
        held = select(func.count()).select_from(_SESSIONS).where(_SESSIONS.c.expires_at > self._clock())
        with self._database.reading() as connection:
            return connection.scalar(held) or 0
