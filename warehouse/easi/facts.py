"""What EASI declares outside its data: benchmarks, boards, sub-score keys and capability names."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class EasiBenchmark:
    """One of EASI's benchmarks. `sub_scores` holds its keys in the board's order; scores are in percent."""

    id: str
    name: str
    metric: str
    core: bool
    modalities: tuple[str, ...]
    description: str
    sub_scores: tuple[str, ...]


@dataclass(frozen=True)
class EasiBoard:
    """A board over several benchmarks, in column order."""

    name: str
    description: str
    benchmarks: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Everything of benchmarks.json; `benchmarks` is in the board's column order."""

    url: str
    benchmarks: Mapping[str, EasiBenchmark]
    boards: tuple[EasiBoard, ...]
    capabilities: Mapping[str, str]
    rejudged: re.Pattern[str]

    @property
    def board_names(self) -> frozenset[str]:
        """Names that no benchmark id may take."""
        return frozenset(board.name for board in self.boards)

    def resolve(self, identifier: str) -> tuple[str, str | None]:
        """Task and variant that a benchmark id stands for.

        After re-scoring, EASI's client sends `blink_exact_matching` or `blink_gpt-4o-1120` instead of `blink`.
        Such an id is a variant only where a known id is followed by `_` and a way of matching, or by a judge: one
        of the known model families, then nothing or a version without an underscore. Any other id is a task of
        its own, for two tasks can be joined later and a wrong join cannot be undone.
        """
        if identifier in self.benchmarks:
            return identifier, None
        for known in self.benchmarks:
            rest = identifier.removeprefix(f"{known}_")
            if rest != identifier and self.rejudged.fullmatch(rest):
                return known, rest
        return identifier, None

    def metric(self, task: str) -> str:
        """The metric of a task's headline: `caa` or `acc`."""
        known = self.benchmarks.get(task)
        return known.metric if known else "acc"


def read_facts() -> Facts:
    """The facts that ship with this package."""
    raw = json.loads(files(__package__).joinpath("benchmarks.json").read_text("utf-8"))
    benchmarks = {row["id"]: _benchmark(row) for row in raw["benchmarks"]}
    boards = tuple(_board(row, benchmarks) for row in raw["boards"])
    matchings, judges = "|".join(raw["matchings"]), "|".join(raw["judges"])
    rejudged = re.compile(rf"{matchings}|(?:{judges})(?![a-z])[a-z0-9.:-]{{0,64}}", re.IGNORECASE)
    return Facts(raw["url"], benchmarks, boards, raw["capabilities"], rejudged)


def _benchmark(row: dict[str, Any]) -> EasiBenchmark:
    return EasiBenchmark(**{**row, "modalities": tuple(row["modalities"]), "sub_scores": tuple(row["sub_scores"])})


def _board(row: dict[str, Any], benchmarks: Mapping[str, EasiBenchmark]) -> EasiBoard:
    ids = tuple(name for name, one in benchmarks.items() if one.core or not row["core_only"])
    return EasiBoard(row["name"], row["description"], ids)
