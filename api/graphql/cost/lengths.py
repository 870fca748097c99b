"""Lengths of lists by name, where they are no column of a dimension's rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from warehouse.rankings import LATEST
from warehouse.snapshot import Dimensions

MARGIN = 1.25  # models and languages that have scores on a board and are not on its leaderboard
Lengths = Mapping[str, float]


def measure(known: Dimensions, kind: str, part: str) -> Lengths:
    """Length of the list of that name under each element of a type; `self`: 1."""
    told = TOLD.get((kind, part))
    if told is not None:
        return told(known)
    tables: dict[str, Any] = {"Model": known.models, "Task": known.tasks, "Benchmark": known.benchmarks}
    rows = tables.get(kind, known.sources)
    if part == "self":
        return {row["name"]: 1 for row in rows}
    return {row["name"]: len(row[part] or ()) for row in rows}


def _counted(lists: Mapping[str, list[Any]]) -> Lengths:
    return {name: len(found) for name, found in lists.items()}


def _declared(known: Dimensions) -> Lengths:
    return {row["name"]: len(known.declared_tasks(row["name"], LATEST)) for row in known.benchmarks}


def _shown_types(known: Dimensions) -> Lengths:
    return {name: len({found["type"] for found in columns}) for name, columns in known.columns.items()}


def _versions(known: Dimensions) -> Lengths:
    return {row["name"]: len(known.versions.get(row["source"], ())) for row in known.benchmarks}


def _listed(part: str) -> Callable[[Dimensions], Lengths]:
    """Mean length over the tasks of a board of what each declares to count there."""
    return lambda known: {
        name: row[part] / max(1, len(known.declared_tasks(name, LATEST))) for name, row in known.board_sizes.items()
    }


def _scored(known: Dimensions) -> Lengths:
    """Models with a score on a board: those it ranks or those of the task that has most, and some it leaves out."""
    return {
        row["name"]: MARGIN * max([known.sizes.get(row["name"], 0), *_runs(known, row["name"])])
        for row in known.benchmarks
    }


def _runs(known: Dimensions, board: str) -> Iterable[int]:
    return (known.task_sizes[task]["runs"] for task in known.declared_tasks(board, LATEST) if task in known.task_sizes)


def _cells(known: Dimensions) -> Lengths:
    return {name: row["scores"] / row["runs"] for name, row in known.task_sizes.items() if row["runs"]}


def _of_task(part: str) -> Callable[[Dimensions], Lengths]:
    return lambda known: {name: row[part] for name, row in known.task_sizes.items()}


def _statistics(known: Dimensions) -> Lengths:
    """At most how many values the JSON text of a task's statistics holds."""
    texts = {row["name"]: row["descriptive_statistics"] or "" for row in known.tasks}
    return {name: sum(text.count(mark) for mark in ",[{") for name, text in texts.items()}


def _levels(known: Dimensions) -> Mapping[str, int]:
    """Entries of the menu by how deep they are, from 1."""
    return Counter(str(len(row["path"])) for row in known.menu)


def _below(known: Dimensions) -> Lengths:
    levels = _levels(known)
    return {level: levels.get(str(int(level) + 1), 0) / count for level, count in levels.items()}


def _in_menu(known: Dimensions) -> Lengths:
    found: Counter[str] = Counter()
    for row in known.menu:
        found[str(len(row["path"]))] += len(row["benchmarks"])
    return {level: found[level] / count for level, count in _levels(known).items()}


TOLD: Mapping[tuple[str, str], Callable[[Dimensions], Lengths]] = {
    ("Benchmark", "tasks"): _declared,
    ("Benchmark", "columns"): lambda known: _counted(known.columns),
    ("Benchmark", "types"): _shown_types,
    ("Benchmark", "entries"): lambda known: known.sizes,
    ("Benchmark", "scored"): _scored,
    ("Benchmark", "versions"): _versions,
    ("Benchmark", "task_splits"): _listed("splits"),
    ("Benchmark", "task_subsets"): _listed("subsets"),
    ("Benchmark", "task_languages"): _listed("languages"),
    ("MenuEntry", "self"): lambda known: dict.fromkeys(_levels(known), 1),
    ("MenuEntry", "children"): _below,
    ("MenuEntry", "benchmarks"): _in_menu,
    ("Model", "aliases"): lambda known: _counted(known.aliases),
    ("Source", "problems"): lambda known: known.problem_counts,
    ("Source", "versions"): lambda known: _counted(known.versions),
    ("Task", "benchmarks"): lambda known: _counted(known.boards_of_task),
    ("Task", "cells"): _cells,
    ("Task", "runs"): _of_task("runs"),
    ("Task", "scores"): _of_task("scores"),
    ("Task", "statistics"): _statistics,
    ("Task", "subset_languages"): _of_task("subset_languages"),
    ("Task", "subsets"): _of_task("subsets"),
}
