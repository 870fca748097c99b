"""Every default ranking is what a naive reference says, on boards of all shapes."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.warehouse.reference import Board, Model, Reference, Scored, Standing, Task
from tests.warehouse.stores import SOURCE, benchmark, day, declared, described, score
from warehouse.build import Build, Version
from warehouse.layout import write
from warehouse.tables import MODEL_ALIASES

BOARDS = 6  # ranked together, because writing a file takes longer than ranking a board
ROUND = 27720  # has every number up to 12 as a divisor: means of means of multiples of its cube are exact
METHODS: list[dict[str, Any]] = [
    {"method": "BORDA", "aggregations": ("mean_task", "mean_task_type")},
    {"method": "BORDA", "aggregations": ("mean_task",), "public_tasks_only": True},
    {"method": "MEAN_TASK_TYPE", "aggregations": ("mean_task_type",)},
    {"method": "MEAN_PUBLIC_PRIVATE", "aggregations": ("mean_task", "public_private")},
    {"method": "MEAN_SUBSET", "aggregations": ("mean_subset",)},
    {"method": "MEAN_SCORED", "aggregations": ("mean_scored",)},
    {"method": "MEAN_SCORED", "ranks_variants": True},
    {"method": "MEAN_SCORED", "ranks_variants": True, "lower_is_better": True},
]
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # it takes minutes
NAMES = ("org/c", "org/a", "org/b", "org/d")
SPLITS = st.sampled_from([("test",), ("dev",), ("dev", "test")])
SUBSETS = st.sampled_from([("x",), ("y",), ("x", "y")])


@st.composite
def tasks(draw: st.DrawFn, board: str) -> tuple[Task, ...]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        kind, public = draw(st.sampled_from("AB")), draw(st.booleans())
        found.append(Task(f"{board} {'zyx'[number]}", kind, public, draw(SPLITS), draw(SUBSETS)))
    return tuple(found)


@st.composite
def boards(draw: st.DrawFn, name: str, models: tuple[Model, ...]) -> Board:
    kind = draw(st.sampled_from(METHODS))
    found = draw(tasks(name))
    variants = [None, "With tools"] if draw(st.booleans()) else [None]
    held = st.one_of(st.none(), st.integers(-1, 3).map(lambda number: [number]), st.just([None]), st.just([1, 2]))
    rows = [
        Scored(model.name, variant, task.name, split, subset, value and float(value * ROUND**3), f"{model.name}{again}")
        for model in draw(st.lists(st.sampled_from(models), max_size=4, unique=True))
        for variant in variants
        for task in found
        for split in ("dev", "test")
        for subset in ("x", "y")
        for again, value in zip(("", " again"), draw(held) or (), strict=False)
    ]
    return Board(name, tasks=found, models=models, rows=tuple(draw(st.permutations(rows))), **kind)


@st.composite
def lists_of_boards(draw: st.DrawFn) -> list[Board]:
    names = [f"board {number}" for number in range(BOARDS)]
    trained = st.none() | st.sets(st.sampled_from([f"{name} {task}" for name in names for task in "xyz"])).map(tuple)
    models = tuple(Model(name, draw(trained)) for name in NAMES)
    return [draw(boards(name, models)) for name in names]


def write_boards(file: Path, boards: list[Board], *, backwards: bool = False) -> duckdb.DuckDBPyConnection:
    """The file that the warehouse makes of boards; `backwards` gives the rows in another order, with their places."""
    scores = [
        score(
            row.source_model, row.task, row.value, place, split=row.split, subset=row.subset, variant=row.variant,
            trained_on=None if model.trained_on is None else row.task in model.trained_on,
        )
        for place, (row, model) in enumerate(
            (row, next(model for model in board.models if model.name == row.model)) for board in boards for row in board.rows
        )
    ]  # fmt: skip
    cells = [
        declared(board.name, task.name, place, splits=list(task.splits), subsets=list(task.subsets))
        for board in boards
        for place, task in enumerate(board.tasks)
    ]
    build = Build(file.parent, None, (SOURCE,))
    order = -1 if backwards else 1
    build.merge(SOURCE, Version("v1", day(1), None), described(scores=scores[::order], benchmark_tasks=cells[::order]))
    build.describe(SOURCE, _described(boards))
    names = build.model_names()
    aliases = [
        {"source": source, "name": name, "model": name.removesuffix(" again"), "match": "EXACT"}
        for source, name, *_ in names
    ]
    build.name_models(MODEL_ALIASES.rows(aliases))
    write(build, file)
    build.close()
    return duckdb.connect(str(file), read_only=True)


def _described(boards: list[Board]) -> dict[str, Any]:
    return described(
        models=[
            {"name": model.name, "place": place, "trained_on": model.trained_on and list(model.trained_on)}
            if model.trained_on
            else {"name": model.name, "place": place, "trained_on": None if model.trained_on is None else []}
            for place, model in enumerate(boards[0].models)
        ],
        tasks=[
            {
                "name": task.name,
                "type": task.type,
                "is_public": task.is_public,
                "splits": list(task.splits),
                "lower_is_better": board.lower_is_better,
            }
            for board in boards
            for task in board.tasks
        ],
        benchmarks=[
            benchmark(
                board.name,
                board.method,
                place,
                aggregations=list(board.aggregations),
                public_tasks_only=board.public_tasks_only,
                ranks_variants=board.ranks_variants,
            )
            for place, board in enumerate(boards)
        ],
    )


def read_rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    return connection.sql(sql, params=values).to_arrow_table().to_pylist()


def stored(connection: duckdb.DuckDBPyConnection, board: str) -> dict[str, Any]:
    """All that a file says of a board, its numbers as they are."""
    entries = read_rows(connection, "from leaderboard_entries where benchmark = $board order by position", board=board)
    entities = {entry["position"]: (entry["model"], entry["variant"]) for entry in entries}
    columns = read_rows(connection, "from leaderboard_tasks where benchmark = $board order by place", board=board)
    cells = read_rows(connection, "from leaderboard_task_scores where benchmark = $board", board=board)
    kinds = read_rows(connection, "from leaderboard_task_type_scores where benchmark = $board", board=board)
    (row,) = read_rows(connection, "select model_count from benchmarks where name = $board", board=board)
    return {
        "entries": [{name: value for name, value in entry.items() if name != "benchmark"} for entry in entries],
        "columns": [column["task"] for column in columns],
        "tasks": {(entities[cell["position"]], cell["task"]): cell["value"] for cell in cells},
        "types": {(entities[kind["position"]], kind["task_type"]): kind["value"] for kind in kinds},
        "models": row["model_count"],
    }


def expected(board: Board) -> dict[str, Any]:
    reference = Reference(board)
    standings = reference.standings()
    return {
        "entries": [
            _entry(reference, standing, position, rank)
            for position, (standing, rank) in enumerate(zip(standings, reference.ranks(standings), strict=True), 1)
        ],
        "columns": [task.name for task in reference.columns],
        "tasks": {(each.entity, task): value for each in standings for task, value in each.by_task.items()},
        "types": {(each.entity, kind): value for each in standings for kind, value in each.by_type.items()},
        "models": reference.model_count(),
    }


def differences(found: Any, wanted: Any, where: str = "") -> list[tuple[str, Any, Any]]:
    """What differs, and where: found, wanted."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = found.keys() | wanted.keys()
        parts = [(f"{where} {name}", found.get(name, "missing"), wanted.get(name, "missing")) for name in names]
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        parts = [(f"{where} {place}", *pair) for place, pair in enumerate(zip(found, wanted, strict=True))]
    else:
        return [] if found == wanted else [(where, found, wanted)]
    return [difference for place, one, other in parts for difference in differences(one, other, place)]


def _entry(reference: Reference, standing: Standing, position: int, rank: int | None) -> dict[str, Any]:
    model, variant = standing.entity
    shown = reference.board.aggregations
    return {
        "position": position,
        "rank": rank,
        "model": model,
        "variant": variant,
        "value": reference.value(standing),
        "mean_task": standing.mean_task,
        "mean_task_type": standing.mean_task_type if "mean_task_type" in shown else None,
        "mean_public": standing.mean_public if "public_private" in shown else None,
        "mean_private": standing.mean_private if "public_private" in shown else None,
        "zero_shot_percent": reference.zero_shot_percent(model),
        "scored": sum(value is not None for value in standing.by_task.values()),
        "expected": len(reference.columns),
        "trained_on_tasks": reference.trained_on_tasks(standing.entity),
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("boards")
    return (folder / f"{number}.duckdb" for number in count())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(lists_of_boards())
def test_boards_are_ranked_as_the_reference_ranks_them(files: Iterator[Path], boards: list[Board]) -> None:
    file = next(files)
    with write_boards(file, boards) as connection:
        for board in boards:
            assert not differences(stored(connection, board.name), expected(board)), board
    file.unlink()


@settings(max_examples=3, deadline=None, phases=NO_SHRINKING)
@given(st.integers(0, 10**9))
def test_the_order_in_which_rows_arrive_changes_nothing(files: Iterator[Path], seed: int) -> None:
    """Not even the last bit of a mean: sums are made in the order of the source's places."""
    boards = awkward_boards(Random(seed))
    found = []
    for backwards in (False, True):
        file = next(files)
        with write_boards(file, boards, backwards=backwards) as connection:
            found.append({board.name: stored(connection, board.name) for board in boards})
        file.unlink()
    assert not differences(*found)


def awkward_boards(random: Random) -> list[Board]:
    """A board of each method, whose values have no exact sums: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1."""
    models = tuple(Model(name, None) for name in NAMES)
    found = []
    for kind in METHODS:
        name = f"{kind['method']} {len(found)}"
        tasks = tuple(
            Task(f"{name} {task}", "AB"[number % 2], number < 3, ("test",), ("x", "y", "z"))
            for number, task in enumerate("abcd")
        )
        rows = [
            Scored(model.name, None, task.name, "test", subset, random.choice((0.1, 0.2, 0.3, 0.7, 1e-9)), model.name)
            for task in tasks
            for model in models
            for subset in task.subsets
        ]
        random.shuffle(rows)
        found.append(Board(name, tasks=tasks, models=models, rows=tuple(rows), **kind))
    return found


TABLE = {"a": {"org/a": 3.0, "org/b": 3.0, "org/c": 1.0}, "b": {"org/a": 1.0, "org/b": 1.0}, "c": {}}


def small(name: str, **kind: Any) -> Board:
    """`TABLE` as a board: two models that tie, one that lacks a task, one without a score, a task without any."""
    tasks = tuple(Task(f"{name} {task}", "A", task == "a", ("test",), ("x",)) for task in TABLE)
    rows = [
        Scored(model, None, task.name, "test", "x", value, model)
        for task in tasks
        for model, value in {**TABLE[task.name[-1]], "org/d": None}.items()
        if task.name[-1] != "c"
    ]
    return Board(name, tasks=tasks, models=tuple(Model(each, None) for each in NAMES), rows=tuple(rows), **kind)


@pytest.fixture(scope="module")
def examples(files: Iterator[Path]) -> Iterator[dict[str, Any]]:
    kinds = {**{f"{kind['method']} {number}": kind for number, kind in enumerate(METHODS)}}
    boards = [small(name, **kind) for name, kind in kinds.items()]
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
