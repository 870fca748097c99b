"""The outbox: which submissions are to be pushed to the Hub, and who is at it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Executable, delete, func, insert, select, update

from warehouse.ledger import tables
from warehouse.ledger.database import Database
from warehouse.ledger.records import PushState, Submission
from warehouse.ledger.rows import read_submission

_QUEUE = tables.pushes
_SUBMISSIONS = tables.submissions


class Pushes:
    """What waits for the Hub. A worker claims one for a while and says how it went; if it dies, others go on."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def claim(self, lease: timedelta) -> Submission | None:
        """The oldest that nobody else is at and that need not wait after a failure, for the time of the lease."""
        with self._database.writing() as connection:
            now = self._clock()
            row = connection.execute(_due(now)).one_or_none()
            if row is None:
                return None
            taken = update(_QUEUE).where(_QUEUE.c.submission == row.id)
            connection.execute(taken.values(due_at=now + lease, tries=_QUEUE.c.tries + 1))
            return read_submission(row)

    def done(self, submission_id: str, commit: str) -> None:
        """It is on the Hub, in that commit; said again, nothing changes."""
        change = update(_SUBMISSIONS).where(
            _SUBMISSIONS.c.id == submission_id, _SUBMISSIONS.c.push_state != PushState.PUSHED.value
        )
        with self._database.writing() as connection:
            connection.execute(change.values(push_state=PushState.PUSHED.value, push_commit=commit))
            connection.execute(delete(_QUEUE).where(_QUEUE.c.submission == submission_id))

    def failed(self, submission_id: str, error: str, retry_in: timedelta) -> None:
        """It is not on the Hub; it is tried again no earlier than that. Of the error 2,000 characters are kept."""
        told = error.replace("\0", " ")[: tables.ERROR]
        change = update(_QUEUE).where(_QUEUE.c.submission == submission_id)
        with self._database.writing() as connection:
            connection.execute(change.values(due_at=self._clock() + retry_in, error=told))

    def last_error(self, submission_id: str) -> str | None:
        """Why the last try failed; null: none has, or it is on the Hub."""
        with self._database.reading() as connection:
            return connection.scalar(select(_QUEUE.c.error).where(_QUEUE.c.submission == submission_id))

    def waiting(self) -> int:
        """How many are to be pushed and are not yet, those that someone is at among them."""
        waits = _SUBMISSIONS.c.push_state == PushState.WAITING.value
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(_QUEUE.join(_SUBMISSIONS)).where(waits)) or 0


def queue_push(connection: Connection, submission: str, now: datetime) -> None:
    """Put a new submission into the outbox, within the transaction that adds it."""
    connection.execute(insert(_QUEUE).values(submission=submission, due_at=now, tries=0))


def _due(now: datetime) -> Executable:
    """The oldest that is due, which no other transaction is taking."""
    return (
        select(_SUBMISSIONS)
        .join(_QUEUE)
        .where(_QUEUE.c.due_at <= now, _SUBMISSIONS.c.push_state == PushState.WAITING.value)
        .order_by(_SUBMISSIONS.c.submitted_at, _SUBMISSIONS.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
