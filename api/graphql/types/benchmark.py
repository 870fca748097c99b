"""Benchmarks: boards that rank models."""

from typing import Annotated

import strawberry

from api.graphql.connections import After, Before, Connection, First, Last
from api.graphql.context import Context
from api.graphql.enums import RankingMethod, ScoreUnit
from api.graphql.filters import IntWhere, ModelWhere, TaskWhere, condition
from api.graphql.orders import TaskWeight
from api.graphql.rankings import Question, read_board
from api.graphql.relation import Element, Relation, column, computed, reads, refers
from api.graphql.types.change import LeaderboardDiff, read_diff
from api.graphql.types.language_board import LanguageBoard
from api.graphql.types.leaderboard import Leaderboard
from api.graphql.types.node import Node
from api.graphql.types.score import AsOf, InVersion, read_unit
from api.graphql.types.task import Task
from api.graphql.types.version import Version
from api.graphql.types.warehouse import read_versions
from warehouse.select import TRUE, Clause, Names, Order, Selection
from warehouse.statements import statement


@strawberry.type(description="A task on a benchmark: the cells that count there, fewer than the task's own.")
class BenchmarkTask(Element):
    task: Task = refers("Task", "The task.", "name")

    splits: list[str] = column("Splits that count.")
    subsets: list[str] = column("Subsets that count.")
    languages: list[str] = column("Languages of those subsets.", "coalesce(languages, [])")


@strawberry.type(description="A board that ranks models by their scores on its tasks.")
class Benchmark(Node):
    name: str = column("Name, unique over all sources.")
    display_name: str = column("Name for people.", "coalesce(display_name, name)")
    aliases: list[str] = column("Other names it answers to.")
    source: str = column("Source that declares it; only its scores count.")
    icon: str | None = column("Address of an icon.")
    description: str | None = column("What it measures.")
    url: str | None = column("Page about it.")
    citation: str | None = column("BibTeX entry.")
    in_menu: bool = column("Whether the menu shows it.")
    languages: list[str] = column("Languages of its tasks.")
    language_view: list[str] | None = column("Languages its per-language table shows; null: it has no such table.")
    task_types: list[str] = column("Types of its tasks.")
    simplified_task_types: list[str] = column("Types of its tasks in a coarser grouping.")
    domains: list[str] = column("Domains of its tasks.")
    modalities: list[str] = column("Modalities of its tasks.")

    @computed(description="Unit of all its tasks; null: they differ, or one declares none.", metadata=reads("unit"))
    def unit(self) -> ScoreUnit | None:
        return read_unit(self["unit"])

    aggregations: list[str] = column("Which aggregates its source shows.")

    @computed(description="How it ranks unless asked otherwise.", metadata=reads("default_method"))
    def default_method(self) -> RankingMethod:
        return RankingMethod(self["default_method"])

    show_zero_shot: bool = column("Whether its source shows the zero-shot column.")
    superseded_by: list[str] = column("Benchmarks that replace it.")
    model_count: int = column("Models with a score on every task it declares.")
    task_count: int = column("Tasks it declares.")

    @computed(description="The tasks it declares, in its order.", metadata=reads("name"))
    def tasks(
        self,
        where: Annotated[TaskWhere | None, strawberry.argument(description="Which tasks.")] = None,
    ) -> list[BenchmarkTask]:
        chosen: Clause = TRUE
        if where is not None:
            chosen = condition(where, Names())
            chosen = Clause(f"name in (select name from tasks where {chosen.sql})", chosen.values)
        selection = Selection(
            statement("queries/benchmark_tasks"), {"benchmark": self["name"]}, chosen, (Order("place"),)
        )
        return Relation("BenchmarkTask", selection)  # type: ignore[return-value]

    @computed(description="The states of its source, oldest first.", metadata=reads("source"))
    def versions(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Version]:
        return read_versions(self["source"], first, after, last, before)

    @computed(
        description="A ranking of its models, by its own method unless asked otherwise. What is asked for decides what "
        "is ranked, as if nothing else were on the board; only the cells that make a task complete stay the board's.",
        metadata=reads("name"),
    )
    def leaderboard(  # noqa: PLR0913, PLR0917 - it takes the arguments of its field
        self,
        info: strawberry.Info[Context],
        method: Annotated[
            RankingMethod | None,
            strawberry.argument(
                description="How to rank; null: as the board does. Another method shares ranks (1224)."
            ),
        ] = None,
        weights: Annotated[
            list[TaskWeight] | None, strawberry.argument(description="Weights of tasks; they imply WEIGHTED.")
        ] = None,
        as_of: AsOf = None,
        version: InVersion = None,
        models: Annotated[ModelWhere | None, strawberry.argument(description="Which models to rank.")] = None,
        zero_shot_percent: Annotated[
            IntWhere | None,
            strawberry.argument(description="Which models to rank, by the share of tasks not in their training data."),
        ] = None,
        tasks: Annotated[TaskWhere | None, strawberry.argument(description="Which tasks count.")] = None,
        common_tasks_only: Annotated[
            bool, strawberry.argument(description="Whether only tasks count that all ranked models have.")
        ] = False,
        languages: Annotated[
            list[str] | None,
            strawberry.argument(
                description="Only scores in one of these languages (codes or names) count; means are then over the "
                "tasks a model has."
            ),
        ] = None,
    ) -> Leaderboard | None:
        known = info.context.dimensions
        question = Question(
            method, weights, as_of, version, models, zero_shot_percent, tasks, common_tasks_only, languages
        )
        return Leaderboard(board=read_board(known.benchmarks.rows[self["name"]], question, known))

    @computed(
        description="Means by language over the scores on the cells it declares, those of private tasks too.",
        metadata=reads("name"),
    )
    def per_language(
        self,
        info: strawberry.Info[Context],
        as_of: AsOf = None,
        languages: Annotated[
            list[str] | None, strawberry.argument(description="Only these languages (codes or names); null: all.")
        ] = None,
        models: Annotated[
            ModelWhere | None, strawberry.argument(description="Only these models; the columns stay those of all.")
        ] = None,
    ) -> LanguageBoard | None:
        known = info.context.dimensions
        question = Question(as_of=as_of, languages=languages, models=models)
        return LanguageBoard(board=read_board(known.benchmarks.rows[self["name"]], question, known))

    @computed(
        description="What changed on it from one version of its source to another, in one answer.",
        metadata=reads("name"),
    )
    async def diff(
        self,
        info: strawberry.Info[Context],
        from_: Annotated[
            strawberry.ID, strawberry.argument(name="from", description="Id of the version to compare from.")
        ],
        to: Annotated[strawberry.ID, strawberry.argument(description="Id of the version to compare to.")],
    ) -> LeaderboardDiff | None:
        return await read_diff(info.context, info.context.dimensions.benchmarks.rows[self["name"]], from_, to)
