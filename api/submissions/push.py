"""Pushes submissions that wait for it to a dataset on the Hub, each by one commit, once."""

import asyncio
import contextlib
import hashlib
import logging
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from api.submissions.record import folder, message, record
from api.submissions.repository import PUSH_SECONDS, Repository
from api.submissions.transport import SILENCE_SECONDS, HubFault
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import Submission

LEASE = timedelta(minutes=10)  # longer than a push may take; else two work at one, of whom one fails
LOOK_SECONDS = 15.0  # how often it looks for what other processes wrote, and what is due again
LONGEST_REST = 60.0  # seconds after failures in a row
SOONEST, LATEST = 2.0, 900.0  # seconds until the next try
SLOW = 600.0  # seconds until the next try where an operator has to do something first
CONFLICTS = frozenset({409, 412})
PASSING = frozenset({408, 425, 429})
MOST_TRIES = 3  # at once, where commits of others come in between

log = logging.getLogger("standings.push")


class ArchiveLost(HubFault):
    """An archive that cannot be pushed, for a reason that is ours."""


class Archives(Protocol):
    """Where the archives of submissions are."""

    def open_path(self, sha256: str) -> Path | None:
        """The file of those bytes; null: it is not there."""


class Pusher:
    """Takes what waits in the ledger to one dataset. Several may run, in several processes.

    `hub` is the dataset's name, `endpoint` the Hub's address; `seconds` is how long one push may take, and `silence`
    the longest pause within it. Raises `ValueError` for what cannot be a token.
    """

    def __init__(
        self,
        ledger: Ledger,
        evidence: Archives,
        hub: str,
        endpoint: str,
        token: str,
        *,
        seconds: float = PUSH_SECONDS,
        silence: float = SILENCE_SECONDS,
    ) -> None:
        self._ledger = ledger
        self._evidence = evidence
        self._repository = Repository(hub, endpoint, token, seconds, silence)
        self._failures = 0
        self._is_stopped = False
        self._woken: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def push_next(self) -> bool:
        """Push the submission that waits for longest, and say whether there was one; it may have failed.

        A failure is written down in the ledger with the time of the next try, and logged. Blocks for as long as a
        push may take. Raises what the ledger raises; the push is then found done, or tried again, after its lease.
        """
        submission = self._ledger.pushes.claim(LEASE)
        if submission is None:
            self._failures = 0
            return False
        try:
            commit = self._pushed(submission)
        except HubFault as fault:
            self._failures += 1
            self._put_off(submission, fault)
        else:
            self._ledger.pushes.done(submission.id, commit)
            self._failures = 0
            log.info("submission %s was pushed to %s", submission.id, self._repository.name)
        return True

    def wake(self) -> None:
        """Have a running `run` look at once; any thread may call it."""
        if self._woken is not None:
            loop, event = self._woken
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(event.set)

    async def run(self, stop: asyncio.Event) -> None:
        """Push whatever waits, until `stop` is set or it is cancelled; no failure ends it.

        A push under way then ends with the request it is at, and is taken up again after the next start.
        """
        woken = asyncio.Event()
        self._woken = asyncio.get_running_loop(), woken
        self._is_stopped = False
        try:
            while not stop.is_set():
                woken.clear()
                has_pushed = await self._tried(stop)
                if self._failures:
                    await _either(self._rest(), stop)
                elif not has_pushed:
                    await _either(await self._pause(), stop, woken)
        finally:
            self._is_stopped = True
            self._woken = None

    async def _tried(self, stop: asyncio.Event) -> bool:
        pushing = asyncio.create_task(asyncio.to_thread(self.push_next))
        pushing.add_done_callback(lambda task: task.cancelled() or task.exception())  # seen, where it is cancelled here
        ending = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({pushing, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
        self._is_stopped = stop.is_set()
        try:
            return await pushing
        except Exception as error:  # noqa: BLE001 whatever it was, those that wait must still be pushed
            self._failures += 1
            log.error("pushing submissions failed (%s): it is tried again", type(error).__name__)  # noqa: TRY400
            return False

    async def _pause(self) -> float:
        """How long nothing is to do: what waits and is not due yet may soon be."""
        try:
            waiting = await asyncio.to_thread(self._ledger.pushes.waiting)
        except LedgerError:
            waiting = 0
        return min(SOONEST, LOOK_SECONDS) if waiting else LOOK_SECONDS

    def _rest(self) -> float:
        return min(LONGEST_REST, 2.0 ** min(self._failures, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 no secret

    def _pushed(self, submission: Submission) -> str:
        path = self._evidence.open_path(submission.evidence.sha256)
        if path is None:
            raise ArchiveLost("its archive is not in the data directory")
        try:
            with path.open("rb") as archive:
                if hashlib.file_digest(archive, "sha256").hexdigest() != submission.evidence.sha256:
                    raise ArchiveLost("its archive in the data directory is damaged")
                return self._committed(submission, archive)
        except OSError as error:
            raise ArchiveLost(f"its archive cannot be read ({type(error).__name__})") from None

    def _committed(self, submission: Submission, archive: BinaryIO) -> str:
        place = folder(submission)
        files = (f"{place}/results.json", record(submission)), (f"{place}/results.zip", archive)
        for step in range(1, MOST_TRIES + 1):
            archive.seek(0)
            try:
                return self._repository.add_once(*files, message(submission), lambda: self._is_stopped)
            except HubFault as fault:
                if fault.status not in CONFLICTS or step == MOST_TRIES:
                    raise
        raise AssertionError

    def _put_off(self, submission: Submission, fault: HubFault) -> None:
        wait, is_lasting = _wait(fault, (datetime.now(UTC) - submission.submitted_at).total_seconds())
        self._ledger.pushes.failed(submission.id, str(fault), timedelta(seconds=wait))
        tell = log.error if is_lasting else log.warning
        text = "submission %s was not pushed to %s: %s; next try in %.0f s%s"
        advice = "; this does not pass by itself" if is_lasting else ""
        tell(text, submission.id, self._repository.name, fault, wait, advice)


def _wait(fault: HubFault, age: float) -> tuple[float, bool]:
    """Seconds until the next try, and whether it will fail again until somebody does something.

    To wait for half of the submission's age lets the waits grow by half each time, over restarts too.
    """
    status = fault.status
    is_refused = status is not None and 400 <= status < 500 and status not in CONFLICTS | PASSING
    is_lasting = is_refused or isinstance(fault, ArchiveLost)
    wait = min(LATEST, max(SOONEST, age / 2, fault.pause))
    if status in CONFLICTS:
        wait = SOONEST
    if is_lasting:
        wait = SLOW
    return wait * random.uniform(1.0, 1.25), is_lasting  # noqa: S311 no secret


async def _either(seconds: float, *events: asyncio.Event) -> None:
    """Wait until one of the events is set, for so many seconds at most."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
