"""The scores of one model: headlines and sub-scores, each told from what is none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from etl.sources.easi import document
from etl.sources.easi.document import Number
from etl.sources.easi.entries import Entry
from etl.sources.easi.findings import Findings, shown
from warehouse.easi.facts import Facts

HEADLINE = "default"
HEADLINE_KEYS = ("acc", "caa", "score", "value")
NESTED_KEYS = ("sub_scores", "subScores")
MOST_BENCHMARKS = 500
MOST_SUB_SCORES = 500
LONGEST_KEY = 128


@dataclass(frozen=True, slots=True)
class Cell:
    """One score of a model, as published; a null value is an explicit null."""

    task: str
    variant: str | None
    subset: str
    metric: str
    value: float | None
    notes: str | None = None


def cells(entry: Entry, facts: Facts, findings: Findings) -> Iterator[Cell]:
    """Every score of a model in the file's order: of each benchmark its headline, then its sub-scores."""
    sub_only = [key for key in entry.sub_scores if key not in entry.results]
    benchmarks = [*entry.results, *sub_only]
    if len(benchmarks) > MOST_BENCHMARKS:
        findings.add(f"model {shown(entry.name)} has more than {MOST_BENCHMARKS} benchmarks; the rest was left out")
    for key in benchmarks[:MOST_BENCHMARKS]:
        if is_key(key) and key not in facts.board_names:
            block = Block(entry.name, key, facts, findings)
            yield from block.cells(entry.results.get(key, {}), entry.sub_scores.get(key))
        else:
            findings.add(f"model {shown(entry.name)}: {shown(key)} cannot be a benchmark's id; it was left out")


def is_key(key: str) -> bool:
    """Whether a key can name a benchmark or a sub-score."""
    return len(key) <= LONGEST_KEY and document.name(key) == key


@dataclass(frozen=True)
class Block:
    """What one model has on one benchmark."""

    model: str
    benchmark: str
    facts: Facts
    findings: Findings

    def cells(self, found: Any, elsewhere: Any) -> Iterator[Cell]:
        """The scores in `found`, and the sub-scores that the file keeps `elsewhere`."""
        task, variant = self.facts.resolve(self.benchmark)
        fields = found if isinstance(found, dict) else {self.facts.metric(task): found}
        headlines = self._numbers((key, fields[key]) for key in HEADLINE_KEYS if key in fields)
        loose = {key: value for key, value in fields.items() if key not in (*HEADLINE_KEYS, *NESTED_KEYS)}
        scores = {key: value for key, value in loose.items() if self._is_score(task, key, value)}
        chosen = _choose(headlines, self.facts.metric(task))
        unknown = {key: value for key, value in loose.items() if key not in scores}
        if chosen:
            metric = chosen if chosen in ("acc", "caa") else self.facts.metric(task)
            remarks = self._remarks(unknown)
            yield Cell(task, variant, HEADLINE, metric, headlines[chosen].value, remarks)
        elif unknown:
            self._complain(next(iter(unknown)), "this is no score, and no headline stands beside it; it was left out")
        others = {key: one.value for key, one in headlines.items() if key != chosen and one.value is not None}
        maps = [*(fields.get(key) for key in NESTED_KEYS), elsewhere, scores, others]
        for subset, number in self._sub_scores(maps).items():
            yield Cell(task, variant, subset, _metric(subset), number.value)

    def _is_score(self, task: str, key: str, value: object) -> bool:
        known = self.facts.benchmarks.get(task)
        return isinstance(value, float) or bool(known and key in known.sub_scores)

    def _sub_scores(self, maps: Iterable[Any]) -> Mapping[str, Number]:
        found: dict[str, Number] = {}
        for one in maps:
            if isinstance(one, dict):
                self._merge(found, self._numbers(one.items()))
            elif one is not None:
                self._complain("sub_scores", f"{shown(one)} is not a map; it was left out")
        return found

    def _merge(self, found: dict[str, Number], more: Mapping[str, Number]) -> None:
        for key, number in more.items():
            if key == HEADLINE or not is_key(key):
                reason = "is the headline's own name" if key == HEADLINE else "cannot be a sub-score's key"
                self._complain(key, f"this {reason}; the sub-score was left out")
            elif found.setdefault(key, number) != number:
                self._complain(key, f"given twice; {number.value} was left out, {found[key].value} was read")
            elif len(found) > MOST_SUB_SCORES:
                del found[key]
                self._complain(key, f"comes after {MOST_SUB_SCORES} sub-scores; it was left out")

    def _numbers(self, pairs: Iterable[tuple[str, Any]]) -> dict[str, Number]:
        found = {}
        for key, value in pairs:
            number = document.number(value)
            if number:
                found[key] = number
            else:
                self._complain(key, f"{shown(value)} is not a finite number; it was left out")
        return found

    def _remarks(self, unknown: dict[str, Any]) -> str | None:
        text = document.notes(unknown)
        if unknown and text is None:
            self._complain(next(iter(unknown)), "what stands beside the scores is too much to keep; it was left out")
        return text

    def _complain(self, key: str, message: str) -> None:
        where = f"model {shown(self.model)}, benchmark {shown(self.benchmark)}, key {shown(key)}"
        self.findings.add(f"{where}: {message}")


def _choose(headlines: Mapping[str, Number], metric: str) -> str | None:
    """The headline's key: the task's own metric first, and a number before a null."""
    order = sorted(headlines, key=lambda key: (headlines[key].value is None, key != metric))
    return order[0] if order else None


def _metric(subset: str) -> str:
    return "caa" if subset == "caa" or subset.endswith("_caa") else "acc"
