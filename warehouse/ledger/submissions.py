"""Submissions and what was decided on them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, exists, func, insert, or_, select, true, tuple_, update

from warehouse.ledger import tables
from warehouse.ledger.database import Database
from warehouse.ledger.decisions import SUBMITTED, TURN, read_decisions, write_decision
from warehouse.ledger.errors import UnknownSubmission
from warehouse.ledger.pushes import queue_push
from warehouse.ledger.records import Decision, Person, PushState, Status, Submission
from warehouse.ledger.rows import read_submission, submission_row

COUNTING = (Status.PENDING, Status.APPROVED)
MOST_ON_PAGE = 5_000
_ID = re.compile(rf"[0-9A-Za-z_-]{{1,{tables.ID}}}")
_TABLE = tables.submissions
_COLUMNS = _TABLE.c


@dataclass(frozen=True)
class SubmissionPage:
    """Some of a list of submissions, which has `total` in all; `has_next`: more of them follow."""

    items: tuple[Submission, ...]
    total: int
    has_next: bool


class Submissions:
    """Every submission that was taken. Methods raise `LedgerError` where the database does not do what it should."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def add(self, submission: Submission, *, push: bool) -> Submission:
        """Keep a submission, with its first row of the audit, and with `push` one of the outbox: all or nothing.

        Gives what is kept; of the submitter's organizations nothing is. Where the same person has a pending one with
        the same content, gives that one and adds nothing. Raises ValueError for scores that are not finite, and for
        an id that is not of up to 64 letters, digits, `_` and `-`.
        """
        if not _is_id(submission.id):
            raise ValueError(f"{submission.id[: tables.ID]!r} is no id of a submission")
        state = PushState.WAITING if push else PushState.LOCAL
        person = replace(submission.submitted_by, organizations=())
        kept = replace(submission, submitted_by=person, push_state=state)
        row = submission_row(kept)
        with self._database.writing(TURN) as connection:
            if (same := _pending(connection, person.id, submission.content)) is not None:
                return same
            connection.execute(insert(_TABLE).values(row))
            write_decision(connection, kept.id, SUBMITTED, person, kept.submitted_at, None)
            if push:
                queue_push(connection, kept.id, self._clock())
        return kept

    def find(self, submission_id: str) -> Submission | None:
        """The submission; null: there is none, which any text may be asked for."""
        with self._database.reading() as connection:
            return _find(connection, submission_id)

    def page(
        self,
        statuses: Collection[Status] | None,
        *,
        seen_by: str | None,
        all_of_them: bool,
        user_id: str | None = None,
        first: int,
        after: str | None,
    ) -> SubmissionPage:
        """At most `first` of those that may be seen, newest first, from behind the submission `after`.

        Pending and approved ones are for all; others only where `seen_by` is the submitter's id, or `all_of_them`.
        `statuses` and `user_id` narrow it. There are 5,000 on a page at most. Raises `UnknownSubmission` for `after`.
        """
        wanted = _visible(seen_by, all_of_them) & _narrowed(statuses, user_id)
        most = max(0, min(first, MOST_ON_PAGE))
        with self._database.reading() as connection:
            total = connection.scalar(select(func.count()).select_from(_TABLE).where(wanted)) or 0
            behind = true() if after is None else _behind(connection, after)
            chosen = select(_COLUMNS.id).where(wanted, behind).order_by(*_newest_first()).limit(most + 1)
            found = list(connection.scalars(chosen))
            rows = connection.execute(select(_TABLE).where(_COLUMNS.id.in_(found[:most])).order_by(*_newest_first()))
            return SubmissionPage(tuple(read_submission(row) for row in rows), total, len(found) > most)

    def decide(
        self, submission_id: str, status: Status, person: Person, note: str | None, from_statuses: Collection[Status]
    ) -> Submission | None:
        """Give a submission a status, with a row of the audit; null: it has none of `from_statuses`, or is not there.

        APPROVED and REJECTED set who reviewed it, when and why; WITHDRAWN leaves that alone. What does not count any
        more waits no longer to be pushed, until it counts again. Raises ValueError for PENDING.
        """
        if status is Status.PENDING:
            raise ValueError("a submission is pending from the start, and by no decision")
        if not _is_id(submission_id):
            return None
        now = self._clock()
        review = {} if status is Status.WITHDRAWN else _review(person, now, note)
        known = [each.value for each in from_statuses]
        change = update(_TABLE).where(_COLUMNS.id == submission_id, _COLUMNS.status.in_(known))
        with self._database.writing(TURN) as connection:
            state = _push_state(status)
            if not connection.execute(change.values(status=status.value, push_state=state, **review)).rowcount:
                return None
            write_decision(connection, submission_id, status.value, person, now, note)
            return _find(connection, submission_id)

    def counting(self) -> list[Submission]:
        """Pending and approved ones, oldest first: those that become scores."""
        with self._database.reading() as connection:
            return read_counting(connection)

    def decisions(self, submission_id: str) -> list[Decision]:
        """The audit of a submission, oldest first."""
        with self._database.reading() as connection:
            return read_decisions(connection, submission_id) if _is_id(submission_id) else []

    def counts(self) -> dict[Status, int]:
        """How many there are with each status."""
        counted = select(_COLUMNS.status, func.count()).group_by(_COLUMNS.status)
        with self._database.reading() as connection:
            found = {row[0]: row[1] for row in connection.execute(counted)}
        return {status: found.get(status.value, 0) for status in Status}

    def holds_evidence(self, sha256: str) -> bool:
        """Whether any submission, whatever its status, has the evidence."""
        with self._database.reading() as connection:
            return bool(connection.scalar(select(exists().where(_COLUMNS.evidence_sha256 == sha256))))


def read_counting(connection: Connection) -> list[Submission]:
    """Pending and approved ones, oldest first."""
    rows = connection.execute(select(_TABLE).where(_counts()).order_by(_COLUMNS.submitted_at, _COLUMNS.id))
    return [read_submission(row) for row in rows]


def _is_id(text: str) -> bool:
    """Whether a text can name a submission; others come from outside, and may hold what no database takes."""
    return _ID.fullmatch(text) is not None


def _find(connection: Connection, submission_id: str) -> Submission | None:
    if not _is_id(submission_id):
        return None
    row = connection.execute(select(_TABLE).where(_COLUMNS.id == submission_id)).one_or_none()
    return None if row is None else read_submission(row)


def _pending(connection: Connection, user_id: str, content: str) -> Submission | None:
    same = (_COLUMNS.user_id == user_id) & (_COLUMNS.content == content) & (_COLUMNS.status == Status.PENDING.value)
    row = connection.execute(select(_TABLE).where(same)).one_or_none()
    return None if row is None else read_submission(row)


def _counts() -> ColumnElement[bool]:
    return _COLUMNS.status.in_([status.value for status in COUNTING])


def _visible(seen_by: str | None, all_of_them: bool) -> ColumnElement[bool]:
    if all_of_them:
        return true()
    return _counts() if seen_by is None else or_(_counts(), _COLUMNS.user_id == seen_by)


def _narrowed(statuses: Collection[Status] | None, user_id: str | None) -> ColumnElement[bool]:
    which = true() if statuses is None else _COLUMNS.status.in_([status.value for status in statuses])
    return which if user_id is None else which & (_COLUMNS.user_id == user_id)


def _newest_first() -> tuple[ColumnElement[datetime], ColumnElement[str]]:
    return _COLUMNS.submitted_at.desc(), _COLUMNS.id.desc()


def _behind(connection: Connection, after: str) -> ColumnElement[bool]:
    start = _find(connection, after)
    if start is None:
        raise UnknownSubmission(f"there is no submission {after[: tables.ID]!r} that a page could come after")
    return tuple_(_COLUMNS.submitted_at, _COLUMNS.id) < tuple_(start.submitted_at, start.id)


def _review(person: Person, now: datetime, note: str | None) -> dict[str, object]:
    return {"reviewed_by": person.name, "reviewed_at": now, "review_note": note}


def _push_state(status: Status) -> ColumnElement[str]:
    """A submission in the outbox waits while it counts; one on the Hub stays there."""
    state = PushState.WAITING if status in COUNTING else PushState.LOCAL
    queued = exists().where(tables.pushes.c.submission == _COLUMNS.id)
    return case((queued, state.value), else_=_COLUMNS.push_state)
