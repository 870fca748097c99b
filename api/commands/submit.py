"""`standings submit`: send scores and their archive to a server of Standings, or to EASI's own."""

import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click

from api.commands.delivery import WAITS, Parcel, Refused, Server, Unreachable, Watcher, deliver, plain
from api.commands.described import described, given
from api.commands.options import Failed
from etl.client import ENDPOINT, LOOPBACK, TOKEN
from etl.collect import Payload, PayloadProblem
from warehouse.easi.facts import read_facts

MAX_PAYLOAD_BYTES = 4 * 2**20
MAX_ARCHIVE_BYTES = 20 * 2**20
MAGIC = b"PK\x03\x04"
LONGEST_ID = 200
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command(short_help="Send scores and their archive.")
@click.argument("payload", type=FILE)
@click.argument("archive", metavar="ZIP", type=FILE)
@click.option(
    "--url",
    envvar="STANDINGS_URL",
    show_envvar=True,
    default="http://127.0.0.1:8000",
    show_default=True,
    help="The server; https://easi.lmms-lab.com is EASI's own.",
)
@click.option(
    "--model-name",
    envvar="STANDINGS_MODEL_NAME",
    show_envvar=True,
    metavar="ORG/NAME",
    help="The model's name on the Hub.",
)
@click.option("--backend", envvar="STANDINGS_BACKEND", show_envvar=True, help="Which tool evaluated it.")
@described
def submit(payload: Path, archive: Path, url: str, **about: str | None) -> None:
    """Send PAYLOAD, the scores as JSON, and ZIP, the results behind them.

    `standings collect` makes both. Options go before what stands in PAYLOAD. The token is that of HF_TOKEN, else that
    of `hf auth login`; it is sent by https only, but to this machine itself.

    \b
    Exit codes: 0 it was taken; 1 it was refused, or the server could not be reached; 2 wrong use.
    """
    checked = _payload(payload, given({**about, "backend": _backend(about["backend"])}))
    size = _check_archive(archive)
    server = _server(url)
    if missing := checked.missing(read_facts()):
        click.echo(f"Warning: of EASI-8 these have no score: {', '.join(missing)}.", err=True)
    try:
        with watching(size) as watcher:
            reply = deliver(server, Parcel(checked.dump(), archive), watcher, WAITS)
    except Refused as error:
        raise Failed(f"it was refused. {error}") from None
    except Unreachable as error:
        raise Failed(f"{error}; tried {WAITS.attempts} times") from None
    except OSError as error:
        raise Failed(f"{archive} cannot be read: {error.strerror or error}") from None
    name = reply.get("submissionId")
    said = f" as submission {plain(name, LONGEST_ID)}" if isinstance(name, str) and name else ""
    click.echo(f"{checked.fields['modelName']} was submitted to {server.url}{said}.")


@contextmanager
def watching(size: int) -> Iterator[Watcher]:
    """A bar on standard error where that is a terminal; tries after the first are told anywhere."""

    def again(number: int, failure: str) -> None:
        click.echo(f"{failure}; try {number} of {WAITS.attempts}.", err=True)

    if not sys.stderr.isatty():
        yield Watcher(lambda sent: None, again)
        return
    from rich.console import Console  # noqa: PLC0415 it is not needed where nobody watches
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    columns = ("sending", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sending", total=size)
        yield Watcher(lambda sent: bar.update(task, completed=sent), again)


def _payload(file: Path, about: dict[str, str]) -> Payload:
    try:
        if file.stat().st_size > MAX_PAYLOAD_BYTES:
            raise PayloadProblem(f"it is larger than {MAX_PAYLOAD_BYTES:,} bytes")
        return Payload.read(file.read_text("utf-8-sig"), about)
    except UnicodeDecodeError:
        raise click.UsageError(f"{file}: it is not UTF-8") from None
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror or error}") from None
    except PayloadProblem as error:
        raise click.UsageError(f"{file}: {error}") from None


def _backend(name: str | None) -> str | None:
    """`standings collect` has lmms-eval's own name, EASI's submissions have another."""
    return "lmmseval" if name == "lmms-eval" else name


def _check_archive(file: Path) -> int:
    """Its size in bytes. Wrong use where it is no zip, or too large."""
    size = file.stat().st_size
    if size > MAX_ARCHIVE_BYTES:
        raise click.UsageError(f"{file} has {size:,} bytes, where at most {MAX_ARCHIVE_BYTES:,} are taken")
    with file.open("rb") as archive:
        if archive.read(len(MAGIC)) != MAGIC or not zipfile.is_zipfile(archive):
            raise click.UsageError(f"{file} is not a zip, or it is empty or cut short: make it by `standings collect`")
    return size


def _server(url: str) -> Server:
    """The server and the token for it. Wrong use where the token may not be sent there."""
    host = urlsplit(url).hostname if ENDPOINT.fullmatch(url) else None
    if not host:
        raise click.UsageError("--url must be like https://example.org, without user name, query or fragment")
    if url.startswith("http:") and host not in LOOPBACK:
        raise click.UsageError("--url: a token is not sent over plain http; give the https address")
    token = os.environ.get("HF_TOKEN", "").strip() or _login()
    if not token:
        raise click.UsageError("there is no token: set HF_TOKEN, or sign in by `hf auth login`")
    if not TOKEN.fullmatch(token):
        raise click.UsageError("the Hub token holds characters that no token has; set it anew")
    return Server(url.rstrip("/"), token)


def _login() -> str | None:
    """The token of the Hub's own login; null: nobody has signed in."""
    from huggingface_hub import get_token  # noqa: PLC0415 it takes long to import

    return get_token()
