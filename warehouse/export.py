"""The tables of a snapshot as Parquet files."""

from pathlib import Path

import duckdb

from warehouse.stored import STORED


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write `<table>.parquet` for every table of the attached snapshot. Strings are plain strings there."""
    for table in STORED:
        connection.execute(
            f"copy (from {table.name}) to $file (format parquet, compression zstd)",
            {"file": str(folder / f"{table.name}.parquet")},
        )
