"""A larger table: the whole one, and one file more of the task with the most subsets for each of many models."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.sources.mteb import PATTERNS
from tests.bench.inputs import Inputs

SEED = 20261121
FILES = 179  # with the 41,412 subsets of FloresBitextMining 7.4 million rows; with the real table 8.7 million
NAME = "data/train-00000-of-00001.parquet"


def write_large(inputs: Inputs, folder: Path) -> Path:
    """Write it in the form of the Hub dataset, a piece at a time; returns the folder."""
    task = max(json.loads((inputs.catalog / "tasks.json").read_bytes()), key=lambda task: len(task["hf_subsets"]))
    files = [pq.ParquetFile(file) for pattern in PATTERNS for file in sorted(inputs.parquet.glob(pattern))]
    (folder / NAME).parent.mkdir(parents=True)
    with pq.ParquetWriter(folder / NAME, files[0].schema_arrow) as writer:
        for rows in _pieces(files):
            writer.write_table(rows)
        for rows in _added(task, files):
            writer.write_table(rows)
    return folder


def _pieces(files: list[pq.ParquetFile], columns: list[str] | None = None) -> Iterator[pa.Table]:
    for file in files:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, columns)


def _added(task: dict[str, Any], files: list[pq.ParquetFile]) -> Iterator[pa.Table]:
    """One file a model: the task's first split, every subset, made-up scores of five digits."""
    random = np.random.default_rng(SEED)
    schema = files[0].schema_arrow
    count, split = len(task["hf_subsets"]), task["eval_splits"][0]
    same = {
        "split": [split] * count,
        "subset": task["hf_subsets"],
        "language": [task["subset_languages"][subset] for subset in task["hf_subsets"]],
        "task_name": [task["name"]] * count,
        "is_public": [True] * count,
        "trained_on": [False] * count,
    }
    columns = {name: pa.array(values, schema.field(name).type) for name, values in same.items()}
    for model, revision in _busiest(files, task["name"], split):
        columns |= {
            "model_name": pa.array([model] * count, schema.field("model_name").type),
            "model_revision": pa.array([revision] * count, schema.field("model_revision").type),
            "score": pa.array(random.random(count).round(5)),
        }
        yield pa.table(columns).select(schema.names).cast(schema)


def _busiest(files: list[pq.ParquetFile], task: str, split: str) -> list[tuple[str, str]]:
    """The models with the most rows, with their first revisions, but those that have cells of the split already."""
    rows: Counter[str] = Counter()
    revisions: dict[str, str] = {}
    scored: set[str] = set()
    for piece in _pieces(files, ["model_name", "model_revision", "task_name", "split"]):
        rows.update({pair["values"]: pair["counts"] for pair in piece["model_name"].value_counts().to_pylist()})
        for pair in (
            piece.select(["model_name", "model_revision"])
            .group_by(["model_name", "model_revision"], use_threads=False)
            .aggregate([])
            .to_pylist()
        ):
            revisions.setdefault(pair["model_name"], pair["model_revision"])
        same = pc.and_(pc.equal(piece["task_name"], task), pc.equal(piece["split"], split))
        scored |= set(pc.unique(piece["model_name"].filter(same)).to_pylist())
    names = [name for name, _ in rows.most_common() if name not in scored][:FILES]
    return [(name, revisions[name]) for name in names]
