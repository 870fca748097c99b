"""Kills builds and workers of a running server, and knows its processes apart."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import ClassVar, Self

from tests.bench.processes import resident
from tests.bench.tally import Tally

POLL_SECONDS = 0.05
BUILDS_BETWEEN = 3  # of so many builds one is killed
WORKER_SECONDS = 20.0
MIDDLE_SECONDS = 4.0  # how far into a build it may be killed


class Family:
    """The processes of one server: the first, its workers, what they have started, and builds.

    One worker is never killed, so that its memory can be followed from the start to the end.
    """

    STEADY: ClassVar = ("first process", "one worker")

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.kept = min(self.workers())

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [child for child in _children(self.pid) if b"spawn_main" in _command(child)]

    def build(self) -> int | None:
        """The build that runs; null: none does."""
        return next((child for child in _children(self.pid) if b"refresh" in _command(child).split(b"\0")), None)

    def sizes(self) -> dict[str, int]:
        """Bytes of resident memory by what they are."""
        others = [worker for worker in self.workers() if worker != self.kept]
        started = [each for worker in (self.kept, *others) for each in _descendants(worker)]
        return {
            "first process": resident(self.pid),
            "one worker": resident(self.kept),
            "the other": sum(map(resident, others)),
            "theirs": sum(map(resident, started)),
            "the build": sum(map(resident, self._building())),
        }

    def _building(self) -> list[int]:
        build = self.build()
        return [build, *_descendants(build)] if build is not None else []


class Killer:
    """From entry to exit, kills a build in its middle now and then, and a worker now and then."""

    def __init__(self, family: Family, data: Path, tally: Tally, random: Random) -> None:
        self._family = family
        self._workspace = data / "workspace"
        self._tally = tally
        self._random = random
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        builds, seen, worker_at = 0, None, time.monotonic() + WORKER_SECONDS
        while not self._ended.wait(POLL_SECONDS):
            build = self._family.build()
            if build is not None and build != seen and any(self._workspace.glob("*")):
                builds, seen = builds + 1, build
                if builds % BUILDS_BETWEEN == 0:
                    self._ended.wait(self._random.uniform(0, MIDDLE_SECONDS))
                    self._kill_build(build)
            if time.monotonic() > worker_at:
                worker_at = time.monotonic() + WORKER_SECONDS
                self._kill_worker()

    def _kill_build(self, build: int) -> None:
        if self._family.build() == build and self._workspace.exists():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(build, signal.SIGKILL)
                self._tally.add("killed", "builds")

    def _kill_worker(self) -> None:
        others = [worker for worker in self._family.workers() if worker != self._family.kept]
        if others:
            self._tally.killed("workers")
            with contextlib.suppress(ProcessLookupError):
                os.kill(others[0], signal.SIGKILL)


def _children(pid: int) -> list[int]:
    """What a process has started and is not gone."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text("ascii").split())
    return found


def _descendants(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _descendants(child)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
