"""Generated inputs of the shape of the real ones, a tenth of their size: a tree, its catalogue, and the table."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20260501
MODELS, TASKS = 40, 50
TABLE_MODELS = 400
SUBSETS, WIDE_SUBSETS = 5, 1_000
WIDE = "Pairs"  # the one task of many subsets, as bitext mining is
METRICS = [
    f"{name}_at_{cut}"
    for name in ("map", "mrr", "ndcg", "precision", "recall", "nauc_ndcg")
    for cut in (1, 3, 5, 10, 20, 100, 1000)
]
NANS = 5  # one file in so many holds a bare NaN
LANGUAGES = ["eng-Latn", "deu-Latn"]
TABLE = pa.schema(
    {
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
)


def write_tree(folder: Path) -> None:
    """Result files as the peer writes them."""
    random = Random(SEED)
    for number in range(MODELS):
        for place, task in enumerate(_names()):
            path = folder / "results" / f"org__model-{number:02}" / f"{number:040x}" / f"{task}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(_result(random, task, odd=place % NANS == 0), indent=2), encoding="utf-8")


def write_table(file: Path) -> None:
    """The table of all results as the peer publishes it, of more models than the tree has; none of the wide task."""
    random = Random(SEED)
    cells = [(task, subset) for task in _names() for subset in _subsets(SUBSETS)]
    file.parent.mkdir(parents=True)
    with pq.ParquetWriter(file, TABLE) as writer:
        for number in range(TABLE_MODELS):
            rows = {
                "model_name": [f"org/model-{number:02}"] * len(cells),
                "model_revision": [f"{number:040x}"] * len(cells),
                "task_name": [task for task, _ in cells],
                "split": ["test"] * len(cells),
                "language": [LANGUAGES] * len(cells),
                "subset": [subset for _, subset in cells],
                "score": [round(random.random(), 5) for _ in cells],
                "is_public": [True] * len(cells),
                "trained_on": [False] * len(cells),
            }
            writer.write_table(pa.table(rows, schema=TABLE))


def write_catalogue(folder: Path) -> None:
    """One board of all tasks."""
    tasks = [_task(name, SUBSETS) for name in _names()] + [_task(WIDE, WIDE_SUBSETS)]
    declared = [
        {"name": task["name"], "languages": ["eng"], "eval_splits": ["test"], "hf_subsets": task["hf_subsets"]}
        for task in tasks
    ]
    files: dict[str, Any] = {
        "tasks": tasks,
        "benchmarks": [{"name": "Board", "class": "Benchmark", "tasks": declared}],
        "models": [],
        "language_labels": {},
        "similar_tasks": {},
        "menu": [],
    }
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def _names() -> list[str]:
    return [f"Task{number:02}" for number in range(TASKS)]


def _subsets(count: int) -> list[str]:
    return [f"s{number}" for number in range(count)]


def _task(name: str, subsets: int) -> dict[str, Any]:
    return {
        "name": name,
        "type": "Retrieval",
        "subset_languages": dict.fromkeys(_subsets(subsets), LANGUAGES),
        "languages": ["eng", "deu"],
        "main_score": "ndcg_at_10",
        "eval_splits": ["test"],
        "hf_subsets": _subsets(subsets),
    }


def _result(random: Random, task: str, *, odd: bool) -> dict[str, Any]:
    cells = []
    for subset in _subsets(SUBSETS):
        metrics: dict[str, Any] = {metric: round(random.random(), 5) for metric in METRICS}
        if odd:
            metrics["nauc_ndcg_at_1"] = float("nan")
        cells.append({**metrics, "main_score": metrics["ndcg_at_10"], "hf_subset": subset, "languages": LANGUAGES})
    return {
        "task_name": task,
        "dataset_revision": "d1",
        "mteb_version": "2.1.0",
        "evaluation_time": 1.5,
        "scores": {"test": cells},
    }
