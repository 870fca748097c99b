"""Chooses the files of a Hub dataset at one commit, and has them downloaded."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

from etl.access import Hub, Limits, Waits
from etl.client import Client, HubError, moment
from etl.download import Download, download
from etl.source import Unreadable

COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class _Listed:
    """One file of a repository, with its size in bytes."""

    path: str
    size: int


def fetch_dataset(
    name: str, revision: str, hub: Hub, patterns: tuple[str, ...], limits: Limits, waits: Waits
) -> tuple[Path, str, datetime | None]:
    """Where its files at a revision are on disk, and the commit and its time (UTC). Raises `Unreadable`."""
    with closing(Client(hub, waits)) as client:
        try:
            sha, at = _commit(client, name, revision)
            chosen = _chosen(client, name, sha, patterns, limits)
        except HubError as error:
            raise Unreadable(f"hf://datasets/{name}@{revision}: the Hub {error}") from None
    wanted = Download(name, sha, tuple(file.path for file in chosen), sum(file.size for file in chosen))
    return download(wanted, hub, limits, waits), sha, at


def _commit(client: Client, name: str, revision: str) -> tuple[str, datetime | None]:
    info = client.get(f"/api/datasets/{name}/revision/{quote(revision, safe='')}", token=client.has_token).json()
    sha = info.get("sha") if isinstance(info, dict) else None
    if not isinstance(sha, str) or not COMMIT.fullmatch(sha):
        raise HubError("names no commit for it")
    return sha, _committed_at(client, name, sha) or moment(info.get("lastModified"))


def _committed_at(client: Client, name: str, sha: str) -> datetime | None:
    """When the commit was made; the dataset's own `lastModified` is that of its newest."""
    try:
        answer = client.get(f"/api/datasets/{name}/commits/{sha}", [("limit", "1")], token=client.has_token).json()
    except HubError as error:
        if error.passing:
            raise
        return None
    newest = answer[0] if isinstance(answer, list) and answer else None
    return moment(newest.get("date")) if isinstance(newest, dict) and newest.get("id") == sha else None


def _chosen(client: Client, name: str, sha: str, patterns: tuple[str, ...], limits: Limits) -> list[_Listed]:
    listed = _listed(client, name, sha, limits)
    chosen = [file for file in listed if any(fnmatchcase(file.path, pattern) for pattern in patterns)]
    if not chosen:
        raise HubError(f"has no file there that matches {' or '.join(patterns)}")
    if len(chosen) > limits.files:
        raise HubError(f"has {len(chosen):,} such files there, and more than {limits.files:,} are not taken")
    size = sum(file.size for file in chosen)
    if size > limits.bytes:
        raise HubError(f"has {size:,} bytes there, and more than {limits.bytes:,} are not taken")
    if unsafe := next((file.path for file in chosen if not _is_safe(file.path)), None):
        raise HubError(f"lists a file whose path {unsafe[:100]!r} must not be written")
    return chosen


def _listed(client: Client, name: str, sha: str, limits: Limits) -> Iterator[_Listed]:
    query = [("recursive", "true"), ("expand", "false")]
    for count, entry in enumerate(client.pages(f"/api/datasets/{name}/tree/{sha}", query, token=client.has_token)):
        if count >= limits.listed:
            raise HubError(f"lists more than {limits.listed:,} entries there, which are not read")
        if file := _file(entry):
            yield file


def _file(entry: Any) -> _Listed | None:
    match entry:
        case {"type": "file", "path": str() as path, "size": int() as size} if size >= 0:
            return _Listed(path, size)
        case {"type": "directory"}:
            return None
    raise HubError("answered a list of files that cannot be read", passing=True)


def _is_safe(path: str) -> bool:
    parts = path.split("/")
    return (
        not {"", ".", ".."} & set(parts)
        and "\\" not in path
        and not any(unicodedata.category(character).startswith("C") for character in path)
        and len(path) <= 1_000
    )
