"""The questions of SITE as both backends keep them: workbooks and files of samples."""

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any

from etl.collect.accuracies import percent
from etl.collect.chance import Question
from etl.collect.files import ResultFile, Unusable
from etl.collect.workbooks import read_rows

MAX_LINES = 200_000
LONGEST_LIST = 65_536
MAX_SAMPLES_BYTES = 4 * 2**30
LONGEST_LINE = 64 * 2**20
OPTIONS = ("options", "candidates")


def read_workbook(file: ResultFile) -> Iterator[Question]:
    """The questions of VLMEvalKit's workbook; a row without a list of options is left out. Raises `Unusable`."""
    rows = read_rows(file)
    header = [str(cell) for cell in next(rows, [])]
    if not {"category", "hit"} <= set(header) or not set(OPTIONS) & set(header):
        raise Unusable(f"{file.path} lacks a column: `category`, `hit` and `options` (or `candidates`) are needed")
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        options = _count_options(cells)
        if options:
            chance = 1 / options
            hit = percent(cells["hit"], 1) or 0.0
            yield Question((str(cells["category"]).strip(),), hit - chance, 1 - chance)


def read_samples(file: ResultFile, metric: str) -> Iterator[Question]:
    """The questions of lmms-eval's samples, which hold the adjustment themselves. Raises `Unusable`."""
    for number, line in _lines(file):
        adjustment = _metric(line, metric)
        gained, possible = (percent(adjustment.get(key), 1) for key in ("overall", "total"))
        if gained is None or possible is None:
            raise Unusable(
                f"{file.path}, line {number} has no `{metric}` with the numbers `overall` and `total`: the run may not "
                "have finished; run it again, or remove the file"
            )
        yield Question(tuple(adjustment), float(adjustment["overall"]), float(adjustment["total"]))


def _count_options(cells: Mapping[str, Any]) -> int:
    """How many options a question has; 0 where no list of them can be read."""
    for column in OPTIONS:
        text = cells.get(column)
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_LIST:
            continue
        try:
            options = ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(options, list | tuple):
            return len(options)
    return 0


def _lines(file: ResultFile) -> Iterator[tuple[int, bytes]]:
    if file.size > MAX_SAMPLES_BYTES:
        raise Unusable(f"{file.path} has {file.size:,} bytes, where at most {MAX_SAMPLES_BYTES:,} can be")
    try:
        with file.path.open("rb") as lines:
            for number in range(1, MAX_LINES + 1):
                line = lines.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    raise Unusable(f"{file.path}, line {number} is longer than {LONGEST_LINE:,} bytes")
                if line.strip():
                    yield number, line
            if lines.read(1):
                raise Unusable(f"{file.path} has more than {MAX_LINES:,} lines")
    except OSError as error:
        raise Unusable(f"{file.path} cannot be read: {error.strerror or error}") from error


def _metric(line: bytes, metric: str) -> Mapping[str, Any]:
    """The metric of one sample; empty where there is none, or the line is not JSON."""
    try:
        sample = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    found = sample.get(metric) if isinstance(sample, dict) else None
    return found if isinstance(found, dict) else {}
