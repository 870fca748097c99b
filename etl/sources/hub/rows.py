"""The rows of one leaderboard, read one by one so that an odd one does not cost the others."""

import math
from typing import Annotated, Any

import msgspec

from etl.source import Problem

MAX_ROWS = 20_000
MAX_PROBLEMS = 50
MODEL_ID = r"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95})?\Z"
PRINTABLE = r"\A[^\x00-\x1f\x7f]*\Z"

Line = Annotated[str, msgspec.Meta(max_length=2_000, pattern=PRINTABLE)]
Natural = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Key = tuple[str, str | None, int | None]


class Origin(msgspec.Struct, frozen=True):
    """Where a value was taken from."""

    url: str | None = None
    name: Line | None = None


class Row(msgspec.Struct, frozen=True):
    """One result of one model, by the API's names."""

    model: Annotated[str, msgspec.Meta(pattern=MODEL_ID)] = msgspec.field(name="modelId")
    value: float
    rank: Natural | None = None
    filename: Line | None = None
    verified: bool | None = None
    source: Origin | None = None
    pull_request: Natural | None = msgspec.field(name="pullRequest", default=None)
    notes: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None
    lower_is_better: bool | None = None
    num_parameters: Natural | None = None

    @property
    def key(self) -> Key:
        """What tells the results of one task apart."""
        return self.model, self.filename, self.pull_request


def read_rows(entries: list[Any], where: str, problems: list[Problem]) -> list[Row]:
    """The rows that can be read, in their order; each of the others is a Problem at `where`."""
    rows: dict[Key, Row] = {}
    odd: list[Problem] = []
    for place, entry in enumerate(entries[:MAX_ROWS]):
        try:
            row = read_row(entry)
            if row.key in rows:
                raise ValueError(f"repeats a result of {row.model}")
            rows[row.key] = row
        except (ValueError, OverflowError) as error:
            odd.append(Problem(f"{where}[{place}]", f"the row was left out: {error}"))
    if len(entries) > MAX_ROWS:
        odd.append(Problem(where, f"has {len(entries):,} rows, of which {MAX_ROWS:,} were read"))
    if len(odd) > MAX_PROBLEMS:
        odd[MAX_PROBLEMS:] = [Problem(where, f"{len(odd) - MAX_PROBLEMS:,} more rows were left out")]
    problems.extend(odd)
    return list(rows.values())


def read_row(entry: Any) -> Row:
    """One row. Raises ValueError that says what is wrong."""
    row = msgspec.convert(_whole(entry), Row)
    if not math.isfinite(row.value):
        raise ValueError(f"{row.value} is not a value")
    return row


def _whole(entry: Any) -> Any:
    """JSON knows one kind of number; msgspec tells 3.0 from 3."""
    if not isinstance(entry, dict):
        return entry
    counts = {name for name in ("rank", "pullRequest", "num_parameters") if isinstance(entry.get(name), float)}
    return entry | {name: int(entry[name]) for name in counts if entry[name].is_integer()}
