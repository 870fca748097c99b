"""`standings doctor`: what is wrong with a data directory and a configuration, and what to do."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import duckdb
import orjson
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from api.commands.build import LEDGER
from api.commands.options import FAILED, as_json, console, data_dir, describe_setting
from api.doctor import configuration, directory, machine, online, snapshots, submissions
from api.doctor.finding import Finding, Look, State, examine, ok, problem, warning
from api.settings import Settings
from etl.fetch import is_remote
from etl.seen import FILE as REFRESH
from etl.seen import Memory, read_memory
from warehouse.snapshot import read_sources
from warehouse.store import Store, StoreError

WRONG_SETTING, WRONG = 2, 3
COLOURS = {State.OK: "green", State.WARNING: "yellow", State.PROBLEM: "red"}


@click.command(short_help="Say what is wrong with a data directory and the settings.")
@data_dir
@click.option(
    "--deep",
    envvar="STANDINGS_DEEP",
    show_envvar=True,
    is_flag=True,
    help="Read every file: all snapshots by their checks, all archives by their hash.",
)
@click.option(
    "--online",
    "asks",
    envvar="STANDINGS_ONLINE",
    show_envvar=True,
    is_flag=True,
    help="Ask the Hub whether it is there and takes the token.",
)
@click.option(
    "--strict", envvar="STANDINGS_STRICT", show_envvar=True, is_flag=True, help="End with 1 where there are warnings."
)
@as_json
@click.pass_context
def doctor(ctx: click.Context, data_dir: Path, deep: bool, asks: bool, strict: bool, as_json: bool) -> None:
    """Say what is wrong with a data directory and the settings, and what to do. Nothing is changed.

    \b
    Exit codes: 0 all is well, or there are but warnings; 1 there are warnings, with --strict;
    2 a setting is wrong; 3 something else is.
    """
    options = read_options(ctx)
    settings, wrong = read_settings(data_dir)
    store = Store(data_dir)
    host, port = options.values.get("host"), options.values.get("port")
    looks = [
        ("programs", machine.look_at_versions),
        ("settings", lambda: _settings([*wrong, *options.wrong])),
        ("settings", lambda: configuration.look_at_names(set(os.environ), options.names | setting_names())),
        *_looks_at_settings(settings),
        ("data directory", lambda: directory.look_at_directory(data_dir)),
        *(_looks_at_data(store, settings, deep=deep) if data_dir.is_dir() else ()),
        ("clock", lambda: machine.look_at_clock(store)),
        ("port", lambda: machine.look_at_port(host, port) if host and port else ()),
        ("page", machine.look_at_page),
        *([("Hub online", lambda: online.look_at_hub(settings))] if asks else []),
    ]
    found = list(examine(looks))
    _print(found, as_json=as_json)
    raise SystemExit(exit_code(found, strict=strict))


def exit_code(found: Sequence[Finding], *, strict: bool) -> int:
    """How the command ends, by the worst of what was found."""
    problems = [each for each in found if each.state is State.PROBLEM]
    if problems:
        return WRONG_SETTING if all(each.is_setting for each in problems) else WRONG
    return FAILED if strict and any(each.state is State.WARNING for each in found) else 0


@dataclass(frozen=True)
class Options:
    """The commands' options as the environment sets them: all names, values by option, and what cannot be."""

    names: set[str]
    values: dict[str, Any]
    wrong: list[Finding]


def read_options(ctx: click.Context) -> Options:
    """The options of all commands, each by its variable."""
    group, names, wrong = ctx.find_root().command, set[str](), dict[str, Finding]()
    values: dict[str, Any] = {}
    assert isinstance(group, click.Group)  # noqa: S101 that is what `main` is
    for command in filter(None, (group.get_command(ctx, name) for name in group.list_commands(ctx))):
        for option in (each for each in command.params if isinstance(each.envvar, str)):
            names.add(str(option.envvar))
            try:
                value = option.value_from_envvar(ctx)
                value = option.get_default(ctx) if value is None else option.type_cast_value(ctx, value)
                values.setdefault(str(option.name), value)
            except click.BadParameter as error:
                values[str(option.name)] = None
                if option.envvar not in setting_names():
                    wrong[str(option.envvar)] = _wrong(f"{option.envvar}: {error.message}")
    return Options(names, values, list(wrong.values()))


def setting_names() -> set[str]:
    """The variables that `Settings` reads."""
    return {variable for name in Settings.model_fields for variable in _variables(name)}


def read_settings(data_dir: Path) -> tuple[Settings, list[Finding]]:
    """The settings, with defaults in place of those that cannot be; and which those are."""
    given: dict[str, Any] = {"data_dir": data_dir}
    try:
        return Settings(**given), []
    except ValidationError as error:
        problems = error.errors()
    wrong = []
    for each in problems:
        name = _field(str(each["loc"][0]))
        given[name] = Settings.model_fields[name].get_default(call_default_factory=True)
        variable = next((known for known in _variables(name) if known in os.environ), name)
        wrong.append(_wrong(describe_setting({**each, "loc": (variable,)})))
    return Settings(**given), wrong


def _field(place: str) -> str:
    """The field of that name, or that a variable sets."""
    return next(name for name in Settings.model_fields if place in (name, *_variables(name)))


def _variables(name: str) -> list[str]:
    """The variables that set a field, the first of those that are set before the others."""
    choices = getattr(Settings.model_fields[name].validation_alias, "choices", ())
    return [f"STANDINGS_{name.upper()}", *map(str, choices)]


def _wrong(message: str) -> Finding:
    name, _, said = message.partition(": ")
    return problem(name, said.rstrip("."), "see docs/operations.md for what it takes", is_setting=True)


def _settings(wrong: Sequence[Finding]) -> Iterator[Finding]:
    yield from wrong or [ok("settings", "each can be read")]


def _looks_at_settings(settings: Settings) -> list[tuple[str, Look]]:
    return [
        ("Hub", lambda: configuration.look_at_hub_address(settings)),
        ("maintainers", lambda: configuration.look_at_maintainers(settings)),
        ("sign-in", lambda: configuration.look_at_sign_in(settings)),
        ("repository", lambda: configuration.look_at_repository(settings)),
        ("ledger address", lambda: configuration.look_at_ledger_address(settings)),
        ("trusted documents", lambda: configuration.look_at_documents(settings)),
    ]


def _looks_at_data(store: Store, settings: Settings, *, deep: bool) -> list[tuple[str, Look]]:
    return [
        ("owner", lambda: directory.look_at_owners(store.root)),
        ("disk", lambda: directory.look_at_room(store)),
        ("build", lambda: directory.look_at_builds(store.root)),
        ("current", lambda: snapshots.look_at_pointer(store)),
        ("snapshots", lambda: snapshots.look_at_snapshots(store, deep=deep)),
        ("sources", lambda: look_at_sources(store)),
        (REFRESH, lambda: look_at_refresh(store.root)),
        ("ledger", lambda: submissions.look_at_ledger(settings, deep=deep)),
        ("accounts.secret", lambda: submissions.look_at_secret(store.root)),
    ]


def look_at_sources(store: Store) -> Iterator[Finding]:
    """Whether what the current snapshot was read from is still there."""
    try:
        read = read_sources(store)
    except (StoreError, duckdb.Error):
        return  # which is said where snapshots are looked at
    local = [row for row in read if row["uri"] != LEDGER and not is_remote(row["uri"])]
    lost = [row for row in local if not Path(row["uri"]).expanduser().exists()]
    for row in lost:
        yield warning(
            "sources", f"{row['name']} was read from {row['uri']}, which is not there: it keeps the rows it had",
            "bring it back, or name another place in the next build",
        )  # fmt: skip
    if read and not lost:
        yield ok("sources", f"{len(read)} in the current snapshot; those on this machine are there")


def look_at_refresh(root: Path) -> Iterator[Finding]:
    """What the last refresh has met."""
    if not (root / REFRESH).exists():
        return
    memory = read_memory(root)
    if memory == Memory():
        yield warning(REFRESH, "it cannot be read", f"delete {root / REFRESH}: the next refresh looks at all sources")
        return
    failed = {name: seen.error for name, seen in memory.sources.items() if seen.error} | memory.unanswered
    for name, error in sorted(failed.items()):
        yield warning(REFRESH, f"{name} was not read: {error}", "mend that; `standings refresh` reads it again")
    if not failed:
        yield ok(REFRESH, "the last refresh met nothing amiss")


def _print(found: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps([asdict(each) for each in found], option=orjson.OPT_INDENT_2))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in found:
        told = f"{each.message}. {each.remedy[0].upper()}{each.remedy[1:]}." if each.remedy else each.message
        table.add_row(Text(each.state.value, COLOURS[each.state]), Text(each.check), Text(told))
    console().print(table)
    counts = {state: sum(each.state is state for each in found) for state in (State.PROBLEM, State.WARNING)}
    said = ", ".join(f"{count} {state.value}{'s' * (count != 1)}" for state, count in counts.items() if count)
    click.echo(said or "All is well.")
