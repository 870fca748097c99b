"""The ledger as it is looked at by who must not change it, not even by opening it."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import URL

from warehouse.ledger.database import Database
from warehouse.ledger.migration import schema_of
from warehouse.ledger.places import read_url
from warehouse.ledger.records import Evidence
from warehouse.ledger.tables import pushes, submissions

MOST_EVIDENCE = 1_000_000


@dataclass(frozen=True)
class Inspected:
    """A ledger: where it is, its schema (null: it has no tables yet), and what SQLite finds broken in its file.

    `submissions` is how many there are; `evidence` names the archives behind them, newest first; `waiting` are to be
    pushed to the Hub, and `errors` are why that failed for how many of them.
    """

    place: str
    schema: str | None
    faults: tuple[str, ...] = ()
    submissions: int = 0
    evidence: tuple[Evidence, ...] = ()
    waiting: int = 0
    errors: tuple[tuple[str, int], ...] = ()


def inspect_ledger(url: str) -> Inspected | None:
    """How a ledger stands; null: there is none yet. Raises `LedgerError` for one that cannot be read."""
    place = read_url(url)
    file = Path(str(place.database))
    is_sqlite = place.drivername == "sqlite"
    if is_sqlite and not file.is_file():
        return None
    with (
        closing(Database(_unchanging(place, file) if is_sqlite else place)) as database,
        database.reading() as connection,
    ):
        schema = schema_of(connection, database.place)
        faults = _faults(connection) if is_sqlite else ()
        if schema is None or faults:
            return Inspected(database.place, schema, faults)
        return _read(connection, database.place, schema)


def _unchanging(place: URL, file: Path) -> URL:
    """The address by which SQLite writes nothing: beside a file without a journal it would make one."""
    journal = file.with_name(f"{file.name}-wal")
    query = {"mode": "ro", "uri": "true"} | ({} if journal.exists() else {"immutable": "1"})
    return place.set(database=file.resolve().as_uri(), query=query)


def _faults(connection: Connection) -> tuple[str, ...]:
    found = [str(row[0]) for row in connection.exec_driver_sql("pragma quick_check(5)")]
    return () if found == ["ok"] else tuple(found)


def _read(connection: Connection, place: str, schema: str) -> Inspected:
    columns = submissions.c
    archives = select(columns.evidence_sha256, func.max(columns.evidence_size)).group_by(columns.evidence_sha256)
    rows = connection.execute(archives.order_by(func.max(columns.submitted_at).desc()).limit(MOST_EVIDENCE))
    failed = select(pushes.c.error, func.count()).where(pushes.c.error.is_not(None)).group_by(pushes.c.error)
    return Inspected(
        place,
        schema,
        submissions=connection.scalar(select(func.count()).select_from(submissions)) or 0,
        evidence=tuple(Evidence(row[0], row[1]) for row in rows),
        waiting=connection.scalar(select(func.count()).select_from(pushes)) or 0,
        errors=tuple((str(row[0]), int(row[1])) for row in connection.execute(failed)),
    )
