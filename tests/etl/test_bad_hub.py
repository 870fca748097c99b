"""A Hub that fails: the report says so, the rest loads, and what was read before is still there."""

import json
import shutil
from collections.abc import Mapping
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
from tests.hub import FakeHub, LoopbackHub
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


FAULTS: dict[str, dict[str, Any]] = {
    "lab/broken": {"status": 500},
    "lab/busy": {"status": 429, "headers": {"Retry-After": "0"}},
    "lab/slow": {"status": 200, "body": b"[" * 100, "drip": 0.1},
    "lab/garbage": {"status": 200, "body": b"<html>not JSON</html>"},
    "lab/truncated": {"status": 200, "body": b'[{"rank": 1'},
    "lab/no-list": {"status": 200, "body": b'{"error": "no list"}'},
}


def source(hub: FakeHub, cache: Path) -> HubSource:
    return HubSource(hub.url, LiveBoards(Hub(hub.url, None, cache), QUICK))


def fill(hub: FakeHub) -> None:
    """Boards of which each fault has one, and two more."""
    bench(hub, "cais/hle", {"org/a": 30.0, "org/b": 20.0})
    bench(hub, "openai/gsm8k", {"org/a": 90.0})
    for name in FAULTS:
        bench(hub, name, {"org/a": 50.0})


@pytest.fixture(scope="module")
def read_once(loopback_hub: LoopbackHub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that holds those boards, and the cache of reading them."""
    folder = tmp_path_factory.mktemp("boards")
    loopback_hub.hub.reset()
    fill(loopback_hub.hub)
    build(Store(folder / "data"), [source(loopback_hub.hub, folder / "cache")])
    return folder


@pytest.fixture
def filled(read_once: Path, tmp_path: Path) -> Store:
    """A copy of that store; the cache is copied too."""
    shutil.copytree(read_once, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "data")


@pytest.fixture
def boards(hub: FakeHub, tmp_path: Path) -> HubSource:
    """The loopback Hub with those boards, as a source."""
    fill(hub)
    return source(hub, tmp_path / "cache")


def test_boards_the_hub_fails_for_stay_and_the_other_loads(filled: Store, hub: FakeHub, tmp_path: Path) -> None:
    fill(hub)
    bench(hub, "openai/gsm8k", {"org/a": 91.0})
    for name, fault in FAULTS.items():
        hub.fail(f"{name}/leaderboard", **fault)

    report = build(filled, [source(hub, tmp_path / "another cache")])

    (told,) = report.sources
    assert told.error is None
    for name in FAULTS:
        assert any(name in problem.path for problem in told.problems), (name, told.problems)
        assert [row["model"] for row in rows(filled, f"from leaderboard('{name}')")] == ["org/a"]
    kept = {("org/a", "cais/hle"): 30.0, ("org/b", "cais/hle"): 20.0, ("org/a", "openai/gsm8k"): 91.0}
    assert held(filled, "hub") == kept | {("org/a", name): 50.0 for name in FAULTS}


def test_a_hub_that_is_down_is_reported_and_the_rest_loads(filled: Store, hub: FakeHub, boards: HubSource) -> None:
    before = held(filled, "hub")
    faults: list[dict[str, Any]] = [{"status": 500}, {"status": 200, "body": b"[" * 50, "drip": 0.1}]
    for fault in faults:
        hub.faults.clear()
        hub.fail("", **fault)

        report = build(filled, [boards, Told("mteb", {("org/b", "U"): 0.7})])

        down, mteb = report.sources
        assert "benchmarks cannot be read" in (down.error or ""), fault
        assert (mteb.error, mteb.rows) == (None, 1)
        assert len(before) == 3 + len(FAULTS)
        assert held(filled, "hub") == before
        assert held(filled, "mteb") == {("org/b", "U"): 0.7}


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
