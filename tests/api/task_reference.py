"""The leaderboard of one task by loops, as slow and plain as can be."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Scored:
    """One row of a task's scores."""

    model: str
    variant: str | None
    subset: str
    split: str
    value: float | None
    again: bool = False


@dataclass(frozen=True)
class Task:
    """A task, its scores in their source's order, and whether a board with it ranks variants."""

    name: str
    rows: tuple[Scored, ...]
    lower_is_better: bool
    ranks_variants: bool


@dataclass(frozen=True)
class Question:
    """What is asked for; null: everything."""

    models: tuple[str, ...] | None = None
    subsets: tuple[str, ...] | None = None
    splits: tuple[str, ...] | None = None

    def variables(self) -> dict[str, Any]:
        models = None if self.models is None else {"name": {"in": list(self.models)}}
        return {
            "models": models,
            "subsets": None if self.subsets is None else list(self.subsets),
            "splits": None if self.splits is None else list(self.splits),
        }


def reference(task: Task, asked: Question) -> list[dict[str, Any]]:
    """The entries, by loops."""
    rows = [
        row
        for row in task.rows
        if row.value is not None
        and (row.variant is None or task.ranks_variants)
        and (asked.subsets is None or row.subset in asked.subsets)
        and (asked.splits is None or row.split in asked.splits)
    ]
    best = min if task.lower_is_better else max
    subsets, splits = {row.subset for row in rows}, {row.split for row in rows}
    found = []
    for model, variant in {(row.model, row.variant) for row in rows}:
        if asked.models is not None and model not in asked.models:
            continue
        cells: dict[tuple[str, str], float] = {}
        for row in rows:
            if (row.model, row.variant) == (model, variant):
                assert row.value is not None
                cells[row.subset, row.split] = best(cells.get((row.subset, row.split), row.value), row.value)
        value = None
        if len(cells) == len(subsets) * len(splits):
            over_splits = [Fraction(best(cells[subset, split] for split in splits)) for subset in subsets]
            value = float(sum(over_splits) / len(over_splits))
        found.append(
            {
                "model": model,
                "variant": variant,
                "value": value,
                "scored": len(cells),
                "expected": len(subsets) * len(splits),
                "cells": cells,
            }
        )
    sign = 1 if task.lower_is_better else -1
    found.sort(
        key=lambda each: (
            each["value"] is None, sign * (each["value"] or 0), each["model"], each["variant"] is not None, each["variant"]
        )
    )  # fmt: skip
    return [{"rank": place, **each} for place, each in enumerate(found, 1)]
