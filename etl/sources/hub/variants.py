"""Tells the runs of one model on one task apart: the plain one, and what the others are called."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import PurePosixPath

from etl.sources.hub.rows import Key, Row

MAX_VARIANT = 120


def name_variants(rows: list[Row], shown: Collection[Key], lower_is_better: bool) -> dict[Key, str | None]:
    """The variant of each row, unique within its model; None is the plain run.

    Of the rows without notes the plain run is the one of the default view (`shown`), then the one that is no pull
    request's, then the better one. The others are called by their notes or file, then by their pull request.
    """
    runs: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        runs[row.model].append(row)

    def preference(row: Row) -> tuple[object, ...]:
        better = row.value if lower_is_better else -row.value
        return row.key not in shown, row.pull_request is not None, better, row.filename or "", row.pull_request or 0

    return {
        key: variant for of_model in runs.values() for key, variant in _named(sorted(of_model, key=preference)).items()
    }


def _named(rows: list[Row]) -> dict[Key, str | None]:
    plain = next((row for row in rows if said(row.notes) is None), None)
    named: dict[Key, str | None] = {} if plain is None else {plain.key: None}
    for row in rows:
        if row is not plain:
            named[row.key] = next(name for name in _names(row) if name not in named.values())
    return named


def _names(row: Row) -> Iterator[str]:
    file = PurePosixPath(row.filename or "").name
    name = said(row.notes) or file or "other"
    yield name
    if row.pull_request is not None:
        name = f"{name} #{row.pull_request}"
        yield name
    if file and file not in name:
        name = f"{name} ({file})"
        yield name
    yield from (f"{name} [{number}]" for number in count(2))


def said(notes: str | None) -> str | None:
    """Notes on one line and of bearable length; None where they say nothing."""
    line = " ".join((notes or "").split())
    return (line if len(line) <= MAX_VARIANT else line[: MAX_VARIANT - 1] + "…") or None
