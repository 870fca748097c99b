"""Which layout of tables a file has, so that another one is told apart before anything is read from it."""

from pathlib import Path

import duckdb

from warehouse.store import StoreError

LAYOUT = 4


def mark_layout(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the number of the layout into the schema `origin` of the current database."""
    connection.execute(f"create table origin.layout as select {LAYOUT} as number")
    connection.execute("comment on table origin.layout is 'Which layout of tables this file has.'")
    connection.execute("comment on column origin.layout.number is 'Number of the layout.'")


def check_layout(connection: duckdb.DuckDBPyConnection, file: Path, schema: str = "origin") -> None:
    """Raise `StoreError` where an open file has another layout than this program writes."""
    try:
        rows = connection.execute(f"select number from {schema}.layout").fetchall()
    except duckdb.CatalogException:
        rows = []
    if rows != [(LAYOUT,)]:
        found = rows[0][0] if rows else 1
        raise StoreError(
            f"{file} has layout {found} and this version of Standings reads layout {LAYOUT}: "
            "build into a new data directory from the sources"
        )
