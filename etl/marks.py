"""Marks: what tells one state of a source from the next without reading it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from etl.access import Hub, Waits
from etl.source import Unreadable

MOST_FILES = 2_000_000
MOST_DEPTH = 32
# The next look is soon enough to try again, and what waits for this one must not wait for long.
IMPATIENT = Waits(silence=5.0, answer=10.0, attempts=1, window=0.0, windows=0.0)

Identity = tuple[int, int]


def mark_files(root: Path, passed_over: Path) -> str:
    """A mark of a file, or of the files below a folder: names, sizes and times, of which no change keeps all.

    Hidden files and the folder `passed_over` are not counted in. Raises `Unreadable` where nothing is there.
    """
    content = hashlib.sha256()
    try:
        met = {_identity(root.stat())}
    except OSError as error:
        raise Unreadable(f"{root} cannot be looked at: {error.strerror}") from None
    if passed_over.exists():
        met.add(_identity(passed_over.stat()))
    found = _files(str(root), "", met) if root.is_dir() else iter([(root.name, _said(root))])
    for name, said in islice(found, MOST_FILES):
        content.update(os.fsencode(name) + f"\0{said}\0".encode())
    return f"files:{content.hexdigest()[:32]}"


def ask_commit(dataset: str, revision: str, hub: Hub) -> str:
    """The commit that a revision of a Hub dataset is at now: one request. Raises `HubError` and `Unreadable`."""
    from etl.client import Client, HubError  # noqa: PLC0415 a look at local paths does not wait for HTTP libraries

    with closing(Client(hub, IMPATIENT)) as client:
        path = f"/api/datasets/{dataset}/revision/{quote(revision, safe='')}"
        info = client.get(path, token=client.has_token).json()
    sha = info.get("sha") if isinstance(info, dict) else None
    if not isinstance(sha, str) or not is_commit(sha):
        raise HubError("names no commit for it", passing=True)
    return sha


def is_commit(revision: str) -> bool:
    """Whether a revision is a commit itself, which never moves."""
    return len(revision) == 40 and set(revision) <= set("0123456789abcdef")


def _files(directory: str, below: str, met: set[Identity], depth: int = 0) -> Iterator[tuple[str, str]]:
    """(path, what is said of it) of each file, in the order of names; a folder that is met again is not entered."""
    try:
        with os.scandir(directory) as entries:
            listed = sorted((entry for entry in entries if not entry.name.startswith(".")), key=_name)
    except OSError as error:
        yield below, f"{error.errno}"
        return
    for entry in listed:
        if not entry.is_dir():
            yield below + entry.name, _said(entry)
        elif depth < MOST_DEPTH and (identity := _identity(entry.stat())) not in met:
            met.add(identity)
            yield from _files(entry.path, f"{below}{entry.name}/", met, depth + 1)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _said(file: os.DirEntry[str] | Path) -> str:
    try:
        stat = file.stat()
    except OSError as error:
        return f"{error.errno}"
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def _identity(stat: os.stat_result) -> Identity:
    return stat.st_dev, stat.st_ino
