"""The audit: a row for each thing that was done to a submission, which also numbers the states of the ledger."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from warehouse.ledger import tables
from warehouse.ledger.records import Decision, Person
from warehouse.ledger.rows import read_decision

# Transactions that add rows have this turn: so their numbers show in the order in which they count up.
TURN = "decisions"
SUBMITTED = "SUBMITTED"


def write_decision(
    connection: Connection, submission: str, action: str, person: Person, at: datetime, note: str | None
) -> None:
    """Add a row, within a transaction that has the turn."""
    connection.execute(
        insert(tables.decisions).values(
            submission=submission, action=action, person_id=person.id, person_name=person.name, at=at, note=note
        )
    )


def read_decisions(connection: Connection, submission: str) -> list[Decision]:
    """What was done to a submission, oldest first."""
    audit = tables.decisions
    rows = connection.execute(select(audit).where(audit.c.submission == submission).order_by(audit.c.number))
    return [read_decision(row) for row in rows]


def newest_number(connection: Connection) -> int:
    """Number of the newest row; 0: there is none."""
    return connection.scalar(select(func.max(tables.decisions.c.number))) or 0
