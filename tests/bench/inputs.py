"""What is loaded: the real inputs beside the project, or generated ones of their shape."""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

SEED = 20260501
MODELS, TASKS = 40, 50
SUBSETS = 5
METRICS = [
    f"{name}_at_{cut}"
    for name in ("map", "mrr", "ndcg", "precision", "recall", "nauc_ndcg")
    for cut in (1, 3, 5, 10, 20, 100, 1000)
]
NANS = 5  # one file in so many holds a bare NaN


@dataclass(frozen=True)
class Inputs:
    """A tree of MTEB results, its catalogue, and the whole table as Parquet where there is one."""

    name: str
    tree: Path
    catalog: Path
    parquet: Path | None
    is_real: bool


def find_inputs(shared: Path, folder: Path) -> Inputs:
    """The real inputs, unpacked into a folder; without them generated ones, a tenth of the size."""
    mteb = shared / "mteb"
    if not mteb.is_dir():
        return _generate(folder / "inputs")
    with tarfile.open(mteb / "results_sample.tar.xz") as archive:
        archive.extractall(folder / "tree", filter="data")
    return Inputs("the real inputs", folder / "tree", mteb / "catalog", mteb / "hub", is_real=True)


def _generate(root: Path) -> Inputs:
    random = Random(SEED)
    names = [f"Task{number:02}" for number in range(TASKS)]
    for number in range(MODELS):
        for place, task in enumerate(names):
            path = root / "tree" / "results" / f"org__model-{number:02}" / f"{number:040x}" / f"{task}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(_result(random, task, odd=place % NANS == 0), indent=2), encoding="utf-8")
    _write_catalogue(root / "catalog", names)
    return Inputs("generated inputs", root / "tree", root / "catalog", None, is_real=False)


def _result(random: Random, task: str, *, odd: bool) -> dict[str, Any]:
    cells = []
    for subset in range(SUBSETS):
        metrics: dict[str, Any] = {metric: round(random.random(), 5) for metric in METRICS}
        if odd:
            metrics["nauc_ndcg_at_1"] = float("nan")
        languages = ["eng-Latn", "deu-Latn"]
        cells.append(
            {**metrics, "main_score": metrics["ndcg_at_10"], "hf_subset": f"s{subset}", "languages": languages}
        )
    return {
        "task_name": task,
        "dataset_revision": "d1",
        "mteb_version": "2.1.0",
        "evaluation_time": 1.5,
        "scores": {"test": cells},
    }


def _write_catalogue(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True)
    subsets = {f"s{number}": ["eng-Latn", "deu-Latn"] for number in range(SUBSETS)}
    cells = {"eval_splits": ["test"], "hf_subsets": list(subsets)}
    tasks = [
        {
            "name": name,
            "type": "Retrieval",
            "subset_languages": subsets,
            "languages": ["eng", "deu"],
            "main_score": "ndcg_at_10",
            **cells,
        }
        for name in names
    ]
    board = {
        "name": "Board",
        "class": "Benchmark",
        "tasks": [{"name": name, "languages": ["eng"], **cells} for name in names],
    }
    files: dict[str, Any] = {
        "tasks": tasks,
        "benchmarks": [board],
        "models": [],
        "language_labels": {},
        "similar_tasks": {},
        "menu": [],
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
