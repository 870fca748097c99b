"""How a build shows what it does, and says what it did."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
import orjson

from api.commands.options import console
from etl.pipeline import Report, SourceReport

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SHOWN = 10


@contextmanager
def watching(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A call for each step: shown on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console  # noqa: PLC0415 it is not needed where nobody watches

    with Console(stderr=True).status("starting") as status:
        yield status.update


def print_report(report: Report, *, as_json: bool) -> None:
    """The load report on standard output."""
    if as_json:
        click.echo(orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2))
        return
    output = console()
    output.print(_table(report.sources))
    for source in report.sources:
        _print_problems(output, source)
    if report.published:
        output.print(f"Published snapshot {report.snapshot} in {report.seconds:.1f} s.")
    elif report.snapshot:
        output.print(f"Nothing new: snapshot {report.snapshot} stays ({report.seconds:.1f} s).")
    else:
        output.print("Nothing was loaded, and there is no snapshot yet.")


def _table(sources: list[SourceReport]) -> "Table":
    from rich.table import Table  # noqa: PLC0415 it is not needed where JSON is asked for

    table = Table("source", "revision", box=None, pad_edge=False)
    for name in ("files", "rows", "versions", "new", "changed", "closed", "problems", "seconds"):
        table.add_column(name, justify="right")
    for source in sources:
        counts = (source.files, source.rows, source.versions, *asdict(source.change).values(), len(source.problems))
        table.add_row(
            source.name, _short(source.revision), *(f"{count:,}" for count in counts), f"{source.seconds:.1f}"
        )
    return table


def _print_problems(console: "Console", source: SourceReport) -> None:
    if source.error:
        console.print(f"{source.name} was not read: {source.error}", markup=False)
    for problem in source.problems[:SHOWN]:
        console.print(f"{source.name}: {problem.path}: {problem.message}", markup=False)
    if len(source.problems) > SHOWN:
        more = len(source.problems) - SHOWN
        console.print(
            f"{source.name}: {more:,} more problems; `--json` and the table `problems` have all", markup=False
        )


def _short(revision: str | None) -> str:
    return (revision or "-")[:23]
