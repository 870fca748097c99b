"""Readings of boards as rows of the canonical tables."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from etl.sources.hub.catalog import Board
from etl.sources.hub.models import Result, ResultKey, web_address
from etl.sources.hub.reading import Reading
from etl.sources.hub.rows import Row

SUBSET = "default"
METHOD = "MEAN_SCORED"

Rows = list[dict[str, Any]]
Results = Mapping[str, Mapping[ResultKey, Result]]


def score_rows(reading: Reading, results: Results) -> Rows:
    """The rows of one board, as published, with the provenance that the models' own files give."""
    return [_score(reading, row, place, _result(reading, row, results)) for place, row in enumerate(reading.rows)]


def benchmark_task_row(board: Board) -> dict[str, Any]:
    return {"benchmark": board.name, "task": board.name, "place": 0, "splits": [board.split], "subsets": [SUBSET]}


def benchmark_row(board: Board, place: int, site: str) -> dict[str, Any]:
    return {
        "name": board.name,
        "display_name": board.display_name,
        "aliases": list(board.aliases),
        "description": board.description,
        "url": f"{site}/datasets/{board.dataset}",
        "in_menu": False,
        "aggregations": [],
        "default_method": METHOD,
        "show_zero_shot": False,
        "ranks_variants": True,
        "place": place,
    }


def task_row(reading: Reading, place: int, site: str) -> dict[str, Any]:
    board = reading.board
    return {
        "name": board.name,
        "display_name": board.display_name,
        "description": board.description,
        "url": f"{site}/datasets/{board.dataset}",
        "metric": reading.facts.metric,
        "unit": reading.facts.unit,
        "lower_is_better": reading.lower_is_better,
        "dataset": board.dataset,
        "license": board.license,
        "splits": [board.split],
        "place": place,
    }


def subset_row(board: Board) -> dict[str, Any]:
    return {"task": board.name, "subset": SUBSET, "place": 0}


def digest(tables: Iterable[pa.Table]) -> str:
    """A name for what the tables say, whatever the order of their rows and their places."""
    said = sorted(
        json.dumps({name: value for name, value in row.items() if name != "place"}, sort_keys=True, default=str)
        for table in tables
        for row in table.to_pylist()
    )
    return "sha256:" + hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _score(reading: Reading, row: Row, place: int, result: Result | None) -> dict[str, Any]:
    board, origin = reading.board, row.source
    return {
        "source_model": row.model,
        "variant": reading.variants[row.key],
        "task": board.name,
        "split": board.split,
        "subset": SUBSET,
        "metric": reading.facts.metric,
        "value": row.value,
        "verified": row.verified if row.verified is not None or result is None else result.verified,
        "source_rank": reading.ranks.get(row.key),
        "dataset_revision": result.dataset_revision if result else None,
        "provenance_name": (origin and origin.name) or (result.source_name if result else None),
        "provenance_path": row.filename,
        "provenance_url": (origin and web_address(origin.url)) or (result.source_url if result else None),
        "evaluated_at": result.evaluated_at if result else None,
        "pull_request": row.pull_request,
        "notes": row.notes or (result.notes if result else None),
        "place": place,
    }


def _result(reading: Reading, row: Row, results: Results) -> Result | None:
    """The entry of the model's own file; one that names no task is of the dataset's only or first."""
    board, of_model = reading.board, results.get(row.model, {})
    if row.filename is None:
        return None
    for task in (board.task, None):
        found = of_model.get((row.filename, board.dataset, task, row.pull_request))
        if found is not None:
            return found
    return None
