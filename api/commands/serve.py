"""`standings serve` and `standings demo`."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from api.accounts.secret import NoSecret
from api.commands.build import SUBMISSIONS, build_into
from api.commands.listening import Listening, listens
from api.commands.options import data_dir, ends_clearly, keep, read_settings
from api.commands.refresh import BUSY, hub_every, refresh_command
from api.graphql.http.trusted import WrongDocuments, read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from api.refreshing import Refreshing
from api.submissions.opening import open_desk
from etl.moved import HUB_SECONDS
from etl.sample import write_sample
from warehouse.easi.facts import read_facts
from warehouse.ledger.errors import LedgerError
from warehouse.snapshot import read_sources
from warehouse.store import Store

refresh = click.option(
    "--refresh",
    envvar="STANDINGS_REFRESH",
    show_envvar=True,
    metavar="SECONDS",
    type=click.FloatRange(1.0, 30 * 86400.0),
    help="Run `standings refresh` beside the server: at once, then so long after it last ended. Left out: never.",
)
trusted_documents = click.option(
    "--trusted-documents",
    envvar="STANDINGS_TRUSTED_DOCUMENTS",
    show_envvar=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file of the only GraphQL documents that are answered.",
)


@click.command(short_help="Serve the current snapshot over HTTP.")
@data_dir
@listens
@trusted_documents
@refresh
@hub_every
@keep
@ends_clearly
def serve(
    data_dir: Path,
    listening: Listening,
    trusted_documents: Path | None,
    refresh: float | None,
    hub_every: float,
    keep: int,
) -> None:
    """Serve the current snapshot over HTTP: GraphQL at /graphql, /health and /ready.

    A snapshot that is published meanwhile is served from the next request on; no request is dropped. With --refresh,
    the submissions and those sources of the current snapshot that have moved are loaded again; --hub-every and
    --keep are for that.
    """
    if trusted_documents is not None:
        _check_documents(trusted_documents)
    if Store(data_dir).current() is None:
        listening.say(
            f"There is no snapshot in {data_dir} yet: /ready answers 503 until `standings build` publishes one."
        )
    _run(data_dir, listening, _refreshing(data_dir, refresh, hub_every, keep))


@click.command(short_help="Build the store from the sample, and serve it.")
@data_dir
@listens
@click.option(
    "--build-only",
    envvar="STANDINGS_BUILD_ONLY",
    show_envvar=True,
    is_flag=True,
    help="Build the store, and do not serve it.",
)
@refresh
@keep
@ends_clearly
def demo(data_dir: Path, listening: Listening, build_only: bool, refresh: float | None, keep: int) -> None:
    """Build the store from the sample that comes with Standings, and serve it.

    The sample holds published EASI-8 numbers and invented models; it goes the same way as real sources, into a
    directory of its own: one that holds other data is left as it is.
    """
    place = (data_dir / "sample").resolve()
    loaded = [row["uri"] for row in read_sources(Store(data_dir)) if row["name"] != SUBMISSIONS]
    others = [uri for uri in loaded if not Path(uri).resolve().is_relative_to(place)]
    if others:
        raise click.UsageError(f"{data_dir} holds other data ({others[0]}): name an empty directory by --data-dir")
    sample = write_sample(data_dir / "sample")
    build_into(
        data_dir,
        {
            "mteb": str(sample / "mteb"),
            "mteb-catalog": str(sample / "mteb-catalog"),
            "easi": str(sample / "easi"),
            "hub": str(sample / "hub"),
            "openevals": str(sample / "openevals"),
        },
        keep,
    )
    if not build_only:
        listening.say(f"Serving on http://{listening.host}:{listening.port}/graphql")
        _run(data_dir, listening, _refreshing(data_dir, refresh, HUB_SECONDS, keep))


def _check_documents(file: Path) -> None:
    """Raise click's UsageError for a file that cannot be used; the workers read it again."""
    try:
        read_trusted(file, Operations(build_schema(), read_settings().most_cost))
    except WrongDocuments as error:
        raise click.UsageError(str(error)) from None
    os.environ["STANDINGS_TRUSTED_DOCUMENTS"] = str(file)


@contextmanager
def _refreshing(data_dir: Path, seconds: float | None, hub_every: float, keep: int) -> Iterator[None]:
    """Load again what has moved, for as long as it is entered; nothing where it is not asked for."""
    if seconds is None:
        yield
        return
    with Refreshing(refresh_command(data_dir, hub_every, keep), seconds, expected={BUSY}):
        yield


def _run(data_dir: Path, listening: Listening, refreshing: AbstractContextManager[None]) -> None:
    os.environ["STANDINGS_DATA_DIR"] = str(data_dir)
    _check_submissions()
    listening.run(refreshing)


def _check_submissions() -> None:
    """Make the ledger, and say now what is wrong with it or with the settings, not from each worker."""
    try:
        desk = open_desk(read_settings(), read_facts())
    except (LedgerError, NoSecret, ValueError) as error:
        raise click.UsageError(str(error)) from None
    asyncio.run(desk.close())
