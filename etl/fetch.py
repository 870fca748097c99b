"""Where a source's files are: a local path, or a Hub dataset by revision."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl.access import Hub, Limits, Waits
from etl.source import Unreadable

__all__ = ["Hub", "Limits", "Tree", "Waits", "fetch", "is_remote"]

MAX_URI = 1_000
ACCEPTED = "give a local path or hf://datasets/org/name[@revision]"
DATASET = re.compile(r"hf://datasets/([A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96})(?:@([A-Za-z0-9_./-]{1,200}))?")


@dataclass(frozen=True)
class Tree:
    """Files on disk. `revision` and `at` (UTC) are those of the commit, null for a local path."""

    path: Path
    revision: str | None
    at: datetime | None


def is_remote(uri: str) -> bool:
    """Whether it is an address, or empty, which stands for the Hub's own; else it is a local path."""
    return not uri or "://" in uri


def fetch(
    uri: str, hub: Hub, patterns: tuple[str, ...], *, limits: Limits | None = None, waits: Waits | None = None
) -> Tree:
    """The files that `uri` names, on disk: a local path as it is, of a Hub dataset those that match `patterns`.

    A dataset is read at the commit of its revision (default `main`) from `hub.endpoint` alone, with the token where
    one is set, into `hub.cache`. Raises `Unreadable`, whose message holds neither token nor address.
    """
    if len(uri) > MAX_URI or not uri.strip() or "\0" in uri:
        raise Unreadable(f"the name of a source must have 1 to {MAX_URI} characters; {ACCEPTED}")
    dataset = DATASET.fullmatch(uri)
    if dataset:
        return _from_hub(dataset[1], dataset[2] or "main", hub, patterns, limits or Limits(), waits or Waits())
    if "://" in uri:
        raise Unreadable(f"a {uri.split('://', maxsplit=1)[0][:20]}:// address of this form cannot be read; {ACCEPTED}")
    path = Path(uri).expanduser()
    if not path.exists():
        raise Unreadable(f"{path} is not there; {ACCEPTED}")
    return Tree(path, None, None)


def _from_hub(name: str, revision: str, hub: Hub, patterns: tuple[str, ...], limits: Limits, waits: Waits) -> Tree:
    for part, text in (("name", name), ("revision", revision)):
        if ".." in text or "//" in text or text.strip("/.-") != text or (part == "name" and "--" in text):
            raise Unreadable(f"hf://datasets/{name}@{revision}: no dataset has such a {part}; {ACCEPTED}")
    from etl.dataset import fetch_dataset  # noqa: PLC0415 a build from local paths does not wait for HTTP libraries

    path, commit, at = fetch_dataset(name, revision, hub, patterns, limits, waits)
    return Tree(path, commit, at)
