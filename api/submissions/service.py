"""What people do with submissions, whichever door they come by: send, withdraw, review, look."""

import asyncio
import hashlib
import json
import logging
import math
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from api.accounts.callers import Accounts
from api.observing.record import step
from api.submissions.archive import check_archive
from api.submissions.drafts import Draft
from api.submissions.evidence import EvidenceStore
from api.submissions.fields import check, warnings
from api.submissions.models import ModelChecks
from api.submissions.problems import Failed, Forbidden, Invalid, Problem, RateLimited, Unknown
from api.submissions.push import Pusher
from api.uploads import StoredFile
from warehouse.easi.facts import Facts
from warehouse.ledger.errors import LedgerError, UnknownSubmission
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import Entry, Evidence, Person, Status, Submission, Window
from warehouse.ledger.submissions import SubmissionPage

P = ParamSpec("P")
T = TypeVar("T")
LIMIT = 5
WINDOW = timedelta(hours=2)
LONGEST_NOTE = 2_000
MISCONFIGURED = "Server configuration error. Please contact the maintainers."
NO_EVIDENCE = Problem("evidence", "EVIDENCE_REQUIRED", "Evaluation results zip file is required.")
NOT_FOUND = "There is no such submission: look for yours by `viewer { submissions { nodes { id } } }`."
UNAVAILABLE = "Submissions cannot be read or written right now. Nothing was lost: please try again later."
RETRY_SECONDS = 30
MOST_UPLOADS = 32  # of one person at once, in one process
TOO_MANY_UPLOADS = f"{MOST_UPLOADS} uploads of yours are under way. Please try again when one of them has ended."
NOT_KEPT = (
    "Failed to upload your submission to the repository. Please try again later or contact the maintainers if the "
    "issue persists."
)
SIGN_IN = "Your session has expired. Please sign in with HuggingFace again."


log = logging.getLogger("standings")


@dataclass(frozen=True)
class Taken:
    """A submission that was taken, and what is remarked on it."""

    submission: Submission
    warnings: tuple[Problem, ...]


class Submissions:
    """The one service behind GraphQL, REST and the page. Raises `Refusal`s, whose texts are the same at every door.

    Submissions are pushed to the Hub where there is a `pusher`; `is_configured` says whether one that is wanted could
    be made.
    """

    def __init__(
        self,
        ledger: Ledger,
        evidence: EvidenceStore,
        accounts: Accounts,
        models: ModelChecks,
        facts: Facts,
        pusher: Pusher | None,
        *,
        is_configured: bool,
    ) -> None:
        self.ledger = ledger
        self.evidence = evidence
        self.accounts = accounts
        self.facts = facts
        self._models = models
        self._pusher = pusher
        self._is_configured = is_configured
        self._uploading: Counter[str] = Counter()

    def check_configuration(self) -> None:
        """Raises `Failed` where submissions are to be pushed and there is no token to push them with."""
        if not self._is_configured:
            raise Failed(MISCONFIGURED, "SERVER_CONFIGURATION")

    async def take_slot(self, person: Person) -> None:
        """Count one more try of a person, which nothing gives back. Raises `RateLimited`."""
        is_taken, window = await _run(self.ledger.slots.take, person.id, LIMIT, WINDOW)
        if is_taken:
            return
        now = datetime.now(UTC)
        free_at = window.resets_at or now + WINDOW
        seconds = max(1, math.ceil((free_at - now).total_seconds()))
        raise RateLimited(
            f"You've reached the submission limit ({LIMIT} per {WINDOW // timedelta(hours=1)} hours). "
            f"Please try again in {math.ceil(seconds / 60)} minutes.",
            free_at,
            seconds,
        )

    @contextmanager
    def uploading(self, person: Person) -> Iterator[None]:
        """Room for a person's upload meanwhile. Raises `Failed` (503) where they have several under way."""
        if self._uploading[person.id] >= MOST_UPLOADS:
            raise Failed(TOO_MANY_UPLOADS, "BUSY", 503, RETRY_SECONDS)
        self._uploading[person.id] += 1
        try:
            yield
        finally:
            self._uploading[person.id] -= 1
            if not self._uploading[person.id]:
                del self._uploading[person.id]

    async def limit(self, person: Person) -> Window:
        """What is left of a person's tries."""
        return await _run(self.ledger.slots.left, person.id, LIMIT, WINDOW)

    async def submit(self, person: Person, draft: Draft, file: StoredFile | None) -> Taken:
        """Check all of it, and keep it. Raises `Invalid` with every problem, in EASI's order; `Failed`."""
        entry, problems = await self._checked(draft, file)
        if problems or entry is None or file is None:
            raise Invalid(problems)
        try:
            submission = await _run(self._keep, person, entry, file)
        except OSError:
            log.exception("a submission could not be kept")
            raise Failed(NOT_KEPT, "NOT_KEPT") from None
        if self._pusher is not None:
            self._pusher.wake()
        return Taken(submission, self.remarks(entry))

    async def check_evidence(self, file: StoredFile) -> None:
        """Raises `Invalid` for a file that can be no evidence."""
        problems = await asyncio.to_thread(check_archive, file.path, file.size)
        if problems:
            raise Invalid(problems)

    def remarks(self, entry: Entry) -> tuple[Problem, ...]:
        """What is remarked on a submission that is taken all the same."""
        return tuple(warnings(entry, self.facts))

    async def _checked(self, draft: Draft, file: StoredFile | None) -> tuple[Entry | None, list[Problem]]:
        problems = [NO_EVIDENCE] if file is None else await asyncio.to_thread(check_archive, file.path, file.size)
        entry, wrong = check(draft, self.facts)
        problems += wrong
        if entry is None:
            return None, problems
        try:
            found = await self._models.check(entry.model_name, entry.revision, entry.weight_type, entry.base_model)
        except Failed:
            if problems:
                return None, problems  # what is wrong with the archive is so whatever the Hub would say
            raise
        return replace(entry, model_sha=found.sha), problems + found.problems

    def _keep(self, person: Person, entry: Entry, file: StoredFile) -> Submission:
        """Evidence and row are on disk when it returns; a sweep cannot take the one before the other is there."""
        with self.evidence.placing():
            evidence = self.evidence.place(file)
            submission = Submission(
                id=secrets.token_hex(16),
                entry=entry,
                evidence=evidence,
                submitted_by=person,
                submitted_at=datetime.now(UTC),
                content=_content(entry, evidence),
            )
            return self.ledger.submissions.add(submission, push=self._pusher is not None)

    async def find(self, viewer: Person | None, name: str) -> Submission | None:
        """A submission that the viewer may know of; null: there is none."""
        found = await _run(self.ledger.submissions.find, name)
        return found if found is not None and self.may_know(viewer, found) else None

    async def page(
        self,
        viewer: Person | None,
        statuses: Collection[Status] | None,
        first: int,
        after: str | None,
        *,
        own: bool = False,
    ) -> SubmissionPage:
        """Submissions that the viewer may know of, newest first; only the viewer's `own` where that is asked."""
        return await _run(
            self.ledger.submissions.page,
            statuses,
            seen_by=viewer.id if viewer else None,
            all_of_them=self.is_maintainer(viewer),
            user_id=viewer.id if own and viewer else None,
            first=first,
            after=after,
        )

    async def withdraw(self, person: Person, name: str) -> Submission:
        """Take back one's own. Raises `Unknown`, `Forbidden` and `Invalid`."""
        found = await self._known(person, name)
        if found.submitted_by.id != person.id:
            raise Forbidden("Only who sent a submission may withdraw it.")
        return await self._decide(found, Status.WITHDRAWN, person, None, (Status.PENDING, Status.APPROVED))

    async def review(self, person: Person, name: str, status: Status, note: str | None) -> Submission:
        """Approve or reject, or decide otherwise than before. Raises `Unknown`, `Forbidden` and `Invalid`."""
        if not self.is_maintainer(person):
            raise Forbidden("Only maintainers may review a submission: the operator names them.")
        found = await self._known(person, name)
        if note is not None and (len(note) > LONGEST_NOTE or "\0" in note):
            text = f"The note must have at most {LONGEST_NOTE:,} characters, and no NUL among them."
            raise Invalid([Problem("note", "NOTE_INVALID", text)])
        open_to = {Status.PENDING, Status.APPROVED, Status.REJECTED} - {status}
        return await self._decide(found, status, person, note, open_to)

    async def _known(self, person: Person, name: str) -> Submission:
        found = await self.find(person, name)
        if found is None:
            raise Unknown(NOT_FOUND)
        return found

    async def _decide(
        self, found: Submission, status: Status, person: Person, note: str | None, open_to: Collection[Status]
    ) -> Submission:
        decided = await _run(self.ledger.submissions.decide, found.id, status, person, note, from_statuses=open_to)
        if decided is None:
            now = await _run(self.ledger.submissions.find, found.id)
            standing = (now or found).status.lower()
            raise Invalid(
                [Problem("id", "ALREADY_DECIDED", f"This submission is {standing} already: look at it anew.")]
            )
        return decided

    def is_maintainer(self, person: Person | None) -> bool:
        return person is not None and self.accounts.is_maintainer(person)

    def may_know(self, viewer: Person | None, submission: Submission) -> bool:
        """Whether the viewer may know that it is there."""
        return submission.status in (Status.PENDING, Status.APPROVED) or self.may_see_all(viewer, submission)

    def may_see_all(self, viewer: Person | None, submission: Submission) -> bool:
        """Whether the viewer may see remarks, notes and evidence."""
        is_owner = viewer is not None and viewer.id == submission.submitted_by.id
        return is_owner or self.is_maintainer(viewer)


async def _run(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Ask the ledger, beside the event loop. Raises `Unknown` and `Failed`."""
    try:
        with step(f"ledger {getattr(work, '__name__', '')}".strip()):
            return await asyncio.to_thread(work, *args, **named)
    except UnknownSubmission:
        raise Unknown(
            "`after` names a submission that is not there: take `endCursor` of a page of this list."
        ) from None
    except LedgerError as error:
        log.error("submissions: %s", error)  # noqa: TRY400 - its text says it all
        raise Failed(UNAVAILABLE, "LEDGER_UNAVAILABLE", 503, RETRY_SECONDS) from None


def _content(entry: Entry, evidence: Evidence) -> str:
    """What makes two submissions of a person the same, so that one that is sent again is taken once."""
    told = json.dumps([asdict(replace(entry, model_sha=None)), evidence.sha256], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
