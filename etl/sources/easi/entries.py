"""The models of one version file, whichever of the accepted shapes it has."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from etl.sources.easi import document, times
from etl.sources.easi.findings import Findings, Refused, shown

MOST_MODELS = 20_000
LONGEST_LINK = 2048
HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
# First segments of addresses on the Hub that are not organisations.
HUB_ROUTES = frozenset({"api", "blog", "collections", "datasets", "docs", "organizations", "papers", "spaces"})

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One model of a version: what it is called, and its results and sub-scores as found, by benchmark id."""

    key: str | None
    name: str
    display_name: str | None
    url: str | None
    hub_id: str | None
    results: Fields
    sub_scores: Fields
    backend: str | None = None
    revision: str | None = None
    submitted_by: str | None = None
    evaluated_at: datetime | None = None


def entries(content: Any, findings: Findings) -> list[Entry]:
    """The models of a file, in its order, no two of one name. Raises `Refused` where there is none."""
    taken: set[str] = set()
    found: list[Entry] = []
    for key, item in _items(content):
        if len(found) >= MOST_MODELS:
            findings.add(f"holds more than {MOST_MODELS} models; the rest was left out")
            break
        read = _entry(key, item, findings)
        entry = read and _distinct(read, key or _text(item, "key", "model_key"), taken, findings)
        if entry:
            found.append(entry)
            taken.add(entry.name)
    if not found:
        raise Refused("holds no model with results; it was left out")
    return found


def _items(content: Any) -> Iterator[tuple[str | None, Any]]:
    if isinstance(content, dict) and isinstance(content.get("data"), list):
        content = content["data"]
    elif isinstance(content, dict) and isinstance(content.get("model_id"), str):
        content = [content]
    if isinstance(content, dict):
        yield from content.items()
    elif isinstance(content, list):
        yield from ((None, item) for item in content)
    else:
        raise Refused("is neither a map nor a list of models; it was left out")


def _entry(key: str | None, item: Any, findings: Findings) -> Entry | None:
    config = item.get("config") if isinstance(item, dict) else None
    fields = {**item, **config} if isinstance(config, dict) else item if isinstance(item, dict) else {}
    name = _name(key, fields, findings)
    results = _first(fields, "results", "scores")
    if name is None or not isinstance(results, dict):
        lack = "no name" if name is None else "no results"
        findings.add(f"model {shown(name or key)} has {lack}; it was left out")
        return None
    url = _link(name, fields.get("link"), findings)
    return Entry(
        key=document.name(key) or _text(fields, "model_key", "key"),
        name=name,
        display_name=_text(fields, "model_display_name", "displayName", "display_name"),
        url=url,
        hub_id=_hub_id(name, url),
        results=results,
        sub_scores=_map(name, _first(fields, "sub_scores", "subScores"), findings),
        backend=_text(fields, "backend"),
        revision=_text(fields, "model_sha"),
        submitted_by=_text(fields, "user_id"),
        evaluated_at=times.told(fields.get("submit_time")),
    )


def _name(key: str | None, fields: Fields, findings: Findings) -> str | None:
    for field in ("model_name", "name", "model_id"):
        value = fields.get(field)
        if document.name(value):
            return document.name(value)
        if value not in (None, ""):
            findings.add(f"model {shown(key)}: {field} {shown(value)} is no name; it was not used")
    return document.name(key) or _text(fields, "model_key", "key")


def _first(fields: Fields, *names: str) -> Any:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _text(fields: Any, *names: str) -> str | None:
    found = (document.name(fields.get(name)) for name in names) if isinstance(fields, dict) else ()
    return next((text for text in found if text), None)


def _map(model: str, value: Any, findings: Findings) -> Fields:
    if value is not None and not isinstance(value, dict):
        findings.add(f"model {shown(model)}: its sub-scores are {shown(value)}, not a map; they were left out")
    return value if isinstance(value, dict) else {}


def _link(model: str, value: Any, findings: Findings) -> str | None:
    if value in (None, ""):
        return None
    try:
        address = urlsplit(value) if isinstance(value, str) and len(value) <= LONGEST_LINK else None
    except ValueError:
        address = None
    if address and address.scheme in ("http", "https") and address.hostname and re.fullmatch(r"[!-~]+", value):
        return str(value)
    findings.add(f"model {shown(model)}: link {shown(value)} is not an http address; it was left out")
    return None


def _hub_id(name: str, url: str | None) -> str | None:
    linked = (url or "").removeprefix("https://huggingface.co/").removesuffix("/")
    for identifier in (name, linked):
        organization, _, model = identifier.partition("/")
        is_id = HUB_ID.fullmatch(identifier) and organization not in HUB_ROUTES
        if is_id and (identifier == name or _plain(model) == _plain(name)):
            return identifier
    return None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _distinct(entry: Entry, key: str | None, taken: set[str], findings: Findings) -> Entry | None:
    if entry.name not in taken:
        return entry
    # Without a key of its own, the model's number in the file tells it apart.
    name = f"{entry.name} [{document.name(key) or len(taken) + 1}]"
    if name in taken:
        findings.add(f"two models are named {shown(entry.name)} and {shown(name)}; the second was left out")
        return None
    findings.add(f"two models are named {shown(entry.name)}; the second is kept as {shown(name)}")
    return replace(entry, name=name, hub_id=None)
