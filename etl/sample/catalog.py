"""The catalogue of the sample's MTEB results: tasks, benchmarks, models, languages, menu."""

from datetime import UTC, datetime
from typing import Any

from etl.sample.files import Files, facts, listed
from etl.sample.tasks import UNDECLARED, Embedder, Task, read_embedders, read_tasks

PUBLISHED = datetime(2026, 5, 1, tzinfo=UTC)
LANGUAGES = {
    "deu": "German",
    "deu-Latn": "German (Latin)",
    "eng": "English",
    "eng-Latn": "English (Latin)",
    "fra": "French",
    "fra-Latn": "French (Latin)",
    "ron": "Romanian",
    "ron-Latn": "Romanian (Latin)",
}
SIMILAR = {"SampleWikiRetrieval": ["SampleNewsRetrieval"]}
OPENNESS = ("open weights", "open license", "open training code", "open training data", "paper", "model card")
OPEN_LICENSES = ("apache-2.0", "mit", "cc-by-4.0")
# What a class of benchmark shows, and the columns it is ranked by.
KINDS: dict[str, dict[str, Any]] = {
    "Benchmark": {"aggregations": ["mean_task", "mean_task_type", "task_types"], "show_zero_shot": True},
    "RtebBenchmark": {"aggregations": ["mean_task"], "filters_is_public": True},
    "MIEBBenchmark": {
        "aggregations": ["mean_task_type", "task_types"],
        "show_zero_shot": True,
        "summary_sort_column": "Mean (TaskType)",
    },
    "VidoreBenchmark": {
        "aggregations": ["mean_task", "public_private"],
        "summary_sort_column": ["Mean (Task)", "Mean (Public)", "Mean (Private)"],
        "summary_rank_column": "Rank (Mean Task)",
    },
}
MENUS = {
    "Sample: texts": "Invented boards of texts",
    "Sample: pictures": "Invented boards of pictures and scanned pages",
}


def write_catalog(files: Files) -> None:
    """The six files of an MTEB catalogue."""
    files = Files(files.root, PUBLISHED)
    tasks = {task.name: task for task in read_tasks()}
    boards = facts("boards.csv")
    files.json("tasks.json", [_task(task) for task in tasks.values()])
    files.json("benchmarks.json", [_benchmark(place, row, tasks) for place, row in enumerate(boards)])
    files.json("models.json", _models(read_embedders()))
    files.json("language_labels.json", LANGUAGES)
    files.json("similar_tasks.json", SIMILAR)
    files.json("menu.json", [_menu(name, boards) for name in MENUS])


def _task(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "type": task.type,
        "simplified_type": task.simplified,
        "category": task.category,
        "modalities": task.modalities,
        "eval_splits": task.splits,
        "hf_subsets": list(task.subsets),
        "subset_languages": task.subsets,
        "languages": task.languages,
        "main_score": task.metric,
        "domains": task.domains,
        "dataset": {"path": f"sample-lab/{task.name}", "revision": task.revision},
        "license": task.license,
        "is_public": task.public,
        "is_beta": False,
        "is_aggregate": False,
        "aggregate_of": None,
        "superseded_by": None,
        "adapted_from": None,
        "description": task.description,
        "reference": None,
        "citation": None,
        "date": ["2025-01-01", "2025-12-31"],
        "annotations_creators": "derived",
        "dialect": [],
        "sample_creation": "created",
        "task_subtypes": [],
        "prompt": None,
        "n_samples": dict.fromkeys(task.splits, task.samples),
    }


def _benchmark(place: int, row: dict[str, str], tasks: dict[str, Task]) -> dict[str, Any]:
    shown: dict[str, Any] = {"show_zero_shot": False, "filters_is_public": False, **KINDS[row["class"]]}
    return {
        "order": place,
        "name": row["name"],
        "display_name": row["display_name"],
        "class": row["class"],
        "aliases": listed(row["aliases"]),
        "description": row["description"],
        "reference": None,
        "citation": None,
        "contacts": None,
        "icon": None,
        "benchmark_hf_repo": None,
        "language_view": listed(row["language_view"]),
        "superseded_by": listed(row["superseded_by"]) or None,
        "summary_sort_column": None,
        "summary_rank_column": None,
        **shown,
        "display_on_leaderboard": bool(row["menu"]),
        "menu_paths": [[row["menu"]]] if row["menu"] else [],
        "tasks": [_declared(name, tasks) for name in listed(row["tasks"])],
    }


def _declared(cell: str, tasks: dict[str, Task]) -> dict[str, Any]:
    """A task of a benchmark; `name:subset` takes one subset of it."""
    name, _, subset = cell.partition(":")
    task = tasks[name]
    subsets = [subset] if subset else list(task.subsets)
    return {
        "name": name,
        "eval_splits": task.splits[-1:],
        "hf_subsets": subsets,
        "languages": sorted({code.split("-")[0] for one in subsets for code in task.subsets[one]}),
        "restricts_subsets": bool(subset),
        "restricts_splits": len(task.splits) > 1,
        "is_aggregate": False,
    }


def describe(model: Embedder) -> dict[str, Any]:
    """What a model's own metadata says."""
    row = model.row
    return {
        "name": model.name,
        "revision": model.revision,
        "release_date": row["released"],
        "languages": model.languages,
        "n_parameters": int(row["parameters"]) if row["parameters"] else None,
        "memory_usage_mb": round(int(row["parameters"]) / 2**19) if row["parameters"] else None,
        "max_tokens": float(row["max_tokens"]) if row["max_tokens"].isdigit() else None,
        "embed_dim": int(row["dimension"]) if row["dimension"] else None,
        "license": row["license"] or None,
        "open_weights": row["open_weights"] == "yes",
        "framework": listed(row["frameworks"]),
        "similarity_fn_name": "MaxSim" if row["types"] == "late-interaction" else "cosine",
        "use_instructions": row["instructions"] == "yes",
        "modalities": model.modalities,
        "training_datasets": _training(model),
        "adapted_from": row["adapted_from"] or None,
    }


def _training(model: Embedder) -> list[str] | None:
    declared = model.row["training"]
    return None if declared in ("", UNDECLARED) else [name for name in listed(declared) if name != "none"]


def _models(models: list[Embedder]) -> list[dict[str, Any]]:
    training = {model.name: _training(model) for model in models}
    return [_model(model, _closure(model, training)) for model in models]


def _model(model: Embedder, closure: list[str] | None) -> dict[str, Any]:
    described = describe(model)
    row, is_open = model.row, described["open_weights"]
    openness = dict(zip(OPENNESS, (is_open, row["license"] in OPEN_LICENSES, is_open, False, False, True), strict=True))
    return {
        **described,
        "n_embedding_parameters": None,
        "n_active_parameters": int(row["active"]) if row["active"] else None,
        "max_tokens_infinite": row["max_tokens"] == "unlimited",
        "public_training_code": None,
        "public_training_data": None,
        "reference": None,
        "similarity_fn": described["similarity_fn_name"],
        "model_type": listed(row["types"]),
        "training_datasets_closure": closure,
        "superseded_by": row["superseded_by"] or None,
        "citation": None,
        "openness": openness,
        "openness_score": sum(openness.values()),
        "extra_requirements_groups": None,
        "output_dtypes": None,
    }


def _closure(model: Embedder, training: dict[str, list[str] | None]) -> list[str] | None:
    """Its training data with that of its ancestor, and every task that is similar to one of them."""
    own = training[model.name]
    if own is None:
        return None
    seen = {*own, *(training.get(model.row["adapted_from"]) or ())}
    similar = {other for task, others in SIMILAR.items() for other in (task, *others) if seen & {task, *others}}
    return sorted(seen | similar)


def _menu(name: str, boards: list[dict[str, str]]) -> dict[str, Any]:
    children = [{"benchmark": row["name"]} for row in boards if row["menu"] == name]
    return {"name": name, "description": MENUS[name], "open": True, "size": "sm", "children": children}
