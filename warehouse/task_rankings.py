"""One ranking of models on a single task: as of when, of which models, over which of its subsets and splits.

Its statements are put together from the files in `sql/rankings` that begin with `task_board`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse.rankings import LATEST, with_values
from warehouse.select import Clause, prefixed
from warehouse.statements import statement


@dataclass(frozen=True)
class TaskRanking:
    """A ranking on one task by the scores of one source. `at` is a time within the state that is ranked.

    `models` is a condition over the table of that name; null: all. So with `subsets` and `splits`.
    """

    task: str
    source: str
    at: datetime = LATEST
    models: Clause | None = None
    subsets: tuple[str, ...] | None = None
    splits: tuple[str, ...] | None = None

    def statement(self, name: str) -> Clause:
        """`sql/rankings/<name>.sql` for this ranking."""
        asked = prefixed(self.models, "asked_models_") if self.models else None
        texts = {"asked_models": f"select name from models where {asked.sql}"} if asked else {}
        known = {**self._values(), **(asked.values if asked else {})}
        return with_values(statement(f"rankings/{name}", texts=texts), known)

    def entries(self) -> Clause:
        """The statement of the ranked entries, best first."""
        return self.statement("task_board_entries")

    def _values(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "source": self.source,
            "at": self.at.isoformat(),
            "subsets": None if self.subsets is None else list(self.subsets),
            "splits": None if self.splits is None else list(self.splits),
        }
