"""What no server can be faster than: the flat statements behind an answer, and orjson on a tree that is ready."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import orjson

from tests.bench.pairs import timed
from tests.bench.questions import PAGE_SIZE
from warehouse.plans import plan_as_written
from warehouse.statements import literal
from warehouse.store import Store

RUNS = 15


@dataclass(frozen=True)
class Statement:
    """A statement, what it reads, and its values."""

    name: str
    sql: str
    values: Mapping[str, Any]


def leaderboard(board: str) -> list[Statement]:
    """What must be read for all entries of a board: tasks and models are in memory."""
    asked = {"benchmark": board}
    return [
        Statement(
            "entries",
            "select rank, value, mean_task, model from leaderboard_entries where benchmark = $benchmark "
            "order by position",
            asked,
        ),
        Statement(
            "task scores",
            "select position, task, value from leaderboard_task_scores where benchmark = $benchmark "
            "order by position, place",
            asked,
        ),
    ]


def page() -> list[Statement]:
    """What must be read for the first page of scores, and the one row beyond it that tells there are more."""
    return [
        Statement(
            "page",
            "select model, task, split, subset, metric, variant, value, source, seq from scores "
            f"where valid_to is null order by seq limit {PAGE_SIZE + 1}",
            {},
        )
    ]


class Bare:
    """Reads statements to Arrow, and encodes an answer that is there as a tree."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, statements: Sequence[Statement], answer: bytes) -> None:
        self._connection = connection
        self._statements = statements
        self._tree = orjson.loads(answer)

    def run(self) -> bytes:
        """All of it once."""
        for statement in self._statements:
            self._read(statement)
        return orjson.dumps(self._tree)

    def pieces(self) -> dict[str, float]:
        """Median milliseconds of each statement, and of encoding."""
        steps: dict[str, Callable[[], Any]] = {
            statement.name: lambda statement=statement: self._read(statement)  # type: ignore[misc]
            for statement in self._statements
        }
        steps["orjson"] = lambda: orjson.dumps(self._tree)
        return {name: median(timed(step) for _ in range(RUNS)) for name, step in steps.items()}

    def _read(self, statement: Statement) -> int:
        return len(self._connection.sql(statement.sql, params=dict(statement.values)).to_arrow_table())


def connect(data: Path) -> duckdb.DuckDBPyConnection:
    """The current snapshot of a store on one thread, by a name of its own: a file is opened once in a process."""
    published = Store(data).current()
    assert published is not None
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute(f"attach {literal(str(published.file))} as store (read_only)")
    connection.execute("use store")
    plan_as_written(connection)
    return connection
