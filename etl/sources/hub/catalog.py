"""Which boards the Hub has: one a task of every official benchmark dataset."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from etl.client import HubError
from etl.source import Problem
from etl.sources.hub.boards import Boards, Stale
from etl.sources.hub.declaration import MAX_NAME, MAX_TEXT, Declaration, DeclarationError, phrase, read_declaration

MAX_DATASETS = 1_000
DATASET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}")
UNDECLARED = Declaration(None, None, ())


@dataclass(frozen=True)
class Board:
    """One leaderboard: a task of a dataset. `task` None asks for the first. Its task has the board's name."""

    name: str
    dataset: str
    task: str | None = None
    split: str = "test"
    aliases: tuple[str, ...] = ()
    display_name: str | None = None
    description: str | None = None
    license: str | None = None


@dataclass(frozen=True)
class Catalog:
    """All boards, by dataset; `unread` are the datasets whose tasks cannot be told this time."""

    boards: tuple[Board, ...]
    unread: frozenset[str]


def read_catalog(source: Boards, problems: list[Problem]) -> Catalog:
    """The boards of every official benchmark. Raises HubError where there is no list of them."""
    boards: list[Board] = []
    unread: set[str] = set()
    for dataset, info in sorted(_datasets(source.datasets(), problems).items()):
        declared = _declaration(source, dataset, problems)
        if declared is None:
            unread.add(dataset)
        else:
            boards.extend(_boards(dataset, info, declared))
    return Catalog(tuple(boards), frozenset(unread))


def _datasets(infos: list[Any], problems: list[Problem]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for place, info in enumerate(infos[:MAX_DATASETS]):
        name = info.get("id") if isinstance(info, dict) else None
        if isinstance(name, str) and DATASET.fullmatch(name):
            found.setdefault(name, info)
        else:
            problems.append(Problem(f"datasets[{place}]", "names no dataset and was left out"))
    if len(infos) > MAX_DATASETS:
        problems.append(Problem("datasets", f"{len(infos):,} are listed, of which {MAX_DATASETS:,} were read"))
    return found


def _declaration(source: Boards, dataset: str, problems: list[Problem]) -> Declaration | None:
    """What the dataset declares, or declared last where the Hub fails; None where that may be told another time."""
    path = f"{dataset}/eval.yaml"
    try:
        return read_declaration(_text(source, dataset, problems))
    except HubError as error:
        if error.passing:
            problems.append(Problem(path, f"the Hub {error}; the dataset's rows stay as they were"))
            return None
        problems.append(Problem(path, f"the Hub {error}; the board was asked for without a task"))
    except DeclarationError as error:
        problems.append(Problem(path, f"{error}; the board was asked for without a task"))
    return UNDECLARED


def _text(source: Boards, dataset: str, problems: list[Problem]) -> bytes:
    try:
        return source.declaration(dataset)
    except Stale as error:
        if not error.passing:
            raise
        problems.append(Problem(f"{dataset}/eval.yaml", f"the Hub {error}; the last one was taken"))
        return error.kept


def _boards(dataset: str, info: dict[str, Any], declared: Declaration) -> Iterator[Board]:
    title = declared.name or dataset
    description = declared.description or phrase(info.get("description"), MAX_TEXT)
    terms = _license(info.get("tags"))
    if not declared.tasks:
        yield Board(dataset, dataset, display_name=title, description=description, license=terms)
    several = len(declared.tasks) > 1
    for place, task in enumerate(declared.tasks):
        yield Board(
            name=f"{dataset}#{task.id}" if several else dataset,
            dataset=dataset,
            task=task.id,
            split=task.split,
            aliases=(dataset,) if several and place == 0 else (),
            display_name=f"{title}: {task.id}" if several else title,
            description=description,
            license=terms,
        )


def _license(tags: object) -> str | None:
    terms = (tag for tag in (tags if isinstance(tags, list) else []) if isinstance(tag, str))
    return next((phrase(tag.removeprefix("license:"), MAX_NAME) for tag in terms if tag.startswith("license:")), None)
