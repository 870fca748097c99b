"""Small stores, written by the warehouse alone."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse import tables
from warehouse.build import Build, Version
from warehouse.layout import write
from warehouse.snapshot import Snapshot
from warehouse.store import FILE, Published, Store, snapshot_id

SOURCE = "lab"
Row = dict[str, Any]


def day(number: int) -> datetime:
    """Midnight (UTC) of a day of January 2026; 0 is the last of December."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number - 1)


def score(model: str, task: str, value: float | None, place: int = 0, **more: Any) -> Row:
    """A row of scores on the split `test` and the subset `default`."""
    row = {"source_model": model, "task": task, "split": "test", "subset": "default", "metric": "accuracy"}
    return {**row, "value": value, "place": place, **more}


def declared(benchmark: str, task: str, place: int = 0, **more: Any) -> Row:
    """A row of benchmark_tasks."""
    row = {"benchmark": benchmark, "task": task, "place": place, "languages": []}
    return {**row, "splits": ["test"], "subsets": ["default"], **more}


def benchmark(name: str, method: str = "BORDA", place: int = 0, **more: Any) -> Row:
    """A row of benchmarks."""
    return {"name": name, "default_method": method, "place": place, **more}


def described(**rows: Sequence[Row]) -> dict[str, pa.Table]:
    """Tables by name, from rows."""
    return {name: getattr(tables, name.upper()).rows(list(part)) for name, part in rows.items()}


def name_models(build: Build) -> None:
    """Let every name mean the model of that name."""
    aliases = [
        {"source": source, "name": name, "model": name, "match": "EXACT"} for source, name, *_ in build.model_names()
    ]
    build.name_models(tables.MODEL_ALIASES.rows(aliases))


def write_store(file: Path, historied: Mapping[str, pa.Table], dimensions: Mapping[str, pa.Table]) -> Path:
    """A DuckDB file that holds one version of one source."""
    build = Build(file.parent, None, (SOURCE,))
    try:
        build.merge(SOURCE, Version("v1", day(1), None), historied)
        build.describe(SOURCE, dimensions)
        name_models(build)
        write(build, file)
    finally:
        build.close()
    return file


def write_tiny(file: Path) -> Path:
    """A file with two boards, three tasks and three models, of which one is scored on all."""
    scores = [
        score("org/a", "Counting", 0.9, 0, trained_on=True),
        score("org/a", "Ranking", 0.7, 1),
        score("org/a", "Naming", 0.0, 2),
        score("org/b", "Counting", 0.8, 3),
        score("org/b", "Ranking", 0.75, 4),
        score("org/c", "Counting", None, 5),
    ]
    boards = [declared("Both", "Counting", 0), declared("Both", "Ranking", 1), declared("One", "Naming", 0)]
    labels = [{"task": "Counting", "subset": "default", "label": "mm", "name": "Metric Measurement"}]
    historied = described(scores=scores, benchmark_tasks=boards, capabilities=labels)
    dimensions = described(
        models=[
            {"name": f"org/{name}", "place": place, "trained_on": ["Counting"]} for place, name in enumerate("abc")
        ],
        tasks=[
            {"name": name, "type": "Retrieval", "unit": "FRACTION", "splits": ["test"], "place": place}
            for place, name in enumerate(("Counting", "Ranking", "Naming"))
        ],
        benchmarks=[
            benchmark("Both", "BORDA", 0, aliases=["The Both"], aggregations=["mean_task", "mean_task_type"]),
            benchmark("One", "MEAN_SCORED", 1),
        ],
        languages=[{"code": "eng", "name": "English"}],
        menu=[{"path": ["Boards"], "benchmarks": ["Both"], "open": True, "place": 0}],
    )
    return write_store(file, historied, dimensions)


def publish(
    store: Store, content: Path, number: int, keep: int = 5, put: Callable[[Path, Path], object] = os.link
) -> Published:
    """Publish a file, which never changes, as the snapshot of a day: linked, or `put` there in another way."""
    with store.building() as workspace:
        folder = workspace / "snapshot"
        folder.mkdir()
        put(content, folder / FILE)
        return store.publish(folder, snapshot_id(day(number), f"{number:08x}"), keep)


@contextmanager
def opened(data_dir: Path) -> Iterator[Snapshot]:
    """The current snapshot of a data directory."""
    current = Store(data_dir).current()
    assert current is not None
    snapshot = Snapshot(current)
    yield snapshot
    snapshot.close()
