"""Small stores with a board of one source and scores that were submitted to another."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.warehouse.stores import Row, benchmark, day, declared, described, name_models, score
from warehouse.build import Build, Version
from warehouse.layout import write

BOARD = "easi"
SUBMITTED = "submissions"
TASKS = ("a", "b", "c")


def submitted(model: str, task: str, value: float | None, place: int = 0, **more: object) -> Row:
    """An approved score that counts where the board's source has none."""
    return score(model, task, value, place, **{"verified": True, "counts_for": BOARD, **more})


def pending(model: str, task: str, value: float | None, place: int = 0, **more: object) -> Row:
    """A score that waits for review."""
    return score(model, task, value, place, **{"verified": False, "status": "PENDING", **more})


def write_submitted(
    file: Path, versions: Mapping[int, Sequence[Row]], states: Mapping[int, Sequence[Row]], **board: Any
) -> Path:
    """A file of the board's versions and the states of what was submitted, by day: boards `All` and one a task."""
    build = Build(file.parent, None, (BOARD, SUBMITTED))
    boards = [declared("All", task, place) for place, task in enumerate(TASKS)]
    boards += [declared(task, task) for task in TASKS]
    labels = [{"task": task, "subset": "default", "label": "x", "name": "Each"} for task in TASKS]
    try:
        for number, rows in versions.items():
            tables = described(scores=rows, benchmark_tasks=boards, capabilities=labels)
            build.merge(BOARD, Version(f"v{number}", day(number), None), tables)
        tasks = [{"name": task, "unit": "PERCENT", "splits": ["test"]} for task in TASKS]
        names = [benchmark(name, **{"method": "MEAN_SCORED", **board}) for name in ("All", *TASKS)]
        subsets = [{"task": task, "subset": "default"} for task in TASKS]
        build.describe(BOARD, described(tasks=tasks, benchmarks=names, task_subsets=subsets))
        for number, rows in states.items():
            build.merge(SUBMITTED, Version(f"s{number}", day(number), None), described(scores=rows))
        build.describe(SUBMITTED, described(tasks=[{"name": row["task"]} for rows in states.values() for row in rows]))
        name_models(build)
        write(build, file)
    finally:
        build.close()
    return file
