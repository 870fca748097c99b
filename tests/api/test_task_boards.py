"""The leaderboard of one task is what a naive reference says, as of any time, and what its statement makes."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.small import AGAIN, State, serving, write_data
from tests.api.task_reference import Question, Scored, Task, reference
from tests.asking import ask, refusal
from tests.thorough import cases
from tests.warehouse.stores import Row, benchmark, day, declared, score
from warehouse.store import Store

EXACT = 6.0  # values are multiples of it, so that means over two subsets are exact
TASKS = 6  # in one store, because writing a file takes longer than ranking a task
MODELS = ("lab/b", "lab/a", "Lab/z", "lab/c")
VARIANTS = (None, "With tools")
SPLITS = ("dev", "test")
SUBSETS = ("y", "x")
NO_SHRINKING = (Phase.explicit, Phase.generate)

QUERY = """
query (
  $name: String!, $models: ModelWhere, $subsets: [String!], $splits: [String!], $asOf: DateTime, $where: ModelWhere
  $first: Int, $after: String, $last: Int
) {
  task(name: $name) {
    leaderboard(models: $models, subsets: $subsets, splits: $splits, asOf: $asOf) {
      subsets splits task { name } version { label } sql sqlParameters
      entries(where: $where, first: $first, after: $after, last: $last) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          rank variant value scored expected trainedOn model { name }
          cells { subset split value score { value variant subset split model { name } task { name } } }
        }
      }
    }
  }
}
"""


def flat(entry: Any) -> dict[str, Any]:
    """An entry of an answer as the reference has it."""
    return {
        **{name: entry[name] for name in ("rank", "variant", "value", "scored", "expected")},
        "model": entry["model"]["name"],
        "cells": {(cell["subset"], cell["split"]): cell["value"] for cell in entry["cells"]},
    }


def state(tasks: Sequence[Task], number: int = 1, training: Mapping[str, list[str]] | None = None) -> State:
    """A version that has these tasks, each on a board of its own."""
    places = count()
    scores = [
        score(
            row.model + AGAIN * row.again, task.name, row.value, next(places), split=row.split, subset=row.subset,
            variant=row.variant,
        )
        for task in tasks
        for row in task.rows
    ]  # fmt: skip
    tables: dict[str, list[Row]] = {
        "scores": scores,
        "benchmark_tasks": [declared(f"board of {task.name}", task.name) for task in tasks],
        "benchmarks": [
            benchmark(f"board of {task.name}", "MEAN_SCORED", place, ranks_variants=task.ranks_variants)
            for place, task in enumerate(tasks)
        ],
        "tasks": [{"name": task.name, "splits": ["test"], "lower_is_better": task.lower_is_better} for task in tasks],
        "models": [{"name": name, "training_datasets": (training or {}).get(name)} for name in MODELS],
    }
    return State(tables, number)


@st.composite
def drawn_tasks(draw: st.DrawFn, name: str) -> Task:
    held = st.one_of(st.none(), st.integers(-1, 2).map(lambda number: [number]), st.just([None]), st.just([1, 2]))
    rows = [
        Scored(model, variant, subset, split, value if value is None else value * EXACT, bool(again))
        for model in draw(st.lists(st.sampled_from(MODELS), min_size=1, unique=True))
        for variant in (VARIANTS if draw(st.booleans()) else VARIANTS[:1])
        for subset in SUBSETS[: draw(st.integers(1, 2))]
        for split in SPLITS[: draw(st.integers(1, 2))]
        for again, value in enumerate(draw(held) or ())
    ]
    return Task(name, tuple(draw(st.permutations(rows))), draw(st.booleans()), draw(st.booleans()))


questions = st.builds(
    Question,
    st.none() | st.lists(st.sampled_from(MODELS), unique=True).map(tuple),
    st.none() | st.lists(st.sampled_from(SUBSETS), unique=True).map(tuple),
    st.none() | st.lists(st.sampled_from(SPLITS), unique=True).map(tuple),
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return iter(lambda: tmp_path_factory.mktemp("tasks"), None)


@settings(max_examples=cases(1, 4), deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.tuples(*[drawn_tasks(f"task {number}") for number in range(TASKS)]),
    st.lists(questions, min_size=2, max_size=2),
)
def test_a_task_is_ranked_as_the_reference_ranks_it(
    folders: Iterator[Path], tasks: tuple[Task, ...], asked: list[Question]
) -> None:
    # Every task has all parts, so that none that is asked for is unknown.
    parts = [Scored("lab/c", None, subset, split, None) for subset in SUBSETS for split in SPLITS]
    known = [Task(task.name, (*task.rows, *parts), task.lower_is_better, task.ranks_variants) for task in tasks]
    with serving(next(folders), state(known)) as client:
        for task in known:
            for question in (Question(), *asked):
                board = ask(client, QUERY, name=task.name, **question.variables())["task"]["leaderboard"]
                expected = reference(task, question)
                assert [flat(entry) for entry in board["entries"]["nodes"]] == expected, (task, question)
                assert board["entries"]["totalCount"] == len(expected)


A, B, C = "lab/a", "lab/b", "lab/c"


def plain(model: str, *values: float | None, subset: str = "default", split: str = "test") -> list[Scored]:
    """Runs of one model on one cell, under two names."""
    return [Scored(model, None, subset, split, value, bool(again)) for again, value in enumerate(values)]


SMALL = Task(
    "Small",
    (
        *plain(B, 2.0, subset="x"),
        *plain(B, 4.0, subset="y"),
        *plain(A, 1.0, 3.0, subset="x"),
        *plain(A, 3.0, subset="y"),
        *plain(C, 9.0, subset="y"),
        *plain("Lab/z", None, subset="x"),
        Scored(A, "With tools", "z", "test", 9.0),
    ),
    lower_is_better=False,
    ranks_variants=False,
)
TIMED = Task("Timed", tuple(plain(A, 5.0) + plain(B, 1.0)), lower_is_better=True, ranks_variants=False)
RUNS = Task(
    "Runs",
    (*plain(A, 1.0), Scored(A, "With tools", "default", "test", 2.0)),
    lower_is_better=False,
    ranks_variants=True,
)
LATER = Task("Small", (*SMALL.rows, *plain(B, 6.0, subset="w")), lower_is_better=True, ranks_variants=False)
OTHER = State(
    {
        "scores": [score(A, "Small", 99.0, 0, subset="x"), score(A, "Unowned", 1.0, 1)],
        "models": [{"name": A}],
    },
    source="other",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of one source, and another source that scores a task of the first."""
    folder = tmp_path_factory.mktemp("small")
    training = {A: ["Small"], B: [], C: ["Other"]}
    first, later = state([SMALL, TIMED, RUNS], 1, training), state([LATER, TIMED, RUNS], 3, training)
    return write_data(folder, first, later, OTHER)


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data_dir=data))) as client:
        yield client


def leaderboard(client: TestClient, name: str = "Small", **asked: Any) -> Any:
    return ask(client, QUERY, name=name, **{"asOf": day(2).isoformat(), **asked})["task"]["leaderboard"]


def standings(board: Any) -> list[tuple[int, str, float | None]]:
    return [(entry["rank"], entry["model"]["name"], entry["value"]) for entry in board["entries"]["nodes"]]


def test_ties_stand_by_name_and_who_lacks_a_cell_comes_last(client: TestClient) -> None:
    board = leaderboard(client)
    assert (board["subsets"], board["splits"], board["task"]) == (["x", "y"], ["test"], {"name": "Small"})
    assert standings(board) == [(1, A, 3.0), (2, B, 3.0), (3, C, None)]
    assert [(entry["scored"], entry["expected"]) for entry in board["entries"]["nodes"]] == [(2, 2), (2, 2), (1, 2)]


def test_a_cell_is_the_best_of_its_scores_with_that_score(client: TestClient) -> None:
    first = leaderboard(client)["entries"]["nodes"][0]
    assert [(cell["subset"], cell["split"], cell["value"]) for cell in first["cells"]] == [
        ("x", "test", 3.0),
        ("y", "test", 3.0),
    ]
    for cell in first["cells"]:
        assert cell["score"] == {
            "value": cell["value"],
            "variant": None,
            "subset": cell["subset"],
            "split": cell["split"],
            "model": {"name": A},
            "task": {"name": "Small"},
        }


def test_only_the_training_datasets_a_model_lists_itself_count(client: TestClient) -> None:
    assert {entry["model"]["name"]: entry["trainedOn"] for entry in leaderboard(client)["entries"]["nodes"]} == {
        A: True,
        B: None,
        C: False,
    }


def test_subsets_and_splits_narrow_what_is_ranked(client: TestClient) -> None:
    board = leaderboard(client, subsets=["y"])
    assert (board["subsets"], board["splits"]) == (["y"], ["test"])
    assert standings(board) == [(1, C, 9.0), (2, B, 4.0), (3, A, 3.0)]
    nothing = leaderboard(client, subsets=[])
    assert (nothing["subsets"], nothing["splits"], standings(nothing)) == ([], [], [])


def test_models_decide_who_is_ranked_but_not_what_a_value_needs(client: TestClient) -> None:
    board = leaderboard(client, models={"name": {"in": [C, B]}})
    assert board["subsets"] == ["x", "y"]
    assert standings(board) == [(1, B, 3.0), (2, C, None)]
    shown = leaderboard(client, where={"name": {"in": [C, B]}})
    assert standings(shown) == [(2, B, 3.0), (3, C, None)]
    assert shown["entries"]["totalCount"] == 2


def test_a_smaller_value_ranks_higher_where_lower_is_better(client: TestClient) -> None:
    assert standings(leaderboard(client, "Timed")) == [(1, B, 1.0), (2, A, 5.0)]


def test_variants_are_entries_where_a_board_ranks_them(client: TestClient) -> None:
    nodes = leaderboard(client, "Runs")["entries"]["nodes"]
    assert [(entry["rank"], entry["variant"], entry["value"]) for entry in nodes] == [
        (1, "With tools", 2.0),
        (2, None, 1.0),
    ]
    assert [cell["score"]["variant"] for entry in nodes for cell in entry["cells"]] == ["With tools", None]


def test_an_older_state_is_ranked_by_its_own_scores_and_direction(client: TestClient) -> None:
    older, newest = leaderboard(client), leaderboard(client, asOf=None)
    assert (older["version"], newest["version"]) == ({"label": "v1"}, {"label": "v3"})
    assert newest["subsets"] == ["w", "x", "y"]
    assert standings(newest) == [(1, B, 4.0), (2, A, None), (3, C, None)]
    assert newest["entries"]["nodes"][1]["cells"][0]["value"] == 1.0  # the best, now that lower is better
    before = leaderboard(client, asOf=day(0).isoformat())
    assert (before["version"], before["subsets"], standings(before)) == (None, [], [])


def test_a_part_of_a_later_state_is_known_and_has_nothing_before(client: TestClient) -> None:
    assert standings(leaderboard(client, subsets=["w"])) == []
    assert standings(leaderboard(client, subsets=["w"], asOf=None)) == [(1, B, 6.0)]


def test_a_task_that_nobody_describes_is_ranked_by_who_scores_it(client: TestClient) -> None:
    assert standings(leaderboard(client, "Unowned", asOf=None)) == [(1, A, 1.0)]


def test_a_part_that_the_task_has_not_is_refused(client: TestClient) -> None:
    error = refusal(client, QUERY, name="Small", subsets=["x", "elsewhere"])
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "Small has no subset 'elsewhere': it has default, w, x, y, z"
    error = refusal(client, QUERY, name="Small", splits=["dev"])
    assert error["message"] == "Small has no split 'dev': it has test"
    error = refusal(client, QUERY, name="Small", subsets=["x"] * 5_001)
    assert "it may have 5,000" in error["message"]


def test_entries_come_a_page_at_a_time_or_whole(client: TestClient) -> None:
    first = leaderboard(client, first=2)["entries"]
    assert first["pageInfo"]["hasNextPage"]
    rest = leaderboard(client, first=2, after=first["pageInfo"]["endCursor"])["entries"]
    whole = leaderboard(client)["entries"]
    assert first["nodes"] + rest["nodes"] == whole["nodes"]
    assert leaderboard(client, last=1)["entries"]["nodes"] == whole["nodes"][-1:]
    assert not whole["pageInfo"]["hasNextPage"]


def test_its_statement_makes_the_same_rows_on_the_published_file(
    client: TestClient, data: Path, tmp_path: Path
) -> None:
    current = Store(data).current()
    assert current is not None
    copy = shutil.copy(current.file, tmp_path / "copy.duckdb")  # the served one is open in this process
    for asked in ({}, {"subsets": ["y"], "models": {"name": {"in": [C, B]}}}):
        board = leaderboard(client, **asked)
        with duckdb.connect(str(copy), read_only=True) as connection:
            rows = connection.execute(board["sql"], board["sqlParameters"]).to_arrow_table().to_pylist()
        assert [(row["rank"], row["model"], row["value"]) for row in rows] == standings(board)
