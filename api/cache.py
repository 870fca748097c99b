"""What is remembered between requests, within a bound of bytes, and work that several requests wait for together."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
LARGEST = 0.5  # of a cache: what is larger would drive out too much else


class Cache:
    """Values by key, `most_bytes` in all; what was not used for longest goes first. Several threads may use it."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.hits = 0
        self.misses = 0
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """The value of that key; null: it is not here."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                self.misses += 1
                return None
            self.hits += 1
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of so many bytes, unless it would take most of the cache."""
        if size > LARGEST * self.most_bytes:
            return
        with self._lock:
            self._drop(key)
            self._held[key] = (value, size)
            self.bytes += size
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self._held)))

    def _drop(self, key: Hashable) -> None:
        found = self._held.pop(key, None)
        if found is not None:
            self.bytes -= found[1]


@dataclass
class Flight:
    """Work that is going on, and how many wait for it."""

    task: asyncio.Task[Any]
    waiting: int = 0


class Flights:
    """Work by key: who asks for what is being worked out waits for it; it is stopped when nobody waits any more."""

    def __init__(self) -> None:
        self._going: dict[Hashable, Flight] = {}

    async def join(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of the work of that key, begun by `start` where it is not going on. Raises what it raises."""
        flight = self._going.get(key)
        if flight is None:
            flight = self._going[key] = Flight(asyncio.ensure_future(start()))
            flight.task.add_done_callback(lambda _: self._forget(key, flight))
        flight.waiting += 1
        try:
            outcome: T = await asyncio.shield(flight.task)
            return outcome
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._forget(key, flight)
                flight.task.cancel()

    def _forget(self, key: Hashable, flight: Flight | None) -> None:
        if self._going.get(key) is flight:
            del self._going[key]
