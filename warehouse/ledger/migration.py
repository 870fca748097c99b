"""The schema of a ledger: which it has, and how it gets the newest, with several processes starting at once."""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy import text as sql

from warehouse.disk import sync
from warehouse.ledger.database import WAIT_SECONDS, Database
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.tables import SCHEMA, SCHEMA_TABLE

LOOK_SECONDS = 0.02
# Alembic keeps the connection it works on where all threads see it.
_ALEMBIC = threading.Lock()


def make_file(file: Path) -> None:
    """Make an empty SQLite file that its owner alone can read, and its folder, where they are missing.

    Raises `LedgerError` where that cannot be done.
    """
    try:
        _make_folder(file.parent)
        with _alone(file):
            _make_whole(file)
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(f"the ledger {file} cannot be opened: {error}") from None


def bring_up(database: Database) -> None:
    """Bring a ledger to the newest schema. Raises `LedgerError` for one that is newer still, or no ledger."""
    with database.reading() as connection:
        if schema_of(connection, database.place) == SCHEMA:
            return
    with database.writing("migration") as connection:
        if schema_of(connection, database.place) != SCHEMA:
            _migrate(connection)


def schema_of(connection: Connection, place: str) -> str | None:
    """The schema that a ledger has; null: it has no tables yet. Raises `LedgerError` for one we do not know."""
    if not inspect(connection).has_table(SCHEMA_TABLE):
        return None
    found = [str(row[0]) for row in connection.execute(sql(f"select version_num from {SCHEMA_TABLE}"))]
    if len(found) > 1 or (found and not (found[0].isdecimal() and found[0] <= SCHEMA)):
        raise LedgerError(
            f"the ledger {place} has schema {', '.join(found)!r}, and this version of Standings knows those up to "
            f"{SCHEMA}: run the version that wrote it, or a newer one"
        )
    return found[0] if found else None


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - it takes long to import, and most starts do not need it
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "warehouse.ledger:migrations")
    with _ALEMBIC:
        command.upgrade(config, "head")


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync(folder.parent)


def _make_whole(file: Path) -> None:
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        sync(file.parent)
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as connection:
        connection.execute("pragma journal_mode = wal")


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time: SQLite does not wait for its turn where the journal's mode is changed."""
    descriptor = os.open(file.with_name(f"{file.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        _lock(descriptor, time.monotonic() + WAIT_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
        time.sleep(LOOK_SECONDS)
