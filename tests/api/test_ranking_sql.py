"""The statement that a leaderboard says it is made by makes its rows, on the published file and without anything of ours."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from tests.api.rankings import METHODS, document, every_task
from tests.asking import ask
from warehouse.store import Store

FIELDS = """
  sql sqlParameters
  entries(first: 5000) {
    nodes {
      rank variant value meanTask meanTaskType meanPublic meanPrivate zeroShotPercent trainedOnTasks
      model { name }
      coverage { scored expected }
    }
  }
"""
COLUMNS = {
    "rank": "rank",
    "variant": "variant",
    "value": "value",
    "mean_task": "meanTask",
    "mean_task_type": "meanTaskType",
    "mean_public": "meanPublic",
    "mean_private": "meanPrivate",
    "zero_shot_percent": "zeroShotPercent",
    "trained_on_tasks": "trainedOnTasks",
}
NONE: dict[str, Any] = {}
SAMPLE: list[tuple[str, dict[str, Any]]] = [
    ("SampleMTEB(v2)", NONE),
    ("SampleMTEB(v2)", {"models": {"or": [{"parameters": {"lt": 600_000_000}}, {"name": {"startsWith": "SAMPLE"}}]}}),
    ("SampleMTEB(v2)", {"tasks": {"type": {"in": ["STS", "Retrieval"]}}, "zeroShotPercent": {"gte": 50, "lt": 100}}),
    ("SampleMTEB(v2)", {"languages": ["English", "deu"], "models": {"not": {"trainedOn": {"containsAny": ["SampleNewsRetrieval"]}}}}),
    ("SampleViDoRe", {"commonTasksOnly": True}),
    ("EASI-12", {"asOf": "2026-03-01T09:00:00Z", "models": {"name": {"contains": "-"}}}),
    ("sample-lab/sample-reasoning#algebra", {"models": {"not": {"name": {"contains": "7B"}}}}),
]  # fmt: skip
REAL: list[tuple[str, dict[str, Any]]] = [
    ("MTEB(fra, v1)", NONE),
    ("MTEB(Indic, v1)", NONE),
    ("MTEB(fra, v1)", {"languages": ["French"], "zeroShotPercent": {"gte": 80}, "tasks": {"isPublic": True}}),
]


@pytest.fixture(scope="module")
def published(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from opened(sample_dir, tmp_path_factory.mktemp("sample-file"))


@pytest.fixture(scope="module")
def real_published(real_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from opened(real_dir, tmp_path_factory.mktemp("real-file"))


def opened(data_dir: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the published file: the served one is open in this process, with settings of its own."""
    current = Store(data_dir).current()
    assert current is not None
    file = shutil.copy(current.file, folder / "standings.duckdb")
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set threads = 1")  # or sums may differ in the last bit
        if duckdb.__version__.startswith("1."):  # what an analyst with that version is told to set
            connection.execute("set enable_caching_operators = false")
            connection.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        yield connection


def check(client: TestClient, file: duckdb.DuckDBPyConnection, board: str, arguments: dict[str, Any]) -> None:
    """The statement gives the entries, to the last bit."""
    answer = ask(client, document(arguments, FIELDS), board=board, **arguments)["benchmark"]["leaderboard"]
    entries = answer["entries"]["nodes"]
    assert entries
    rows = file.execute(answer["sql"], answer["sqlParameters"]).to_arrow_table().to_pylist()
    assert [row["position"] for row in rows] == [*range(1, len(rows) + 1)]
    assert {row["benchmark"] for row in rows} == {board}
    found = [
        {name: row[column] for column, name in COLUMNS.items()}
        | {"model": {"name": row["model"]}, "coverage": {"scored": row["scored"], "expected": row["expected"]}}
        for row in rows
    ]
    assert found == entries


def by_method(client: TestClient, board: str, method: str) -> dict[str, Any]:
    weights = [{"task": task, "weight": 0.1 + place % 3} for place, task in enumerate(every_task(client, board))]
    return {"method": method, **({"weights": weights} if method == "WEIGHTED" else {})}


@pytest.mark.parametrize(("board", "arguments"), SAMPLE)
def test_any_arguments_are_in_the_statement(
    client: TestClient, published: duckdb.DuckDBPyConnection, board: str, arguments: dict[str, Any]
) -> None:
    check(client, published, board, arguments)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("board", "arguments"), [SAMPLE[0], SAMPLE[3]])
def test_every_method_is_one_statement_with_or_without_arguments(
    client: TestClient, published: duckdb.DuckDBPyConnection, board: str, arguments: dict[str, Any], method: str
) -> None:
    check(client, published, board, {**by_method(client, board, method), **arguments})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("board", "arguments"), REAL)
def test_every_method_is_one_statement_on_a_real_board(
    real_client: TestClient,
    real_published: duckdb.DuckDBPyConnection,
    board: str,
    arguments: dict[str, Any],
    method: str,
) -> None:
    check(real_client, real_published, board, {**by_method(real_client, board, method), **arguments})
