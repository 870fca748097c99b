"""The results tree on disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from etl.source import Problem
from etl.sources.mteb import worker, workers
from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.places import EXPERIMENT, RESULT, ROOT, SUFFIX, Misplaced, Place, locate, printable
from etl.sources.mteb.results import Collection, Reading

MOST_FILES = 2_000_000  # the repository has about 105,000


def is_tree(path: Path) -> bool:
    """Whether a directory holds models' directories, with a revision's directory and a JSON file in it."""
    return next(path.glob(f"*/*/*{SUFFIX}"), None) is not None


def read(root: Path, catalogue: Catalogue, revision: str | None, processes: int | None) -> Reading:
    """Read the tree whose models are directories of `root`. Files without a `revision` are hashed."""
    collection = Collection(catalogue)
    paths: list[str] = []
    for place, path in _files(root, collection.problems):
        if place.is_meta:
            _read_meta(collection, place, path)
        else:
            collection.expect(place)
            paths.append(path)
    for chunk in workers.parse(paths, processes, digest=revision is None):
        for number in collection.merge(chunk):
            _read_odd(collection, number, paths[number])
    return collection.reading(revision)


def _read_meta(collection: Collection, place: Place, path: str) -> None:
    try:
        collection.meta(place, *worker.read(path))
    except worker.Refused as error:
        collection.refuse(place, f"{error}; the model is known by other means")


def _read_odd(collection: Collection, number: int, path: str) -> None:
    try:
        content, _ = worker.read(path)
    except worker.Refused:
        content = b""  # it was there a moment ago; what is left of it is no JSON
    collection.odd(number, content)


def _files(root: Path, problems: list[Problem]) -> Iterator[tuple[Place, str]]:
    """Results and descriptions with their paths on disk, in the order of their names."""
    for count, (parts, path) in enumerate(_walk(str(root), (), problems)):
        if count == MOST_FILES:
            problems.append(Problem(ROOT, f"holds more than {MOST_FILES:,} files; the others are left out"))
            return
        try:
            place = locate(parts)
        except Misplaced as error:
            problems.append(_problem(parts, f"{error}; it is left out"))
            continue
        if place:
            yield place, path


def _walk(directory: str, parts: tuple[str, ...], problems: list[Problem]) -> Iterator[tuple[tuple[str, ...], str]]:
    for entry in _entries(directory, parts, problems):
        below = (*parts, entry.name)
        if not entry.is_dir():
            yield below, entry.path
        elif fault := _fault(entry, below):
            problems.append(_problem(below, fault))
        elif not entry.name.startswith("."):
            yield from _walk(entry.path, below, problems)


def _entries(directory: str, parts: tuple[str, ...], problems: list[Problem]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(_problem(parts, f"cannot be listed: {error.strerror}; it is left out"))
        return []


def _fault(entry: os.DirEntry[str], parts: tuple[str, ...]) -> str | None:
    """Why a directory is not descended into; null where it is."""
    if entry.is_symlink():
        return "is a link to a directory, which is not followed"
    if len(parts) >= RESULT and entry.name.endswith(SUFFIX):
        return "is a directory where a file is meant; it is left out"
    return "lies deeper than results do; it is left out" if len(parts) >= EXPERIMENT else None


def _problem(parts: tuple[str, ...], message: str) -> Problem:
    return Problem(printable("/".join((ROOT, *parts))), message)
