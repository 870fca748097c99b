"""The Hub dataset's Parquet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.source import Unreadable
from etl.sources.mteb import PATTERNS
from tests.etl.mteb import described, load, messages, read_catalogue, scores, table

COLUMNS: dict[str, pa.DataType] = {
    "model_name": pa.large_string(),
    "model_revision": pa.large_string(),
    "task_name": pa.large_string(),
    "split": pa.large_string(),
    "language": pa.large_list(pa.large_string()),
    "subset": pa.large_string(),
    "score": pa.float64(),
    "is_public": pa.bool_(),
    "trained_on": pa.bool_(),
}
ROW: dict[str, Any] = {
    "model_name": "acme/embed",
    "model_revision": "r",
    "task_name": "Arguing",
    "split": "test",
    "language": ["eng-Latn"],
    "subset": "default",
    "score": 0.5,
    "is_public": True,
    "trained_on": False,
}


def write(path: Path, rows: Sequence[dict[str, Any]], columns: dict[str, pa.DataType] = COLUMNS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([{**ROW, **row} for row in rows], schema=pa.schema(columns)), path)
    return path


def test_a_row_becomes_a_score(tmp_path: Path) -> None:
    write(tmp_path / "data/train-00000-of-00001.parquet", [{}])
    found = load(tmp_path, read_catalogue(tmp_path), revision="c" * 40)
    assert scores(found) == [
        {
            "source_model": "acme/embed",
            "model_revision": "r",
            "task": "Arguing",
            "split": "test",
            "subset": "default",
            "metric": "ndcg_at_10",
            "value": 0.5,
            "languages": ["eng-Latn"],
            "trained_on": False,
            "provenance_name": "mteb/results",
            "provenance_path": "data/train-00000-of-00001.parquet",
            "provenance_revision": "c" * 40,
            "place": 0,
        }
    ]
    assert (found.revision, found.problems, found.files) == ("c" * 40, [], 1)


def test_shards_are_read_in_the_order_of_their_names_and_rows_in_theirs(tmp_path: Path) -> None:
    write(tmp_path / "data/train-00001-of-00002.parquet", [{"subset": "c"}, {"subset": "a", "model_name": "new/model"}])
    write(tmp_path / "data/train-00000-of-00002.parquet", [{"subset": "b"}])
    write(tmp_path / "data/test-00000-of-00001.parquet", [{"subset": "not results"}])
    rows = scores(load(tmp_path))
    assert [(row["subset"], row["source_model"], row["provenance_path"][-19:-8], row["place"]) for row in rows] == [
        ("b", "acme/embed", "00-of-00002", 0),
        ("c", "acme/embed", "01-of-00002", 1),
        ("a", "new/model", "01-of-00002", 2),
    ]


def test_the_pattern_for_the_hub_finds_what_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "data/train-00000-of-00001.parquet", [{}])
    assert [found for pattern in PATTERNS for found in tmp_path.glob(pattern)] == [path]


@pytest.mark.parametrize(("name", "path"), [("data/train-x.parquet",) * 2, ("any.parquet",) * 2])
def test_one_file_is_read_under_its_own_name(tmp_path: Path, name: str, path: str) -> None:
    (row,) = scores(load(write(tmp_path / name, [{}])))
    assert row["provenance_path"] == path


def test_what_is_not_finite_is_null_and_zero_is_zero(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"score": value} for value in (0.0, None, float("nan"), float("inf"), -0.2)]
    path = write(tmp_path / "a.parquet", rows)
    assert [row["value"] for row in scores(load(path))] == [0.0, None, None, None, -0.2]


def test_repeated_rows_are_all_kept(tmp_path: Path) -> None:
    assert len(scores(load(write(tmp_path / "a.parquet", [{}, {}, {"score": 0.6}])))) == 3


def test_tasks_that_the_catalogue_lacks_are_public_as_the_data_says(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"is_public": False},
        {"task_name": "Hidden", "is_public": False},
        {"task_name": "Open"},
    ]
    found = load(write(tmp_path / "a.parquet", rows), read_catalogue(tmp_path))
    public = {name: task["is_public"] for name, task in described(found, "tasks").items()}
    assert public == {"Arguing": True, "Bitext": True, "Hidden": False, "Open": True}
    assert list(table(found, "scores")["metric"].to_pylist()) == ["ndcg_at_10", "main_score", "main_score"]


def test_models_that_the_catalogue_lacks_are_known_by_name(tmp_path: Path) -> None:
    found = load(write(tmp_path / "a.parquet", [{"model_name": "new/model"}]), read_catalogue(tmp_path))
    models = described(found, "models")
    assert (models["new/model"]["place"], models["new/model"]["training_datasets"]) == (1, None)


def test_plain_text_columns_are_read_too(tmp_path: Path) -> None:
    texts = dict.fromkeys(("model_name", "model_revision", "task_name", "split", "subset"), pa.string())
    path = write(tmp_path / "a.parquet", [{}], {**COLUMNS, **texts, "language": pa.list_(pa.string())})
    assert scores(load(path))[0]["languages"] == ["eng-Latn"]


def test_optional_columns_may_be_missing(tmp_path: Path) -> None:
    columns = {name: kind for name, kind in COLUMNS.items() if name not in {"is_public", "trained_on"}}
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({name: pa.array([ROW[name]], kind) for name, kind in columns.items()}), path)
    assert scores(load(path))[0]["trained_on"] is None


def test_rows_without_a_key_are_left_out_and_told(tmp_path: Path) -> None:
    found = load(write(tmp_path / "a.parquet", [{}, {"task_name": None}, {"subset": None}]))
    assert len(scores(found)) == 1
    assert "has 2 rows without" in messages(found)["a.parquet"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pa.table({"model_name": ["a"], "score": [0.5]}), "lacks the columns task_name, split, subset"),
        (pa.table({name: pa.array([1]) for name in COLUMNS}), "has model_name of the type int64 where text is meant"),
        (pa.table({name: pa.array(["1"]) for name in COLUMNS}), "has language of the type"),
        (b"PAR1 and then nothing", ""),
        (b"", ""),
    ],
)
def test_a_wrong_file_is_a_problem_and_its_neighbour_loads(tmp_path: Path, content: object, reason: str) -> None:
    bad = tmp_path / "data/train-00000-of-00002.parquet"
    write(tmp_path / "data/train-00001-of-00002.parquet", [{}])
    if isinstance(content, bytes):
        bad.write_bytes(content)
    else:
        pq.write_table(content, bad)
    found = load(tmp_path)
    assert len(scores(found)) == 1
    assert reason in messages(found)["data/train-00000-of-00002.parquet"]
    (tmp_path / "data/train-00001-of-00002.parquet").unlink()
    with pytest.raises(Unreadable, match=reason or "no MTEB score"):
        load(tmp_path)


def test_the_revision_of_a_local_file_is_a_hash_of_its_content(tmp_path: Path) -> None:
    first = load(write(tmp_path / "a.parquet", [{}])).revision
    assert load(tmp_path / "a.parquet").revision == first
    assert load(write(tmp_path / "a.parquet", [{"score": 0.6}])).revision != first
