"""The tables of accuracies that VLMEvalKit writes: one header, few rows, with tabs or commas."""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass

from etl.collect.facts import VlmBenchmark
from etl.collect.files import ResultFile, Unusable, read_text

MAX_BYTES = 4 * 2**20
MAX_ROWS = 1_000

Row = Mapping[str, str]


@dataclass(frozen=True)
class Accuracies:
    """The headline and the sub-scores of one benchmark, in percent; null: not there."""

    value: float | None
    subs: Mapping[str, float | None]
    repairs: tuple[str, ...] = ()


def read_accuracies(file: ResultFile, benchmark: VlmBenchmark) -> Accuracies:
    """What one table says of a benchmark. Raises `Unusable` for a file that is no such table."""
    rows = _rows(file, benchmark)
    if benchmark.settings:
        return _by_setting(rows, benchmark)
    row = max(rows, key=_count_numbers) if benchmark.fullest else rows[0]
    subs = {key: percent(row.get(column), benchmark.scale) for key, column in benchmark.subs.items()}
    repairs = () if row is rows[0] else ("EASI's own tool gives NaN, from a first row that lacks most columns",)
    return Accuracies(percent(row.get(benchmark.overall), benchmark.scale), subs, repairs)


def percent(value: object, scale: float) -> float | None:
    """A number in percent, to four decimals; null for what is none, or not finite."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value) * scale
    except (ValueError, OverflowError):
        return None
    return round(number, 4) if math.isfinite(number) else None


def _by_setting(rows: list[Row], benchmark: VlmBenchmark) -> Accuracies:
    by_setting = {row.get("setting"): row for row in reversed(rows)}
    subs = {
        prefix + key: percent(by_setting.get(setting, {}).get(column), benchmark.scale)
        for setting, prefix in benchmark.settings.items()
        for key, column in benchmark.subs.items()
    }
    headline = by_setting.get(next(iter(benchmark.settings)), {})
    return Accuracies(percent(headline.get(benchmark.overall), benchmark.scale), subs)


def _rows(file: ResultFile, benchmark: VlmBenchmark) -> list[Row]:
    text = read_text(file, MAX_BYTES)
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=separator, restkey="", restval="")
    try:
        rows: list[Row] = [row for row, _ in zip(reader, range(MAX_ROWS), strict=False)]
    except csv.Error as error:
        raise Unusable(f"{file.path} is not CSV: {error}") from error
    if not rows or benchmark.overall not in (reader.fieldnames or ()):
        raise Unusable(
            f"{file.path} has no row with a column `{benchmark.overall}`: the run may not have finished; "
            "run it again, or remove the file"
        )
    return rows


def _count_numbers(row: Row) -> int:
    return sum(percent(value, 1) is not None for value in row.values())
