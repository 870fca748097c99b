"""The command `shell`: DuckDB's own shell on the current snapshot."""

import os
import shutil
import sys
from pathlib import Path

import click

from api.commands.options import data_dir, ends_clearly
from warehouse.statements import read
from warehouse.store import Store, StoreError

PROGRAM = "duckdb"
ABSENT = f"DuckDB's shell is not here: `pip install 'standings[shell]'` brings it, or any `{PROGRAM}` on the PATH does"


@click.command(
    short_help="Open DuckDB's shell on the current snapshot.", context_settings={"ignore_unknown_options": True}
)
@data_dir
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@ends_clearly
def shell(data_dir: Path, options: tuple[str, ...]) -> None:
    """Open DuckDB's shell on the current snapshot, read-only. It begins with the views there are.

    OPTIONS go to the shell; `standings shell -help` shows its own.

    \b
    standings shell
    standings shell -csv -c "from leaderboard('EASI-8')"
    """
    current = Store(data_dir).current()
    if current is None:
        raise StoreError(f"there is no snapshot in {data_dir}: run `standings build` or `standings demo`")
    program = find_shell()
    if program is None:
        raise click.UsageError(ABSENT)
    words = [str(program), "-readonly", *(() if options else _greeting(current.id)), str(current.file), *options]
    os.execv(program, words)  # noqa: S606 - the shell has the terminal to itself


def find_shell() -> Path | None:
    """DuckDB's shell beside this Python, else on the PATH; null: there is none."""
    beside = Path(sys.executable).with_name(PROGRAM)
    if beside.is_file():
        return beside
    found = shutil.which(PROGRAM)
    return Path(found) if found else None


def _greeting(snapshot: str) -> list[str]:
    """What the shell does first: say which snapshot it is, which views it has, and how to ask for more."""
    lines = (
        f'.print "Snapshot {snapshot}, read-only. What it has:"',
        read("queries/offered") + ";",
        ".print \"describe scores; shows columns; their comments: from duckdb_columns() where table_name = 'scores';\"",
    )
    return [word for line in lines for word in ("-cmd", line)]
