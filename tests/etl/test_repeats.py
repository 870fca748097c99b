"""Scores that repeat another source's evidence stand on the cell that source declares, once it is known."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.sources.openevals.boards import BOARDS
from tests.conftest import build_dir
from warehouse.store import Store

ONE = "tasks: [{id: diamond, split: train}]\n"
OTHER = "tasks: [{id: diamond, split: validation}]\n"
SEVERAL = "tasks: [{id: diamond, split: train}, {id: main, split: train}]\n"


def hub(folder: Path, **declared: str) -> str:
    """Saved boards by the short name of their benchmark, and what each declares."""
    boards = {BOARDS[name]: text for name, text in declared.items()}
    folder.mkdir(exist_ok=True)
    (folder / "datasets.json").write_text(
        json.dumps([{"id": board, "tags": ["benchmark:official"]} for board in boards])
    )
    (folder / "at").write_text("2026-07-20T00:00:00Z\n")
    for board, text in boards.items():
        (folder / board / "leaderboard").mkdir(parents=True, exist_ok=True)
        (folder / board / "eval.yaml").write_text(text)
        rows = [{"rank": 1, "modelId": "org/a", "value": 80.0, "filename": ".eval_results/gpqa.yaml"}]
        for task in ("diamond", "main"):
            for name in (f"{task}.json", f"{task}.default.json"):
                (folder / board / "leaderboard" / name).write_text(json.dumps(rows))
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


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a copied score and a score of the table's own, built before the Hub is known."""
    folder = tmp_path_factory.mktemp("alone")
    return build_dir(folder / "data", {"openevals": openevals(folder / "openevals", gpqa=70.0, newThing=1.0)})


@pytest.fixture(scope="module")
def joined(alone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A copy of it, once the Hub is known and two more scores are copied; and the sources it is built from."""
    folder = tmp_path_factory.mktemp("joined")
    named = {
        "hub": hub(folder / "hub", gpqa=ONE, hle=ONE, gsm8k=SEVERAL),
        "openevals": openevals(folder / "openevals", gpqa=70.0, hle=60.0, gsm8k=50.0, newThing=1.0),
    }
    return build_dir(shutil.copytree(alone, folder / "data"), named), named


def test_without_the_hub_a_copied_score_is_on_a_cell_of_its_own(alone: Path) -> None:
    assert held(alone) == [
        ("openevals", BOARDS["gpqa"], "test", "default", "score", 70.0),
        ("openevals", "newThing", "test", "default", "score", 1.0),
    ]


def test_a_copied_score_is_where_the_hub_declares_it_be_it_new_or_old(joined: tuple[Path, dict[str, str]]) -> None:
    found = held(joined[0])
    assert ("hub", BOARDS["gpqa"], "train", "default", "score", 80.0) in found
    assert {row for row in found if row[0] == "openevals" and row[1] != BOARDS["gsm8k"]} == {
        ("openevals", BOARDS["gpqa"], "train", "default", "score", 70.0),
        ("openevals", BOARDS["hle"], "train", "default", "score", 60.0),
        ("openevals", "newThing", "test", "default", "score", 1.0),
    }


def test_of_several_tasks_none_is_guessed(joined: tuple[Path, dict[str, str]]) -> None:
    found = [row for row in held(joined[0]) if row[:2] == ("openevals", BOARDS["gsm8k"])]
    assert found == [("openevals", BOARDS["gsm8k"], "test", "default", "score", 50.0)]


def test_it_stays_while_the_hub_says_the_same_and_moves_with_what_the_hub_says(
    joined: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    built, named = joined
    data = shutil.copytree(built, tmp_path / "data")
    first = Store(data).current()
    build_dir(data, named)
    assert Store(data).current() == first
    build_dir(data, {**named, "hub": hub(tmp_path / "hub", gpqa=OTHER)})
    assert [row for row in held(data) if row[:2] == ("openevals", BOARDS["gpqa"])] == [
        ("openevals", BOARDS["gpqa"], "validation", "default", "score", 70.0)
    ]
