"""Runs a command again and again beside the server, in a process of its own."""

import logging
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import IO, Self

MOST_SECONDS = 3 * 3600.0
GRACE_SECONDS = 10.0
POLL_SECONDS = 0.05
MOST_PAUSE_SECONDS = 3600.0
MOST_SHOWN_BYTES = 16 * 2**10

log = logging.getLogger("standings.refresh")


class Refreshing:
    """From entry to exit, runs a command at once and then `seconds` after it last ended, never twice at a time.

    What it says goes to the log, but not the same twice in a row. Exit codes in `expected` are no failures; after
    others the pause is at least as long as the run, up to `MOST_PAUSE_SECONDS`. A run that takes more than
    `most_seconds`, or is under way at exit, is asked to end, and killed `grace_seconds` later.
    """

    def __init__(
        self, command: Sequence[str], seconds: float, expected: Collection[int] = (),
        most_seconds: float = MOST_SECONDS, grace_seconds: float = GRACE_SECONDS,
    ) -> None:  # fmt: skip
        self._command = list(command)
        self._seconds = seconds
        self._expected = {0, *expected}
        self._most_seconds = most_seconds
        self._grace_seconds = grace_seconds
        self._said: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="refreshing", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _repeat(self) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                code, said = self._run()
            except OSError as error:
                code, said = None, [f"cannot be started: {error.strerror}"]
            if self._stop.is_set():
                return
            self._tell(code, said)
            took = 0.0 if code in self._expected else time.monotonic() - started
            self._stop.wait(max(self._seconds, min(took, MOST_PAUSE_SECONDS)))

    def _run(self) -> tuple[int, list[str]]:
        """Exit code and output of one run; the code is that of the signal, below zero, where we ended it."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
            deadline = time.monotonic() + self._most_seconds
            while process.poll() is None and time.monotonic() < deadline:
                if self._stop.wait(POLL_SECONDS):
                    break
            late = process.poll() is None
            self._end(process)
            said = _tail(output)
        return process.returncode, [*said, f"was ended after {self._most_seconds:g} s"] if late else said

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        """End a run with all that it has started."""
        for number, patience in ((signal.SIGTERM, self._grace_seconds), (signal.SIGKILL, None)):
            if process.poll() is None:
                os.killpg(process.pid, number)
            try:
                process.wait(patience)
                return
            except subprocess.TimeoutExpired:
                continue

    def _tell(self, code: int | None, said: list[str]) -> None:
        if code is not None and code not in self._expected:
            said = [*said, f"ended with exit code {code}"]
        if said == self._said:
            return
        self._said = said
        for line in said:
            log.log(logging.INFO if code in self._expected else logging.WARNING, "refresh: %s", line)


def _tail(output: IO[bytes]) -> list[str]:
    """The last lines, as text that a log can hold."""
    end = output.seek(0, os.SEEK_END)
    output.seek(max(0, end - MOST_SHOWN_BYTES))
    lines = output.read().decode("utf-8", "replace").splitlines()
    return ["".join(each if each.isprintable() else "?" for each in line) for line in lines if line.strip()]
