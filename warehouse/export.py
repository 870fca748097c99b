"""The tables of a snapshot as files: Parquet, CSV, Arrow, or one DuckDB file, with what describes them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.croissant import croissant
from warehouse.datapackage import data_package
from warehouse.description import Description, File, read_origins
from warehouse.layout import STORAGE, table_comments
from warehouse.statements import literal
from warehouse.store import Published
from warehouse.stored import STORED
from warehouse.tables import MOMENT, TEXTS, Column, Table

DATA_PACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
BATCH_ROWS = 100_000
# How CSV holds what it has no form for: lists as JSON, and times so that everybody reads them as UTC.
AS_TEXT = {TEXTS: "to_json({})", MOMENT: "strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')"}


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[Table] = STORED) -> None:
    """Write `<table>.parquet` for tables of the open snapshot. Strings are plain strings there."""
    for table in tables:
        _copy(connection, f"from {table.name}", folder / f"{table.name}.parquet", "format parquet, compression zstd")


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[Table] = STORED) -> None:
    """Write `<table>.csv`: an empty field is null, and two quotes are the empty text."""
    for table in tables:
        columns = ", ".join(map(_as_text, table.columns))
        _copy(
            connection, f"select {columns} from {table.name}", folder / f"{table.name}.csv", "format csv, header true"
        )


def write_arrow(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[Table] = STORED) -> None:
    """Write `<table>.arrow` (Arrow IPC files), with the descriptions of the columns in their metadata."""
    for table in tables:
        schema = _described(table)
        rows = connection.sql(f"select {', '.join(map(_plain, table.columns))} from {table.name}")
        with pa.ipc.new_file(folder / f"{table.name}.arrow", schema) as written:
            for batch in rows.to_arrow_reader(BATCH_ROWS):
                written.write_batch(pa.record_batch(batch.columns, names=schema.names).cast(schema))


def write_duckdb(connection: duckdb.DuckDBPyConnection, file: Path, tables: Sequence[Table]) -> None:
    """Write one DuckDB file with some tables of the open snapshot and their comments."""
    connection.execute(f"attach {literal(str(file))} as chosen (storage_version '{STORAGE}')")
    for table in tables:
        connection.execute(f"create table chosen.main.{table.name} as from {table.name}")
    connection.execute("; ".join(comment for table in tables for comment in table_comments("chosen.main", table)))
    connection.execute("checkpoint chosen; detach chosen")


def describe(connection: duckdb.DuckDBPyConnection, folder: Path, snapshot: Published, files: tuple[File, ...]) -> None:
    """Write what describes a folder's files: as a Data Package, and as Croissant where they are Parquet."""
    described = Description(snapshot, files, read_origins(connection))
    _write_json(folder / DATA_PACKAGE, data_package(described))
    if any(file.format == "parquet" for file in files):
        _write_json(folder / CROISSANT, croissant(described))


Writer = Callable[[duckdb.DuckDBPyConnection, Path, Sequence[Table]], None]
FOLDERS: dict[str, Writer] = {"parquet": write_parquet, "csv": write_csv, "arrow": write_arrow}


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, file: Path, options: str) -> None:
    connection.execute(f"copy ({rows}) to $file ({options})", {"file": str(file)})


def _as_text(column: Column) -> str:
    return f"{AS_TEXT.get(column.type, '{}').format(column.name)} as {column.name}"


def _plain(column: Column) -> str:
    """The column, an ENUM as plain text."""
    return f"{column.name}::varchar as {column.name}" if column.enum else column.name


def _described(table: Table) -> pa.Schema:
    fields = [pa.field(each.name, each.type, metadata={"description": each.description}) for each in table.columns]
    return pa.schema(fields, {"description": table.description})


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
