"""Downloads files of one Hub commit with huggingface_hub, within bounds of size and time."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError
from huggingface_hub.utils import tqdm  # type: ignore[attr-defined]

from etl.access import Hub, Limits, Waits
from etl.source import Unreadable

WORKERS = 4
SLACK_BYTES = 2**20


@dataclass(frozen=True)
class Download:
    """Which files of which commit, and how many bytes they are by the commit's own list."""

    dataset: str
    sha: str
    paths: tuple[str, ...]
    size: int


def download(wanted: Download, hub: Hub, limits: Limits, waits: Waits) -> Path:
    """The folder that holds the files, below `hub.cache`. Raises `Unreadable`."""
    work = _Work(wanted.paths)
    get = partial(
        hf_hub_download,
        wanted.dataset,
        repo_type="dataset",
        revision=wanted.sha,
        endpoint=hub.endpoint.rstrip("/"),
        token=hub.token or False,
        cache_dir=hub.cache,
        etag_timeout=waits.silence,
        tqdm_class=_meter(work.stop, 2 * wanted.size + SLACK_BYTES),
    )
    try:
        first = work.run(lambda path: Path(str(get(path))), limits.seconds)
    except Exception as error:  # noqa: BLE001 the client lets its libraries' errors through, of any kind
        raise Unreadable(f"hf://datasets/{wanted.dataset}@{wanted.sha}: {_reason(error, hub, limits)}") from None
    return first.parents[wanted.paths[0].count("/")]


class _Overrun(Exception):
    """More bytes than the commit lists, or a download that was told to stop."""


def _meter(stop: threading.Event, budget: int) -> type[tqdm]:
    """A silent progress bar that ends all downloads of one fetch when they exceed their bytes.

    Xet counts what it receives and what it writes, so the budget is twice the size.
    """
    left = [budget]

    class Meter(tqdm):
        def __init__(self, *args: Any, **settings: Any) -> None:
            super().__init__(*args, **{**settings, "disable": True})  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> bool | None:
            left[0] -= int(n or 0)
            if stop.is_set() or left[0] < 0:
                raise _Overrun
            return None

    return Meter


@dataclass
class _Work:
    """Downloads a few files at a time, in daemon threads: the client sleeps for as long as a Hub asks it to."""

    paths: tuple[str, ...]
    stop: threading.Event = field(default_factory=threading.Event)
    todo: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    done: "queue.SimpleQueue[tuple[str, Path | Exception]]" = field(default_factory=queue.SimpleQueue)

    def run(self, get: Callable[[str], Path], seconds: float) -> Path:
        """Where the first file is, when all are there. Raises the first error, and TimeoutError."""
        for path in self.paths:
            self.todo.put(path)
        for _ in range(min(WORKERS, len(self.paths))):
            threading.Thread(target=self._take, args=(get,), name="download", daemon=True).start()
        try:
            return self._gather(time.monotonic() + seconds)
        finally:
            self.stop.set()

    def _take(self, get: Callable[[str], Path]) -> None:
        while not self.stop.is_set() and not self.todo.empty():
            try:
                path = self.todo.get_nowait()
            except queue.Empty:
                return
            try:
                self.done.put((path, get(path)))
            except Exception as error:  # noqa: BLE001 it is raised where the results are gathered
                self.done.put((path, error))

    def _gather(self, deadline: float) -> Path:
        found: dict[str, Path] = {}
        while len(found) < len(self.paths):
            try:
                path, result = self.done.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError from None
            if isinstance(result, Exception):
                raise result
            found[path] = result
        return found[self.paths[0]]


def _reason(error: BaseException, hub: Hub, limits: Limits) -> str:
    """Why a download failed, in words of ours: the client's hold addresses, some of them signed."""
    cause = error.__cause__
    match error:
        case LocalEntryNotFoundError() if cause is not None and cause is not error:
            return _reason(cause, hub, limits)
        case _Overrun():
            return "the Hub sends more bytes than it lists"
        case GatedRepoError():
            return "is gated: get access on its page and set the token of an account that has it"
        case HfHubHTTPError():
            return f"the Hub answered {error.response.status_code} for a file"
        case httpx2.TimeoutException():
            return "the Hub did not send a file in time"
        case httpx2.HTTPError():
            return f"the Hub could not be reached for a file ({type(error).__name__})"
        case TimeoutError() if error.errno is None:
            return f"the download took more than {limits.seconds:g} s"
        case OSError() if error.strerror:
            return f"files cannot be written below {hub.cache}: {error.strerror}"
    return f"a file could not be downloaded ({type(error).__name__})"
