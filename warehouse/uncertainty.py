"""How sure the ranks of a board are: what is resampled of it, by the method that ranks it.

What a task brings when it is drawn, and what ranks a resample:

- BORDA: the points that the entry has on it, which stay those of the whole board; their sum. MEAN_SUBSET, where it is
  the board's own method: likewise the points on all its subsets.
- MEAN_TASK, MEAN_PUBLIC_PRIVATE: the entry's value on it; the mean. Only entries with all tasks are ranked.
- MEAN_SCORED: its value, where there is one; the mean of those. WIN_RATE: likewise its share of the others beaten,
  which stays that of the whole board. An entry that has none of the tasks drawn comes last in that resample.
- MEAN_TASK_TYPE: as MEAN_TASK, but tasks are drawn within their type, as many as the type has; the mean of their means.
- WEIGHTED: only tasks that weigh something are drawn, each with its weight; the weighted mean.
- MEAN_SUBSET elsewhere: all its subsets; the mean over subsets.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from warehouse.intervals import Wholes, interval_places, resample_ranks
from warehouse.rankings import Ranking
from warehouse.select import Clause

STATEMENTS = {
    "BORDA": "interval_points",
    "MEAN_TASK": "interval_values",
    "MEAN_PUBLIC_PRIVATE": "interval_values",
    "MEAN_SCORED": "interval_values",
    "MEAN_TASK_TYPE": "interval_types",
    "MEAN_SUBSET": "interval_subsets",
    "WEIGHTED": "interval_weighted",
    "WIN_RATE": "interval_wins",
}
POINTS = "POINTS"
BYTES_A_ROW = 300  # of the names of an entry


@dataclass(frozen=True, eq=False)
class Resampled:
    """The ranks of a board's entries in all resamples: sorted, entries x resamples."""

    rows: dict[tuple[str, str | None], int]
    ranks: Wholes

    def size(self) -> int:
        """About how many bytes it takes."""
        return int(self.ranks.nbytes) + BYTES_A_ROW * len(self.rows)

    def interval(self, model: str, variant: str | None, confidence: float) -> tuple[int, int] | None:
        """Best and worst rank of an entry; null where it has none. Raises ValueError for a wrong confidence."""
        low, high = interval_places(confidence)
        row = self.rows.get((model, variant))
        return None if row is None else (int(self.ranks[row, low]), int(self.ranks[row, high]))


def resampled_cells(ranking: Ranking) -> Clause:
    """The statement of what is resampled of one board: one row an entry and task, entries without a value left out."""
    return ranking.statement("interval_points" if _adds(ranking) else STATEMENTS[ranking.method])


def resample(ranking: Ranking, cells: pa.Table) -> Resampled:
    """Rank a board in all resamples, from the rows of `resampled_cells`. Raises `intervals.TooLarge`."""
    _, first, rows = np.unique(_numbers(cells, "entry"), return_index=True, return_inverse=True)
    named = cells.select(["model", "variant"]).take(first).to_pylist()
    held = cells.filter(cells["value"].is_valid())
    places, first, columns = np.unique(_numbers(held, "place"), return_index=True, return_inverse=True)
    values = np.full((len(named), len(places)), np.nan)
    weights = np.zeros(values.shape)
    rows = rows[cells["value"].is_valid().to_numpy()]
    values[rows, columns], weights[rows, columns] = _numbers(held, "value"), _numbers(held, "weight")
    strata = _numbers(held, "stratum")[first]
    ranks = resample_ranks(values, None if _adds(ranking) else weights, strata)
    return Resampled({(row["model"], row["variant"]): number for number, row in enumerate(named)}, ranks)


def _adds(ranking: Ranking) -> bool:
    """Whether points rank it, which are summed."""
    return ranking.rule == POINTS or ranking.method == "BORDA"


def _numbers(cells: pa.Table, name: str) -> Any:
    return cells[name].to_numpy()
