"""Rows as bytes: JSON, CSV, Parquet and Arrow's stream."""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

SQL_TYPE = b"sql_type"  # under which a column's schema tells it
CHUNK_ROWS = 10_000
LAST_DAY = 2**31 - 1  # so DuckDB says infinity, as days and as microseconds
LAST_MOMENT = 2**63 - 1


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: Any, /) -> object:
        """Take some bytes."""
        ...


class Unwritable(Exception):
    """Rows that a format cannot hold; the message says which column, and what to do."""


class BoundedSink(io.RawIOBase):
    """Takes bytes up to a number of them. Raises `OverflowError` beyond."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.body = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        """Take some bytes."""
        before = len(self.body)
        self.body += data
        if len(self.body) > self.most:
            raise OverflowError(f"more than {self.most:,} bytes")
        return len(self.body) - before


def name_apart(table: pa.Table) -> pa.Table:
    """The table with each name once: a second `a` becomes `a_1`."""
    taken = set(table.column_names)
    names: list[str] = []
    for name in table.column_names:
        free, number = name, 0
        while free in names or (number and free in taken):
            number += 1
            free = f"{name}_{number}"
        names.append(free)
    return table.rename_columns(names)


def check_times(table: pa.Table) -> None:
    """Raise `Unwritable` for dates and times that are infinite, which only DuckDB knows."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if not (pa.types.is_date32(kind) or pa.types.is_timestamp(kind)) or not len(column):
            continue
        last = LAST_DAY if pa.types.is_date32(kind) else LAST_MOMENT
        numbers = column.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64())
        extremes = pc.min_max(numbers).as_py()
        if extremes["max"] == last or extremes["min"] == -last:
            raise _unwritable(name, "an infinite time")


def write_json(table: pa.Table, sink: Sink) -> None:
    """An object with `columns` (name and type each) and `rows` (an object each)."""
    kinds = [{"name": field.name, "type": _kind(field)} for field in table.schema]
    sink.write(b'{"columns":' + orjson.dumps(kinds) + b',"rows":[')
    between = b""
    for chunk in json_rows(table):
        sink.write(between + orjson.dumps(chunk, default=_plain)[1:-1])
        between = b","
    sink.write(b"]}\n")


def json_rows(table: pa.Table) -> Iterator[list[dict[str, Any]]]:
    """The rows as dictionaries that orjson writes with `plain`, some thousands at a time. Raises `Unwritable`."""
    for start in range(0, len(table), CHUNK_ROWS):
        part = table.slice(start, CHUNK_ROWS)
        columns = [_values(name, column) for name, column in zip(part.column_names, part.columns, strict=True)]
        yield [dict(zip(part.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def write_rows(table: pa.Table, sink: Sink) -> None:
    """An indented JSON list of the rows, as one reads it on a terminal."""
    rows = [row for chunk in json_rows(table) for row in chunk]
    sink.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2, default=_plain) + b"\n")


def write_csv(table: pa.Table, sink: Sink) -> None:
    """CSV with a line of names: lists and the like as JSON texts, null as nothing."""
    pyarrow.csv.write_csv(_flat(table), sink)


def write_parquet(table: pa.Table, sink: Sink) -> None:
    """A Parquet file, compressed by zstd. Raises `Unwritable`."""
    for field in table.schema:
        if pa.types.is_interval(field.type) or pa.types.is_union(field.type):
            raise _unwritable(field.name, "a type that Parquet has not")
    pyarrow.parquet.write_table(table, sink, compression="zstd")


def write_arrow(table: pa.Table, sink: Sink) -> None:
    """Arrow's stream (IPC)."""
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)


FORMATS: Mapping[str, Callable[[pa.Table, Sink], None]] = MappingProxyType(
    {"json": write_json, "csv": write_csv, "parquet": write_parquet, "arrow": write_arrow}
)


def _values(name: str, column: pa.ChunkedArray) -> list[Any]:
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        raise _unwritable(name, "a time that JSON has not") from None


def _plain(value: Any) -> Any:
    """A value as one that JSON has: a decimal is a number with all its digits, a blob text as DuckDB shows it."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, bytes):
        return "".join(chr(each) if 32 <= each < 127 and each != 92 else f"\\x{each:02X}" for each in value)
    if isinstance(value, pa.MonthDayNano):
        return f"P{value.months}M{value.days}DT{Decimal(value.nanoseconds) / 10**9:f}S"
    if isinstance(value, timedelta):
        return f"PT{Decimal(value // timedelta(microseconds=1)) / 10**6:f}S"
    if isinstance(value, tuple):
        return list(value)
    return str(value)


def _flat(table: pa.Table) -> pa.Table:
    columns = [_flat_column(name, column) for name, column in zip(table.column_names, table.columns, strict=True)]
    return pa.table(columns, names=table.column_names)


def _flat_column(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """A column as CSV can hold it."""
    kind = column.type
    if pa.types.is_nested(kind):
        values = _values(name, column)
        texts = [None if each is None else orjson.dumps(each, default=_plain).decode() for each in values]
        return pa.array(texts, pa.string())
    if pa.types.is_dictionary(kind):
        return column.cast(pa.string())
    if pa.types.is_interval(kind) or pa.types.is_binary(kind):
        return pa.array([None if each is None else _plain(each) for each in column.to_pylist()], pa.string())
    return column


def _kind(field: pa.Field) -> str:
    """The SQL type of a column where it is told, else Arrow's."""
    told = (field.metadata or {}).get(SQL_TYPE)
    return told.decode() if told else str(field.type)


def _unwritable(name: str, why: str) -> Unwritable:
    return Unwritable(f"column `{name}` holds {why}: cast it to varchar")
