"""`standings catalog`: write what other tools know, for builds to read."""

from pathlib import Path

import click

from api.commands.options import Failed, ends_clearly
from etl.source import Unreadable
from etl.sources import mteb


@click.group(short_help="Write a catalogue from its own package.")
def catalog() -> None:
    """Write the catalogue of a benchmark suite from its own package."""


@catalog.command("mteb")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@ends_clearly
def catalog_mteb(out: Path) -> None:
    """Write MTEB's benchmarks, tasks, models, languages and menu as JSON files into OUT.

    It needs the package `mteb` beside Standings; builds themselves do not.
    """
    try:
        mteb.write_catalogue(out)
    except Unreadable as error:
        raise Failed(str(error)) from error
    click.echo(f"Wrote the MTEB catalogue to {out}.")
