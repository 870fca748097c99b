"""Small MTEB inputs, shaped as real ones are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.fetch import Tree
from etl.source import Load
from etl.sources.mteb import Catalogue, MtebSource

REVISION = "a" * 40
MODEL = "acme__embed"

RETRIEVAL = {
    "name": "Arguing",
    "type": "Retrieval",
    "eval_splits": ["test"],
    "hf_subsets": ["default"],
    "subset_languages": {"default": ["eng-Latn"]},
    "languages": ["eng"],
    "main_score": "ndcg_at_10",
}
BITEXT = {
    "name": "Bitext",
    "type": "BitextMining",
    "eval_splits": ["test"],
    "hf_subsets": ["en-de", "en-fr"],
    "subset_languages": {"en-de": ["eng-Latn", "deu-Latn"], "en-fr": ["eng-Latn", "fra-Latn"]},
    "languages": ["deu", "eng", "fra"],
    "main_score": "f1",
}
EMBED = {"name": "acme/embed", "training_datasets": ["Arguing"], "training_datasets_closure": ["Arguing", "Arguing-NL"]}
BOARD = {
    "name": "Board",
    "class": "Benchmark",
    "tasks": [
        {"name": "Arguing", "eval_splits": ["test"], "hf_subsets": ["default"], "languages": ["eng"]},
        {"name": "Bitext", "eval_splits": ["test"], "hf_subsets": ["en-de"], "languages": ["deu", "eng"]},
    ],
}


def cell(score: object, subset: str = "default", **more: Any) -> dict[str, Any]:
    """One cell of a current file."""
    return {"hf_subset": subset, "languages": ["eng-Latn"], "main_score": score, "nauc_max": 0.5, **more}


def result(task: str = "Arguing", scores: Any = None, **more: Any) -> dict[str, Any]:
    """A current result file."""
    return {
        "dataset_revision": "d1",
        "task_name": task,
        "mteb_version": "2.1.0",
        "scores": {"test": [cell(0.5)]} if scores is None else scores,
        "evaluation_time": 3.5,
        **more,
    }


def write_tree(root: Path, files: Mapping[str, object]) -> Path:
    """Files by path below `root`: objects as JSON, texts and bytes as they are."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(content))
    return root


def encoded(content: object) -> bytes:
    """A file's bytes."""
    if isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else json.dumps(content, indent=2).encode()


def write_catalogue(root: Path, **files: object) -> Path:
    """A catalogue with two tasks, a board and a model; `files` replace them by name, or are left out when None."""
    contents: dict[str, object] = {
        "benchmarks": [BOARD],
        "tasks": [RETRIEVAL, BITEXT],
        "models": [EMBED],
        "language_labels": {"eng": "English", "eng-Latn": "English"},
        "similar_tasks": {"Arguing": ["Arguing-NL"]},
        "menu": [{"name": "Language", "open": True, "children": [{"benchmark": "Board"}]}],
        **files,
    }
    return write_tree(root, {f"{name}.json": content for name, content in contents.items() if content is not None})


def read_catalogue(root: Path, **files: object) -> Catalogue:
    """The catalogue that `write_catalogue` writes."""
    return Catalogue.read(write_catalogue(root / "catalogue", **files))


def load(path: Path, catalogue: Catalogue | None = None, revision: str | None = None, processes: int = 1) -> Load:
    """What the source gives for a path."""
    return MtebSource(str(path), Tree(path, revision, None), catalogue, processes).load()


def load_files(root: Path, files: Mapping[str, object], **catalogue: object) -> tuple[list[dict[str, Any]], Load]:
    """Rows of scores, and all else, of a tree with these files in `results/`, read with the small catalogue."""
    write_tree(root / "results", files)
    found = load(root, read_catalogue(root.parent / f"{root.name}-catalogue", **catalogue))
    return scores(found), found


def scores(found: Load) -> list[dict[str, Any]]:
    """The rows of scores of the only state."""
    rows: list[dict[str, Any]] = table(found, "scores").to_pylist()
    return rows


def table(found: Load, name: str) -> pa.Table:
    """A historied table of the only state."""
    (state,) = found.states
    found.states = iter([state])
    return state.tables[name]


def described(found: Load, name: str) -> dict[str, dict[str, Any]]:
    """Rows of a described table, by name."""
    return {row["name"]: row for row in found.described[name].to_pylist()}


def messages(found: Load) -> dict[str, str]:
    """Problems by path."""
    return {problem.path: problem.message for problem in found.problems}
