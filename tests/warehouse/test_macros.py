"""Boards by name in SQL, as they stand and as they stood."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.rankings import Ranking, own_rule
from warehouse.store import Store

ROWS = """
    select rank, model, variant, round(value, 9) as value, round(mean_task_type, 9), zero_shot_percent, scored, expected,
        parameters, trained_on_tasks
"""


@pytest.fixture(scope="module")
def store(sample_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    current = Store(sample_dir).current()
    assert current is not None
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"attach '{current.file}' as store (read_only); use store")
        yield connection


def asked(store: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return store.execute(sql, values).fetchall()


def test_every_board_as_it_stands_now_is_the_board(store: duckdb.DuckDBPyConnection) -> None:
    boards = [name for (name,) in asked(store, "select name from benchmarks")]
    methods = {method for (method,) in asked(store, "select distinct default_method from benchmarks")}
    assert methods >= {"BORDA", "MEAN_SCORED", "MEAN_TASK_TYPE", "MEAN_PUBLIC_PRIVATE"}
    for board in boards:
        now = asked(store, f"{ROWS} from leaderboard_at($board, timestamptz '9000-01-01')", board=board)
        assert now == asked(store, f"{ROWS} from leaderboard($board)", board=board), board
        assert now, board


def test_a_board_as_it_stood_is_ranked_by_the_versions_of_then(store: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    (variants,) = asked(store, "select ranks_variants from benchmarks where name = 'EASI-8'")[0]
    ranking = Ranking(("EASI-8",), "MEAN_SCORED", own_rule("MEAN_SCORED", ranks_variants=variants), at)
    clause = ranking.entries()
    entries = asked(store, f"select rank, model::varchar, value from ({clause.sql}) order by position", **clause.values)

    assert asked(store, "select rank, model, value from leaderboard_at('EASI-8', $at)", at=at) == entries
    assert entries != asked(store, "select rank, model, value from leaderboard('EASI-8')")


def test_a_board_answers_to_its_aliases_and_to_no_other_name(store: duckdb.DuckDBPyConnection) -> None:
    ((name, alias),) = asked(store, "select name, aliases[1] from benchmarks where len(aliases) > 0 limit 1")
    later = "timestamptz '9000-01-01'"
    assert asked(store, f"from leaderboard_at($alias, {later})", alias=alias) == asked(
        store, f"from leaderboard_at($name, {later})", name=name
    )
    assert asked(store, f"from leaderboard_at('no board', {later})") == []


def test_before_its_first_version_a_board_is_empty(store: duckdb.DuckDBPyConnection) -> None:
    assert asked(store, "from leaderboard_at('EASI-8', timestamptz '2020-01-01')") == []
