"""Leaderboards and their entries."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from api.graphql.connections import After, Before, Connection, First, Last
from api.graphql.context import Context
from api.graphql.enums import OrderDirection, RankingMethod
from api.graphql.errors import bad_input
from api.graphql.filters import ModelWhere, condition
from api.graphql.orders import ENTRY_KEYS, LeaderboardOrder
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import Element, Page, Relation, Row, children, column, computed, reads
from api.graphql.types.model import Model
from api.graphql.types.score import Score
from api.graphql.types.task import Task
from api.graphql.types.version import Version
from warehouse.select import TRUE, Clause, Names, Order, Selection
from warehouse.statements import statement

if TYPE_CHECKING:
    from api.graphql.types.benchmark import Benchmark

CELL_SCORE = (
    "seq", "model", "source", "source_model", "model_revision", "variant", "task", "split", "subset", "metric",
    "occurrence", "value", "languages", "trained_on", "verified", "source_rank", "derived_from", "dataset_revision",
    "provenance_name", "provenance_path", "provenance_url", "provenance_revision", "evaluated_at", "tool",
    "submitted_by", "pull_request", "notes", "valid_from", "valid_to",
)  # fmt: skip


@strawberry.type(description="How much of a board a model has, in tasks.")
class Coverage:
    scored: int = strawberry.field(description="Tasks with a score.")
    expected: int = strawberry.field(description="Tasks on the board.")


@strawberry.type(description="What a model scored on one cell of a task.")
class CellScore(Element):
    subset: str = column("Subset of the task.")
    split: str = column("Split of the dataset.")
    value: float = column("The value as published.")

    @computed(description="The score itself, with its provenance.", metadata=reads(*CELL_SCORE))
    def score(self) -> Score:
        return Row("Score", {**self.values, "languages": self["languages"] or []})  # type: ignore[return-value]


@strawberry.type(description="What a model scored on one task of a board.")
class TaskScore(Element):
    @computed(description="The task.", metadata=reads("task"))
    def task(self, info: strawberry.Info[Context]) -> Task:
        return Row("Task", info.context.dimensions.tasks.rows[self["task"]])  # type: ignore[return-value]

    value: float | None = column("Mean over the task's cells; null: a cell that other models have is missing.")
    trained_on: bool | None = column("Whether the model's training data holds the task; null: it declares none.")
    cells: list[CellScore] = strawberry.field(
        description="Its scores on every subset and split known, undeclared sub-scores among them.",
        metadata=children(
            "CellScore", "queries/cells", ("position", "place"), order="seq", below=("entry_position", "task_place")
        ),
    )


@strawberry.type(description="A model's mean over the tasks of one type.")
class TaskTypeScore:
    task_type: str = column("Type of the tasks.")
    value: float | None = column("Mean over the tasks of that type; null: one of them is missing.")


@strawberry.type(description="One model on a leaderboard.")
class LeaderboardEntry(Element):
    rank: int | None = column("Rank by the board's rule, 1 is best; ties may share one.")

    @computed(description="The model.", metadata=reads("model"))
    def model(self, info: strawberry.Info[Context]) -> Model:
        return Row("Model", info.context.dimensions.models.rows[self["model"]])  # type: ignore[return-value]

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
        metadata=children("TaskScore", "queries/task_scores", ("position",), order="position, place"),
    )
    task_type_scores: list[TaskTypeScore] = strawberry.field(
        description="Its means in the order of the leaderboard's task types; types it has nothing on are left out.",
        metadata=children("TaskTypeScore", "queries/task_type_scores", ("position",), order="position, place"),
    )

    @computed(
        description="Its scores in the order of the leaderboard's tasks; null: none, or a cell is missing.",
        metadata=children(
            "TaskScore", "queries/task_scores", ("position",), order="position, place", columns=("task", "value"),
            reading=("benchmark",),
        ),
    )  # fmt: skip
    def task_values(self, info: strawberry.Info[Context]) -> list[float | None]:
        found = {score["task"]: score["value"] for score in self["task_values"]}
        return [found.get(column["task"]) for column in info.context.dimensions.columns.get(self["benchmark"], [])]

    @computed(
        description="Tasks of the board in the model's training data; null: the model declares none.",
        metadata=reads("model", "trained_on_tasks"),
    )
    def trained_on_tasks(self, info: strawberry.Info[Context]) -> list[str] | None:
        found: list[str] | None = self["trained_on_tasks"]
        declared = info.context.dimensions.models.rows[self["model"]]["training_datasets"] is not None
        return found or ([] if declared else None)


@strawberry.type(description="A ranking of models.")
class Leaderboard:
    row: strawberry.Private[dict[str, Any]]

    @computed(description="The board that is ranked.")
    def benchmark(self) -> Annotated["Benchmark", strawberry.lazy("api.graphql.types.benchmark")]:
        return Row("Benchmark", self.row)  # type: ignore[return-value]

    @computed(description="How it ranks.")
    def method(self) -> RankingMethod:
        return RankingMethod(self.row["default_method"])

    @computed(description="The state of the board's source that is ranked.")
    def version(self, info: strawberry.Info[Context]) -> Version | None:
        found = info.context.dimensions.versions.get(self.row["source"], [])
        return Row("Version", found[-1]) if found else None  # type: ignore[return-value]

    @computed(description="How many entries are ranked.")
    def total_models(self, info: strawberry.Info[Context]) -> int:
        return int(info.context.dimensions.sizes.get(self.row["name"], 0))

    @computed(description="The tasks that are ranked: the columns.")
    def tasks(self, info: strawberry.Info[Context]) -> list[Task]:
        known = info.context.dimensions
        return [Row("Task", known.tasks.rows[found["task"]]) for found in known.columns.get(self.row["name"], [])]  # type: ignore[misc]

    @computed(description="The types of those tasks, in order of appearance.")
    def task_types(self, info: strawberry.Info[Context]) -> list[str]:
        known = info.context.dimensions
        types = (known.tasks.rows[found["task"]]["type"] for found in known.columns.get(self.row["name"], []))
        return list(dict.fromkeys(name for name in types if name))

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
        selection = _select(self.row["name"], where, order_by, info.context)
        return ConnectionOf(Relation("LeaderboardEntry", selection), Page(first, after, last, before))  # type: ignore[return-value]

    @computed(description="The statement that ranks the board; it runs on the published DuckDB file.")
    def sql(self) -> str:
        return statement("rankings/entries")

    @computed(description="Values of the statement's parameters.")
    def sql_parameters(self) -> JSON:
        return JSON({"benchmarks": [self.row["name"]]})


def _select(board: str, where: ModelWhere | None, order_by: LeaderboardOrder | None, context: Context) -> Selection:
    source, values, order = _order(order_by, context)
    chosen: Clause = TRUE
    if where is not None:
        chosen = condition(where, Names())
        chosen = Clause(f"model::varchar in (select name from models where {chosen.sql})", chosen.values)
    return Selection(statement(source), {"benchmark": board, **values}, chosen, (*order, Order("position")))


def _order(order_by: LeaderboardOrder | None, context: Context) -> tuple[str, dict[str, Any], tuple[Order, ...]]:
    """The statement to read, its values, and the sort keys before the board's own."""
    if order_by is None:
        return "queries/entries", {}, ()
    descending = order_by.direction is OrderDirection.DESC
    by = order_by.by
    if by.field is not None:
        return "queries/entries", {}, (Order(ENTRY_KEYS[str(by.field.value.value)], descending),)
    if by.task is not None:
        if context.dimensions.tasks.find(by.task.value) is None:
            raise bad_input(f"there is no task {by.task.value!r} to sort by: `leaderboard.tasks` lists the board's")
        return "queries/entries_by_task", {"task": by.task.value}, (Order("asked", descending),)
    assert by.task_type is not None
    return "queries/entries_by_task_type", {"task_type": by.task_type.value}, (Order("asked", descending),)
