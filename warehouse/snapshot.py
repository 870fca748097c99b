"""One open snapshot: read-only queries with a time limit, and the dimensions in memory."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.store import Published, Store

MEMORY = "2GB"
SECONDS = 20.0


class QueryTimeout(Exception):
    """A statement that ran longer than it may; the message says how long that is."""


class Snapshot:
    """A published snapshot, open for reading from any thread until it is closed."""

    def __init__(self, published: Published, seconds: float = SECONDS, memory: str = MEMORY) -> None:
        self.id = published.id
        self.built_at = published.built_at
        self.seconds = seconds
        self._connection = duckdb.connect(
            str(published.file),
            read_only=True,
            config={"threads": 1, "memory_limit": memory, "autoinstall_known_extensions": False},
        )
        self._cursors = threading.local()
        self.dimensions = Dimensions(self)

    def arrow(self, sql: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of one statement as an Arrow table, empty where it has none. Several threads may call it.

        Raises `QueryTimeout` after `seconds`, and duckdb's errors for a statement that is wrong.
        """
        cursor = self._cursor()
        timer = threading.Timer(self.seconds, cursor.interrupt)
        timer.start()
        try:
            relation = cursor.sql(sql, params=dict(values or {}))
            return pa.table({}) if relation is None else relation.to_arrow_table()
        except duckdb.InterruptException:
            raise QueryTimeout(f"the query was stopped after {self.seconds:g} seconds") from None
        finally:
            timer.cancel()

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of one statement as dictionaries."""
        return list(self.arrow(sql, values).to_pylist())

    def close(self) -> None:
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = getattr(self._cursors, "cursor", None)
        if cursor is None:
            cursor = self._connection.cursor()
            cursor.execute("set timezone = 'UTC'")
            self._cursors.cursor = cursor
        return cursor


class Dimension:
    """The rows of one dimension table by name, in stored order; other names lead to the same row."""

    def __init__(self, rows: list[dict[str, Any]], aliases: Mapping[str, str]) -> None:
        self.rows = {row["name"]: row for row in rows}
        self._aliases = {alias: name for alias, name in aliases.items() if name in self.rows}

    def find(self, name: str) -> dict[str, Any] | None:
        """The row of that name or alias."""
        return self.rows.get(name) or self.rows.get(self._aliases.get(name, ""))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)


class Dimensions:
    """Models, tasks, benchmarks and the small tables about them, read once when a snapshot is opened."""

    def __init__(self, snapshot: Snapshot) -> None:
        names = snapshot.rows("from model_aliases order by source, name")
        self.aliases = _grouped(names, "model")
        self.models = Dimension(snapshot.rows("from models order by name"), _unique(names))
        self.tasks = Dimension(snapshot.rows("from tasks order by name"), {})
        boards = snapshot.rows("from benchmarks order by place")
        self.benchmarks = Dimension(
            boards, {alias: board["name"] for board in reversed(boards) for alias in board["aliases"]}
        )
        self.benchmark_tasks = _grouped(
            snapshot.rows(
                "select * replace (benchmark::varchar as benchmark, task::varchar as task) from benchmark_tasks "
                "where valid_to is null order by place"
            ),
            "benchmark",
        )
        self.boards_of_task: dict[str, list[str]] = {}
        for board in boards:
            for row in self.benchmark_tasks.get(board["name"], []):
                self.boards_of_task.setdefault(row["task"], []).append(board["name"])
        self.problem_counts = {
            row["source"]: row["problems"]
            for row in snapshot.rows("select source, count(*) as problems from problems group by source")
        }
        self.columns = _grouped(
            snapshot.rows(
                "select benchmark::varchar as benchmark, task::varchar as task from leaderboard_tasks order by place"
            ),
            "benchmark",
        )
        self.sizes = {
            row["benchmark"]: row["models"]
            for row in snapshot.rows(
                "select benchmark::varchar as benchmark, count(*) as models from leaderboard_entries group by all"
            )
        }
        self.versions = _grouped(snapshot.rows("from versions order by source, published_at"), "source")
        self.sources = snapshot.rows("from sources order by name")
        self.languages = snapshot.rows("from languages order by code")
        self.menu = snapshot.rows("from menu order by place")
        self.capabilities = snapshot.rows(
            "select label, min(name) as name from capabilities where valid_to is null group by label order by label"
        )
        self.counts = snapshot.rows(
            "select (select count(*) from scores where valid_to is null) as scores, "
            "(select count(*) from versions) as versions"
        )[0]


def _unique(names: list[dict[str, Any]]) -> dict[str, str]:
    """Alias to model, where all sources that use the alias mean the same model."""
    models: dict[str, set[str]] = {}
    for name in names:
        models.setdefault(name["name"], set()).add(name["model"])
    return {alias: next(iter(found)) for alias, found in models.items() if len(found) == 1}


def _grouped(rows: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


class Serving:
    """The current snapshot of a store, swapped when a new one is published, without dropping a reader."""

    def __init__(self, store: Store, seconds: float = SECONDS, memory: str = MEMORY) -> None:
        self.store = store
        self.seconds = seconds
        self.memory = memory
        self._lock = threading.Lock()
        self._readers: dict[Snapshot, int] = {}
        self._current: Snapshot | None = None

    def refresh(self) -> bool:
        """Open the current snapshot if it is another one. Returns whether it was."""
        published = self.store.current()
        if published is None or (self._current is not None and published.id == self._current.id):
            return False
        opened = Snapshot(published, self.seconds, self.memory)
        with self._lock:
            before, self._current = self._current, opened
            self._readers[opened] = 0
        if before is not None:
            self._drop(before)
        return True

    @contextmanager
    def reading(self) -> Iterator[Snapshot | None]:
        """The current snapshot, kept open until the reader is done; null before the first build."""
        with self._lock:
            snapshot = self._current
            if snapshot is not None:
                self._readers[snapshot] += 1
        try:
            yield snapshot
        finally:
            if snapshot is not None:
                with self._lock:
                    self._readers[snapshot] -= 1
                self._drop(snapshot)

    def close(self) -> None:
        """Close every snapshot; no reader is left by then."""
        for snapshot in self._readers:
            snapshot.close()
        self._readers.clear()
        self._current = None

    def _drop(self, snapshot: Snapshot) -> None:
        """Close a snapshot that is neither current nor read."""
        with self._lock:
            if snapshot is self._current or self._readers.get(snapshot, 1):
                return
            del self._readers[snapshot]
        snapshot.close()


def read_sources(store: Store) -> list[dict[str, Any]]:
    """The table `sources` of the current snapshot; empty before the first build."""
    current = store.current()
    if current is None:
        return []
    with duckdb.connect(str(current.file), read_only=True) as connection:
        return list(connection.sql("from sources").to_arrow_table().to_pylist())
