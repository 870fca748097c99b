"""What all requests share: the threads that ask snapshots, and what is remembered of their answers."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import orjson
import pyarrow as pa

from api.cache import Cache, Flights
from api.observing.record import asking
from warehouse.pool import Pool
from warehouse.select import Clause
from warehouse.snapshot import Snapshot
from warehouse.watch import Stop

T = TypeVar("T")
Key = tuple[Hashable, ...]


class Engine:
    """A pool of `threads` with a bounded queue, and caches of `cache_bytes` each: tables, and what is made of them."""

    def __init__(self, threads: int, queue: int, cache_bytes: int) -> None:
        self.pool = Pool(threads, queue)
        self.tables = Cache(cache_bytes)
        self.made = Cache(cache_bytes)
        self._flights = Flights()

    async def table(self, snapshot: Snapshot, clause: Clause) -> pa.Table:
        """The rows of a statement. Raises `QueryTimeout` and `Busy`."""
        key = table_key(snapshot, clause)
        found: pa.Table | None = self.tables.get(key)
        if found is not None:
            return found
        return await self._flights.join(key, lambda: self.run(snapshot, lambda reader: reader.read(clause)))

    async def remembered(
        self, snapshot: Snapshot, key: Key, work: Callable[["Reader"], T], size: Callable[[T], int]
    ) -> T:
        """What work makes of a snapshot, kept by a key that says all it hangs on. Raises what the work raises."""
        key = (snapshot.id, *key)
        found: T | None = self.made.get(key)
        if found is None:
            found = await self._flights.join(key, lambda: self.run(snapshot, work))
            self.made.put(key, found, size(found))
        return found

    async def run(self, snapshot: Snapshot, work: Callable[["Reader"], T]) -> T:
        """The outcome of work in one of the threads."""
        return await self.pool.run(lambda stop: work(Reader(snapshot, self.tables, stop)))

    def close(self) -> None:
        self.pool.close()


@dataclass(frozen=True)
class Reader:
    """Asks one snapshot within a thread of the pool, until it is told to stop."""

    snapshot: Snapshot
    tables: Cache
    stop: Stop

    def table(self, clause: Clause) -> pa.Table:
        """The rows of a statement. Raises `QueryTimeout` and `Stopped`."""
        found: pa.Table | None = self.tables.get(table_key(self.snapshot, clause))
        return self.read(clause) if found is None else found

    def read(self, clause: Clause) -> pa.Table:
        """The rows of a statement that is not remembered yet; then it is. Raises the same."""
        with asking(clause.sql):
            found = self.snapshot.arrow(clause.sql, clause.values, self.stop)
        self.tables.put(table_key(self.snapshot, clause), found, found.nbytes)
        return found


def table_key(snapshot: Snapshot, clause: Clause) -> Key:
    """What the rows of a statement hang on."""
    return (snapshot.id, clause.sql, orjson.dumps(dict(clause.values), option=orjson.OPT_SORT_KEYS))
