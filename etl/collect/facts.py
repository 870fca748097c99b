"""Where each backend writes the scores of each benchmark: the facts of facts.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True)
class VlmBenchmark:
    """One benchmark as VLMEvalKit writes it; a value times `scale` is in percent.

    `kind` is `matching` (answers matched by text or by a judge: the way stands in the file's name), `choices` (multiple
    choice: it does not) or `questions` (computed from the questions themselves). `subs` gives the column, or the
    category, of each sub-score. `settings` gives rows by their column `setting`, the headline's first, with what goes
    before the keys of their sub-scores. `fullest` means the row with the most numbers, not the first, and
    `misread_columns` that EASI's own tool looks for columns of other names.
    """

    id: str
    kind: str
    data: tuple[str, ...]
    scale: float
    overall: str
    subs: Mapping[str, str]
    suffix: str = "_acc.csv"
    settings: Mapping[str, str] = field(default_factory=dict)
    fullest: bool = False
    misread_columns: bool = False


@dataclass(frozen=True)
class LmmsBenchmark:
    """One benchmark as lmms-eval writes it: `metrics` of a task's results, or computed from its `samples`."""

    id: str
    tasks: tuple[str, ...]
    metric: str
    scale: float
    subs: Mapping[str, str]
    kind: str = "metrics"


@dataclass(frozen=True)
class Facts:
    """Both backends, in the board's column order."""

    vlmevalkit: tuple[VlmBenchmark, ...]
    lmmseval: tuple[LmmsBenchmark, ...]


def read_facts() -> Facts:
    """The facts that ship with this package."""
    raw = json.loads(files(__package__).joinpath("facts.json").read_text("utf-8"))
    return Facts(
        tuple(VlmBenchmark(**{**row, "data": tuple(row["data"])}) for row in raw["vlmevalkit"]),
        tuple(LmmsBenchmark(**{**row, "tasks": tuple(row["tasks"])}) for row in raw["lmmseval"]),
    )
