"""`standings serve` and `standings demo`."""

import os
from pathlib import Path

import click
import uvicorn

from api.commands.build import build_into
from api.commands.options import data_dir, ends_clearly, keep, read_settings
from api.graphql.http.trusted import WrongDocuments, read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from etl.sample import write_sample
from warehouse.snapshot import read_sources
from warehouse.store import Store

host = click.option(
    "--host",
    envvar="STANDINGS_HOST",
    show_envvar=True,
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on.",
)
port = click.option(
    "--port",
    envvar="STANDINGS_PORT",
    show_envvar=True,
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
workers = click.option(
    "--workers",
    envvar="STANDINGS_WORKERS",
    show_envvar=True,
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes.",
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
@host
@port
@workers
@trusted_documents
@ends_clearly
def serve(data_dir: Path, host: str, port: int, workers: int, trusted_documents: Path | None) -> None:
    """Serve the current snapshot over HTTP: GraphQL at /graphql, /health and /ready.

    A snapshot that is published meanwhile is served from the next request on; no request is dropped.
    """
    if trusted_documents is not None:
        _check_documents(trusted_documents)
    if Store(data_dir).current() is None:
        click.echo(
            f"There is no snapshot in {data_dir} yet: /ready answers 503 until `standings build` publishes one.",
            err=True,
        )
    _run(data_dir, host, port, workers)


@click.command(short_help="Build the store from the sample, and serve it.")
@data_dir
@host
@port
@workers
@click.option(
    "--build-only",
    envvar="STANDINGS_BUILD_ONLY",
    show_envvar=True,
    is_flag=True,
    help="Build the store, and do not serve it.",
)
@keep
@ends_clearly
def demo(data_dir: Path, host: str, port: int, workers: int, build_only: bool, keep: int) -> None:
    """Build the store from the sample that comes with Standings, and serve it.

    The sample holds published EASI-8 numbers and invented models; it goes the same way as real sources, into a
    directory of its own: one that holds other data is left as it is.
    """
    place = (data_dir / "sample").resolve()
    loaded = [row["uri"] for row in read_sources(Store(data_dir))]
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
        click.echo(f"Serving on http://{host}:{port}/graphql", err=True)
        _run(data_dir, host, port, workers)


def _check_documents(file: Path) -> None:
    """Raise click's UsageError for a file that cannot be used; the workers read it again."""
    try:
        read_trusted(file, Operations(build_schema(), read_settings().most_cost))
    except WrongDocuments as error:
        raise click.UsageError(str(error)) from None
    os.environ["STANDINGS_TRUSTED_DOCUMENTS"] = str(file)


def _run(data_dir: Path, host: str, port: int, workers: int) -> None:
    os.environ["STANDINGS_DATA_DIR"] = str(data_dir)
    read_settings()  # says now what is wrong with the environment, not from each worker
    uvicorn.run(
        "api.app:create_app", factory=True, host=host, port=port, workers=workers, log_level="info", server_header=False
    )
