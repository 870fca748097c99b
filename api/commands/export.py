"""The command `export`: a snapshot as files to take along."""

from pathlib import Path

import click

from api.commands.options import Failed, data_dir, ends_clearly
from warehouse.store import Published, Store, StoreError
from warehouse.taking import FORMATS, NotTaken, take


@click.command(short_help="Write a snapshot as Parquet, CSV, Arrow or one DuckDB file.")
@click.argument("out", type=click.Path(path_type=Path))
@data_dir
@click.option(
    "--format",
    "form",
    envvar="STANDINGS_EXPORT_FORMAT",
    show_envvar=True,
    type=click.Choice(FORMATS),
    default="parquet",
    show_default=True,
    help="What to write: a folder with a file for each table, or for duckdb one file.",
)
@click.option(
    "--snapshot",
    envvar="STANDINGS_EXPORT_SNAPSHOT",
    show_envvar=True,
    metavar="ID",
    help="Which snapshot; left out: the current one.",
)
@click.option(
    "--table",
    "tables",
    envvar="STANDINGS_EXPORT_TABLES",
    show_envvar=True,
    metavar="NAME",
    multiple=True,
    help="Only this table; may be repeated.",
)
@click.option(
    "--force",
    envvar="STANDINGS_EXPORT_FORCE",
    show_envvar=True,
    is_flag=True,
    help="Replace an export that is at OUT.",
)
@ends_clearly
def export(out: Path, data_dir: Path, form: str, snapshot: str | None, tables: tuple[str, ...], force: bool) -> None:
    """Write a snapshot to OUT: a folder with a file for each table, or one DuckDB file.

    OUT is whole or not there. A folder holds datapackage.json, which says what is in it, and with Parquet
    croissant.json too.

    \b
    standings export standings-csv --format csv --table models --table scores
    standings export standings.duckdb --format duckdb
    """
    published = _asked(Store(data_dir), snapshot)
    try:
        take(published, out, form, tables, replace=force)
    except NotTaken as error:
        raise Failed(str(error)) from error
    click.echo(f"Wrote snapshot {published.id} to {out}.")


def _asked(store: Store, snapshot: str | None) -> Published:
    published = store.find(snapshot) if snapshot else store.current()
    if published is None:
        raise StoreError(f"there is no snapshot in {store.root}: run `standings build` or `standings demo`")
    return published
