"""The command `sql`: one statement on the current snapshot, in the sandbox that answers `/sql`."""

import sys
from pathlib import Path

import click
import pyarrow as pa
from rich.table import Table

from api.commands.options import Failed, console, data_dir, ends_clearly
from warehouse.formats import FORMATS, Unwritable, write_rows
from warehouse.sandbox.limits import TooLarge, WrongStatement
from warehouse.sandbox.locked import Sandbox
from warehouse.store import Store, StoreError
from warehouse.watch import QueryTimeout

MEMORY = "2GB"
BINARY = {"parquet": "rows.parquet", "arrow": "rows.arrow"}


@click.command(short_help="Run one SQL statement on the current snapshot.")
@click.argument("query")
@data_dir
@click.option(
    "--format",
    "style",
    envvar="STANDINGS_FORMAT",
    show_envvar=True,
    type=click.Choice(["table", *FORMATS]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@click.option(
    "--seconds",
    envvar="STANDINGS_SQL_SECONDS",
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
    sandbox = Sandbox(current.file, MEMORY, seconds)
    try:
        with sandbox.answering(query) as found:
            rows = found.table(list(found.batches))
        _print(rows, style)
    except (WrongStatement, Unwritable, TooLarge) as error:
        raise click.UsageError(str(error)) from error
    except QueryTimeout as error:
        raise Failed(f"{error}; --seconds lets it run longer") from error
    finally:
        sandbox.close()


def _print(rows: pa.Table, style: str) -> None:
    if style == "table":
        _print_table(rows)
        return
    if style in BINARY and sys.stdout.isatty():
        raise click.UsageError(f"{style} is not for a terminal: send it to a file with `> {BINARY[style]}`")
    (write_rows if style == "json" else FORMATS[style])(rows, sys.stdout.buffer)


def _print_table(rows: pa.Table) -> None:
    table = Table(*rows.column_names, box=None, pad_edge=False)
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        table.add_row(*("" if value is None else str(value) for value in row))
    console().print(table, markup=False)
