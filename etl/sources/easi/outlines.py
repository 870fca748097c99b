"""The first reading of the version files, and their order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from etl.fetch import Tree
from etl.source import Problem
from etl.sources.easi.entries import Entry
from etl.sources.easi.files import Fingerprint, Folder, read
from etl.sources.easi.findings import Findings, Refused
from etl.sources.easi.version import Version, parse
from warehouse.easi.facts import Facts

STEP = timedelta(microseconds=1)

# Task to its subsets, both in the order they were met.
Met = dict[str, dict[str, None]]


@dataclass(frozen=True)
class Outline:
    """What is kept of a version between its two readings; its entries are without their scores."""

    file: Path
    label: str
    at: datetime
    entries: tuple[Entry, ...]
    subsets: Met
    capabilities: Any


@dataclass(frozen=True)
class Reading:
    """A folder being read.

    Every version file is read twice, so that the scores of only one version are in memory: first for its time,
    its problems and what it names, then for its scores.
    """

    folder: Folder
    tree: Tree
    facts: Facts
    problems: list[Problem]
    fingerprint: Fingerprint = field(default_factory=Fingerprint)

    def outlines(self) -> Iterator[Outline]:
        """The version files that can be read, by name."""
        for file in self.folder.versions:
            findings = Findings(self.folder.path(file), self.problems)
            try:
                content = read(file)
                self.fingerprint.add(findings.path, content)
                version = parse(content, file, self.tree.at, self.facts, findings)
                yield _outline(file, version)
            except Refused as error:
                findings.add(str(error))

    def again(self, outline: Outline) -> Version | None:
        """The version once more, with its scores; None, and a problem, where its file has changed meanwhile."""
        findings = Findings(self.folder.path(outline.file), [])
        try:
            version = parse(read(outline.file), outline.file, self.tree.at, self.facts, findings)
        except Refused as error:
            Findings(findings.path, self.problems).add(f"changed while it was read: {error}")
            return None
        return version


def _outline(file: Path, version: Version) -> Outline:
    subsets: Met = {}
    for _, cell in version.rows:
        subsets.setdefault(cell.task, {})[cell.subset] = None
    bare = tuple(replace(entry, results={}, sub_scores={}) for entry in version.entries)
    return Outline(file, version.label, version.at, bare, subsets, version.capabilities)


def in_order(outlines: Iterator[Outline]) -> list[Outline]:
    """Oldest first; of two at one time, in name order, the second is a microsecond later."""
    ordered: list[Outline] = []
    for outline in sorted(outlines, key=lambda one: (one.at, one.file.name)):
        at = max(outline.at, ordered[-1].at + STEP) if ordered else outline.at
        ordered.append(replace(outline, at=at))
    return ordered
