"""Capability maps: which sub-score stands for which abilities, version by version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from etl.source import Problem
from etl.sources.easi import document
from etl.sources.easi.cells import is_key
from etl.sources.easi.files import Fingerprint, Folder, read
from etl.sources.easi.findings import Findings, Refused, shown
from warehouse.easi.facts import Facts
from warehouse.tables import CAPABILITIES

MOST_SUBSETS = 20_000
MOST_LABELS = 50
Labels = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass
class Maps:
    """The capability maps of a folder, each read once. Keys of `Labels` are (task, subset).

    `tasks` are those a map may speak of.
    """

    folder: Folder
    tasks: frozenset[str]
    problems: list[Problem]
    fingerprint: Fingerprint
    _read: dict[datetime | None, Labels] = field(default_factory=dict)

    @property
    def files(self) -> int:
        """How many maps were read."""
        return len(self._read)

    def at(self, moment: datetime, inside: Labels, newest: bool) -> Labels:
        """The labels of a version, from the first of these maps that is there.

        The map of its very time; the map `inside` it; the current map where the version is the newest; the newest
        dated map before it; the current map.
        """
        dated = [stamp for stamp in self.folder.maps if stamp and stamp <= moment]
        own = moment.replace(microsecond=0)
        if own in dated:
            return self._at(own)
        return inside or self._at(None if newest and None in self.folder.maps else max(dated, default=None))

    def parse(self, content: Any, findings: Findings) -> Labels:
        """The labels in a decoded map; what is malformed in it is a finding, and the rest is read."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for task, subset, value in _pairs(content, findings):
            labels = _labels(value)
            if len(found) >= MOST_SUBSETS or not is_key(subset):
                findings.add(f"capability map: {shown(task)}, {shown(subset)} cannot be kept; it was left out")
            elif task not in self.tasks:
                findings.add(f"capability map: no version has {shown(task)}; {shown(subset)} was left out")
            elif labels is None:
                findings.add(f"capability map: {shown(task)}, {shown(subset)} is {shown(value)}, not a list of labels")
            else:
                found[task, subset] = labels
        return found

    def _at(self, stamp: datetime | None) -> Labels:
        file = self.folder.maps.get(stamp)
        if file is None:
            return {}
        if stamp not in self._read:
            findings = Findings(self.folder.path(file), self.problems)
            self._read[stamp] = {}
            try:
                content = read(file)
                self.fingerprint.add(findings.path, content)
                self._read[stamp] = self.parse(document.decode(content, findings), findings)
            except Refused as error:
                findings.add(str(error))
        return self._read[stamp]


def capability_table(labels: Labels, facts: Facts) -> pa.Table:
    """The labels as rows of `CAPABILITIES`."""
    rows = [
        {
            "task": task,
            "subset": subset,
            "label": label,
            "name": facts.capabilities.get(label, label) if label else None,
        }
        for (task, subset), found in labels.items()
        for label in found or (None,)
    ]
    return CAPABILITIES.rows([{**row, "place": place} for place, row in enumerate(rows)])


def _pairs(content: Any, findings: Findings) -> Iterator[tuple[str, str, Any]]:
    if not isinstance(content, dict):
        findings.add(f"is {shown(content)}, not a map of benchmarks; the versions were read without capabilities")
        return
    for task, subsets in content.items():
        if isinstance(subsets, dict):
            yield from ((task, subset, value) for subset, value in subsets.items())
        else:
            findings.add(f"capability map: {shown(task)} has {shown(subsets)}, not sub-scores; it was left out")


def _labels(value: Any) -> tuple[str, ...] | None:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or len(listed) > MOST_LABELS:
        return None
    named = [document.name(label) for label in listed]
    return None if None in named else tuple(dict.fromkeys(label for label in named if label))
