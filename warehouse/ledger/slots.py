"""Rate windows: how often a person has tried within the time that counts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from warehouse.ledger import tables
from warehouse.ledger.database import Database
from warehouse.ledger.records import Window

_SLOTS = tables.slots


class Slots:
    """Tries of each person. One counts from when it is taken until it is as old as the window, and then no more."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def take(self, user_id: str, limit: int, window: timedelta) -> tuple[bool, Window]:
        """Count one more try unless there are `limit` in the window; whether it was, and what is left then.

        Exact over threads and processes. A try that is refused is not counted.
        """
        with self._database.writing(f"slots of {user_id}") as connection:
            now = self._clock()
            taken, oldest = _live(connection, user_id, now - window)
            if taken >= limit:
                return False, _left(limit, taken, oldest, window)
            connection.execute(insert(_SLOTS).values(user_id=user_id, at=now, free_at=now + window))
            return True, _left(limit, taken + 1, min(oldest or now, now), window)

    def left(self, user_id: str, limit: int, window: timedelta) -> Window:
        """What is left of a person's window now."""
        with self._database.reading() as connection:
            return _left(limit, *_live(connection, user_id, self._clock() - window), window)


def _live(connection: Connection, user_id: str, before: datetime) -> tuple[int, datetime | None]:
    """How many tries count, and when the oldest of them was."""
    counted = select(func.count(), func.min(_SLOTS.c.at)).where(_SLOTS.c.user_id == user_id, _SLOTS.c.at > before)
    taken, oldest = connection.execute(counted).one()
    return taken, oldest


def _left(limit: int, taken: int, oldest: datetime | None, window: timedelta) -> Window:
    return Window(limit, max(0, limit - taken), None if oldest is None else oldest + window)
