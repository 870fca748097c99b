"""`standings build`: load sources into a new snapshot."""

import gc
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from api.commands.options import FAILED, as_json, data_dir, ends_clearly, keep, read_settings
from api.commands.report import print_report, watching
from etl.fetch import Hub, fetch, is_remote
from etl.pipeline import Report
from etl.pipeline import build as run
from etl.source import Load, Source, Unreadable
from warehouse.snapshot import read_sources
from warehouse.store import Store

CATALOG = "mteb-catalog"
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
    "easi_uri",
    envvar="STANDINGS_EASI",
    show_envvar=True,
    metavar="URI",
    help=f"EASI: what holds leaderboard/. {_URI}",
)
@click.option(
    "--hub",
    "hub_uri",
    envvar="STANDINGS_HUB",
    show_envvar=True,
    is_flag=False,
    flag_value="",
    metavar="[URL]",
    help="The Hub's benchmark leaderboards: from STANDINGS_HUB_URL, another address, or a directory of saved answers.",
)
@click.option(
    "--openevals",
    "openevals_uri",
    envvar="STANDINGS_OPENEVALS",
    show_envvar=True,
    metavar="URI",
    help=f"OpenEvals' table: what holds data/train-*.parquet. {_URI}",
)
@keep
@as_json
@ends_clearly
def build(
    data_dir: Path,
    mteb: str | None,
    mteb_catalog: str | None,
    easi_uri: str | None,
    hub_uri: str | None,
    openevals_uri: str | None,
    keep: int,
    as_json: bool,
) -> None:
    """Load the named sources, merge them with the last snapshot, check, and publish.

    Sources that are not named stay as they were. Whatever goes wrong, the last good snapshot stays served.

    \b
    Exit codes: 0 all sources were read; 1 one could not be read (the others are in); 2 wrong use;
    3 nothing was published: a check failed, or the data directory cannot be written.
    """
    uris = {"mteb": mteb, "mteb-catalog": mteb_catalog, "easi": easi_uri, "hub": hub_uri, "openevals": openevals_uri}
    named = {name: uri for name, uri in uris.items() if uri is not None}
    if not set(named) - {CATALOG}:
        raise click.UsageError("name at least one source: --mteb, --easi, --hub or --openevals")
    report = build_into(data_dir, named, keep, as_json=as_json)
    if any(source.error for source in report.sources):
        raise SystemExit(FAILED)


def build_into(data_dir: Path, named: Mapping[str, str], keep: int, *, as_json: bool = False) -> Report:
    """Build from the named sources (URI by name) and print what happened."""
    store = Store(data_dir)
    access = _access(named, data_dir / "cache")
    # A build makes millions of objects and few cycles: looking for them took a twentieth of its time.
    gc.disable()
    try:
        with watching(quiet=as_json) as progress:
            report = run(store, open_sources(named, access, store), progress, keep)
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
