"""Where a model would stand on boards with scores that are about to be submitted."""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from warehouse.names import reading, readings
from warehouse.rankings import Previewed, Ranking, own_rule
from warehouse.select import Clause
from warehouse.statements import statement

COUNTS_FOR = "easi"
SPLIT = "test"
HEADLINE = "default"
MOST_SCORES = 500
Board = tuple[str, str, bool]


def model_of(hub_id: str, models: Iterable[str]) -> str:
    """Which of the known models, by canonical names, a Hub id would mean: its own, else the one that reads the same.

    A name that is a Hub id itself is another model. Unknown or ambiguous: the Hub id.
    """
    known = set(models)
    same = [name for name in known if "/" not in name and reading(name) in readings(hub_id)]
    return same[0] if hub_id not in known and len(same) == 1 else hub_id


def held_scores(model: str) -> Clause:
    """The statement of what a plain run of a model has already.

    Rows are `task` and `is_own`: whether it is a value of the boards' own source, which stays beside a submitted one.
    """
    values = {"source": COUNTS_FOR, "model": model, "split": SPLIT, "subset": HEADLINE}
    return Clause(statement("queries/held_scores"), values)


def previewed_boards(benchmarks: Iterable[Board], model: str, scores: Mapping[str, float | None]) -> list[Clause]:
    """Statements of where a model would stand if its plain run had these scores as well, by task.

    `benchmarks` are name, method and whether variants are ranked, as the table has them. Rows are `benchmark`, `rank`,
    `total` (entries of the board) and `value` (what it ranks by); none for a board that would not rank the model, or
    where submitted scores do not count. A null is no score. Raises ValueError for more than `MOST_SCORES` and for one
    that is not finite.
    """
    if len(scores) > MOST_SCORES:
        raise ValueError(f"{len(scores):,} scores were given: there may be {MOST_SCORES}")
    if wrong := [task for task, value in scores.items() if value is not None and not math.isfinite(value)]:
        raise ValueError(f"the score on {wrong[0][:80]!r} is not a finite number")
    known = {task: value for task, value in scores.items() if value is not None}
    given = Previewed(model, known, SPLIT, HEADLINE, COUNTS_FOR)
    return [ranking.statement("previewed") for ranking in _rankings(benchmarks, given)]


def _rankings(benchmarks: Iterable[Board], given: Previewed) -> Iterator[Ranking]:
    """Boards of one method together."""
    for (method, ranks_variants), boards in groupby(sorted(benchmarks, key=_method), _method):
        rule = own_rule(method, ranks_variants=ranks_variants)
        yield Ranking(tuple(name for name, *_ in boards), method, rule, previewed=given)


def _method(board: Board) -> tuple[str, bool]:
    return board[1], board[2]
