"""Statements are stopped from outside: when they run longer than they may, and when nobody waits for them any more."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

LOOK_SECONDS = 0.02
IDLE_LOOKS = 50  # so many looks at nothing, then it sleeps until a statement begins


class Stop:
    """Asked of a piece of work from another thread: its statement ends, and no other begins."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self) -> None:
        self.asked = True


class Stopped(Exception):
    """A statement that was asked to stop."""


class QueryTimeout(Exception):
    """A statement that ran longer than it may; the message says how long that is."""


@dataclass
class Running:
    """A statement, until when it may run, and whether that was too short."""

    cursor: duckdb.DuckDBPyConnection
    until: float
    stop: Stop | None

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.until

    @property
    def is_unwanted(self) -> bool:
        return self.is_late or (self.stop is not None and self.stop.asked)


class Watch:
    """One thread that interrupts statements, again and again until they end: one interrupt may come too early."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._running: dict[int, Running] = {}
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    @contextmanager
    def over(self, cursor: duckdb.DuckDBPyConnection, stop: Stop | None = None) -> Iterator[None]:
        """A statement on a cursor that no other thread uses. Raises `QueryTimeout` or `Stopped`."""
        if stop is not None and stop.asked:
            raise Stopped
        running = Running(cursor, time.monotonic() + self.seconds, stop)
        with self._lock:
            self._running[id(running)] = running
        self._begun.set()
        try:
            yield
        except duckdb.InterruptException:
            if running.is_late:
                raise QueryTimeout(f"the query was stopped after {self.seconds:g} seconds") from None
            raise Stopped from None
        finally:
            with self._lock:
                del self._running[id(running)]

    def close(self) -> None:
        self._closed = True
        self._begun.set()
        self._thread.join()

    def _look(self) -> None:
        idle = 0
        while not self._closed:
            if idle > IDLE_LOOKS:
                self._begun.wait()
            self._begun.clear()
            time.sleep(LOOK_SECONDS)
            with self._lock:
                for running in self._running.values():
                    if running.is_unwanted:
                        running.cursor.interrupt()
                idle = 0 if self._running else idle + 1
