"""The wide table as a file holds it: which models, which columns, and what of a column is a number."""

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.source import Problem

MAX_BYTES = 64 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MODEL, PROVIDER, SIZE = "model_name", "provider", "parameters_billions"
SCORE = re.compile(r"(?!aggregate_score$)([^\x00-\x1f\x7f]{1,200})_score")
PRINTABLE = re.compile(r"[^\x00-\x1f\x7f]{1,300}")


class WrongTable(Exception):
    """A file that holds no such table; the message says what it lacks or has too much of."""


@dataclass(frozen=True)
class Wide:
    """One file's table. `models` and `providers` hold a name a row, null where there is none that can be used."""

    path: str
    models: pa.Array
    providers: pa.Array
    sizes: pa.Array
    keys: tuple[str, ...]
    columns: tuple[pa.Array, ...]


def read_wide(file: Path, path: str, problems: list[Problem]) -> Wide:
    """Raises WrongTable, OSError or ArrowException for a file that is no such table."""
    if file.stat().st_size > MAX_BYTES:
        raise WrongTable(f"has more than {MAX_BYTES:,} bytes")
    with pq.ParquetFile(file) as parquet:
        schema = parquet.schema_arrow
        _check(schema, parquet.metadata.num_rows)
    names = [name for name in schema.names if name in (MODEL, PROVIDER, SIZE) or SCORE.fullmatch(name)]
    for name in [name for name in names if not _is_plain(schema.field(name).type)]:
        problems.append(Problem(f"{path}: {name}", f"holds {schema.field(name).type}, no numbers, and was left out"))
        names.remove(name)
    texts = [name for name in names if _is_text(schema.field(name).type)]
    with pq.ParquetFile(file, read_dictionary=texts) as parquet:
        return _sorted_out(parquet.read(columns=names), path, problems)


def _sorted_out(table: pa.Table, path: str, problems: list[Problem]) -> Wide:
    keys = tuple(match[1] for name in table.column_names if (match := SCORE.fullmatch(name)))
    models = _names(table, MODEL)
    if unnamed := models.null_count:
        problems.append(Problem(path, f"{unnamed:,} rows name no model and were left out"))
    sizes = table[SIZE] if SIZE in table.column_names else pa.nulls(len(table), pa.float64())
    columns = tuple(table[f"{key}_score"].combine_chunks() for key in keys)
    return Wide(path, models, _names(table, PROVIDER), numbers_of(sizes).values, keys, columns)


def _check(schema: pa.Schema, rows: int) -> None:
    if rows > MAX_ROWS or len(schema) > MAX_COLUMNS:
        raise WrongTable(
            f"has {rows:,} rows of {len(schema):,} columns, and more than {MAX_ROWS:,} of {MAX_COLUMNS:,} are not read"
        )
    if len(set(schema.names)) < len(schema):
        raise WrongTable("has several columns of one name")
    missing = [f"{MODEL} (text)"] if MODEL not in schema.names or not _is_text(schema.field(MODEL).type) else []
    missing += [] if any(SCORE.fullmatch(name) for name in schema.names) else ["<benchmark>_score"]
    if missing:
        raise WrongTable(f"has no column {' and no column '.join(missing)}")


def _is_plain(kind: pa.DataType) -> bool:
    return _is_text(kind) or bool(pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind))


def _is_text(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value))


def _names(table: pa.Table, column: str) -> pa.Array:
    """Usable names, a row each; read as a dictionary, so that a long one repeated takes no room."""
    if column not in table.column_names or not _is_text(table.schema.field(column).type):
        return pa.nulls(len(table), pa.string())
    encoded = table[column].combine_chunks().dictionary_encode()
    names = [name if name and PRINTABLE.fullmatch(name) else None for name in encoded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(encoded.indices)


@dataclass(frozen=True)
class Numbers:
    """The finite numbers of a column, null elsewhere; `odd` cells hold something else than a number or NaN."""

    values: pa.Array
    odd: pa.Array


def numbers_of(column: pa.Array | pa.ChunkedArray) -> Numbers:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = array.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        values = array.cast(pa.float64(), safe=False)
        odd = pc.fill_null(pc.is_inf(values), False)
        return Numbers(pc.if_else(pc.fill_null(pc.is_finite(values), False), values, None), odd)
    return Numbers(pa.nulls(len(array), pa.float64()), pc.is_valid(array))
