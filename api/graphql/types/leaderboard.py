"""Leaderboards and their entries."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from api.graphql.connections import After, Before, Connection, First, Last
from api.graphql.context import Context
from api.graphql.enums import OrderDirection, RankingMethod
from api.graphql.errors import bad_input
from api.graphql.filters import ModelWhere, condition
from api.graphql.intervals import find_interval
from api.graphql.orders import ENTRY_KEYS, LeaderboardOrder
from api.graphql.rankings import Board
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import (
    Element,
    Page,
    Relation,
    Row,
    children,
    column,
    computed,
    embedded,
    reads,
    refers,
    spread,
)
from api.graphql.types.catalog import Capability
from api.graphql.types.model import Model
from api.graphql.types.score import Score
from api.graphql.types.task import Task
from api.graphql.types.version import Version
from warehouse.intervals import RESAMPLES, SEED
from warehouse.select import TRUE, Clause, Names, Order, Selection

if TYPE_CHECKING:
    from api.graphql.types.benchmark import Benchmark

ENTRY = ("model", "variant", "benchmark")


@strawberry.type(description="How much of a board a model has, in tasks.")
class Coverage:
    scored: int = strawberry.field(description="Tasks with a score.")
    expected: int = strawberry.field(description="Tasks on the board.")


@strawberry.type(description="What a model scored on one cell of a task.")
class CellScore(Element):
    subset: str = column("Subset of the task.")
    split: str = column("Split of the dataset.")
    value: float = column("The value as published.")

    @computed(description="The score itself, with its provenance.", metadata=embedded())
    def score(self) -> Score:
        return Row("Score", self.values)  # type: ignore[return-value]


@strawberry.type(description="What a model scored on one task of a board.")
class TaskScore(Element):
    task: Task = refers("Task", "The task.")

    value: float | None = column("Mean over the task's cells; null: a cell that other models have is missing.")
    trained_on: bool | None = column("Whether the model's training data holds the task; null: it declares none.")
    cells: list[CellScore] = strawberry.field(
        description="Its scores on every subset and split known, undeclared sub-scores among them.",
        metadata=children("CellScore", "cells", ("model", "variant", "task", "benchmark"), order=("seq",)),
    )


@strawberry.type(description="A model's mean over the tasks of one type.")
class TaskTypeScore:
    task_type: str = column("Type of the tasks.")
    value: float | None = column("Mean over the tasks of that type; null: one of them is missing.")


@strawberry.type(description="How a model does on what carries one capability label.")
class CapabilityScore(Element):
    @computed(description="The capability.", metadata=reads("label", "name"))
    def capability(self) -> Capability:
        return Row("Capability", self.values)  # type: ignore[return-value]

    value: float | None = column("Mean over the subsets that carry the label; null: one of them is missing.")
    scored: int = column("Subsets with the label that it has a score on.")
    expected: int = column("Subsets with the label on the board's tasks.")


@strawberry.type(
    description="Where a rank lies when the board's tasks are drawn anew, with replacement, as many as there are: of "
    f"the ranks in {RESAMPLES:,} such resamples, sorted, two quantiles, the lower rounded down and the upper up. The "
    f"draws start from a fixed seed ({SEED}): the same board gives the same interval. A task brings its points (Borda) "
    "or its share of wins as they are on the whole board, else its value; MEAN_TASK_TYPE draws within each type, "
    "WEIGHTED among the tasks that weigh something, MEAN_SUBSET whole tasks. Ties share the best rank; who has none "
    "of the tasks drawn comes last."
)
class RankInterval:
    low: int = strawberry.field(description="The best rank in it.")
    high: int = strawberry.field(description="The worst rank in it.")
    confidence: float = strawberry.field(description="Share of the resamples whose ranks are in it, as asked.")


@strawberry.type(description="One model on a leaderboard.")
class LeaderboardEntry(Element):
    rank: int | None = column("Rank by the board's rule, 1 is best; ties may share one.")

    model: Model = refers("Model", "The model.")

    variant: str | None = column("What makes this another run of the same model; null: the plain run.")
    value: float | None = column("What the method ranks by.")
    mean_task: float | None = column("Mean over all tasks; null: one is missing.")
    mean_task_type: float | None = column(
        "Mean over the means of the task types; null: one is missing, or the board has none."
    )
    mean_public: float | None = column("Mean over the public tasks, on boards that tell them apart.")
    mean_private: float | None = column("Mean over the private tasks, on boards that tell them apart.")
    zero_shot_percent: int | None = column(
        "Percent of the board's tasks that are not in the training data; null: the model declares none."
    )

    @computed(description="How much of the board it has.", metadata=reads("scored", "expected"))
    def coverage(self) -> Coverage:
        return Coverage(scored=self["scored"], expected=self["expected"])

    task_scores: list[TaskScore] = strawberry.field(
        description="Its scores in the order of the leaderboard's tasks; tasks it has nothing on are left out.",
        metadata=children("TaskScore", "task_scores", ENTRY, order=("place",)),
    )
    task_type_scores: list[TaskTypeScore] = strawberry.field(
        description="Its means in the order of the leaderboard's task types; types it has nothing on are left out.",
        metadata=children("TaskTypeScore", "task_types", ENTRY, order=("place",)),
    )
    capability_scores: list[CapabilityScore] = strawberry.field(
        description="Its means by capability label, by the capability map of the version that is ranked.",
        metadata=children("CapabilityScore", "capability_scores", ENTRY, order=("label",)),
    )

    task_values: list[float | None] = strawberry.field(
        description="Its scores in the order of the leaderboard's tasks; null: none, or a cell is missing.",
        metadata=spread("TaskScore", "task_scores", ENTRY, place="place", value="value", width="width"),
    )
    trained_on_tasks: list[str] | None = column(
        "Tasks of the board in the model's training data; null: the model declares none."
    )

    @computed(
        description="How far its rank hangs on which tasks the board has: a bootstrap over them, ranked by the same "
        "method. It need not hold `rank`. Null: the entry has no value.",
        metadata=reads("model", "variant"),
    )
    async def rank_interval(
        self,
        info: strawberry.Info[Context],
        confidence: Annotated[
            float, strawberry.argument(description="Share of the resamples it covers, between 0 and 1.")
        ] = 0.95,
    ) -> RankInterval | None:
        found = await find_interval(self.origin, self["model"], self["variant"], confidence, info.context)
        return None if found is None else RankInterval(low=found[0], high=found[1], confidence=confidence)


@strawberry.type(description="A ranking of models.")
class Leaderboard:
    board: strawberry.Private[Board]

    @computed(description="The board that is ranked.")
    def benchmark(self) -> Annotated["Benchmark", strawberry.lazy("api.graphql.types.benchmark")]:
        return Row("Benchmark", self.board.row)  # type: ignore[return-value]

    @computed(description="How it ranks.")
    def method(self) -> RankingMethod:
        return RankingMethod(self.board.ranking.method)

    @computed(description="The state of the board's source that is ranked; null: there was none yet.")
    def version(self) -> Version | None:
        return Row("Version", self.board.version) if self.board.version else None  # type: ignore[return-value]

    @computed(description="How many entries are ranked.")
    async def total_models(self, info: strawberry.Info[Context]) -> int:
        if self.board.is_stored:
            return int(info.context.dimensions.sizes.get(self.board.row["name"], 0))
        return int((await _rows(self.board, "shown_size", info.context))[0]["entries"])

    @computed(description="The tasks that are ranked: the columns.")
    async def tasks(self, info: strawberry.Info[Context]) -> list[Task]:
        known = info.context.dimensions.tasks
        return [Row("Task", known.rows[found["task"]]) for found in await _columns(self.board, info.context)]  # type: ignore[misc]

    @computed(description="The types of those tasks, in order of appearance.")
    async def task_types(self, info: strawberry.Info[Context]) -> list[str]:
        types = [found["type"] for found in await _columns(self.board, info.context)]
        return list(dict.fromkeys(name for name in types if name))

    @computed(description="The capability labels on those tasks, by the capability map of the version that is ranked.")
    async def capabilities(self, info: strawberry.Info[Context]) -> list[Capability]:
        return [Row("Capability", row) for row in await _rows(self.board, "shown_capabilities", info.context)]  # type: ignore[misc]

    @computed(description="The entries in order of display. `where` and `orderBy` choose and arrange; ranks stay.")
    def entries(
        self,
        info: strawberry.Info[Context],
        where: Annotated[ModelWhere | None, strawberry.argument(description="Which models to show.")] = None,
        order_by: Annotated[
            LeaderboardOrder | None, strawberry.argument(description="How to sort; null: as the board shows them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LeaderboardEntry]:
        selection = _select(self.board, where, order_by, info.context)
        return ConnectionOf(Relation("LeaderboardEntry", selection, self.board), Page(first, after, last, before))  # type: ignore[return-value]

    @computed(description="The statement that ranks the board; it runs on the published DuckDB file.")
    def sql(self) -> str:
        return self.board.ranking.entries().sql

    @computed(description="Values of the statement's parameters.")
    def sql_parameters(self) -> JSON:
        return JSON(dict(self.board.ranking.entries().values))


def select_entries(board: Board, where: Clause = TRUE) -> Selection:
    """The entries of a board in its own order, those that fulfil a condition."""
    entries = board.read("shown_entries")
    return Selection(entries.sql, entries.values, where, (Order("position"),), board.lists(), own=True)


async def _rows(board: Board, name: str, context: Context) -> list[dict[str, Any]]:
    clause = board.read(name)
    return await context.rows(clause.sql, clause.values)


async def _columns(board: Board, context: Context) -> list[dict[str, Any]]:
    """Task and type of each column."""
    if board.is_stored:
        return context.dimensions.columns.get(board.row["name"], [])
    return await _rows(board, "shown_columns", context)


def _select(board: Board, where: ModelWhere | None, order_by: LeaderboardOrder | None, context: Context) -> Selection:
    entries, order = _order(board, order_by, context)
    chosen: Clause = TRUE
    if where is not None:
        chosen = condition(where, Names())
        chosen = Clause(f"model::varchar in (select name from models where {chosen.sql})", chosen.values)
    return Selection(entries.sql, entries.values, chosen, (*order, Order("position")), board.lists(), own=True)


def _order(board: Board, order_by: LeaderboardOrder | None, context: Context) -> tuple[Clause, tuple[Order, ...]]:
    """The statement to read, and the sort keys before the board's own."""
    if order_by is None:
        return board.read("shown_entries"), ()
    descending = order_by.direction is OrderDirection.DESC
    by = order_by.by
    if by.field is not None:
        return board.read("shown_entries"), (Order(ENTRY_KEYS[str(by.field.value.value)], descending),)
    if by.task is not None:
        if context.dimensions.tasks.find(by.task.value) is None:
            raise bad_input(f"there is no task {by.task.value!r} to sort by: `leaderboard.tasks` lists the board's")
        return board.read("shown_entries_by_task", {"task": by.task.value}), (Order("asked", descending),)
    assert by.task_type is not None
    by_type = board.read("shown_entries_by_task_type", {"task_type": by.task_type.value})
    return by_type, (Order("asked", descending),)
