"""What is resampled of a board is what ranks it: where every task is drawn once, each method gives the ranks it gives."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.thorough import cases
from tests.warehouse.boards import METHODS, NAMES, board_of, lists_of_boards, ranking_of, read_rows, write_boards
from tests.warehouse.reference import Asked, Board, Reference
from warehouse import intervals
from warehouse.rankings import VALUES, Ranking
from warehouse.uncertainty import Resampled, resample, resampled_cells

BOARDS = 6
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]
TASKS = tuple(f"board {number} {task}" for number in range(BOARDS) for task in "zyx")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("uncertainty")
    return (folder / f"{number}.duckdb" for number in count())


def by_rule(boards: list[Board], asked: Asked) -> Iterator[tuple[str, list[Board]]]:
    """Boards that give ranks alike: one statement reads them all."""

    def rule(board: Board) -> str:
        return Reference(board, asked).rule

    return ((name, list(group)) for name, group in groupby(sorted(boards, key=rule), key=rule))


def resampled(connection: duckdb.DuckDBPyConnection, board: Board, asked: Asked) -> Resampled:
    return resample_all(connection, ranking_of([board.name], board.method, board.rule, asked))[board.name]


def resample_all(connection: duckdb.DuckDBPyConnection, ranking: Ranking) -> dict[str, Resampled]:
    """Every board of a ranking, by name."""
    clause = resampled_cells(ranking)
    cells = connection.execute(clause.sql, dict(clause.values)).to_arrow_table()
    owners = cells["benchmark"].cast("string")
    return {name: resample(ranking, cells.filter(pc.equal(owners, name))) for name in ranking.benchmarks}


def ranks_of(entries: list[dict[str, Any]], rule: str) -> list[int | None]:
    """Ranks of a board's entries, with ties alike, also where they are none in the last bits; null: no value."""
    if rule == "POINTS":
        return [entry["rank"] for entry in entries]
    values = [None if entry["value"] is None else float(f"{entry['value']:.12g}") for entry in entries]
    return [None if value is None else values.index(value) + 1 for value in values]


@settings(max_examples=cases(1, 4), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(
    lists_of_boards(BOARDS),
    st.fixed_dictionaries({name: st.sampled_from([0, 1, 2, 3]) for name in TASKS}),
    st.sampled_from([None, frozenset(NAMES[:3])]),
    st.sampled_from([None, frozenset(["eng-Latn", "deu-Latn"])]),
    st.booleans(),
)
def test_a_resample_that_draws_every_task_once_ranks_as_the_board_does(
    files: Iterator[Path],
    boards: list[Board],
    weights: dict[str, int],
    models: frozenset[str] | None,
    languages: frozenset[str] | None,
    common: bool,
) -> None:
    file = next(files)
    with write_boards(file, boards) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "draw_counts", lambda strata, block: [np.ones((intervals.RESAMPLES, len(strata)))])
        for method in VALUES:
            asked = Asked(method, weights if method == "WEIGHTED" else {}, models, None, languages, None, common)
            for rule, group in by_rule(boards, asked):
                ranking = ranking_of([board.name for board in group], method, rule, asked)
                found = resample_all(connection, ranking)
                for name, entries in groupby(read_entries(connection, ranking), key=itemgetter("benchmark")):
                    rows = list(entries)
                    for row, rank in zip(rows, ranks_of(rows, rule), strict=True):
                        interval = found[name].interval(row["model"], row["variant"], 0.95)
                        assert interval == (None if rank is None else (rank, rank)), (row, method, boards)
    file.unlink()


def read_entries(connection: duckdb.DuckDBPyConnection, ranking: Ranking) -> list[dict[str, Any]]:
    clause = ranking.entries()
    return read_rows(connection, clause.sql, **clause.values)


TABLE: dict[str, dict[str, float | None]] = {
    "a": {"org/a": 3.0, "org/b": 3.0, "org/c": 5.0, "org/d": None},
    "b": {"org/a": 2.0, "org/b": 1.0, "org/d": None},
}


@pytest.fixture(scope="module")
def small(files: Iterator[Path]) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Board]]]:
    """`TABLE` as boards, by method."""
    boards = {kind["method"]: board_of(kind["method"], TABLE, **kind) for kind in reversed(METHODS)}
    by_type = boards["MEAN_TASK_TYPE"]
    first, second = by_type.tasks
    boards["MEAN_TASK_TYPE"] = replace(by_type, tasks=(first, replace(second, type="B")))
    with write_boards(next(files), list(boards.values())) as connection:
        yield connection, boards


def intervals_of(small: Any, method: str) -> list[tuple[int, int] | None]:
    """Of `org/a`, `org/b`, `org/c`, `org/d`; each of the three draws there are is a quarter of all, or half."""
    connection, boards = small
    found = resampled(connection, boards[method], Asked())
    return [found.interval(f"org/{name}", None, 0.9) for name in "abcd"]


def test_a_task_brings_the_points_it_has_on_the_whole_board(small: Any) -> None:
    assert intervals_of(small, "BORDA")[:3] == [(1, 2), (2, 3), (1, 3)]


def test_a_mean_that_needs_all_tasks_has_no_interval_where_one_is_missing(small: Any) -> None:
    assert intervals_of(small, "MEAN_PUBLIC_PRIVATE") == [(1, 1), (1, 2), None, None]


def test_an_entry_that_has_nothing_of_what_was_drawn_comes_last(small: Any) -> None:
    assert intervals_of(small, "MEAN_SCORED") == [(1, 2), (2, 3), (1, 3), None]


def test_tasks_are_drawn_within_their_type(small: Any) -> None:
    """With one task of each type there is one draw: no interval but the rank."""
    assert intervals_of(small, "MEAN_TASK_TYPE") == [(1, 1), (2, 2), None, None]


def test_a_board_that_nobody_is_on_has_no_intervals(small: Any) -> None:
    connection, boards = small
    for board in boards.values():
        assert resampled(connection, board, Asked(models=frozenset())).rows == {}
