"""One version file: its time, its models and its scores."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.sources.easi import document, times
from etl.sources.easi.cells import Cell, cells
from etl.sources.easi.entries import Entry, entries
from etl.sources.easi.findings import Findings, Refused, printable
from warehouse.easi.facts import Facts
from warehouse.tables import SCORES

MOST_ROWS = 500_000
SPLIT = "test"


@dataclass(frozen=True)
class Version:
    """One version. `rows` are its scores in the file's order; `capabilities` is the map inside it, undecoded."""

    label: str
    path: str
    at: datetime
    entries: tuple[Entry, ...]
    rows: tuple[tuple[Entry, Cell], ...]
    capabilities: Any


def parse(content: bytes, file: Path, committed: datetime | None, facts: Facts, findings: Findings) -> Version:
    """The version that a file holds. `committed` dates a file that does not say. Raises `Refused`."""
    decoded = document.decode(content, findings)
    moment = _moment(decoded, file, committed)
    found = entries(decoded, findings)
    rows: list[tuple[Entry, Cell]] = []
    for entry, cell in _rows(found, facts, findings):
        if len(rows) >= MOST_ROWS:
            raise Refused(f"holds more than {MOST_ROWS} scores; it was left out")
        rows.append((entry, cell))
    inside = decoded.get("capabilityMap") if isinstance(decoded, dict) and "data" in decoded else None
    return Version(printable(file.stem), findings.path, moment, tuple(found), tuple(rows), inside)


def _rows(found: list[Entry], facts: Facts, findings: Findings) -> Iterator[tuple[Entry, Cell]]:
    for entry in found:
        for cell in cells(entry, facts, findings):
            yield entry, cell


def _moment(decoded: Any, file: Path, committed: datetime | None) -> datetime:
    said = decoded.get("lastUpdated") or decoded.get("submit_time") if isinstance(decoded, dict) else None
    moment = times.stamped(file.stem) or times.told(said)
    if moment is None and times.has_stamp(file.stem):
        raise Refused("has no possible date in its name; it was left out: name it bench_YYYYMMDDTHHMMSS.json (UTC)")
    moment = moment or committed or times.modified(file)
    if moment is None:
        raise Refused("has no usable time; it was left out: name it bench_YYYYMMDDTHHMMSS.json (UTC)")
    return moment


def score_table(version: Version, revision: str | None) -> pa.Table:
    """The scores of a version as rows of `SCORES`."""
    entries_, found = zip(*version.rows, strict=True) if version.rows else ((), ())
    count = len(found)
    columns: dict[str, list[Any]] = {
        "source_model": [entry.name for entry in entries_],
        "model_revision": [entry.revision for entry in entries_],
        "variant": [cell.variant for cell in found],
        "task": [cell.task for cell in found],
        "split": [SPLIT] * count,
        "subset": [cell.subset for cell in found],
        "metric": [cell.metric for cell in found],
        "value": [cell.value for cell in found],
        "provenance_name": ["EASI leaderboard"] * count,
        "provenance_path": [version.path] * count,
        "provenance_revision": [revision] * count,
        "evaluated_at": [entry.evaluated_at for entry in entries_],
        "tool": [entry.backend for entry in entries_],
        "submitted_by": [entry.submitted_by for entry in entries_],
        "notes": [cell.notes for cell in found],
        "place": list(range(count)),
    }
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(count, field.type)
        for field in SCORES.schema
    ]
    return pa.Table.from_arrays(arrays, schema=SCORES.schema)
