"""The ledger: submissions and what was decided on them, the outbox, rate windows and sign-ins, in one database."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete

from warehouse.ledger import tables
from warehouse.ledger.codes import Codes
from warehouse.ledger.columns import now_utc
from warehouse.ledger.database import Database
from warehouse.ledger.decisions import newest_number
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.migration import bring_up, make_file
from warehouse.ledger.places import read_url
from warehouse.ledger.pushes import Pushes
from warehouse.ledger.sessions import Sessions
from warehouse.ledger.slots import Slots
from warehouse.ledger.submissions import Submissions

__all__ = ["Ledger", "LedgerError"]


class Ledger:
    """An open ledger, which threads may share and any number of processes may open.

    What a method has written is on disk when it returns. Every method raises `LedgerError` where the database does
    not do what it should.
    """

    def __init__(self, url: str, clock: Callable[[], datetime] = now_utc) -> None:
        """Open the ledger, make it where it is missing, and bring its tables up to date. Raises `LedgerError`."""
        place = read_url(url)
        self._database = Database(place)
        self._clock = clock
        try:
            if self._database.is_sqlite:
                make_file(Path(str(place.database)))
            bring_up(self._database)
        except BaseException:
            self.close()
            raise
        self.submissions = Submissions(self._database, clock)
        self.pushes = Pushes(self._database, clock)
        self.slots = Slots(self._database, clock)
        self.sessions = Sessions(self._database, clock)
        self.codes = Codes(self._database, clock)

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()

    def revision(self) -> str:
        """Another text whenever something has happened that changes scores; "0" while nothing has."""
        with self._database.reading() as connection:
            return str(newest_number(connection))

    def sweep(self) -> None:
        """Drop sessions, codes and slots that are over."""
        now = self._clock()
        over = (tables.sessions.c.expires_at, tables.codes.c.expires_at, tables.slots.c.free_at)
        with self._database.writing() as connection:
            for column in over:
                connection.execute(delete(column.table).where(column <= now))
