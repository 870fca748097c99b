"""Scores that sources or revisions of one model disagree on."""

from typing import Annotated

import strawberry

from api.graphql.connections import Connection, page
from api.graphql.enums import ScoreUnit
from api.graphql.errors import bad_input
from api.graphql.filters import ScoreWhere, condition
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import Element, Relation, children, column, computed, reads, refers
from api.graphql.types.model import Model
from api.graphql.types.score import Score, read_unit
from api.graphql.types.task import Task
from warehouse.select import TRUE, Clause, Names, Order, Selection, prefixed
from warehouse.statements import read, statement

GROUP = ("cell", "model", "metric", "variant", "unit")
NAMES = ("model", "task", "split", "subset", "metric", "variant", "unit")
MinSpread = Annotated[
    float | None, strawberry.argument(description="Only where the values are at least this far apart; 0 or more.")
]


@strawberry.type(description="Values that differ though they are of one model on one cell, by one metric and unit.")
class Conflict(Element):
    model: Model = refers("Model", "The model.")

    task: Task = refers("Task", "The task.")

    split: str = column("Part of the dataset, such as test.")
    subset: str = column("Part of the task: a language, a category, or `default`.")
    metric: str = column("What was measured.")
    variant: str | None = column("What makes it another run of the model; null: the plain run.")

    @computed(
        description="Unit of the values; only values of one unit are compared. Null: nobody declares one.",
        metadata=reads("unit"),
    )
    def unit(self) -> ScoreUnit | None:
        return read_unit(self["unit"])

    spread: float = column("The largest of the values less the smallest.")
    scores: list[Score] = strawberry.field(
        description="All that were compared, by source and in stored order, repeats of one source among them.",
        metadata=children("Score", "scores", GROUP, order=("source::varchar", "seq")),
    )


def read_conflicts(
    where: ScoreWhere | None, min_spread: float | None, first: int | None, after: str | None
) -> Connection[Conflict]:
    """Conflicts among the current scores that fulfil a condition, a page at a time, the largest spread first."""
    asked = prefixed(condition(where, Names()) if where else TRUE, "asked_")
    texts = {"asked_scores": f"{read('queries/asked_scores')} and {asked.sql}"}
    selection = Selection(
        statement("queries/conflicts", texts=texts),
        asked.values,
        _at_least(min_spread),
        (Order("spread", descending=True), *(Order(f"{name}::varchar") for name in NAMES)),
        {"scores": Clause(statement("queries/compared_scores", texts=texts), asked.values)},
    )
    return ConnectionOf(Relation("Conflict", selection), page(first, after))  # type: ignore[return-value]


def _at_least(spread: float | None) -> Clause:
    if spread is None:
        return TRUE
    if not spread >= 0:
        raise bad_input(f"`minSpread` is {spread}: it must be 0 or more")
    return Clause("spread >= $spread", {"spread": spread})
