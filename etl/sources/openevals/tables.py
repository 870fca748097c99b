"""The wide table as rows of the canonical tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from etl.source import Problem
from etl.sources.openevals.boards import BOARDS, board_of
from etl.sources.openevals.wide import Wide, numbers_of
from warehouse.tables import BENCHMARKS, MODELS, SCORES, TASK_SUBSETS, TASKS

MAX_PARAMETERS = 2**53
DATASET = "OpenEvals/leaderboard-data"
SITE = "https://huggingface.co"
# The table names no split; an eval.yaml of the Hub that names none means `test`.
SPLIT, SUBSET, METRIC, UNIT, METHOD = "test", "default", "score", "PERCENT", "MEAN_SCORED"
HUB_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}")


def score_tables(wides: Sequence[Wide], revision: str | None, problems: list[Problem]) -> Iterator[pa.Table]:
    """Long rows, column by column; `place` counts the cells row by row."""
    before = 0
    for wide in wides:
        for number, (key, column) in enumerate(zip(wide.keys, wide.columns, strict=True)):
            numbers = numbers_of(column)
            if odd := pc.sum(pc.cast(numbers.odd, pa.int64())).as_py():
                where = wide.models.filter(numbers.odd)[0].as_py()
                message = f"{odd:,} cells are no finite numbers and were left out, such as that of {where}"
                problems.append(Problem(f"{wide.path}: {key}_score", message))
            held = pc.and_(pc.is_valid(numbers.values), pc.is_valid(wide.models))
            rows = pa.array(range(len(held)), pa.int64()).filter(held)
            places = pc.add(pc.multiply(rows, len(wide.keys)), before + number)
            yield _long(wide, key, revision, held, numbers.values.filter(held), places)
        before += len(wide.models) * len(wide.keys)


def _long(wide: Wide, key: str, revision: str | None, held: pa.Array, values: pa.Array, places: pa.Array) -> pa.Table:
    constant = {
        "task": board_of(key),
        "split": SPLIT,
        "subset": SUBSET,
        "metric": METRIC,
        "provenance_name": DATASET,
        "provenance_path": wide.path,
        "provenance_revision": revision,
        "derived_from": "hub" if key in BOARDS else None,
    }
    varying = {"source_model": wide.models.filter(held), "value": values, "place": places}
    columns = [
        varying[field.name] if field.name in varying else _repeated(constant.get(field.name), field.type, len(values))
        for field in SCORES.schema
    ]
    return pa.Table.from_arrays(columns, schema=SCORES.schema)


def _repeated(value: object, kind: pa.DataType, times: int) -> pa.Array:
    return pa.nulls(times, kind) if value is None else pa.repeat(pa.scalar(value, kind), times)


def model_rows(wides: Sequence[Wide]) -> dict[str, dict[str, Any]]:
    """Rows of MODELS by name, in the order in which they are met."""
    models: dict[str, dict[str, Any]] = {}
    for wide in wides:
        columns = (wide.models.to_pylist(), wide.providers.to_pylist(), wide.sizes.to_pylist())
        for name, provider, billions in zip(*columns, strict=True):
            if name is not None:
                row = {
                    "name": name,
                    "organization": provider,
                    "parameters": _parameters(billions),
                    "url": f"{SITE}/{name}" if HUB_ID.fullmatch(name) else None,
                    "place": len(models),
                }
                models.setdefault(name, row)
    return models


def _parameters(billions: float | None) -> int | None:
    """Number of parameters; the table has 0 and NaN for unknown."""
    number = round((billions or 0.0) * 1e9)
    return number if 0 < number < MAX_PARAMETERS else None


def described(keys: Sequence[str], models: Mapping[str, dict[str, Any]]) -> dict[str, pa.Table]:
    subsets = [{"task": board_of(key), "subset": SUBSET, "place": 0} for key in keys]
    return {
        "models": MODELS.rows(list(models.values())),
        "tasks": TASKS.rows([_task(key, place) for place, key in enumerate(keys)]),
        "task_subsets": TASK_SUBSETS.rows(subsets),
        "benchmarks": BENCHMARKS.rows([_benchmark(key, place) for place, key in enumerate(keys)]),
    }


def benchmark_task(key: str) -> dict[str, Any]:
    return {"benchmark": board_of(key), "task": board_of(key), "place": 0, "splits": [SPLIT], "subsets": [SUBSET]}


def _about(key: str, place: int) -> dict[str, Any]:
    return {
        "name": board_of(key),
        "display_name": board_of(key),
        "description": f"The column {key}_score of {DATASET}.",
        "url": f"{SITE}/datasets/{BOARDS.get(key, DATASET)}",
        "place": place,
    }


def _task(key: str, place: int) -> dict[str, Any]:
    return _about(key, place) | {
        "metric": METRIC,
        "unit": UNIT,
        "lower_is_better": False,
        "dataset": BOARDS.get(key),
        "splits": [SPLIT],
    }


def _benchmark(key: str, place: int) -> dict[str, Any]:
    return _about(key, place) | {
        "aliases": [key] if key in BOARDS else [],
        "in_menu": False,
        "aggregations": [],
        "default_method": METHOD,
        "show_zero_shot": False,
        "ranks_variants": True,
    }
