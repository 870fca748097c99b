"""What the Hub says of a model: its description, and the provenance of its results."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from etl.client import moment
from etl.source import Problem
from etl.sources.hub.declaration import phrase

MAX_RESULTS = 2_000
MAX_NAME = 300
MAX_URL = 2_000
MAX_NOTES = 20_000
BEFORE_RECORDS = date(2022, 3, 2)
"""The Hub gives this day for every repository older than its records."""
REVISION = re.compile(r"[0-9A-Za-z._/-]{1,100}")
ResultKey = tuple[str, str, str | None, int | None]


@dataclass(frozen=True)
class Result:
    """One entry of a model's `.eval_results`."""

    evaluated_at: datetime | None
    dataset_revision: str | None
    source_name: str | None
    source_url: str | None
    notes: str | None
    verified: bool | None


def model_row(site: str, name: str, known: dict[str, Any] | None, parameters: int | None) -> dict[str, Any]:
    """A row of `warehouse.tables.MODELS`; what is not known stays out. `parameters` is the board's own number."""
    said = known or {}
    card = _mapping(said.get("cardData"))
    weights = _mapping(said.get("safetensors")) or _mapping(said.get("gguf"))
    return {
        "name": name,
        "organization": name.partition("/")[0] if "/" in name else None,
        "url": f"{site}/{name}",
        "parameters": parameters if parameters is not None else _whole(weights.get("total")),
        "license": _license(card, said.get("tags")),
        "open_weights": True if weights and said.get("private") is False else None,
        "release_date": _release_date(said.get("createdAt")),
        "adapted_from": next(_texts(card.get("base_model")), None),
    }


def results(name: str, known: dict[str, Any] | None, problems: list[Problem]) -> dict[ResultKey, Result]:
    """The model's results by file, dataset, task and pull request; a file that the Hub refused has none."""
    listed = (known or {}).get("evalResults")
    found: dict[ResultKey, Result] = {}
    for entry in (listed if isinstance(listed, list) else [])[:MAX_RESULTS]:
        data, filename = _mapping(_mapping(entry).get("data")), _mapping(entry).get("filename")
        dataset = _mapping(data.get("dataset"))
        if isinstance(filename, str) and isinstance(dataset.get("id"), str):
            key = filename, dataset["id"], phrase(dataset.get("task_id"), MAX_NAME), _whole(entry.get("pullRequest"))
            found.setdefault(key, _result(entry, data, dataset))
            if data.get("date") is not None and found[key].evaluated_at is None:
                problems.append(Problem(f"{name}/{filename}", "its date is no ISO 8601 date and was left out"))
    return found


def web_address(said: object) -> str | None:
    """An http or https address that may be shown as a link; None for anything else."""
    text = phrase(said, MAX_URL)
    if text is None or re.search(r"[\s\x00-\x1f\x7f<>\"]", text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None


def _result(entry: dict[str, Any], data: dict[str, Any], dataset: dict[str, Any]) -> Result:
    source = _mapping(data.get("source"))
    revision = dataset.get("revision")
    verified = entry.get("verified")
    return Result(
        moment(data.get("date")),
        revision if isinstance(revision, str) and REVISION.fullmatch(revision) else None,
        phrase(source.get("name"), MAX_NAME),
        web_address(source.get("url")),
        phrase(data.get("notes"), MAX_NOTES),
        verified if isinstance(verified, bool) else None,
    )


def _license(card: dict[str, Any], tags: object) -> str | None:
    declared = next(_texts(card.get("license")), None)
    tagged = (tag.removeprefix("license:") for tag in _texts(tags) if tag.startswith("license:"))
    found = declared or next(tagged, None)
    return phrase(card.get("license_name"), MAX_NAME) or found if found == "other" else found


def _release_date(created: object) -> date | None:
    at = moment(created)
    return at.date() if at and at.date() != BEFORE_RECORDS else None


def _texts(said: object) -> Iterator[str]:
    """A text, or the texts of a list."""
    several: Iterable[object] = said if isinstance(said, list) else [said]
    return (text for each in several if (text := phrase(each, MAX_NAME)))


def _mapping(said: object) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _whole(said: object) -> int | None:
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 2**53 else None
