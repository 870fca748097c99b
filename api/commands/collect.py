"""`standings collect`: a finished result directory becomes scores and an archive to submit."""

from collections.abc import Iterable
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from api.commands.described import described, given
from api.commands.options import Failed, console
from etl.collect import BACKENDS, Collected, Payload, Unusable, Written, write
from etl.collect import collect as read
from warehouse.easi.facts import Facts, read_facts

MEGABYTE = 2**20
MOST_ARCHIVE = 20 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE


@click.command(short_help="Make what is submitted from a result directory.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--backend",
    envvar="STANDINGS_BACKEND",
    show_envvar=True,
    required=True,
    type=click.Choice(list(BACKENDS)),
    help="Which tool wrote the directory.",
)
@click.option(
    "--model",
    envvar="STANDINGS_MODEL_NAME",
    show_envvar=True,
    required=True,
    metavar="ORG/NAME",
    help="The model's name on the Hub. VLMEvalKit's files begin with its last part.",
)
@click.option(
    "--out",
    envvar="STANDINGS_OUT",
    show_envvar=True,
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where easi_results.json and easi_results.zip are written.",
)
@click.option(
    "--benchmarks",
    envvar="STANDINGS_BENCHMARKS",
    show_envvar=True,
    default="all",
    show_default=True,
    type=click.Choice(["all", "core"]),
    help="Scores of all benchmarks that were run, or of EASI-8 only.",
)
@described
def collect(
    directory: Path, backend: str, model: str, out: Path, benchmarks: str, revision: str | None, **about: str | None
) -> None:
    """Make easi_results.json and easi_results.zip from a finished result directory, for `standings submit`.

    DIR is the model's own directory, or the one above. Scores are in percent; null is what its file does not tell, and
    a benchmark without a file is left out.

    \b
    Exit codes: 0 both files were written; 1 the directory cannot be used; 2 wrong use.
    """
    facts = read_facts()
    said = given({"model_name": model, "revision": revision or "main", **about})
    try:
        collected = read(directory, backend, model)
        payload = Payload.of(collected, said, core=facts if benchmarks == "core" else None)
        written = write(collected, payload, out)
    except Unusable as error:
        raise Failed(str(error)) from error
    except OSError as error:
        place = error.filename or out
        raise Failed(f"{place} cannot be read or written: {error.strerror or error}") from error
    _show(collected, payload, facts)
    _tell(collected, payload, written)


def _show(collected: Collected, payload: Payload, facts: Facts) -> None:
    """The table of what was found and what was not, and what is missing of EASI-8."""
    scores = payload.fields["scores"]
    table = Table("benchmark", box=None, pad_edge=False)
    table.add_column("score", justify="right")
    table.add_column("sub-scores", justify="right")
    for name in ("files", "remarks"):
        table.add_column(name)
    for each in collected.found:
        left_out = () if each.id in scores else ("left out: not of EASI-8",)
        repaired = tuple(f"repaired: {repair}" for repair in each.repairs)
        value = "null" if each.value is None else f"{each.value:.4f}"
        cells = (each.id, value, str(len(each.subs)), _cell(each.files), _cell(left_out + repaired + each.notes))
        table.add_row(*map(Text, cells))
    for lost in collected.missing:
        table.add_row(*map(Text, (lost.id, "missing", "", "", f"looked for {lost.sought}")))
    output = console()
    output.print(table)
    if missing := payload.missing(facts):
        output.print(f"Missing of EASI-8: {', '.join(missing)}.", markup=False)


def _cell(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def _tell(collected: Collected, payload: Payload, written: Written) -> None:
    for note in collected.notes:
        click.echo(f"Note: {note}.")
    if "/" not in payload.fields["modelName"]:
        click.echo("Note: the model's name has no organization; `standings submit` needs it: --model-name org/name.")
    if written.size > MOST_ARCHIVE or written.unpacked > MOST_UNPACKED:
        click.echo("Note: the archive is larger than 20 MiB, or 100 MiB unpacked: it will be refused.")
    size = f"{len(collected.files):,} files, {written.size / MEGABYTE:.2f} MiB"
    click.echo(f"Wrote {written.payload} and {written.archive} ({size}).")
