"""A Hub that fails: the report says so, the rest loads, and what was read before is still there."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.access import Hub, Waits
from etl.fetch import Tree
from etl.pipeline import build
from etl.sources.hub import HubSource, LiveBoards
from etl.sources.openevals import OpenEvalsSource
from tests.etl.told import Told, held, rows
from tests.hub import FakeHub
from warehouse.store import Store

pytest_plugins = ("tests.hub.fixtures",)
QUICK = Waits(silence=0.6, answer=0.6, attempts=2, first=0.0, longest=0.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def bench(hub: FakeHub, name: str, values: Mapping[str, float]) -> None:
    hub.add_dataset(name, {"eval.yaml": json.dumps({"name": name, "tasks": [{"id": "main"}]})}, official=True)
    author = {"_id": "0", "name": "org", "type": "org"}
    board = [
        {"rank": rank, "modelId": model, "value": value, "filename": ".eval_results/x.yaml", "author": author}
        for rank, (model, value) in enumerate(values.items(), 1)
    ]
    hub.set_board(name, board, "main")


@pytest.fixture
def boards(hub: FakeHub, tmp_path: Path) -> Iterator[HubSource]:
    """The loopback Hub with two boards, as a source."""
    bench(hub, "cais/hle", {"org/a": 30.0, "org/b": 20.0})
    bench(hub, "openai/gsm8k", {"org/a": 90.0})
    return HubSource(hub.url, LiveBoards(Hub(hub.url, None, tmp_path / "cache"), QUICK))


FAULTS: dict[str, dict[str, dict[str, Any]]] = {
    "that do not come": {
        "lab/broken": {"status": 500},
        "lab/busy": {"status": 429, "headers": {"Retry-After": "0"}},
        "lab/slow": {"status": 200, "body": b"[" * 100, "drip": 0.1},
    },
    "that are none": {
        "lab/garbage": {"status": 200, "body": b"<html>not JSON</html>"},
        "lab/truncated": {"status": 200, "body": b'[{"rank": 1'},
        "lab/no-list": {"status": 200, "body": b'{"error": "no list"}'},
    },
}


@pytest.mark.parametrize("kind", FAULTS)
def test_boards_the_hub_fails_for_stay_and_the_other_loads(
    store: Store, hub: FakeHub, boards: HubSource, tmp_path: Path, kind: str
) -> None:
    failing = FAULTS[kind]
    for name in failing:
        bench(hub, name, {"org/a": 50.0})
    build(store, [boards])
    bench(hub, "openai/gsm8k", {"org/a": 91.0})
    for name, fault in failing.items():
        hub.fail(f"{name}/leaderboard", **fault)
    fresh = HubSource(hub.url, LiveBoards(Hub(hub.url, None, tmp_path / "another cache"), QUICK))

    report = build(store, [fresh])

    (source,) = report.sources
    assert source.error is None
    for name in failing:
        assert any(name in problem.path for problem in source.problems), (name, source.problems)
        assert [row["model"] for row in rows(store, f"from leaderboard('{name}')")] == ["org/a"]
    kept = {("org/a", "cais/hle"): 30.0, ("org/b", "cais/hle"): 20.0, ("org/a", "openai/gsm8k"): 91.0}
    assert held(store, "hub") == kept | {("org/a", name): 50.0 for name in failing}


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 200, "body": b"[" * 50, "drip": 0.1}], ids=["500", "slow"]
)
def test_a_hub_that_is_down_is_reported_and_the_rest_loads(
    store: Store, hub: FakeHub, boards: HubSource, fault: dict[str, Any]
) -> None:
    build(store, [boards])
    hub.fail("", **fault)

    report = build(store, [boards, Told("mteb", {("org/b", "U"): 0.7})])

    down, mteb = report.sources
    assert "benchmarks cannot be read" in (down.error or "")
    assert mteb.error is None
    assert len(held(store, "hub")) == 3
    assert held(store, "mteb") == {("org/b", "U"): 0.7}


def openevals(folder: Path, columns: Mapping[str, list[Any]]) -> OpenEvalsSource:
    (folder / "data").mkdir(parents=True)
    file = folder / "data" / "train-00000-of-00001.parquet"
    pq.write_table(pa.table(columns), file)
    return OpenEvalsSource(str(folder), Tree(folder, None, None))


def test_openevals_rows_are_linked_to_the_hubs_boards_and_not_counted_there(
    store: Store, boards: HubSource, tmp_path: Path
) -> None:
    names = ["org/a", "org/b", "org/late"]
    table = openevals(
        tmp_path / "table", {"model_name": names, "hle_score": [30.0, 20.0, 99.0], "newOne_score": [1.0, None, 2.0]}
    )

    build(store, [table, boards])

    found = rows(
        store, "select model, task, derived_from from latest_scores where source = 'openevals' order by task, model"
    )
    assert {(row["task"], row["derived_from"]) for row in found} == {("cais/hle", "hub"), ("newOne", None)}
    assert [(row["model"], row["value"]) for row in rows(store, "from leaderboard('cais/hle')")] == [
        ("org/a", 30.0),
        ("org/b", 20.0),
    ]
    assert [(row["model"], row["value"]) for row in rows(store, "from leaderboard('newOne')")] == [
        ("org/late", 2.0),
        ("org/a", 1.0),
    ]
