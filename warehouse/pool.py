"""A bounded number of threads that ask snapshots, and a bounded queue before them."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from warehouse.watch import Stop

T = TypeVar("T")


class Busy(Exception):
    """More work is waiting than may; the message says how much that is."""


class Pool:
    """Runs work in `threads` threads, in the order it came; at most `queue` pieces wait, and `refused` were too many.

    Work sees the context variables of who asked for it.
    """

    def __init__(self, threads: int, queue: int) -> None:
        self.threads = threads
        self.queue = queue
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="query")
        self.refused = 0
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def running(self) -> int:
        """How many pieces of work have a thread."""
        return min(self._taken, self.threads)

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return max(0, self._taken - self.threads)

    async def run(self, work: Callable[[Stop], T]) -> T:
        """The outcome of work that stops its statements when it is told to: when who waits for it is cancelled.

        Raises `Busy` where the queue is full, and what the work raises.
        """
        stop = Stop()
        future = self._submit(work, stop)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            stop.ask()
            raise

    def close(self) -> None:
        """Wait for the work that is going on; what waits is given up."""
        self._executor.shutdown(cancel_futures=True)

    def _submit(self, work: Callable[[Stop], T], stop: Stop) -> Future[T]:
        with self._lock:
            if self._taken >= self.threads + self.queue:
                self.refused += 1
                raise Busy(f"{self.queue:,} statements are waiting already: ask again in a moment")
            self._taken += 1
        future = self._executor.submit(copy_context().run, work, stop)
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _: Future[T]) -> None:
        with self._lock:
            self._taken -= 1
