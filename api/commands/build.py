"""`standings build`: load sources into a new snapshot."""

import gc
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.options import FAILED, as_json, data_dir, ends_clearly, keep, read_settings
from api.commands.report import print_report, watching
from etl.fetch import Hub, fetch, is_remote
from etl.pipeline import Report
from etl.pipeline import build as run
from etl.source import Load, Source, Unreadable
from warehouse.snapshot import read_sources
from warehouse.store import Store

if TYPE_CHECKING:
    from etl.sources.submissions import SubmissionsSource

CATALOG = "mteb-catalog"
SUBMISSIONS = "submissions"
LEDGER = "ledger"  # what stands for its address, which may hold a password
LEDGER_FILE = Path("ledger") / "ledger.sqlite3"
LEDGER_URL = "STANDINGS_LEDGER_URL"
_URI = "A local path, or hf://datasets/org/name[@revision]."


@click.command(short_help="Load sources into a new snapshot.")
@data_dir
@click.option(
    "--mteb",
    envvar="STANDINGS_MTEB",
    show_envvar=True,
    metavar="URI",
    help=f"MTEB results: a tree, an archive of it, or the Parquet of the Hub dataset. {_URI}",
)
@click.option(
    "--mteb-catalog",
    envvar="STANDINGS_MTEB_CATALOG",
    show_envvar=True,
    metavar="DIR",
    help="MTEB's benchmarks, tasks and models, as `standings catalog mteb` writes them. Left out: the one given last.",
)
@click.option(
    "--easi",
    envvar="STANDINGS_EASI",
    show_envvar=True,
    metavar="URI",
    help=f"EASI: what holds leaderboard/. {_URI}",
)
@click.option(
    "--hub",
    envvar="STANDINGS_HUB",
    show_envvar=True,
    is_flag=False,
    flag_value="",
    metavar="[URL]",
    help="The Hub's benchmark leaderboards: from STANDINGS_HUB_URL, another address, or a directory of saved answers.",
)
@click.option(
    "--openevals",
    envvar="STANDINGS_OPENEVALS",
    show_envvar=True,
    metavar="URI",
    help=f"OpenEvals' table: what holds data/train-*.parquet. {_URI}",
)
@click.option(
    "--submissions",
    envvar="STANDINGS_SUBMISSIONS",
    show_envvar=True,
    is_flag=True,
    help="What was submitted: from the ledger, which is read in every build once it holds anything.",
)
@keep
@as_json
@ends_clearly
def build(data_dir: Path, keep: int, *, submissions: bool, as_json: bool, **uris: str | None) -> None:
    """Load the named sources, merge them with the last snapshot, check, and publish.

    Sources that are not named stay as they were, but for submissions, which follow the ledger. Whatever goes wrong,
    the last good snapshot stays served.

    \b
    Exit codes: 0 all sources were read; 1 one could not be read (the others are in); 2 wrong use;
    3 nothing was published: a check failed, or the data directory cannot be written.
    """
    named = {name.replace("_", "-"): uri for name, uri in uris.items() if uri is not None}
    if submissions:
        named[SUBMISSIONS] = LEDGER
    if not set(named) - {CATALOG} and not _has_ledger(data_dir):
        raise click.UsageError("name at least one source: --mteb, --easi, --hub, --openevals or --submissions")
    report = build_into(data_dir, named, keep, as_json=as_json)
    if any(source.error for source in report.sources):
        raise SystemExit(FAILED)


def build_into(data_dir: Path, named: Mapping[str, str], keep: int, *, as_json: bool = False) -> Report:
    """Build from the named sources (URI by name), and from the ledger, and print what happened."""
    store = Store(data_dir)
    access = _access(named, data_dir / "cache")
    # A build makes millions of objects and few cycles: looking for them took a twentieth of its time.
    gc.disable()
    try:
        with watching(quiet=as_json) as progress:
            sources = open_sources(named, access, store)
            if SUBMISSIONS not in named:
                sources += _follow_ledger(store)
            report = run(store, sources, progress, keep)
    finally:
        gc.enable()
    print_report(report, as_json=as_json)
    return report


def open_sources(named: Mapping[str, str], access: Hub, store: Store) -> list[Source]:
    """The named sources. One that is not there stands in the list too, and says so when it is loaded."""
    known = {row["name"]: row["uri"] for row in read_sources(store)}
    openers: dict[str, Callable[[str], Source]] = {
        "mteb": lambda uri: _mteb(uri, named.get(CATALOG) or known.get(CATALOG), access),
        "easi": lambda uri: _easi(uri, access),
        "hub": lambda uri: _hub(uri, access),
        "openevals": lambda uri: _openevals(uri, access),
        SUBMISSIONS: lambda uri: _submissions(store),
    }
    sources: list[Source] = []
    for name, opener in openers.items():
        if name in named:
            try:
                sources.append(opener(named[name]))
            except Unreadable as error:
                sources.append(Missing(name, named[name], error))
    return sources


class Missing:
    """A source that is not there."""

    def __init__(self, name: str, uri: str, error: Unreadable) -> None:
        self.name = name
        self.uri = uri
        self._error = error

    def load(self) -> Load:
        """Raises the `Unreadable` that was met when it was opened."""
        raise self._error


def _access(named: Mapping[str, str], cache: Path) -> Hub:
    """The Hub as it is set; without address and token where nothing that is named is there."""
    if not any(map(is_remote, named.values())):
        return Hub("", None, cache)
    settings = read_settings()
    token = settings.hub_token.get_secret_value() if settings.hub_token else None
    return Hub(settings.hub_url, token, cache)


def _has_ledger(data_dir: Path) -> bool:
    return bool(os.environ.get(LEDGER_URL)) or (data_dir / LEDGER_FILE).is_file()


def _follow_ledger(store: Store) -> list[Source]:
    """The ledger as a source, as long as it holds anything or the last snapshot was made with it."""
    known = _recorded_ledger(store) is not None
    if not known and not _has_ledger(store.root):
        return []
    try:
        source = _submissions(store)
    except Unreadable as error:
        return [Missing(SUBMISSIONS, LEDGER, error)]
    return [source] if known or source.holds_anything else []


def _recorded_ledger(store: Store) -> str | None:
    """The revision of the ledger that the last snapshot was made with; null: with none."""
    return next((row["revision"] for row in read_sources(store) if row["name"] == SUBMISSIONS), None)


# A source is imported when it is named: a build does not wait for the libraries of the others.


def _mteb(uri: str, catalog_uri: str | None, access: Hub) -> Source:
    from etl.sources import mteb  # noqa: PLC0415

    tree = fetch(uri, access, mteb.PATTERNS)
    catalogue = mteb.Catalogue.read(Path(catalog_uri)) if catalog_uri else None
    return mteb.MtebSource(uri, tree, catalogue)


def _easi(uri: str, access: Hub) -> Source:
    from etl.sources import easi  # noqa: PLC0415

    return easi.EasiSource(uri, fetch(uri, access, easi.PATTERNS))


def _hub(uri: str, access: Hub) -> Source:
    from etl.sources import hub  # noqa: PLC0415

    if not is_remote(uri):
        return hub.HubSource(uri, hub.SavedBoards(fetch(uri, access, ()).path))
    address = Hub(uri or access.endpoint, access.token, access.cache)
    return hub.HubSource(address.endpoint, hub.LiveBoards(address))


def _openevals(uri: str, access: Hub) -> Source:
    from etl.sources import openevals  # noqa: PLC0415

    return openevals.OpenEvalsSource(uri, fetch(uri, access, openevals.PATTERNS))


def _submissions(store: Store) -> "SubmissionsSource":
    """What was submitted. An empty ledger where there was another is taken for a wrong setting: nothing is dropped."""
    from etl.sources import submissions  # noqa: PLC0415
    from warehouse.ledger.errors import LedgerError  # noqa: PLC0415
    from warehouse.ledger.places import ledger_url  # noqa: PLC0415
    from warehouse.ledger.reading import read_state  # noqa: PLC0415

    set_url = read_settings().ledger_url if os.environ.get(LEDGER_URL) else None
    try:
        state = read_state(ledger_url(store.root, set_url.get_secret_value() if set_url else None))
    except LedgerError as error:
        raise Unreadable(str(error)) from None
    source = submissions.SubmissionsSource(state.revision, state.moved_at, state.submissions)
    if not source.holds_anything and _recorded_ledger(store) not in (None, state.revision):
        raise Unreadable(
            f"the ledger holds nothing, and the last snapshot was made with another: set {LEDGER_URL}, or bring back "
            f"{LEDGER_FILE} in the data directory"
        )
    return source
