"""`standings refresh`: load again what has moved."""

import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from api.commands.build import LEDGER, SUBMISSIONS, build_into
from api.commands.options import FAILED, as_json, data_dir, ends_clearly, keep, read_settings
from api.commands.report import print_report
from api.settings import Settings
from etl.access import Hub
from etl.moved import HUB_SECONDS, Found, Lookout, Recorded
from etl.pipeline import Report
from etl.seen import Memory, read_memory, write_memory
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.places import ledger_url
from warehouse.ledger.reading import read_state
from warehouse.snapshot import read_sources
from warehouse.store import Published, Store, StoreError

BUSY = 4
READ_WITH = {"mteb-catalog": "mteb"}  # what is no source of its own, and the one it is read with

hub_every = click.option(
    "--hub-every",
    envvar="STANDINGS_HUB_EVERY",
    show_envvar=True,
    default=HUB_SECONDS,
    show_default=True,
    metavar="SECONDS",
    type=click.FloatRange(1.0, 30 * 86400.0),
    help="How old the Hub's live boards may become. They have no revision that could be asked for.",
)


class Busy(click.ClickException):
    """The end of a refresh beside another build."""

    exit_code = BUSY


def refresh_command(data_dir: Path, hub_every: float, keep: int) -> list[str]:
    """The command line of one pass in a process of its own. Tokens go by the environment alone."""
    words = ["refresh", "--data-dir", str(data_dir), "--hub-every", str(hub_every), "--keep", str(keep), "--quiet"]
    return [sys.executable, "-P", "-c", "from api.cli import main; main(prog_name='standings')", *words]


@click.command(short_help="Load again what has moved.")
@data_dir
@hub_every
@click.option(
    "--quiet",
    envvar="STANDINGS_QUIET",
    show_envvar=True,
    is_flag=True,
    help="Say nothing where nothing has moved.",
)
@keep
@as_json
@ends_clearly
def refresh(data_dir: Path, hub_every: float, quiet: bool, keep: int, as_json: bool) -> None:
    """Load again the submissions and those sources of the current snapshot that have moved since they were read.

    Which have moved is told without reading them: by the commit of a dataset, by names, sizes and times of local
    files, by the ledger's revision. `standings serve --refresh SECONDS` does this again and again.

    \b
    Exit codes: 0 what has moved was read; 1 a source could not be looked at or read (the others are in);
    2 wrong use; 3 nothing was published: a check failed, or the data directory cannot be written;
    4 another build is running, and this one did nothing.
    """
    started = time.monotonic()
    store = Store(data_dir)
    current, memory = store.current(), read_memory(data_dir)
    if current and _is_rolled_back(store, current, memory):
        click.echo(
            f"Snapshot {current.id} was chosen by `standings rollback`: nothing is refreshed until a build "
            "publishes a new one, or a newer one is chosen.",
            err=True,
        )
        return
    settings = read_settings()
    lookout = Lookout(memory, _hub(settings, data_dir), data_dir, time.time(), hub_every)
    found = _look(lookout, store, settings, data_dir)
    named = to_build(found)
    report = _build(data_dir, named, keep, as_json=as_json) if named else None
    if report is None and not quiet:
        _say_unmoved(Report(current.id if current else None, False, [], time.monotonic() - started), as_json=as_json)
    read = {source.name: source.error for source in report.sources} if report else {}
    _remember(lookout, store, found, read)
    if _say_unread(found, read) or any(read.values()):
        raise SystemExit(FAILED)


def _is_rolled_back(store: Store, current: Published, memory: Memory) -> bool:
    """Whether a newer snapshot was current before and is still there."""
    return current.id < memory.snapshot and any(each.id == memory.snapshot for each in store.list())


def _hub(settings: Settings, data_dir: Path) -> Hub:
    token = settings.hub_token.get_secret_value() if settings.hub_token else None
    return Hub(settings.hub_url, token, data_dir / "cache")


def _look(lookout: Lookout, store: Store, settings: Settings, data_dir: Path) -> list[Found]:
    recorded = {source.name: source for source in map(_recorded, read_sources(store))}
    ledger = recorded.pop(SUBMISSIONS, Recorded(SUBMISSIONS, LEDGER, "0", 0.0))
    return [_look_at_ledger(lookout, ledger, settings, data_dir), *map(lookout.look, recorded.values())]


def _recorded(row: dict[str, Any]) -> Recorded:
    return Recorded(row["name"], row["uri"], row["revision"], row["loaded_at"].timestamp())


def _look_at_ledger(lookout: Lookout, recorded: Recorded, settings: Settings, data_dir: Path) -> Found:
    set_url = settings.ledger_url.get_secret_value() if settings.ledger_url else None
    try:
        return lookout.compare(recorded, read_state(ledger_url(data_dir, set_url)).revision)
    except LedgerError as error:
        return Found(recorded, error=str(error))


def to_build(found: Iterable[Found]) -> dict[str, str]:
    """What to build: URI by name."""
    uris = {one.source.name: one.source.uri for one in found}
    moved = {READ_WITH.get(one.source.name, one.source.name) for one in found if one.moved}
    return {name: uris[name] for name in uris if name in moved}


def _build(data_dir: Path, named: dict[str, str], keep: int, *, as_json: bool) -> Report:
    try:
        return build_into(data_dir, named, keep, as_json=as_json)
    except StoreError as error:
        if isinstance(error.__context__, BlockingIOError):
            raise Busy(str(error)) from None
        raise


def _remember(lookout: Lookout, store: Store, found: Sequence[Found], read: Mapping[str, str | None]) -> None:
    """Keep for the next time how the sources were found, and which were read with what error."""
    errors = {**read, **{companion: read[name] for companion, name in READ_WITH.items() if name in read}}
    revisions = {row["name"]: row["revision"] for row in read_sources(store)} if read else {}
    current = store.current()
    memory = lookout.remember(current.id if current else "", found, revisions, errors)
    if memory != lookout.memory:
        write_memory(store.root, memory)


def _say_unmoved(report: Report, *, as_json: bool) -> None:
    if as_json:
        print_report(report, as_json=True)
    elif report.snapshot:
        click.echo(f"Nothing has moved: snapshot {report.snapshot} stays.")
    else:
        click.echo("Nothing has moved, and there is no snapshot yet.")


def _say_unread(found: Iterable[Found], read: Collection[str]) -> bool:
    """Whether there are sources that were neither read nor known to be as they were; each is named with the reason."""
    unread = [one for one in found if one.error and one.source.name not in read]
    for one in unread:
        click.echo(f"{one.source.name} was not read: {one.error}", err=True)
    return bool(unread)
