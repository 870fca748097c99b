"""Commands that read: `sql`, `snapshots`, `rollback`."""

import sys
from pathlib import Path
from typing import Any

import click
import duckdb
import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from rich.table import Table

from api.commands.options import Failed, as_json, console, data_dir, ends_clearly
from warehouse.snapshot import Snapshot
from warehouse.store import Published, Store, StoreError
from warehouse.watch import QueryTimeout


@click.command(short_help="Run one SQL statement on the current snapshot.")
@click.argument("query")
@data_dir
@click.option(
    "--format",
    "style",
    envvar="STANDINGS_FORMAT",
    show_envvar=True,
    type=click.Choice(["table", "csv", "json", "parquet"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@click.option(
    "--seconds",
    envvar="STANDINGS_QUERY_SECONDS",
    show_envvar=True,
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1, 86400),
    help="How long the statement may run.",
)
@ends_clearly
def sql(query: str, data_dir: Path, style: str, seconds: float) -> None:
    """Run one SQL statement on the current snapshot, and print its rows.

    \b
    standings sql "from leaderboard('EASI-8')"
    standings sql --format csv "select model, value from latest_scores where task = 'vsi_bench'"
    """
    current = Store(data_dir).current()
    if current is None:
        raise StoreError(f"there is no snapshot in {data_dir}: run `standings build` or `standings demo`")
    snapshot = Snapshot(current, seconds=seconds, plans_freely=True)
    try:
        _print(snapshot.arrow(query), style)
    except (duckdb.Error, pa.ArrowException) as error:
        raise click.UsageError(str(error)) from error
    except QueryTimeout as error:
        raise Failed(f"{error}; --seconds lets it run longer") from error
    finally:
        snapshot.close()


@click.command(short_help="List the snapshots that are kept.")
@data_dir
@as_json
@ends_clearly
def snapshots(data_dir: Path, as_json: bool) -> None:
    """List the snapshots that are kept, newest first; the current one is marked."""
    store = Store(data_dir)
    current = _served(store)
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "builtAt": each.built_at.isoformat(),
            "bytes": each.file.stat().st_size,
            "current": each == current,
        }
        for each in store.list()
    ]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        return
    for row in rows:
        click.echo(f"{'*' if row['current'] else ' '} {row['id']}  {row['bytes'] / 1e6:8.1f} MB")
    if not rows:
        click.echo(f"There is no snapshot in {data_dir}.", err=True)


@click.command(short_help="Serve an older snapshot again.")
@click.argument("snapshot_id", metavar="ID")
@data_dir
@ends_clearly
def rollback(snapshot_id: str, data_dir: Path) -> None:
    """Serve an older snapshot again; `standings snapshots` lists them."""
    store = Store(data_dir)
    with store.building():
        store.point_to(store.find(snapshot_id))
    click.echo(f"Snapshot {snapshot_id} is current.")


def _served(store: Store) -> Published | None:
    """The current snapshot; null, and said so, where the pointer to it is broken."""
    try:
        return store.current()
    except StoreError as error:
        click.echo(f"None is current: {error}; `standings rollback ID` makes one so.", err=True)
        return None


def _print(rows: pa.Table, style: str) -> None:
    if style == "json":
        click.echo(orjson.dumps(rows.to_pylist(), option=orjson.OPT_INDENT_2, default=str))
    elif style == "csv":
        pyarrow.csv.write_csv(_flat(rows), sys.stdout.buffer)
    elif style == "parquet":
        if sys.stdout.isatty():
            raise click.UsageError("Parquet is not for a terminal: send it to a file with `> rows.parquet`")
        pyarrow.parquet.write_table(rows, sys.stdout.buffer)
    else:
        _print_table(rows)


def _print_table(rows: pa.Table) -> None:
    table = Table(*rows.column_names, box=None, pad_edge=False)
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        table.add_row(*("" if value is None else str(value) for value in row))
    console().print(table, markup=False)


def _flat(rows: pa.Table) -> pa.Table:
    """Lists as JSON texts, and what else CSV cannot hold as texts."""
    columns = []
    for name in rows.column_names:
        column = rows[name]
        if pa.types.is_nested(column.type):
            texts = [
                None if value is None else orjson.dumps(value, default=str).decode() for value in column.to_pylist()
            ]
            column = pa.chunked_array([pa.array(texts, pa.string())])
        elif pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        elif pa.types.is_interval(column.type) or pa.types.is_binary(column.type):
            column = pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
        columns.append(column)
    return pa.table(columns, names=rows.column_names)
