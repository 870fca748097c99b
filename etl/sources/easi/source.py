"""The EASI source: version files in, states and dimension tables out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from etl.fetch import Tree
from etl.source import Load, ModelHint, Problem, State, Unreadable
from etl.sources.easi import described
from etl.sources.easi.capabilities import Labels, Maps, capability_table
from etl.sources.easi.entries import Entry
from etl.sources.easi.files import find
from etl.sources.easi.findings import Findings
from etl.sources.easi.outlines import Met, Outline, Reading, in_order
from etl.sources.easi.version import score_table
from warehouse.easi.facts import read_facts

PATTERNS = ("leaderboard/**",)


@dataclass(frozen=True)
class EasiSource:
    """The leaderboard in `tree`, which holds a directory leaderboard/ or is one."""

    uri: str
    tree: Tree
    name: str = field(default="easi", init=False)

    def load(self) -> Load:
        """Read everything. Raises `Unreadable` where there is no version that can be read."""
        problems: list[Problem] = []
        folder = find(self.tree.path, self.uri, problems)
        reading = Reading(folder, self.tree, read_facts(), problems)
        outlines = in_order(reading.outlines())
        if not outlines:
            first = f" ({problems[0].path} {problems[0].message})" if problems else ""
            raise Unreadable(f"EASI at {self.uri}: no file of leaderboard/versions can be read{first}")
        return self._load(reading, outlines)

    def _load(self, reading: Reading, outlines: list[Outline]) -> Load:
        met = _met(outlines)
        tasks = frozenset(described.task_names(met, reading.facts))
        maps = Maps(reading.folder, tasks, reading.problems, reading.fingerprint)
        labels = [_labels(outline, reading, maps, outline is outlines[-1]) for outline in outlines]
        for task, subset in (cell for found in labels for cell in found):
            met.setdefault(task, {})[subset] = None
        models = _models(outlines)
        return Load(
            revision=self.tree.revision or str(reading.fingerprint),
            states=_states(reading, outlines, labels, described.benchmark_task_table(met, reading.facts)),
            described={
                "models": described.model_table(models),
                "tasks": described.task_table(met, reading.facts),
                "task_subsets": described.subset_table(met, reading.facts),
                "benchmarks": described.benchmark_table(met, reading.facts),
            },
            hints=_hints(models, outlines),
            problems=reading.problems,
            files=len(outlines) + maps.files,
        )


def _states(reading: Reading, outlines: list[Outline], labels: list[Labels], boards: pa.Table) -> Iterator[State]:
    revision = reading.tree.revision
    for outline, found in zip(outlines, labels, strict=True):
        version = reading.again(outline)
        if version:
            tables = {
                "scores": score_table(version, revision),
                "capabilities": capability_table(found, reading.facts),
                "benchmark_tasks": boards,
            }
            yield State(outline.label, outline.at, revision, tables)


def _met(outlines: list[Outline]) -> Met:
    met: Met = {}
    for outline in outlines:
        for task, subsets in outline.subsets.items():
            met.setdefault(task, {}).update(subsets)
    return met


def _models(outlines: list[Outline]) -> dict[str, Entry]:
    """Every model as the newest version that has it describes it, those of the newest version first."""
    models: dict[str, Entry] = {}
    for outline in reversed(outlines):
        for entry in outline.entries:
            models.setdefault(entry.name, entry)
    return models


def _hints(models: Mapping[str, Entry], outlines: list[Outline]) -> list[ModelHint]:
    """Who the models are: a version that names a model by its key alone means the one that others name."""
    named: dict[str, set[str]] = {}
    for entry in (entry for outline in outlines for entry in outline.entries):
        if entry.key and entry.key != entry.name:
            named.setdefault(entry.key, set()).add(entry.name)
    meant = {key: min(names) for key, names in named.items() if len(names) == 1}
    return [ModelHint(one.name, one.hub_id, meant.get(one.name)) for one in models.values()]


def _labels(outline: Outline, reading: Reading, maps: Maps, newest: bool) -> Labels:
    findings = Findings(reading.folder.path(outline.file), reading.problems)
    inside = maps.parse(outline.capabilities, findings) if outline.capabilities else {}
    return maps.at(outline.at, inside, newest)
