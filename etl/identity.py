"""One model under many names: which names are the same model, and why we think so."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import yaml

from warehouse.names import reading, readings

HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9._-]+")
Match = Literal["EXACT", "CURATED", "NORMALIZED"]


@dataclass(frozen=True)
class Name:
    """A model's name in one source, with the Hub id or the other name there where that source states it."""

    source: str
    name: str
    hub_id: str | None = None
    same_as: str | None = None


@dataclass(frozen=True)
class Alias:
    """Which model a name means, by its canonical name, and how that was found."""

    source: str
    name: str
    model: str
    match: Match


def read_curated() -> dict[str, str]:
    """The curated names and their Hub ids (`etl/aliases.yaml`)."""
    text = (files("etl") / "aliases.yaml").read_text(encoding="utf-8")
    return {str(name): str(hub_id) for name, hub_id in (yaml.safe_load(text) or {}).items()}


def resolve(names: Iterable[Name], curated: Mapping[str, str]) -> list[Alias]:
    """Tell who each name is: by the name itself, by the curated list, else by the one Hub id that reads the same.

    Two Hub ids that read the same are two models: when in doubt, names are kept apart.
    """
    names = list(names)
    known = _hub_ids(names)
    read = _read(known)
    found = {(name.source, name.name): _resolve(name, known, curated, read) for name in names}
    return [_follow(name, found) for name in names]


def _follow(name: Name, found: Mapping[tuple[str, str], Alias]) -> Alias:
    """The model of the name, or of the other name that its source says means the same."""
    other = found.get((name.source, name.same_as or ""))
    return Alias(name.source, name.name, other.model, "EXACT") if other else found[name.source, name.name]


def _resolve(name: Name, known: set[str], curated: Mapping[str, str], read: Mapping[str, set[str]]) -> Alias:
    if name.hub_id or name.name in known:
        return Alias(name.source, name.name, name.hub_id or name.name, "EXACT")
    if name.name in curated:
        return Alias(name.source, name.name, curated[name.name], "CURATED")
    candidates = read.get(reading(name.name), set())
    if len(candidates) == 1:
        return Alias(name.source, name.name, next(iter(candidates)), "NORMALIZED")
    return Alias(name.source, name.name, name.name, "EXACT")


def _hub_ids(names: Iterable[Name]) -> set[str]:
    return {name.hub_id for name in names if name.hub_id}


def _read(hub_ids: Iterable[str]) -> dict[str, set[str]]:
    """Hub ids by how they read, with and without their organization."""
    found: dict[str, set[str]] = defaultdict(set)
    for hub_id in hub_ids:
        for one in readings(hub_id):
            found[one].add(hub_id)
    return found
