"""The dimension tables that EASI's facts and data give: models, tasks, subsets and boards."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from etl.sources.easi.cells import HEADLINE
from etl.sources.easi.entries import Entry
from etl.sources.easi.outlines import Met
from etl.sources.easi.version import SPLIT
from warehouse.easi.facts import Facts
from warehouse.tables import BENCHMARK_TASKS, BENCHMARKS, MODELS, TASK_SUBSETS, TASKS


def model_table(models: Mapping[str, Entry]) -> pa.Table:
    """The models, as their newest version describes them."""
    return MODELS.rows(
        [
            {"name": one.name, "display_name": one.display_name, "url": one.url, "place": place}
            for place, one in enumerate(models.values())
        ]
    )


def task_names(met: Met, facts: Facts) -> list[str]:
    """EASI's benchmarks in column order, then those that only the data knows."""
    return [*facts.benchmarks, *(task for task in met if task not in facts.benchmarks)]


def task_table(met: Met, facts: Facts) -> pa.Table:
    """The tasks; only EASI's own benchmarks have a unit."""
    return TASKS.rows([_task(name, place, facts) for place, name in enumerate(task_names(met, facts))])


def _task(name: str, place: int, facts: Facts) -> dict[str, Any]:
    row = {"name": name, "display_name": name, "metric": facts.metric(name), "splits": [SPLIT], "place": place}
    known = facts.benchmarks.get(name)
    if known is None:
        return row
    more = {"display_name": known.name, "description": known.description, "modalities": list(known.modalities)}
    return {**row, **more, "unit": "PERCENT", "lower_is_better": False}


def subset_table(met: Met, facts: Facts) -> pa.Table:
    """Of each task the headline, the board's sub-scores and any others met.

    Only the headline is declared: a model that has it has done the task, whatever sub-scores came with it.
    """
    return TASK_SUBSETS.rows(
        [
            {"task": task, "subset": subset, "declared": subset == HEADLINE, "place": place}
            for task in task_names(met, facts)
            for place, subset in enumerate(_subsets(task, met, facts))
        ]
    )


def _subsets(task: str, met: Met, facts: Facts) -> list[str]:
    known = facts.benchmarks.get(task)
    return list(dict.fromkeys([HEADLINE, *(known.sub_scores if known else ()), *met.get(task, ())]))


def _boards(met: Met, facts: Facts) -> Iterator[tuple[str, str, str | None, tuple[str, ...]]]:
    """Name, display name, description and tasks of every board."""
    for board in facts.boards:
        yield board.name, board.name, board.description, board.benchmarks
    for task in task_names(met, facts):
        known = facts.benchmarks.get(task)
        yield task, known.name if known else task, known.description if known else None, (task,)


def benchmark_table(met: Met, facts: Facts) -> pa.Table:
    """The boards of EASI, and a board of its own for every task."""
    return BENCHMARKS.rows(
        [
            {
                "name": name,
                "display_name": display_name,
                "description": description,
                "url": facts.url,
                "in_menu": False,
                "aggregations": ["mean_scored"],
                "default_method": "MEAN_SCORED",
                "show_zero_shot": False,
                "public_tasks_only": False,
                "ranks_variants": False,
                "place": place,
            }
            for place, (name, display_name, description, _) in enumerate(_boards(met, facts))
        ]
    )


def benchmark_task_table(met: Met, facts: Facts) -> pa.Table:
    """The tasks of every board; only headlines count."""
    return BENCHMARK_TASKS.rows(
        [
            {"benchmark": name, "task": task, "place": place, "splits": [SPLIT], "subsets": [HEADLINE]}
            for name, _, _, tasks in _boards(met, facts)
            for place, task in enumerate(tasks)
        ]
    )
