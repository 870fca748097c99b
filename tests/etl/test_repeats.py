"""Scores that repeat another source's evidence stand on the cell that source declares, once it is known."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import build_dir
from warehouse.store import Store

BOARD = "Idavidrein/gpqa"
ONE = "tasks: [{id: diamond, split: train}]\n"
OTHER = "tasks: [{id: diamond, split: validation}]\n"
SEVERAL = "tasks: [{id: diamond, split: train}, {id: main, split: train}]\n"


def hub(folder: Path, declared: str, value: float = 80.0) -> str:
    board = folder / BOARD
    (board / "leaderboard").mkdir(parents=True, exist_ok=True)
    (folder / "datasets.json").write_text(json.dumps([{"id": BOARD, "tags": ["benchmark:official"]}]))
    (folder / "at").write_text("2026-07-20T00:00:00Z\n")
    (board / "eval.yaml").write_text(declared)
    rows = [{"rank": 1, "modelId": "org/a", "value": value, "filename": ".eval_results/gpqa.yaml"}]
    for task in ("diamond", "main"):
        for name in (f"{task}.json", f"{task}.default.json"):
            (board / "leaderboard" / name).write_text(json.dumps(rows))
    return str(folder)


def openevals(folder: Path, **columns: Any) -> str:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    file = folder / "data/train-00000-of-00001.parquet"
    pq.write_table(
        pa.table({"model_name": ["org/a"], **{f"{key}_score": [value] for key, value in columns.items()}}), file
    )
    return str(folder)


def held(data: Path) -> list[tuple[Any, ...]]:
    current = Store(data).current()
    assert current is not None
    with duckdb.connect(str(current.file), read_only=True) as connection:
        return connection.execute(
            "select source, task, split, subset, metric, value from scores where valid_to is null order by source, task"
        ).fetchall()


@pytest.fixture
def copied(tmp_path: Path) -> str:
    return openevals(tmp_path / "openevals", gpqa=70.0, newThing=1.0)


def test_a_copied_score_is_where_the_hub_declares_it(tmp_path: Path, copied: str) -> None:
    data = build_dir(tmp_path / "data", {"hub": hub(tmp_path / "hub", ONE), "openevals": copied})
    assert held(data) == [
        ("hub", BOARD, "train", "default", "score", 80.0),
        ("openevals", BOARD, "train", "default", "score", 70.0),
        ("openevals", "newThing", "test", "default", "score", 1.0),
    ]


def test_without_the_hub_it_is_on_a_cell_of_its_own_until_the_hub_is_known(tmp_path: Path, copied: str) -> None:
    data = build_dir(tmp_path / "data", {"openevals": copied})
    assert held(data)[0] == ("openevals", BOARD, "test", "default", "score", 70.0)
    saved = hub(tmp_path / "hub", ONE)
    build_dir(data, {"hub": saved, "openevals": copied})
    assert held(data)[1] == ("openevals", BOARD, "train", "default", "score", 70.0)
    first = Store(data).current()
    build_dir(data, {"hub": saved, "openevals": copied})
    assert Store(data).current() == first
    build_dir(data, {"hub": hub(tmp_path / "hub", OTHER), "openevals": copied})
    assert held(data)[1] == ("openevals", BOARD, "validation", "default", "score", 70.0)


def test_of_several_tasks_none_is_guessed(tmp_path: Path, copied: str) -> None:
    data = build_dir(tmp_path / "data", {"hub": hub(tmp_path / "hub", SEVERAL), "openevals": copied})
    assert ("openevals", BOARD, "test", "default", "score", 70.0) in held(data)
