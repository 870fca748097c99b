"""One open snapshot: read-only queries with a time limit, and the dimensions in memory."""

import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.format import check_layout
from warehouse.plans import keep_order, plan_as_written
from warehouse.rankings import LATEST
from warehouse.statements import statement
from warehouse.store import Published, Store
from warehouse.watch import Stop, Watch

MEMORY = "2GB"
SECONDS = 20.0
UNREAD = 2
IDLE_SECONDS = 300.0
PARSED = 100  # statements that are kept as they were parsed: of a ranking a quarter of a MiB each


class Snapshot:
    """A published snapshot, open for reading from any thread until it is closed.

    Statements are planned as they are written: so sums are the same to the last bit.
    """

    def __init__(self, published: Published, seconds: float = SECONDS, memory: str = MEMORY) -> None:
        self.id = published.id
        self.built_at = published.built_at
        # What is copied is small beside planning a statement twice, as the other way to Arrow does.
        warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
        self._connection = duckdb.connect(
            str(published.file),
            read_only=True,
            config={"threads": 1, "memory_limit": memory, "autoinstall_known_extensions": False},
        )
        check_layout(self._connection, published.file)
        plan_as_written(self._connection)
        # DuckDB 2.0 takes ten milliseconds to parse a ranking.
        self._parsed = lru_cache(PARSED)(self._connection.extract_statements)
        self._cursors = threading.local()
        self._watch = Watch(seconds)
        self.dimensions = Dimensions(self)

    def arrow(self, sql: str, values: Mapping[str, Any] | None = None, stop: Stop | None = None) -> pa.Table:
        """The rows of one statement as an Arrow table. Several threads may call it, and another one may `stop` it.

        Raises `QueryTimeout`, `Stopped`, and duckdb's errors for a statement that is wrong.
        """
        cursor = self._cursor()
        (parsed,) = self._parsed(sql)
        with self._watch.over(cursor, stop):
            found = cursor.execute(parsed, dict(values or {}))
            return pa.table({}) if found is None or found.description is None else found.to_arrow_table()

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of one statement as dictionaries."""
        return list(self.arrow(sql, values).to_pylist())

    def close(self) -> None:
        self._watch.close()
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = getattr(self._cursors, "cursor", None)
        if cursor is None:
            cursor = self._connection.cursor()
            cursor.execute("set timezone = 'UTC'")
            keep_order(cursor)
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
                "select benchmark::varchar as benchmark, task::varchar as task, valid_from, valid_to "
                "from benchmark_tasks order by place, valid_from"
            ),
            "benchmark",
        )
        self.rules = _grouped(
            snapshot.rows("select * replace (benchmark::varchar as benchmark) from benchmark_rules"), "benchmark"
        )
        self.boards_of_task: dict[str, list[str]] = {}
        for board in boards:
            for task in self.declared_tasks(board["name"], LATEST):
                self.boards_of_task.setdefault(task, []).append(board["name"])
        self.problem_counts = {
            row["source"]: row["problems"]
            for row in snapshot.rows("select source, count(*) as problems from problems group by source")
        }
        self.columns = _grouped(
            snapshot.rows(
                "select benchmark::varchar as benchmark, task::varchar as task, tasks.type "
                "from leaderboard_tasks join tasks on tasks.name = task::varchar order by leaderboard_tasks.place"
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
        self.moments = {row["source"]: row["moments"] for row in snapshot.rows(statement("queries/moments_of_sources"))}
        self.sources = snapshot.rows("from sources order by name")
        self.languages = snapshot.rows("from languages order by code")
        self.language_sets = {
            row["language_set"]: row["languages"] for row in snapshot.rows("from language_sets order by language_set")
        }
        self.codes = _codes(self.languages, self.language_sets.values())
        self.menu = snapshot.rows("from menu order by place")
        self.capabilities = snapshot.rows(
            "select label, min(name) as name from capabilities where valid_to is null group by label order by label"
        )
        self.counts = snapshot.rows(
            "select (select count(*) from scores where valid_to is null) as scores, "
            "(select max(seq) from scores where valid_to is null) as last_score, "
            "(select count(*) from pending_scores) as pending, "
            "(select count(*) from versions) as versions"
        )[0]
        self.task_sizes = {row["task"]: row for row in snapshot.rows(statement("queries/task_sizes"))}
        self.board_sizes = {row["benchmark"]: row for row in snapshot.rows(statement("queries/board_sizes"))}
        self.memo: dict[Any, Any] = {}  # what is worked out from them, for as long as they are read

    def declared_tasks(self, benchmark: str, at: datetime) -> list[str]:
        """The tasks that a benchmark declares at a time, in its order."""
        return [row["task"] for row in self.benchmark_tasks.get(benchmark, []) if _holds(row, at)]

    def rules_of(self, benchmark: str, at: datetime) -> dict[str, Any] | None:
        """How a benchmark ranks at a time; null: it was not there."""
        return next((row for row in self.rules.get(benchmark, []) if _holds(row, at)), None)

    def version_at(self, source: str, at: datetime) -> dict[str, Any] | None:
        """The state of a source at a time; null: there was none."""
        passed = [row for row in self.versions.get(source, []) if row["published_at"] <= at]
        return passed[-1] if passed else None

    def find_version(self, source: object, at: object) -> dict[str, Any] | None:
        """The version of a source at that very time, as ISO text."""
        known = self.versions.get(str(source), [])
        return next((row for row in known if row["published_at"].isoformat() == at), None)


def _holds(row: Mapping[str, Any], at: datetime) -> bool:
    return bool(row["valid_from"] <= at and (row["valid_to"] is None or row["valid_to"] > at))


def _codes(languages: list[dict[str, Any]], sets: Iterable[list[str]]) -> dict[str, frozenset[str]]:
    """What a code or name of a language means: codes in use, for one without a script those with any script."""
    meant: dict[str, set[str]] = {}
    for code in sorted({code for codes in sets for code in codes} | {row["code"] for row in languages}):
        for known in (code, code.partition("-")[0]):
            meant.setdefault(known, set()).add(code)
    codes = {code: frozenset(found) for code, found in meant.items()}
    for row in languages:
        meant.setdefault(row["name"], set()).update(codes[row["code"]])
    return {name: frozenset(found) for name, found in meant.items()}


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


class Held:
    """A snapshot that is open, or about to be: how many read it, and since when nobody does."""

    def __init__(self, published: Published) -> None:
        self.published = published
        self.snapshot: Snapshot | None = None
        self.readers = 0
        self.left = time.monotonic()
        self.opening = threading.Lock()

    @property
    def idle(self) -> bool:
        """Whether nobody has read it for long, or nobody could begin to: it is not open, or no longer kept."""
        late = time.monotonic() - self.left > IDLE_SECONDS
        return late or self.snapshot is None or not self.published.file.is_file()


class Serving:
    """The current snapshot of a store, swapped without dropping a reader, and others it keeps, for who asks for them.

    Beside the current one, `UNREAD` that nobody reads stay open for `IDLE_SECONDS`, those that were read last.
    """

    def __init__(self, store: Store, seconds: float = SECONDS, memory: str = MEMORY) -> None:
        self.store = store
        self.seconds = seconds
        self.memory = memory
        self._lock = threading.Lock()
        self._held: dict[str, Held] = {}
        self._current: Held | None = None
        # One thread: whoever asks for many others waits for one opening at a time, and takes one core at most.
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="open")

    def refresh(self) -> bool:
        """Serve the current snapshot if it is another one, and close what is not needed. Returns whether it was."""
        published = self.store.current()
        if published is None or (self._current is not None and published.id == self._current.published.id):
            self._close_unread()
            return False
        with self._using(published) as held:
            self._open(published)
            with self._lock:
                self._current = held
        self._close_unread()
        return True

    @contextmanager
    def reading(self) -> Iterator[Snapshot | None]:
        """The current snapshot, kept open until the reader is done; null before the first build."""
        with self._lock:
            held = self._current
            if held is not None:
                held.readers += 1
        try:
            yield held.snapshot if held else None
        finally:
            if held is not None:
                self._leave(held)

    @contextmanager
    def reading_kept(self, name: str) -> Iterator[Future[Snapshot]]:
        """The snapshot of that id, kept open until the reader is done. `name` may come from anywhere.

        To open one reads its dimensions, which takes a while and happens in a thread; several readers of one wait
        for the same opening. Raises `StoreError` where none of that id is kept; the future, what opening raises.
        """
        published = self.store.find(name)
        with self._using(published) as held:
            if held.snapshot is None:
                yield self._opener.submit(self._open, published)
            else:
                opened: Future[Snapshot] = Future()
                opened.set_result(held.snapshot)
                yield opened

    def close(self) -> None:
        """Close every snapshot; no reader is left by then."""
        self._opener.shutdown(cancel_futures=True)
        for held in self._held.values():
            if held.snapshot is not None:
                held.snapshot.close()
        self._held.clear()
        self._current = None

    def _open(self, published: Published) -> Snapshot:
        with self._using(published) as held, held.opening:
            if held.snapshot is None:
                held.snapshot = Snapshot(published, self.seconds, self.memory)
            return held.snapshot

    @contextmanager
    def _using(self, published: Published) -> Iterator[Held]:
        with self._lock:
            held = self._held.setdefault(published.id, Held(published))
            held.readers += 1
        try:
            yield held
        finally:
            self._leave(held)

    def _leave(self, held: Held) -> None:
        with self._lock:
            held.readers -= 1
            held.left = time.monotonic()
        if held is not self._current:
            self._close_unread()

    def _close_unread(self) -> None:
        """Close snapshots that are neither current nor read, but for those that may be asked for again."""
        with self._lock:
            unread = [held for held in self._held.values() if held is not self._current and not held.readers]
            waiting = sorted((held for held in unread if not held.idle), key=lambda held: held.left)[-UNREAD:]
            closed = [self._held.pop(held.published.id) for held in unread if held not in waiting]
        for held in closed:
            if held.snapshot is not None:
                held.snapshot.close()


def read_sources(store: Store) -> list[dict[str, Any]]:
    """The table `sources` of the current snapshot; empty before the first build."""
    current = store.current()
    if current is None:
        return []
    with duckdb.connect(str(current.file), read_only=True) as connection:
        return list(connection.sql("from sources").to_arrow_table().to_pylist())
