"""The catalogue's tasks, benchmarks, languages and menu as canonical tables."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.entries import BenchmarkEntry, BenchmarkTask, Dataset, MenuEntry, TaskEntry
from warehouse import tables

NO_PATH = "aggregate tasks do not have a path"
UNSPECIFIED = "not specified"
DEEPEST_MENU = 8

BORDA = "BORDA"
METHODS = {
    "Benchmark": BORDA,
    "RtebBenchmark": BORDA,
    "MIEBBenchmark": "MEAN_TASK_TYPE",
    "VidoreBenchmark": "MEAN_PUBLIC_PRIVATE",
    "HUMEBenchmark": "MEAN_SUBSET",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """What results hold of a task: whether its data is public, its splits, and languages by subset."""

    is_public: bool = True
    splits: Sequence[str] = ()
    subsets: Mapping[str, Sequence[str] | None] = field(default_factory=dict)


def describe(catalogue: Catalogue, seen: Mapping[str, Seen]) -> dict[str, pa.Table]:
    """The tables of everything but models: the catalogue's rows, then what only results (`seen`) hold."""
    rows: list[tuple[tables.Table, Iterable[Row]]] = [
        (tables.TASKS, _tasks(catalogue, seen)),
        (tables.BENCHMARKS, map(_benchmark, range(len(catalogue.benchmarks)), catalogue.benchmarks, _menus(catalogue))),
        (tables.LANGUAGES, ({"code": code, "name": name} for code, name in catalogue.labels.items())),
        (tables.MENU, _places(_entries(catalogue.menu, ()))),
    ]
    described = {table.name: table.rows(list(part)) for table, part in rows}
    return {**described, tables.TASK_SUBSETS.name: _task_subsets(catalogue, seen)}


def benchmark_tasks(catalogue: Catalogue) -> pa.Table:
    """BENCHMARK_TASKS: one row a declared task."""
    rows = [
        row
        for benchmark in catalogue.benchmarks
        for row in _places({"benchmark": benchmark.name, **_cells(uses)} for uses in _by_name(benchmark.tasks or ()))
    ]
    return tables.BENCHMARK_TASKS.rows(rows)


def day(text: str | None) -> date | None:
    """The day of an ISO date or time; null for anything else."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def license_of(text: str | None) -> str | None:
    """A licence; null where it is said to be unspecified."""
    return None if text == UNSPECIFIED else text


def _places(rows: Iterable[Row], start: int = 0) -> Iterator[Row]:
    return ({**row, "place": place} for place, row in enumerate(rows, start))


def _tasks(catalogue: Catalogue, seen: Mapping[str, Seen]) -> Iterator[Row]:
    yield from _places(map(_task, catalogue.tasks))
    known = {task.name for task in catalogue.tasks}
    met = ({"metric": catalogue.metric(name), **_met(name, seen[name])} for name in seen if name not in known)
    yield from _places(met, len(known))


def _met(name: str, seen: Seen) -> Row:
    return {"name": name, "display_name": name, "is_public": seen.is_public, "splits": list(seen.splits)}


def _task(task: TaskEntry) -> Row:
    start, end = [*(task.date or ()), None, None][:2]
    dataset = task.dataset if task.dataset and task.dataset.path != NO_PATH else Dataset()
    return {
        "name": task.name,
        "display_name": task.name,
        "description": task.description,
        "url": task.reference,
        "citation": task.citation,
        "type": task.type,
        "simplified_type": task.simplified_type,
        "languages": task.languages or [],
        "domains": task.domains or [],
        "modalities": task.modalities or [],
        "metric": task.main_score,
        "unit": "FRACTION",
        "lower_is_better": False,
        "dataset": dataset.path,
        "dataset_revision": dataset.revision,
        "license": license_of(task.license),
        "is_public": task.is_public is not False,
        "date_from": day(start),
        "date_to": day(end),
        "annotations_creators": task.annotations_creators,
        "sample_creation": task.sample_creation,
        "dialects": [dialect for dialect in task.dialect or () if dialect],
        "descriptive_statistics": None if task.n_samples is None else json.dumps({"n_samples": task.n_samples}),
        "splits": task.eval_splits or [],
    }


def _task_subsets(catalogue: Catalogue, seen: Mapping[str, Seen]) -> pa.Table:
    """TASK_SUBSETS, built by columns: there are more than 50,000."""
    declared = {task.name: declared_subsets(task) for task in catalogue.tasks}
    met = {name: {**declared.get(name, {}), **task.subsets} for name, task in seen.items()}
    tasks = {**declared, **met}
    columns = {
        "task": [name for name, subsets in tasks.items() for _ in subsets],
        "subset": [subset for subsets in tasks.values() for subset in subsets],
        "languages": [languages for subsets in tasks.values() for languages in subsets.values()],
        "declared": [subset in declared.get(name, ()) for name, subsets in tasks.items() for subset in subsets],
        "place": [place for subsets in tasks.values() for place in range(len(subsets))],
    }
    return pa.table(columns, tables.TASK_SUBSETS.schema)


def declared_subsets(task: TaskEntry) -> dict[str, Sequence[str] | None]:
    """The subsets that a task declares, with their languages."""
    languages = task.subset_languages or {}
    return {name: languages.get(name) for name in (*(task.hf_subsets or ()), *languages)}


def _menus(catalogue: Catalogue) -> Iterator[bool]:
    """Whether the menu shows each benchmark: its own word, else whether the menu names it."""
    listed = {name for row in _entries(catalogue.menu, ()) for name in row["benchmarks"]}
    for benchmark in catalogue.benchmarks:
        shown = benchmark.display_on_leaderboard
        yield benchmark.name in listed if shown is None else shown


def _benchmark(position: int, benchmark: BenchmarkEntry, in_menu: bool) -> Row:
    return {
        "name": benchmark.name,
        "display_name": benchmark.display_name or benchmark.name,
        "aliases": benchmark.aliases or [],
        "icon": benchmark.icon,
        "description": benchmark.description,
        "url": benchmark.reference,
        "citation": benchmark.citation,
        "in_menu": in_menu,
        "language_view": _listed(benchmark.language_view) or None,
        "aggregations": benchmark.aggregations or [],
        "default_method": _method(benchmark),
        "show_zero_shot": benchmark.show_zero_shot is not False,
        "superseded_by": _listed(benchmark.superseded_by),
        "public_tasks_only": bool(benchmark.filters_is_public),
        "ranks_variants": False,
        "place": position if benchmark.order is None else benchmark.order,
    }


def _method(benchmark: BenchmarkEntry) -> str:
    shown = benchmark.aggregations or ()
    if benchmark.kind in METHODS:
        return METHODS[benchmark.kind]
    if "mean_subset" in shown:
        return "MEAN_SUBSET"
    if "public_private" in shown:
        return "MEAN_PUBLIC_PRIVATE"
    return "MEAN_TASK_TYPE" if "mean_task_type" in shown and "mean_task" not in shown else BORDA


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _by_name(tasks: Sequence[BenchmarkTask]) -> Iterable[list[BenchmarkTask]]:
    """Tasks by name: a benchmark may use one several times, with other subsets each."""
    uses: dict[str, list[BenchmarkTask]] = {}
    for task in tasks:
        uses.setdefault(task.name, []).append(task)
    return uses.values()


def _cells(uses: Sequence[BenchmarkTask]) -> Row:
    return {
        "task": uses[0].name,
        "splits": list(dict.fromkeys(split for use in uses for split in use.eval_splits or ())),
        "subsets": list(dict.fromkeys(subset for use in uses for subset in use.hf_subsets or ())),
        "languages": list(dict.fromkeys(language for use in uses for language in use.languages or ())),
    }


def _entries(entries: Iterable[MenuEntry], above: tuple[str, ...]) -> Iterator[Row]:
    """The entries in reading order, each with the boards that are directly in it."""
    for entry in entries:
        if entry.benchmark is not None or len(above) == DEEPEST_MENU:
            continue
        path, children = (*above, entry.name or ""), entry.children or ()
        boards = [child.benchmark for child in children if child.benchmark is not None]
        yield {"path": list(path), "description": entry.description, "open": bool(entry.open), "benchmarks": boards}
        yield from _entries(children, path)
