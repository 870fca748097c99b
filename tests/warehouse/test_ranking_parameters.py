"""Every ranking that can be asked for is what a naive reference says: each method, alone and with every filter."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.thorough import cases
from tests.warehouse.boards import (
    METHODS,
    NAMES,
    NOW,
    awkward_boards,
    board_of,
    differences,
    expected,
    lists_of_boards,
    ranked,
    write_boards,
)
from tests.warehouse.reference import Asked, Board, Reference
from warehouse.rankings import LATEST

BOARDS = 8
ALONE = 0.25  # how often boards are ranked one a statement
NEAR = 1e-12
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # it takes minutes
ALL_METHODS = (
    "BORDA", "MEAN_TASK", "MEAN_SCORED", "MEAN_TASK_TYPE", "MEAN_PUBLIC_PRIVATE", "MEAN_SUBSET", "WEIGHTED", "WIN_RATE",
)  # fmt: skip
TASKS = tuple(f"board {number} {task}" for number in range(BOARDS) for task in "zyx")
NOTHING: dict[str, dict[str, float | None]] = {"a": {"org/a": None, "org/b": None}}


def some(*values: Any) -> st.SearchStrategy[frozenset[Any] | None]:
    """All there are, mostly, or some of the values."""
    return st.one_of(st.none(), st.none(), st.none(), st.frozensets(st.sampled_from(values), min_size=1))


@st.composite
def questions(draw: st.DrawFn) -> list[Asked]:
    """Every method, with filters of all kinds or without."""
    weights = st.fixed_dictionaries(
        {"empty a": st.just(1), **{name: st.sampled_from([0, 1, 1, 2, 3]) for name in TASKS}}
    )
    found = []
    for method in ALL_METHODS:
        letters = draw(some("z", "y", "x"))
        asked = Asked(
            method,
            weights=draw(weights) if method == "WEIGHTED" else {},
            models=draw(some(*NAMES)),
            tasks=letters and frozenset(name for name in TASKS if name[-1] in letters),
            languages=draw(some("eng-Latn", "deu-Latn", "fra-Latn", "xxx-Latn")),
            least_zero_shot=draw(st.sampled_from([None, None, None, 0, 30, 60])),
            common_tasks_only=draw(st.sampled_from([False, False, True])),
        )
        found.append(asked)
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("parameters")
    return (folder / f"{number}.duckdb" for number in count())


def in_statements(boards: list[Board], asked: Asked, *, alone: bool) -> Iterator[list[Board]]:
    """Boards by the statements that rank them: those that give ranks alike in one, or each `alone` in one of its own."""

    def rule(board: Board) -> str:
        return Reference(board, asked).rule

    return (
        ([board] for board in boards)
        if alone
        else (list(group) for _, group in groupby(sorted(boards, key=rule), key=rule))
    )


def wanted_of(board: Board, asked: Asked, found: dict[str, Any]) -> dict[str, Any]:
    """What the reference says; shares of wins, which are no exact floats, are compared for being near."""
    wanted = expected(board, asked)
    if asked.method == "WIN_RATE":
        assert is_in_order(found["entries"])
        shares = {(entry["model"], entry["variant"]): entry["value"] for entry in wanted["entries"]}
        for entry in found["entries"]:
            share = shares.pop((entry["model"], entry["variant"]))
            assert entry["value"] == (None if share is None else pytest.approx(float(share), abs=NEAR))
        assert not shares
        order = {(entry["model"], entry["variant"]): entry for entry in wanted["entries"]}
        wanted["entries"] = [
            {**order[entry["model"], entry["variant"]], **{name: entry[name] for name in ("position", "rank", "value")}}
            for entry in found["entries"]
        ]
    return wanted


def is_in_order(entries: list[dict[str, Any]]) -> bool:
    """Whether entries stand by value, ranked 1, 2, 2, 4, without a rank for no value."""
    values = [entry["value"] for entry in entries]
    known = sorted((value for value in values if value is not None), reverse=True)
    ranks = [None if value is None else known.index(value) + 1 for value in values]
    return values == known + [None] * (len(values) - len(known)) and ranks == [entry["rank"] for entry in entries]


@settings(max_examples=cases(1, 8), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(lists_of_boards(BOARDS), questions(), st.integers(0, 10**9))
def test_every_question_is_answered_as_by_the_reference(
    files: Iterator[Path], boards: list[Board], questions: list[Asked], seed: int
) -> None:
    """By what the store holds ready or from scores, at once or one board a statement.

    Also of a board without a number, which never has an entry.
    """
    random = Random(seed)
    file = next(files)
    boards = [*boards, replace(board_of("empty", NOTHING, **METHODS[0]), models=boards[0].models)]
    with write_boards(file, boards) as connection:
        for asked in questions:
            for group in in_statements(boards, asked, alone=random.random() < ALONE):
                found = ranked(connection, group, asked, random.choice([LATEST, NOW]))
                for board in group:
                    said = found[board.name]
                    assert not differences(said, wanted_of(board, asked, said)), (asked, board)
                    assert board.name != "empty" or said["entries"] == []
    file.unlink()


@settings(max_examples=1, deadline=None, phases=NO_SHRINKING)
@given(st.integers(0, 10**9))
def test_the_order_in_which_rows_arrive_changes_no_bit_of_any_ranking(files: Iterator[Path], seed: int) -> None:
    """Nor does it whether the store holds the scores on tasks ready, or they are worked out, at once or by board."""
    random = Random(seed)
    boards = awkward_boards(random)
    names = [task.name for board in boards for task in board.tasks]
    questions = [
        Asked(
            method,
            weights={name: random.choice((0, 1, 3)) for name in names} if method == "WEIGHTED" else {},
            models=random.choice([None, frozenset(NAMES[:3])]),
            tasks=random.choice([None, frozenset(random.sample(names, 15))]),
            languages=random.choice([None, frozenset(["eng-Latn"])]),
        )
        for method in ALL_METHODS
    ]
    alone = set(random.sample(range(len(questions)), 2))
    found: list[Any] = []
    for backwards, at in ((False, LATEST), (True, NOW)):
        file = next(files)
        with write_boards(file, boards, backwards=backwards) as connection:
            found.append(
                {
                    (number, board): said
                    for number, asked in enumerate(questions)
                    for group in in_statements(boards, asked, alone=backwards and number in alone)
                    for board, said in ranked(connection, group, asked, at).items()
                }
            )
        file.unlink()
    forwards, backwards_too = found
    assert not differences(forwards, backwards_too)


TABLE: dict[str, dict[str, float | None]] = {
    "a": {"org/a": 3.0, "org/b": 3.0, "org/c": 1.0, "org/d": 2.0},
    "b": {"org/a": 1.0, "org/b": 2.0, "org/d": None},
    "c": {"org/d": 8.0},
}
TRAINED_ON = ("borda a", "borda b")
CELLS: dict[str, dict[str, float | None]] = {"a": {"org/a": 1.0, "org/b": 2.0}, "b": {"org/b": 1.0}}
PARTLY_PRIVATE: dict[str, dict[str, float | None]] = {"a": {"org/a": 1.0, "org/c": 1.0}, "b": {"org/b": 9.0}}


def with_cells(board: Board) -> Board:
    """The board, its first task with two cells, of which `org/a` alone has both."""
    task = replace(board.tasks[0], subsets=("x", "y"))
    whole = replace(board.rows[0], subset="y")
    return replace(board, tasks=(task, *board.tasks[1:]), rows=(*board.rows, whole))


@pytest.fixture(scope="module")
def examples(files: Iterator[Path]) -> Iterator["Examples"]:
    boards = [
        board_of("borda", TABLE, TRAINED_ON, **METHODS[0]),
        board_of("means", TABLE, TRAINED_ON, **METHODS[5]),
        board_of("lower", TABLE, TRAINED_ON, lower_is_better=True, **METHODS[5]),
        board_of("subsets", TABLE, TRAINED_ON, lower_is_better=True, **METHODS[4]),
        board_of("alone", {"a": {"org/a": 1.0}}, TRAINED_ON, **METHODS[0]),
        with_cells(board_of("cells", CELLS, TRAINED_ON, **METHODS[5])),
        with_cells(board_of("public", PARTLY_PRIVATE, TRAINED_ON, **METHODS[1])),
    ]
    with write_boards(next(files), boards) as connection:
        yield Examples(connection, {board.name: board for board in boards})


class Examples:
    """`TABLE` by several rules, a board of one model on one task, and one with a task of two cells."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, boards: dict[str, Board]) -> None:
        self.connection = connection
        self.boards = boards

    def ask(self, name: str, method: str | None = None, **asked: Any) -> dict[str, Any]:
        """What a board says when it is asked for this way; it agrees with the reference."""
        board, question = self.boards[name], Asked(method, **asked)
        found = ranked(self.connection, [board], question)[name]
        assert not differences(found, wanted_of(board, question, found))
        return found

    def ranks(self, name: str, method: str | None = None, **asked: Any) -> list[tuple[str, int | None, float | None]]:
        entries = self.ask(name, method, **asked)["entries"]
        return [(entry["model"].removeprefix("org/"), entry["rank"], entry["value"]) for entry in entries]


def test_another_method_shares_ranks_and_gives_none_without_a_value(examples: Examples) -> None:
    assert examples.ranks("means", tasks=frozenset(["means a"])) == [
        ("a", 1, 3.0), ("b", 2, 3.0), ("d", 3, 2.0), ("c", 4, 1.0),
    ]  # fmt: skip
    assert examples.ranks("means", "MEAN_TASK", tasks=frozenset(["means a"])) == [
        ("a", 1, 3.0), ("b", 1, 3.0), ("d", 3, 2.0), ("c", 4, 1.0),
    ]  # fmt: skip
    assert examples.ranks("means", "MEAN_TASK", tasks=frozenset(["means a", "means b"])) == [
        ("b", 1, 2.5), ("a", 2, 2.0), ("c", None, None), ("d", None, None),
    ]  # fmt: skip


def test_weights_count_named_tasks_alone_and_want_each_of_them(examples: Examples) -> None:
    weights = {"borda a": 1, "borda b": 3, "borda c": 0}
    assert examples.ranks("borda", "WEIGHTED", weights=weights) == [
        ("b", 1, 2.25), ("a", 2, 1.5), ("c", None, None), ("d", None, None),
    ]  # fmt: skip


def test_weights_are_those_of_the_tasks_that_are_asked_for(examples: Examples) -> None:
    found = examples.ranks("borda", "WEIGHTED", weights={"borda a": 1, "borda b": 3}, tasks=frozenset(["borda a"]))
    assert found == [("a", 1, 3.0), ("b", 1, 3.0), ("d", 3, 2.0), ("c", 4, 1.0)]


def test_a_win_rate_is_the_share_of_others_beaten_where_there_are_others(examples: Examples) -> None:
    """On a: a and b beat 2.5 of 3, d 1, c none; on b: b beats a; on c there is nobody to beat."""
    found = examples.ranks("borda", "WIN_RATE")
    assert [(model, rank) for model, rank, _ in found] == [("b", 1), ("a", 2), ("d", 3), ("c", 4)]
    assert [value for *_, value in found] == pytest.approx([(2.5 / 3 + 1) / 2, 2.5 / 3 / 2, 1 / 3, 0])


def test_who_is_alone_has_no_win_rate_no_points_and_a_mean(examples: Examples) -> None:
    assert examples.ranks("alone", "WIN_RATE") == [("a", None, None)]
    assert examples.ranks("alone") == [("a", 1, 0.0)]
    assert examples.ranks("alone", "MEAN_TASK") == [("a", 1, 1.0)]


def test_the_smallest_is_the_best_by_any_mean_where_lower_is_better(examples: Examples) -> None:
    assert [model for model, *_ in examples.ranks("lower")] == ["c", "a", "b", "d"]
    assert examples.ranks("lower", "WIN_RATE")[0][0] == "c"
    assert examples.ranks("lower", "MEAN_TASK", tasks=frozenset(["lower a"]))[0] == ("c", 1, 1.0)


def test_who_has_private_tasks_alone_is_not_compared_on_a_public_board(examples: Examples) -> None:
    """The one that is ranked ties with one that lacks a cell, so has less than no points: b has not, but has no row."""
    assert examples.ranks("public") == [("a", 1, -0.5)]


def test_points_on_subsets_go_to_the_smallest_too(examples: Examples) -> None:
    """Shown by the mean, ranked by points: 3.5 of a, 2.5 of b, 3 of c, 5 of d, whose mean lacks a subset."""
    assert examples.ranks("subsets") == [("c", 3, 1.0), ("a", 2, 2.0), ("b", 4, 2.5), ("d", 1, None)]
    assert examples.ranks("subsets", "BORDA")[0] == ("d", 1, 5.0)


def test_chosen_models_are_ranked_as_if_there_were_no_others(examples: Examples) -> None:
    """Points of three models, not of four; the task that only d has is no column."""
    found = examples.ask("borda", models=frozenset(["org/a", "org/b", "org/c"]))
    assert found["columns"] == ["borda a", "borda b"]
    assert [(entry["model"], entry["value"]) for entry in found["entries"]] == [
        ("org/b", 3.5), ("org/a", 2.5), ("org/c", 0.0),
    ]  # fmt: skip
    assert examples.ask("means", models=frozenset(["org/a"]))["columns"] == ["means a", "means b", "means c"]


def test_no_model_and_no_task_are_an_empty_board(examples: Examples) -> None:
    nothing: frozenset[str] = frozenset()
    for board in ("borda", "means"):
        assert examples.ask(board, models=nothing)["entries"] == []
        assert examples.ask(board, tasks=nothing)["entries"] == []
        assert examples.ask(board, languages=nothing)["entries"] == []


def test_zero_shot_counts_the_tasks_of_the_chosen_models_and_leaves_who_says_nothing(examples: Examples) -> None:
    """c was trained on two tasks: on the whole board a third is new to it, on the columns of a, b and c nothing is."""
    few = frozenset(["org/a", "org/b", "org/c"])
    assert percents(examples.ask("borda")) == {"org/a": 100, "org/b": 100, "org/c": 33, "org/d": None}
    assert percents(examples.ask("borda", models=few)) == {"org/a": 100, "org/b": 100, "org/c": 0}
    assert percents(examples.ask("borda", least_zero_shot=33)) == {"org/a": 100, "org/b": 100, "org/c": 33}
    assert percents(examples.ask("borda", least_zero_shot=34)) == {"org/a": 100, "org/b": 100}


def percents(found: dict[str, Any]) -> dict[str, int | None]:
    return {entry["model"]: entry["zero_shot_percent"] for entry in found["entries"]}


def test_common_tasks_are_those_that_all_who_are_ranked_have(examples: Examples) -> None:
    assert examples.ask("borda", common_tasks_only=True)["columns"] == ["borda a"]
    found = examples.ask("means", common_tasks_only=True, models=frozenset(["org/a", "org/b"]))
    assert found["columns"] == ["means a", "means b"]
    assert [(entry["model"], entry["value"], entry["expected"]) for entry in found["entries"]] == [
        ("org/b", 2.5, 2), ("org/a", 2.0, 2),
    ]  # fmt: skip


def test_without_a_common_task_nobody_has_a_value_or_a_rank(examples: Examples) -> None:
    """Whichever rule gives ranks: points, position, or any other method."""
    for board, method in (
        ("borda", None),
        ("means", None),
        ("subsets", None),
        ("borda", "WIN_RATE"),
        ("means", "BORDA"),
    ):
        found = examples.ask(board, method, common_tasks_only=True, tasks=frozenset([f"{board} b", f"{board} c"]))
        assert found["columns"] == []
        assert [(entry["rank"], entry["value"]) for entry in found["entries"]] == [(None, None)] * 3


def test_in_a_language_means_are_shown_of_what_is_there_and_ranked_by_as_ever(examples: Examples) -> None:
    plain = examples.ask("borda", "MEAN_TASK")
    found = examples.ask("borda", "MEAN_TASK", languages=frozenset(["eng-Latn"]))
    assert [entry["mean_task"] for entry in plain["entries"]] == [None] * 4
    assert [(entry["model"], entry["value"], entry["mean_task"]) for entry in found["entries"]] == [
        ("org/c", None, 1.0), ("org/a", None, 2.0), ("org/b", None, 2.5), ("org/d", None, 5.0),
    ]  # fmt: skip
    assert found["types"] == {
        (("org/c", None), "A"): 1.0,
        (("org/a", None), "A"): 2.0,
        (("org/b", None), "A"): 2.5,
        (("org/d", None), "A"): 5.0,
    }


def test_what_makes_a_task_complete_stays_that_of_all_models(examples: Examples) -> None:
    """The only model that has both cells is filtered out: those that have one still lack the other."""
    found = examples.ask("cells", models=frozenset(["org/b"]))
    assert found["tasks"] == {(("org/b", None), "cells a"): None, (("org/b", None), "cells b"): 1.0}
