"""Every default ranking is what a naive reference says, on boards of all shapes."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.thorough import cases
from tests.warehouse.boards import (
    METHODS,
    awkward_boards,
    board_of,
    differences,
    expected,
    lists_of_boards,
    stored,
    write_boards,
)
from tests.warehouse.reference import Board, Reference

BOARDS = 8  # ranked together, because writing a file takes longer than ranking a board
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # it takes minutes


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("boards")
    return (folder / f"{number}.duckdb" for number in count())


@settings(max_examples=cases(2, 8), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(lists_of_boards(BOARDS))
def test_boards_are_ranked_as_the_reference_ranks_them(files: Iterator[Path], boards: list[Board]) -> None:
    file = next(files)
    with write_boards(file, boards) as connection:
        for board in boards:
            wanted = {**expected(board), "models": Reference(board).model_count()}
            assert not differences(stored(connection, board.name), wanted), board
    file.unlink()


@settings(max_examples=1, deadline=None, phases=NO_SHRINKING)
@given(st.integers(0, 10**9))
def test_the_order_in_which_rows_arrive_changes_nothing(files: Iterator[Path], seed: int) -> None:
    """Not even the last bit of a mean: sums are made in the order of the source's places."""
    boards = awkward_boards(Random(seed))
    found: list[Any] = []
    for backwards in (False, True):
        file = next(files)
        with write_boards(file, boards, backwards=backwards) as connection:
            found.append({board.name: stored(connection, board.name) for board in boards})
        file.unlink()
    forwards, backwards_too = found
    assert not differences(forwards, backwards_too)


TABLE: dict[str, dict[str, float | None]] = {
    "a": {"org/a": 3.0, "org/b": 3.0, "org/c": 1.0, "org/d": None},
    "b": {"org/a": 1.0, "org/b": 1.0, "org/d": None},
    "c": {},
}


@pytest.fixture(scope="module")
def examples(files: Iterator[Path]) -> Iterator[dict[str, Any]]:
    """`TABLE` as boards: two models that tie, one that lacks a task, one without a score, a task without any."""
    kinds = [
        *METHODS,
        {"method": "MEAN_SCORED", "ranks_variants": True, "lower_is_better": True},
        {"method": "WIN_RATE", "aggregations": ("mean_task",)},
    ]
    boards = [board_of(f"{kind['method']} {number}", TABLE, **kind) for number, kind in enumerate(kinds)]
    with write_boards(next(files), boards) as connection:
        yield {board.name: stored(connection, board.name) for board in boards}


def ranked(board: dict[str, Any]) -> list[tuple[str, int | None, float | None]]:
    return [(entry["model"], entry["rank"], entry["value"]) for entry in board["entries"]]


def test_models_that_tie_share_borda_points_and_rank(examples: dict[str, Any]) -> None:
    assert ranked(examples["BORDA 0"]) == [("org/a", 1, 3.0), ("org/b", 1, 3.0), ("org/c", 3, 0.0)]


def test_a_task_that_nobody_ran_is_no_column_but_where_all_declared_count(examples: dict[str, Any]) -> None:
    assert examples["BORDA 0"]["columns"] == ["BORDA 0 a", "BORDA 0 b"]
    assert examples["MEAN_SCORED 5"]["columns"] == ["MEAN_SCORED 5 a", "MEAN_SCORED 5 b", "MEAN_SCORED 5 c"]


def test_private_tasks_stay_off_a_public_board(examples: dict[str, Any]) -> None:
    assert examples["BORDA 1"]["columns"] == ["BORDA 1 a"]
    assert [entry["mean_task"] for entry in examples["BORDA 1"]["entries"]] == [3.0, 3.0, 1.0]


def test_a_model_that_lacks_a_task_has_no_mean_and_comes_last(examples: dict[str, Any]) -> None:
    (*_, last) = examples["MEAN_PUBLIC_PRIVATE 3"]["entries"]
    assert (last["model"], last["mean_task"], last["mean_public"], last["mean_private"]) == ("org/c", None, 1.0, None)
    assert (last["scored"], last["expected"]) == (1, 2)


def test_a_board_by_position_gives_ties_the_order_of_the_models(examples: dict[str, Any]) -> None:
    assert ranked(examples["MEAN_TASK_TYPE 2"]) == [("org/a", 1, 2.0), ("org/b", 2, 2.0), ("org/c", 3, None)]


def test_a_board_can_rank_by_win_rate(examples: dict[str, Any]) -> None:
    """On a: a and b beat 1.5 of 2, c none; on b: each beats half of the other."""
    assert ranked(examples["WIN_RATE 8"]) == [("org/a", 1, 0.625), ("org/b", 2, 0.625), ("org/c", 3, 0.0)]


def test_a_model_without_any_number_is_an_entry_only_where_all_that_are_listed_count(examples: dict[str, Any]) -> None:
    assert "org/d" not in [entry["model"] for entry in examples["BORDA 0"]["entries"]]
    assert ranked(examples["MEAN_SCORED 5"])[-1] == ("org/d", 4, None)


def test_a_board_with_variants_ranks_ties_alike_and_no_value_not_at_all(examples: dict[str, Any]) -> None:
    assert ranked(examples["MEAN_SCORED 6"]) == [
        ("org/a", 1, 2.0), ("org/b", 1, 2.0), ("org/c", 3, 1.0), ("org/d", None, None),
    ]  # fmt: skip


def test_where_lower_is_better_the_lowest_comes_first_and_null_still_last(examples: dict[str, Any]) -> None:
    assert ranked(examples["MEAN_SCORED 7"]) == [
        ("org/c", 1, 1.0), ("org/a", 2, 2.0), ("org/b", 2, 2.0), ("org/d", None, None),
    ]  # fmt: skip
