"""Boards of all shapes for tests of rankings, as files that the warehouse writes, and what such a file says of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import duckdb
from hypothesis import strategies as st

from tests.warehouse.reference import Asked, Board, Model, Reference, Scored, Standing, Task
from tests.warehouse.stores import SOURCE, benchmark, day, declared, described, score
from warehouse.build import Build, Version
from warehouse.layout import write
from warehouse.rankings import LATEST, Ranking
from warehouse.select import Clause
from warehouse.tables import MODEL_ALIASES

NOW = LATEST - timedelta(days=1)  # what stands, worked out from scores
ROUND = 27720  # has every number up to 12 as a divisor: means of means of multiples of its cube are exact
METHODS: list[dict[str, Any]] = [
    {"method": "BORDA", "aggregations": ("mean_task", "mean_task_type")},
    {"method": "BORDA", "aggregations": ("mean_task",), "public_tasks_only": True},
    {"method": "MEAN_TASK_TYPE", "aggregations": ("mean_task_type",)},
    {"method": "MEAN_PUBLIC_PRIVATE", "aggregations": ("mean_task", "public_private")},
    {"method": "MEAN_SUBSET", "aggregations": ("mean_subset",)},
    {"method": "MEAN_SCORED", "aggregations": ("mean_scored", "mean_task_type")},
    {"method": "MEAN_SCORED", "ranks_variants": True},
]
NAMES = ("org/c", "org/a", "org/b", "org/d")
LANGUAGES = (("fra-Latn", "deu-Latn"), ("eng-Latn", "eng-Latn", "deu-Latn"), ("eng-Latn",), None)
SPLITS = st.sampled_from([("test",), ("dev",), ("dev", "test")])
SUBSETS = st.sampled_from([("x",), ("y",), ("x", "y")])


@st.composite
def tasks(draw: st.DrawFn, board: str) -> tuple[Task, ...]:
    lower = draw(st.sampled_from([(False,), (True,), (False, True)]))
    found = []
    for number in range(draw(st.integers(1, 3))):
        kind, public = draw(st.sampled_from(["A", "A", "B", None])), draw(st.booleans())
        cells = draw(SPLITS), draw(SUBSETS)
        found.append(
            Task(f"{board} {'zyx'[number]}", kind, public, *cells, lower_is_better=draw(st.sampled_from(lower)))
        )
    return tuple(found)


@st.composite
def boards(draw: st.DrawFn, name: str, models: tuple[Model, ...]) -> Board:
    kind = draw(st.sampled_from(METHODS))
    found = draw(tasks(name))
    variants = [None, "With tools"] if draw(st.booleans()) else [None]
    chosen = draw(st.sampled_from([models, models, models[1:], models[:1], ()]))
    gaps, mixed = draw(st.sampled_from([0.0, 0.05, 0.2, 0.6])), draw(st.booleans())
    random = Random(draw(st.integers(0, 10**6)))
    rows = [
        Scored(
            model.name, variant, task.name, split, subset, value and float(value * ROUND**3), f"{model.name}{again}",
            random.choice(LANGUAGES) if mixed else LANGUAGES["xy".index(subset)],
        )
        for model, variant, task, split, subset in product(chosen, variants, found, ("dev", "test"), ("x", "y"))
        for again, value in zip(("", " again"), _held(random, gaps), strict=False)
    ]  # fmt: skip
    random.shuffle(rows)
    return Board(name, tasks=found, models=models, rows=tuple(rows), **kind)


def _held(random: Random, gaps: float) -> list[float | None]:
    """What a model has of a cell: no row, a row without a number, one number, or two under different names."""
    if random.random() < gaps:
        return random.choice([[], [None]])
    return random.choice([[1, 2], [2, None], [-1], [0], [1], [1], [2], [2], [3]])


@st.composite
def lists_of_boards(draw: st.DrawFn, size: int) -> list[Board]:
    """Boards of the same models."""
    names = [f"board {number}" for number in range(size)]
    known = [f"{name} {task}" for name in names for task in "xyz"]
    trained = st.none() | st.sets(st.sampled_from(known), max_size=size * 2).map(tuple)
    models = tuple(Model(name, draw(trained)) for name in NAMES)
    return [draw(boards(name, models)) for name in names]


def awkward_boards(random: Random) -> list[Board]:
    """A board of each method, whose values have no exact sums: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1."""
    models = tuple(Model(name, None) for name in NAMES)
    found: list[Board] = []
    for kind in METHODS:
        name = f"{kind['method']} {len(found)}"
        parts = tuple(
            Task(f"{name} {task}", "AB"[number % 2], number < 3, ("test",), ("x", "y", "z"))
            for number, task in enumerate("abcd")
        )
        rows = [
            Scored(
                model.name, None, task.name, "test", subset, random.choice((0.1, 0.2, 0.3, 0.7, 1e-9)), model.name,
                random.choice(LANGUAGES),
            )
            for task, model, subset in product(parts, models, ("x", "y", "z"))
        ]  # fmt: skip
        random.shuffle(rows)
        found.append(Board(name, tasks=parts, models=models, rows=tuple(rows), **kind))
    return found


def board_of(
    name: str, values: dict[str, dict[str, float | None]], trained_on: Sequence[str] = (), **kind: Any
) -> Board:
    """A board from values by task and model: of one cell a task, of the models `NAMES` in that order.

    The first model was trained on `trained_on`, the last one does not say.
    """
    lower = kind.pop("lower_is_better", False)
    parts = tuple(Task(f"{name} {task}", "A", task == "a", ("test",), ("x",), lower) for task in values)
    rows = [
        Scored(model, None, f"{name} {task}", "test", "x", value, model, ("eng-Latn",))
        for task, scores in values.items()
        for model, value in scores.items()
    ]
    trained = [tuple(trained_on), (), (), None]
    models = tuple(Model(each, known) for each, known in zip(NAMES, trained, strict=True))
    return Board(name, tasks=parts, models=models, rows=tuple(rows), **kind)


def write_boards(file: Path, boards: list[Board], *, backwards: bool = False) -> duckdb.DuckDBPyConnection:
    """The file that the warehouse makes of boards; `backwards` gives the rows in another order, with their places."""
    known = {model.name: model for model in boards[0].models}
    scores = [
        score(
            row.source_model, row.task, row.value, place, split=row.split, subset=row.subset, variant=row.variant,
            languages=None if row.languages is None else list(row.languages),
            trained_on=None if known[row.model].trained_on is None else row.task in (known[row.model].trained_on or ()),
        )
        for place, row in enumerate(row for board in boards for row in board.rows)
    ]  # fmt: skip
    cells = [
        declared(board.name, task.name, place, splits=list(task.splits), subsets=list(task.subsets))
        for board in boards
        for place, task in enumerate(board.tasks)
    ]
    build = Build(file.parent, None, (SOURCE,))
    order = -1 if backwards else 1
    build.merge(SOURCE, Version("v1", day(1), None), described(scores=scores[::order], benchmark_tasks=cells[::order]))
    build.describe(SOURCE, described(**{name: rows[::order] for name, rows in _described(boards).items()}))
    aliases = [
        {"source": source, "name": name, "model": name.removesuffix(" again"), "match": "EXACT"}
        for source, name, *_ in build.model_names()
    ]
    build.name_models(MODEL_ALIASES.rows(aliases))
    write(build, file)
    build.close()
    return duckdb.connect(str(file), read_only=True, config={"threads": 1})


def _described(boards: list[Board]) -> dict[str, list[dict[str, Any]]]:
    return {
        "models": [
            {"name": model.name, "place": place, "trained_on": None if model.trained_on is None else list(model.trained_on)}
            for place, model in enumerate(boards[0].models)
        ],
        "tasks": [
            {
                "name": task.name, "type": task.type, "is_public": task.is_public, "splits": list(task.splits),
                "lower_is_better": task.lower_is_better,
            }
            for board in boards
            for task in board.tasks
        ],
        "benchmarks": [
            benchmark(
                board.name, board.method, place, aggregations=list(board.aggregations),
                public_tasks_only=board.public_tasks_only, ranks_variants=board.ranks_variants,
            )
            for place, board in enumerate(boards)
        ],
    }  # fmt: skip


def read_rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    return list(connection.execute(sql, values).to_arrow_table().to_pylist())


def stored(connection: duckdb.DuckDBPyConnection, board: str) -> dict[str, Any]:
    """All that a file says of a board, its numbers as they are."""
    entries = read_rows(connection, "from leaderboard_entries where benchmark = $board order by position", board=board)
    columns = read_rows(connection, "from leaderboard_tasks where benchmark = $board order by place", board=board)
    cells = read_rows(connection, "from leaderboard_task_scores where benchmark = $board", board=board)
    kinds = read_rows(connection, "from leaderboard_task_type_scores where benchmark = $board", board=board)
    (row,) = read_rows(connection, "select model_count from benchmarks where name = $board", board=board)
    return {**_said(entries, columns, cells, kinds), "models": row["model_count"]}


def ranked(
    connection: duckdb.DuckDBPyConnection, boards: list[Board], asked: Asked, at: datetime = LATEST
) -> dict[str, dict[str, Any]]:
    """What the statements say of boards that are ranked by one rule when they are asked for this way."""
    rules = {Reference(board, asked).rule for board in boards}
    methods = {asked.method or board.method for board in boards}
    ranking = replace(ranking_of([board.name for board in boards], methods.pop(), rules.pop(), asked), at=at)
    assert not rules | methods
    parts = [
        _by_board(connection, ranking.statement(name))
        for name in ("entries", "shown_columns", "shown_task_scores", "shown_task_types")
    ]
    return {board.name: _said(*(part.get(board.name, []) for part in parts)) for board in boards}


def ranking_of(names: list[str], method: str, rule: str, asked: Asked) -> Ranking:
    """The ranking of boards that is asked for."""
    return Ranking(
        tuple(names), method, rule,
        models=None if asked.models is None else Clause("list_contains($some, name)", {"some": sorted(asked.models)}),
        tasks=None if asked.tasks is None else Clause("list_contains($some, name)", {"some": sorted(asked.tasks)}),
        zero_shot=None
        if asked.least_zero_shot is None
        else Clause("coalesce(percent >= $some, false)", {"some": asked.least_zero_shot}),
        languages=None if asked.languages is None else tuple(sorted(asked.languages)),
        weights={task: float(weight) for task, weight in asked.weights.items()},
        common_tasks_only=asked.common_tasks_only,
    )  # fmt: skip


def expected(board: Board, asked: Asked | None = None) -> dict[str, Any]:
    """What the reference says of a board."""
    reference = Reference(board, asked)
    standings = reference.standings()
    return {
        "entries": [
            _entry(reference, standing, position, rank)
            for position, (standing, rank) in enumerate(zip(standings, reference.ranks(standings), strict=True), 1)
        ],
        "columns": [task.name for task in reference.columns],
        "tasks": {(each.entity, task): value for each in standings for task, value in each.by_task.items()},
        "types": {(each.entity, kind): value for each in standings for kind, value in each.by_type.items()},
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


def _by_board(connection: duckdb.DuckDBPyConnection, clause: Clause) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(connection, clause.sql, **clause.values):
        found.setdefault(row["benchmark"], []).append(row)
    return found


def _said(*parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What rows of entries, columns, task scores and task type scores say of one board."""
    entries, columns, cells, kinds = parts
    shown = {(entry["model"], entry["variant"]) for entry in entries}
    return {
        "entries": [{name: value for name, value in entry.items() if name != "benchmark"} for entry in entries],
        "columns": [column["task"] for column in columns],
        "tasks": {(_entity(cell), cell["task"]): cell["value"] for cell in cells if _entity(cell) in shown},
        "types": {(_entity(kind), kind["task_type"]): kind["value"] for kind in kinds if _entity(kind) in shown},
    }


def _entity(row: dict[str, Any]) -> tuple[str, str | None]:
    return row["model"], row["variant"]


def _entry(reference: Reference, standing: Standing, position: int, rank: int | None) -> dict[str, Any]:
    model, _ = standing.entity
    shown = reference.board.aggregations
    return {
        "position": position,
        "rank": rank,
        "model": model,
        "variant": standing.entity[1],
        "value": standing.value,
        "mean_task": standing.mean_task,
        "mean_task_type": standing.mean_task_type if "mean_task_type" in shown else None,
        "mean_public": standing.mean_public if "public_private" in shown else None,
        "mean_private": standing.mean_private if "public_private" in shown else None,
        "zero_shot_percent": reference.percents[model],
        "scored": sum(value is not None for value in standing.by_task.values()),
        "expected": len(reference.columns),
        "trained_on_tasks": reference.trained_on_tasks(standing.entity),
    }
