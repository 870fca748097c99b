"""Generated inputs of the shape of the real ones: a tree, its catalogue, and the table, a tenth of it or all."""

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20260501
BOARD = "Board"
TREE_MODELS = 40
WIDE_SUBSETS = 1_000
WIDE = "Pairs"  # the one task of many subsets, as bitext mining is; the table has nothing on it
METRICS = [
    f"{name}_at_{cut}"
    for name in ("map", "mrr", "ndcg", "precision", "recall", "nauc_ndcg")
    for cut in (1, 3, 5, 10, 20, 100, 1000)
]
NANS = 5  # one file in so many holds a bare NaN
LANGUAGES = ["eng-Latn", "deu-Latn"]


@dataclass(frozen=True)
class Size:
    """How many models the table has, and the board how many tasks of how many subsets each, beside the wide one."""

    models: int
    tasks: int
    subsets: int
    is_wide: bool

    def names(self) -> list[str]:
        """The tasks, without the wide one."""
        return [f"Task{number:03}" for number in range(self.tasks)]


TENTH = Size(models=400, tasks=50, subsets=5, is_wide=True)
WHOLE = Size(models=500, tasks=131, subsets=20, is_wide=False)  # 1.31 million rows; every model has every task
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
    for number in range(TREE_MODELS):
        for place, task in enumerate(TENTH.names()):
            path = folder / "results" / f"org__model-{number:02}" / f"{number:040x}" / f"{task}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(_result(random, task, odd=place % NANS == 0), indent=2), encoding="utf-8")


def write_table(file: Path, size: Size = TENTH) -> None:
    """The table of all results as the peer publishes it, of more models than the tree has; none of the wide task."""
    random = Random(SEED)
    cells = [(task, subset) for task in size.names() for subset in _subsets(size.subsets)]
    file.parent.mkdir(parents=True)
    with pq.ParquetWriter(file, TABLE) as writer:
        for number in range(size.models):
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


def write_catalogue(folder: Path, size: Size = TENTH) -> None:
    """One board of all tasks."""
    tasks = [_task(name, size.subsets) for name in size.names()]
    tasks += [_task(WIDE, WIDE_SUBSETS)] if size.is_wide else []
    declared = [
        {"name": task["name"], "languages": ["eng"], "eval_splits": ["test"], "hf_subsets": task["hf_subsets"]}
        for task in tasks
    ]
    files: dict[str, Any] = {
        "tasks": tasks,
        "benchmarks": [{"name": BOARD, "class": "Benchmark", "tasks": declared}],
        "models": [],
        "language_labels": {},
        "similar_tasks": {},
        "menu": [],
    }
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


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
    for subset in _subsets(TENTH.subsets):
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
