"""The files of a result directory, found without leaving it."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MAX_ENTRIES = 50_000
MAX_FOLDERS = 1_000
LONGEST_LINK = 4_096


class Unusable(Exception):
    """A result directory, or a file in it, that cannot be used: what was looked for, and what to do."""


@dataclass(frozen=True)
class ResultFile:
    """One file by the name it is found under. `path` is the real one; `modified` is in ns."""

    name: str
    path: Path
    folder: str
    modified: int
    size: int


@dataclass(frozen=True)
class Listing:
    """Files of some folders; those with the same name stand once for each folder.

    `dangling` links lead to nothing; `written` counts links that are text files, as Git leaves them where it cannot
    make links.
    """

    files: tuple[ResultFile, ...]
    dangling: tuple[str, ...]
    written: int

    @property
    def notes(self) -> tuple[str, ...]:
        lost = f"{len(self.dangling)} links lead to files that are not there, {', '.join(self.dangling[:3])} among them"
        said = ((lost, bool(self.dangling)), (f"{self.written} links are text files; they were followed", self.written))
        return tuple(text for text, is_so in said if is_so)


def list_files(inside: Path, folders: Iterable[Path], wanted: Callable[[str], bool]) -> Listing:
    """The wanted files in the folders, not below them. Raises `Unusable` for a link that leads out of `inside`."""
    files: list[ResultFile] = []
    dangling: list[str] = []
    written = 0
    for folder in folders:
        for name in filter(wanted, names(folder)):
            place = folder / name
            path, was_written = _real(place, inside)
            written += was_written
            if path is None:
                dangling.extend([name] if place.is_symlink() or was_written else [])
                continue
            known = path.stat()
            files.append(ResultFile(name, path, folder.name, known.st_mtime_ns, known.st_size))
    return Listing(tuple(files), tuple(dangling), written)


def names(folder: Path) -> list[str]:
    """What is in a folder. Raises `Unusable` where that is too much or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry in islice(entries, MAX_ENTRIES + 1)]
    except OSError as error:
        raise Unusable(f"{folder} cannot be read: {error.strerror or error}") from error
    if len(found) > MAX_ENTRIES:
        raise Unusable(f"{folder} holds more than {MAX_ENTRIES:,} files: give the directory of one model's results")
    return sorted(found)


def subfolders(folder: Path) -> Iterator[Path]:
    """The folders in a folder, by name. Raises `Unusable` where they are too many."""
    found = [place for place in (folder / name for name in names(folder)) if place.is_dir()]
    if len(found) > MAX_FOLDERS:
        raise Unusable(f"{folder} holds more than {MAX_FOLDERS:,} folders: give the directory of one model's results")
    yield from found


def newest(files: Iterable[ResultFile]) -> ResultFile | None:
    """The file that was modified last; null: there is none."""
    return max(files, key=lambda file: (file.modified, file.folder, file.name), default=None)


def newest_by_name(files: Iterable[ResultFile]) -> tuple[ResultFile, ...]:
    """The newest of those with the same name, ordered by name."""
    chosen: dict[str, ResultFile] = {}
    for file in files:
        other = newest([file, *([chosen[file.name]] if file.name in chosen else [])])
        chosen[file.name] = other or file
    return tuple(chosen[name] for name in sorted(chosen))


def read_text(file: ResultFile, most: int) -> str:
    """The text of a file of at most so many bytes. Raises `Unusable`."""
    if file.size > most:
        raise Unusable(f"{file.path} has {file.size:,} bytes, where at most {most:,} can be")
    try:
        return file.path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{file.path} cannot be read: {error}") from error


def _real(place: Path, inside: Path) -> tuple[Path | None, bool]:
    """The file that a name leads to (null: none), and whether by a link that is a text file."""
    path = _resolved(place, place, inside)
    if path is None:
        return None, False
    link = _written_link(path, place.name)
    return (path, False) if link is None else (_resolved(path.parent / link, place, inside), True)


def _resolved(target: Path, place: Path, inside: Path) -> Path | None:
    try:
        path = target.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    if not path.is_relative_to(inside):
        raise Unusable(
            f"{place} leads out of {inside}, to {path}: give the directory that holds both, or put a copy in its place"
        )
    return path if path.is_file() else None


def _written_link(path: Path, name: str) -> str | None:
    """The target, where a file holds nothing but a path to a file of its own name."""
    if not 0 < path.stat().st_size <= LONGEST_LINK:
        return None
    content = path.read_bytes()
    is_link = content.endswith(f"/{name}".encode()) and not {b"\n"[0], 0} & set(content)
    return os.fsdecode(content) if is_link else None
