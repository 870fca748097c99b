"""A database of either kind: connections, and transactions that read or write."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from warehouse.ledger.errors import LedgerError
from warehouse.ledger.places import SQLITE, place

WAIT_SECONDS = 30
STATEMENT_SECONDS = 60
CONNECT_SECONDS = 10
MOST_IDLE = 8
MOST_CONNECTIONS = 16
LONGEST_REASON = 300
_READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """Connections that threads share. Everything it raises is a `LedgerError`, or comes from the caller's own block."""

    def __init__(self, url: URL) -> None:
        self.place = place(url)
        self.is_sqlite = url.drivername == SQLITE
        self._secrets = [url.password, *(str(value) for name, value in url.query.items() if "password" in name)]
        self._turn = threading.Lock()
        with self._named("cannot be opened"):
            self._engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        self._reader = self._engine if self.is_sqlite else self._engine.execution_options(**_READING)
        self._writer = self._engine.execution_options(begin="IMMEDIATE") if self.is_sqlite else self._engine

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state, however many statements it has."""
        with self._named("cannot be read"), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, turn: str | None = None) -> Iterator[Connection]:
        """A transaction that is kept when the block ends, and undone when it raises.

        Of those with the same `turn`, one runs at a time over all processes; what one reads, no other has changed.
        """
        with self._named("cannot be written"), self._in_turn(), self._writer.begin() as connection:
            if turn is not None and not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_number(turn))))
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads queue for SQLite's one writer here, for SQLite itself would let them look again and again."""
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            raise LedgerError(f"the ledger {self.place} cannot be written: others have written for {WAIT_SECONDS} s")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _named(self, what: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise LedgerError(f"the ledger {self.place} {what}: {self._reason(error)}") from None

    def _reason(self, error: SQLAlchemyError) -> str:
        """The driver's first line; others may hold values."""
        lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        reason = lines[0]
        for secret in self._secrets:
            reason = reason.replace(secret, "***") if secret else reason
        return reason[:LONGEST_REASON]


def _number(turn: str) -> int:
    """The number by which PostgreSQL knows a lock."""
    return int.from_bytes(hashlib.sha256(f"standings {turn}".encode()).digest()[:8], signed=True)


def _sqlite(url: URL) -> Engine:
    engine = _engine(url, {"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = _engine(url, {"connect_timeout": CONNECT_SECONDS})
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _engine(url: URL, arguments: dict[str, int]) -> Engine:
    return create_engine(
        url,
        connect_args=arguments,
        hide_parameters=True,
        max_overflow=MOST_CONNECTIONS - MOST_IDLE,
        pool_pre_ping=url.drivername != SQLITE,
        pool_size=MOST_IDLE,
        pool_timeout=WAIT_SECONDS,
    )


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, too late and without the lock that a writer needs.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A commit is on disk when it returns.
    for pragma in ("synchronous = full", "foreign_keys = on", "trusted_schema = off"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _prepare_postgresql(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"set lock_timeout = '{WAIT_SECONDS}s'")
    cursor.execute(f"set statement_timeout = '{STATEMENT_SECONDS}s'")
    cursor.execute(f"set idle_in_transaction_session_timeout = '{STATEMENT_SECONDS}s'")
    cursor.close()
    connection.commit()
