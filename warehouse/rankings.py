"""One ranking of models: which boards, as of when, by which method, of which models, tasks and languages.

Its statements are put together from the files in `sql/rankings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from warehouse.select import PARAMETER, Clause, prefixed
from warehouse.statements import statement

LATEST = datetime(9999, 1, 1, tzinfo=UTC)
VALUES = {
    "BORDA": "value_points",
    "MEAN_TASK": "value_mean_task",
    "MEAN_SCORED": "value_mean_scored",
    "MEAN_TASK_TYPE": "value_mean_task_type",
    "MEAN_PUBLIC_PRIVATE": "value_mean_task",
    "MEAN_SUBSET": "value_mean_subset",
    "WEIGHTED": "value_weighted",
    "WIN_RATE": "value_win_rate",
}
OWN = "OWN"  # as method and as rule: each board by its own, so many at once
RANKS = {"POINTS": "rank_points", "POSITION": "rank_position", "COMPETITION": "rank_competition", OWN: "rank_own"}


def own_rule(method: str, *, ranks_variants: bool) -> str:
    """How a board ranks by its own method: by points of Borda, by position, or with ties."""
    if method in ("BORDA", "MEAN_SUBSET"):
        return "POINTS"
    return "COMPETITION" if ranks_variants else "POSITION"


def with_values(sql: str, known: Mapping[str, Any]) -> Clause:
    """A statement with the values of the parameters it has, of those that are known."""
    return Clause(sql, {name: known[name] for name in dict.fromkeys(PARAMETER.findall(sql))})


@dataclass(frozen=True)
class Previewed:
    """Scores that a plain run of a model would have, by task: each on one cell, the task's `split` and `subset`.

    They count on the boards of `counts_for` where that source has no value of the model, and take the place of guests.
    """

    model: str
    scores: Mapping[str, float]
    split: str
    subset: str
    counts_for: str


@dataclass(frozen=True)
class Ranking:
    """A ranking: by a `method` of VALUES or OWN and a `rule` of RANKS, `at` a time within the state that is ranked.

    The store holds what every model has on the tasks of each board as it stands: that is read at `LATEST`, where all
    languages count. At any other time, be it the same state, it is worked out from scores.

    `models` and `tasks` are conditions over the tables of those names, `zero_shot` one over `percent`; null: all.
    `languages` are codes; `weights` maps tasks to weights, for the method WEIGHTED. What is `previewed` counts as if it
    were in the store; it goes with neither `models` nor `languages`.
    """

    benchmarks: tuple[str, ...]
    method: str
    rule: str
    at: datetime = LATEST
    models: Clause | None = None
    tasks: Clause | None = None
    zero_shot: Clause | None = None
    languages: tuple[str, ...] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    common_tasks_only: bool = False
    previewed: Previewed | None = None

    def statement(
        self, name: str, values: Mapping[str, Any] | None = None, given: frozenset[str] = frozenset()
    ) -> Clause:
        """`sql/rankings/<name>.sql` for this ranking; `values` are of parameters of its own.

        What is `given` is read from tables of these names.
        """
        texts = {slot: asked.sql for slot, asked in self._asked()}
        return with_values(
            statement(f"rankings/{name}", given, self.slots, texts), {**self._values(), **(values or {})}
        )

    def entries(self) -> Clause:
        """The statement of the ranked entries, best first."""
        return self.statement("entries")

    @property
    def slots(self) -> dict[str, str]:
        """Which files stand in for others."""
        slots = {"value_asked": self._value, "rank_asked": RANKS[self.rule]}
        slots["votes"] = {OWN: "votes_own", "MEAN_SUBSET": "subset_votes"}.get(self.method, "task_votes")
        if self.at == LATEST and self.languages is None and self.previewed is None:
            slots |= {"task_scores": "task_scores_stored", "subset_means": "subset_means_stored"}
        if self.languages is not None:
            slots |= {"scores_at": "scores_in_languages", "scored_cells_at": "scored_cells_in_languages"}
            slots |= {"all_scores_at": "scores_at", "other_scores": "other_scores_in_languages"}
            slots["repeated_cells"] = "repeated_cells_in_languages"
        if len(self.benchmarks) > 1:
            slots["cell_scores"] = "cell_scores_of_boards"
        if self.previewed is not None:
            slots |= {"scores_at": "scores_previewed", "scored_cells_at": "scored_cells_previewed"}
            slots["asked_models"] = "previewed_models"
        if self.common_tasks_only:
            slots |= {"columns": "columns_in_common", "entry_scores": "entry_scores_in_common"}
        return slots

    @property
    def _value(self) -> str:
        return "value_own" if self.method == OWN else VALUES[self.method]

    def _asked(self) -> list[tuple[str, Clause]]:
        asked = {
            "asked_models": ("select name from models where ", self.models),
            "asked_tasks": ("select name from tasks where ", self.tasks),
            "asked_zero_shot": ("select benchmark, model, percent from zero_shot where ", self.zero_shot),
        }
        return [
            (slot, prefixed(Clause(start + where.sql, where.values), f"{slot}_"))
            for slot, (start, where) in asked.items()
            if where is not None
        ]

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "benchmarks": list(self.benchmarks),
            "at": self.at.isoformat(),
            "lenient": self.languages is not None,
            "languages": list(self.languages or ()),
            "weighted_tasks": list(self.weights),
            "weights": [float(weight) for weight in self.weights.values()],
        }
        for _, asked in self._asked():
            values |= asked.values
        return values | (_previewed(self.previewed) if self.previewed else {})


def _previewed(given: Previewed) -> dict[str, Any]:
    return {
        "previewed_model": given.model,
        "previewed_tasks": list(given.scores),
        "previewed_values": [float(value) for value in given.scores.values()],
        "previewed_split": given.split,
        "previewed_subset": given.subset,
        "previewed_for": given.counts_for,
    }
