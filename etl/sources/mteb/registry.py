"""The catalogue's files from an installed `mteb`, whose registries are Python objects."""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from etl.source import Unreadable
from etl.sources.mteb.catalogue import BENCHMARKS, LABELS, MENU, MODELS, SIMILAR, TASKS

# What is taken as it is; everything else needs a rule of its own.
BENCHMARK_FIELDS = (
    "aliases",
    "description",
    "reference",
    "citation",
    "contacts",
    "icon",
    "benchmark_hf_repo",
    "language_view",
    "superseded_by",
    "aggregations",
    "show_zero_shot",
    "summary_sort_column",
    "summary_rank_column",
)
TASK_FIELDS = (
    "type",
    "category",
    "modalities",
    "eval_splits",
    "main_score",
    "domains",
    "dataset",
    "license",
    "is_public",
    "is_beta",
    "superseded_by",
    "adapted_from",
    "description",
    "reference",
    "date",
    "annotations_creators",
    "dialect",
    "sample_creation",
    "task_subtypes",
    "prompt",
)
MODEL_FIELDS = (
    "revision",
    "release_date",
    "n_parameters",
    "n_embedding_parameters",
    "n_active_parameters",
    "memory_usage_mb",
    "embed_dim",
    "license",
    "open_weights",
    "public_training_code",
    "public_training_data",
    "framework",
    "reference",
    "use_instructions",
    "languages",
    "modalities",
    "model_type",
    "training_datasets",
    "adapted_from",
    "superseded_by",
    "citation",
    "openness_score",
    "extra_requirements_groups",
    "output_dtypes",
)
PRIVATE_HIDDEN = "RtebBenchmark"

Entry = dict[str, Any]


def write_catalogue(out: Path) -> None:
    """Write the catalogue's six files into `out`. Raises `Unreadable` where mteb is missing or unlike what is known."""
    try:
        files = _files()
    except ImportError as error:
        raise Unreadable(
            f"The MTEB catalogue is made from the Python package mteb (2.x), which cannot be imported here: {error}. "
            "Install it (pip install mteb) in this environment, or bring a catalogue made elsewhere."
        ) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise Unreadable(f"The installed mteb is not laid out as mteb 2.x is: {error}. Install another one.") from error
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = json.dumps(content, indent=1, ensure_ascii=False, default=_plain)
        (out / name).write_text(text + "\n", encoding="utf-8")


def _files() -> dict[str, Any]:
    benchmarks = import_module("mteb").get_benchmarks()
    tasks = import_module("mteb.get_tasks")
    models = import_module("mteb.models.model_implementations").MODEL_REGISTRY
    boards = import_module("mteb.benchmarks._leaderboard_menu").HOME_BENCHMARK_ENTRIES
    label = import_module("mteb.languages").language_label
    menu = [_menu(entry) for entry in boards]
    paths = _paths(menu, ())
    files = {
        BENCHMARKS: [_benchmark(order, benchmark, paths) for order, benchmark in enumerate(benchmarks)],
        TASKS: [_task(task) for task in tasks._TASKS_REGISTRY.values()],
        MODELS: [_model(name, meta) for name, meta in models.items()],
        SIMILAR: {task: list(others) for task, others in tasks._SIMILAR_TASKS.items()},
        MENU: menu,
    }
    return {**files, LABELS: {code: label(code) for code in sorted(_codes(files[TASKS], files[MODELS]))}}


def _fields(source: Any, names: Iterable[str]) -> Entry:
    return {name: getattr(source, name, None) for name in names}


def _benchmark(order: int, benchmark: Any, paths: Mapping[str, list[list[str]]]) -> Entry:
    kinds = [kind.__name__ for kind in type(benchmark).__mro__]
    return {
        "order": order,
        "name": benchmark.name,
        "display_name": benchmark.display_name or benchmark.name,
        "class": kinds[0],
        **_fields(benchmark, BENCHMARK_FIELDS),
        "filters_is_public": PRIVATE_HIDDEN in kinds,
        "display_on_leaderboard": benchmark.name in paths,
        "menu_paths": paths.get(benchmark.name, []),
        "tasks": [_cells(task) for task in benchmark.tasks],
    }


def _cells(task: Any) -> Entry:
    declared = list(task.metadata.hf_subsets_to_langscripts)
    subsets = list(task.hf_subsets or declared)
    return {
        "name": task.metadata.name,
        "eval_splits": list(task.eval_splits),
        "hf_subsets": subsets,
        "languages": sorted(task.languages),
        "restricts_subsets": set(subsets) != set(declared),
        "restricts_splits": set(task.eval_splits) != set(task.metadata.eval_splits),
        "is_aggregate": bool(getattr(task, "is_aggregate", False)),
    }


def _task(task: Any) -> Entry:
    metadata = task.metadata
    languages = {subset: list(codes) for subset, codes in metadata.hf_subsets_to_langscripts.items()}
    parts = getattr(metadata, "tasks", None)
    return {
        "name": metadata.name,
        **_fields(metadata, TASK_FIELDS),
        "simplified_type": metadata.simplified_task_type,
        "hf_subsets": list(languages),
        "subset_languages": languages,
        "languages": sorted(metadata.languages),
        "is_aggregate": bool(getattr(task, "is_aggregate", False)),
        "aggregate_of": None if parts is None else [part.metadata.name for part in parts],
        "citation": metadata.bibtex_citation,
        "n_samples": _samples(metadata),
    }


def _samples(metadata: Any) -> Any:
    """Numbers of samples by split; null where mteb has no statistics of the task."""
    try:
        return getattr(metadata, "n_samples", None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _model(name: str, meta: Any) -> Entry:
    tokens = meta.max_tokens
    endless = tokens is not None and math.isinf(tokens)
    return {
        "name": name,
        **_fields(meta, MODEL_FIELDS),
        "max_tokens": None if endless else tokens,
        "max_tokens_infinite": endless,
        "similarity_fn": meta.similarity_fn_name,
        "training_datasets_closure": meta.get_training_datasets(),
        "openness": dict(getattr(meta, "openness", None) or {}),
    }


def _menu(entry: Any) -> Entry:
    if not hasattr(entry, "benchmarks"):
        return {"benchmark": entry.name}
    children = [_menu(child) for child in entry.benchmarks]
    return {**_fields(entry, ("name", "description", "open", "size")), "children": children}


def _paths(menu: Iterable[Entry], above: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """Where in the menu each board is."""
    paths: dict[str, list[list[str]]] = {}
    for board, path in _boards(menu, above):
        paths.setdefault(board, []).append(list(path))
    return paths


def _boards(menu: Iterable[Entry], above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in menu:
        if "benchmark" in entry:
            yield entry["benchmark"], above
        else:
            yield from _boards(entry["children"], (*above, entry["name"] or ""))


def _codes(tasks: Collection[Entry], models: Collection[Entry]) -> set[str]:
    """Every language code that is used, with its script and without."""
    used = {code for task in tasks for codes in task["subset_languages"].values() for code in codes}
    used |= {code for model in models for code in model["languages"] or ()}
    return used | {code.split("-")[0] for code in used}


def _plain(value: Any) -> Any:
    """What JSON has no word for: sets and sequences as lists, anything else (addresses, dates) as its text."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return list(value) if isinstance(value, Iterable) else str(value)
