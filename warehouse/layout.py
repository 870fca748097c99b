"""Write the tables of a snapshot: typed, sorted, described, with the views analysts read."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.build import KEPT, ORIGIN, Build
from warehouse.format import mark_layout
from warehouse.leaderboards import rank_boards
from warehouse.macros import macros
from warehouse.plans import plan_as_written, plan_freely
from warehouse.statements import heading, literal, names, read, statement
from warehouse.stored import FROM_KNOWN, RANKED, STORED, VALIDITY
from warehouse.tables import SQL_TYPES, Table

STORAGE = "v1.2.0"
MEANINGS = {column.name: column.description for table in STORED for column in table.columns} | {
    "first_version": "Label of the first version that has it.",
    "gone_version": "Label of the first version after it that has not; null: it is current.",
    "label": "Capability label, such as mm.",
    "name": "What the label stands for.",
    "complete": "Whether no task is missing.",
}


def write(build: Build, file: Path) -> None:
    """Write everything `build` knows to the new DuckDB file. `build` holds `model_aliases` by then."""
    connection = build.connection
    # Without a journal, which would be written twice over: what a build that breaks off leaves is thrown away.
    options = f"storage_version '{STORAGE}', recovery_mode no_wal_writes"
    connection.execute(f"attach {literal(str(file))} as store ({options})")
    connection.execute("use store")
    for path in names("enums"):
        _create_enum(connection, path.removeprefix("enums/"), read(path))
    for table in FROM_KNOWN:
        _write(connection, table, _statement(table))
    connection.execute("set threads = 1")
    plan_as_written(connection)
    for table in RANKED:
        _write(connection, table, _empty(table))
    rank_boards(connection)
    connection.execute("reset threads")
    plan_freely(connection)
    connection.execute("begin")
    _keep_origin(connection)
    _describe(connection)
    _add_views(connection)
    connection.execute("commit; checkpoint store; use memory; detach store")


def _create_enum(connection: duckdb.DuckDBPyConnection, name: str, values: str) -> None:
    """An ENUM of the values, sorted as texts are. One without a value has the empty text, as DuckDB 1 wants one."""
    known = f"select value from ({values}) as named where value is not null"
    empty = f"select '' where not exists ({known})"
    connection.execute(f"create type {name} as enum (select * from ({known} union all {empty}) order by all)")


def _write(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> None:
    columns = ", ".join(
        f"{column.name}::{column.enum} as {column.name}" if column.enum else column.name for column in table.columns
    )
    order = f" order by {', '.join(table.order)}" if table.order else ""
    connection.execute(f"create table {table.name} as select {columns} from ({rows}){order}")


def _statement(table: Table) -> str:
    """How the table is worked out: its file, or for a table that is kept as it came, the table itself."""
    if f"tables/{table.name}" in names("tables"):
        return statement(f"tables/{table.name}")
    return f"from temp.{table.name}"


def _empty(table: Table) -> str:
    columns = ", ".join(f"null::{SQL_TYPES[column.type]} as {column.name}" for column in table.columns)
    return f"select {columns} limit 0"


def _keep_origin(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema origin")
    mark_layout(connection)
    for table in ORIGIN:
        connection.execute(f"create table origin.{table.name} as from temp.origin_{table.name}")
    for table in KEPT:
        connection.execute(f"create table origin.{table.name} as from known_{table.name}")


def _describe(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("; ".join([*_stored_comments(), *_origin_comments()]))


def _stored_comments() -> Iterator[str]:
    for table in STORED:  # named in full: the build has temporary tables of some of these names
        yield from table_comments("store.main", table)


def table_comments(schema: str, table: Table) -> Iterator[str]:
    """Statements that say in the file what a table and its columns hold."""
    name = f"{schema}.{table.name}"
    yield _comment("table", name, table.description)
    for column in table.columns:
        yield _comment("column", f"{name}.{column.name}", column.description)


def _origin_comments() -> Iterator[str]:
    for table in (*ORIGIN, *KEPT):
        name = f"origin.{table.name}"
        yield _comment("table", name, f"As each source says it: {table.description}")
        for column in (*table.columns, *(VALIDITY if table in KEPT else ())):
            yield _comment("column", f"{name}.{column.name}", column.description)
        yield _comment("column", f"{name}.source", "Name of the source that says so.")


def _add_views(connection: duckdb.DuckDBPyConnection) -> None:
    for folder, schema in (("views", "main"), ("origin", "origin")):
        for path in names(folder):
            _add_view(connection, f"{schema}.{path.partition('/')[2]}", path)
    for macro in macros():
        connection.execute(f"create macro {macro.name}({', '.join(macro.parameters)}) as table {macro.sql}")
        connection.execute(_comment("macro table", macro.name, macro.meaning))


def _add_view(connection: duckdb.DuckDBPyConnection, view: str, path: str) -> None:
    connection.execute(f"create view {view} as {read(path)}")
    columns = [column[0] for column in connection.execute(f"from {view} limit 0").description or ()]
    comments = [_comment("column", f"{view}.{column}", MEANINGS[column]) for column in columns]
    connection.execute("; ".join([_comment("view", view, heading(path)), *comments]))


def _comment(kind: str, name: str, text: str) -> str:
    return f"comment on {kind} {name} is {literal(text)}"
