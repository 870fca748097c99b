"""The queries."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry

from api.graphql.connections import DEFAULT_FIRST, After, Before, Connection, First, Last, page
from api.graphql.context import Context
from api.graphql.enums import SubmissionStatus
from api.graphql.filters import BenchmarkWhere, ModelWhere, ScoreWhere, TaskWhere, condition
from api.graphql.orders import (
    BENCHMARK_KEYS,
    MODEL_KEYS,
    TASK_KEYS,
    BenchmarkOrder,
    ModelOrder,
    TaskOrder,
    order_keys,
)
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import Page, Relation, Row, computed
from api.graphql.submitted import SubmissionPreviewInput
from api.graphql.types.benchmark import Benchmark
from api.graphql.types.catalog import Capability, Language, MenuEntry, read_capabilities, read_menu
from api.graphql.types.conflict import Conflict, MinSpread, read_conflicts
from api.graphql.types.model import Model
from api.graphql.types.node import Node
from api.graphql.types.preview import SubmissionPreview, preview
from api.graphql.types.score import KEY, AsOf, OfVersion, Score, SortedBy, Which, find_score, read_scores
from api.graphql.types.submission import Submission, read_submissions, show
from api.graphql.types.task import Task
from api.graphql.types.viewer import Viewer, show_viewer
from api.graphql.types.warehouse import Warehouse
from api.ids import read_id
from api.submissions.ids import read_submission_id
from warehouse.select import TRUE, Names, Order, Selection

Name = Annotated[str, strawberry.argument(description="Name or alias.")]


@strawberry.type(description="What can be asked.")
class Query:
    @computed(description="The thing of that id; null: there is none.")
    async def node(
        self,
        info: strawberry.Info[Context],
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the thing.")],
    ) -> Node | None:
        found = read_id(id)
        if found is None or found[0] not in FINDERS:
            return None
        parts, find = FINDERS[found[0]]
        return await find(info.context, found[1]) if len(found[1]) == parts else None  # type: ignore[return-value]

    @computed(description="The snapshot that answers come from.")
    def warehouse(self) -> Warehouse:
        return Warehouse()

    @computed(description="One model; null: there is none of that name.")
    def model(self, info: strawberry.Info[Context], name: Name) -> Model | None:
        return _one("Model", info.context.dimensions.models.find(name))  # type: ignore[return-value]

    @computed(description="Models, by name unless asked otherwise.")
    def models(
        self,
        where: Annotated[ModelWhere | None, strawberry.argument(description="Which models.")] = None,
        order_by: Annotated[list[ModelOrder] | None, strawberry.argument(description="How to sort.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Model]:
        order = order_keys(order_by, MODEL_KEYS, Order("name"))
        return _list("Model", "models", where, order, page(first, after, last, before))  # type: ignore[return-value]

    @computed(description="One benchmark; null: there is none of that name.")
    def benchmark(self, info: strawberry.Info[Context], name: Name) -> Benchmark | None:
        return _one("Benchmark", info.context.dimensions.benchmarks.find(name))  # type: ignore[return-value]

    @computed(description="Benchmarks, in their sources' order unless asked otherwise.")
    def benchmarks(
        self,
        where: Annotated[BenchmarkWhere | None, strawberry.argument(description="Which benchmarks.")] = None,
        order_by: Annotated[list[BenchmarkOrder] | None, strawberry.argument(description="How to sort.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Benchmark]:
        order = order_keys(order_by, BENCHMARK_KEYS, Order("place"), Order("name"))
        return _list("Benchmark", "benchmarks", where, order, page(first, after, last, before))  # type: ignore[return-value]

    @computed(description="One task; null: there is none of that name.")
    def task(self, info: strawberry.Info[Context], name: Name) -> Task | None:
        return _one("Task", info.context.dimensions.tasks.find(name))  # type: ignore[return-value]

    @computed(description="Tasks, by name unless asked otherwise.")
    def tasks(
        self,
        where: Annotated[TaskWhere | None, strawberry.argument(description="Which tasks.")] = None,
        order_by: Annotated[list[TaskOrder] | None, strawberry.argument(description="How to sort.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Task]:
        order = order_keys(order_by, TASK_KEYS, Order("name"))
        return _list("Task", "tasks", where, order, page(first, after, last, before))  # type: ignore[return-value]

    @computed(description="Scores of all sources, in stored order (task, model) unless asked otherwise.")
    def scores(  # noqa: PLR0913, PLR0917 - it takes the arguments of its field
        self,
        info: strawberry.Info[Context],
        where: Which = None,
        as_of: AsOf = None,
        version: OfVersion = None,
        order_by: SortedBy = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Score]:
        known = info.context.dimensions
        return read_scores(known, where, as_of, version, order_by, page(first, after, last, before))

    @computed(
        description="Where sources or revisions of one model disagree: current scores on the same cell, by the same "
        "metric, with different values; the largest spread first, then by names."
    )
    def conflicts(
        self,
        where: Annotated[ScoreWhere | None, strawberry.argument(description="Which scores are compared.")] = None,
        min_spread: MinSpread = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Conflict]:
        return read_conflicts(where, min_spread, first, after)

    @computed(description="The capability labels in use, by label.")
    def capabilities(self, info: strawberry.Info[Context], as_of: AsOf = None) -> list[Capability]:
        return read_capabilities(info.context, as_of)

    @computed(description="The languages with a name, by code.")
    def languages(self, info: strawberry.Info[Context]) -> list[Language]:
        return [Row("Language", row) for row in info.context.dimensions.languages]  # type: ignore[misc]

    @computed(description="The tree in which benchmarks are offered.")
    def menu(self, info: strawberry.Info[Context]) -> list[MenuEntry]:
        return read_menu(info.context, [])

    @computed(description="Who is asking; null: nobody says who they are.")
    async def viewer(self, info: strawberry.Info[Context]) -> Viewer | None:
        visit = info.context.ask()
        person = await visit.person()
        return show_viewer(person, is_maintainer=visit.submissions.is_maintainer(person)) if person else None

    @computed(description="One submission; null: there is none that one may know of.")
    async def submission(
        self,
        info: strawberry.Info[Context],
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the submission.")],
    ) -> Submission | None:
        return await _find_submission(info.context, [read_submission_id(id)])  # type: ignore[return-value]

    @computed(description="Submissions that one may know of, newest first.")
    async def submissions(
        self,
        info: strawberry.Info[Context],
        status: Annotated[
            SubmissionStatus | None, strawberry.argument(description="Only those that stand so; null: all.")
        ] = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Submission]:
        return await read_submissions(info.context.ask(), status, DEFAULT_FIRST if first is None else first, after)

    @computed(
        description="Where results would stand on each board that has their benchmarks, and what is wrong with them. "
        "Nothing is kept, and nobody need sign in."
    )
    async def submission_preview(
        self,
        info: strawberry.Info[Context],
        input: Annotated[SubmissionPreviewInput, strawberry.argument(description="The results.")],
    ) -> SubmissionPreview:
        return await preview(info.context, input)


def _one(kind: str, row: dict[str, Any] | None) -> Row | None:
    return Row(kind, row) if row else None


def _list(kind: str, table: str, where: Any, order: tuple[Order, ...], page: Page) -> ConnectionOf:
    chosen = condition(where, Names()) if where is not None else TRUE
    return ConnectionOf(Relation(kind, Selection(f"from {table}", {}, chosen, order)), page)


async def _find_model(context: Context, key: list[Any]) -> Row | None:
    return _one("Model", context.dimensions.models.rows.get(key[0]))


async def _find_task(context: Context, key: list[Any]) -> Row | None:
    return _one("Task", context.dimensions.tasks.rows.get(key[0]))


async def _find_benchmark(context: Context, key: list[Any]) -> Row | None:
    return _one("Benchmark", context.dimensions.benchmarks.rows.get(key[0]))


async def _find_submission(context: Context, key: list[Any]) -> Row | None:
    visit, name = context.ask(), key[0]
    if not isinstance(name, str):
        return None
    viewer = await visit.person()
    found = await visit.submissions.find(viewer, name)
    return show(found, viewer, visit.submissions) if found else None


async def _find_version(context: Context, key: list[Any]) -> Row | None:
    return _one("Version", context.dimensions.find_version(key[0], key[1]))


async def _find_score(context: Context, key: list[Any]) -> Row | None:
    return _one("Score", await find_score(context, key))


# How many parts the key of an id has, and what finds it.
FINDERS: dict[str, tuple[int, Callable[[Context, list[Any]], Awaitable[Row | None]]]] = {
    "Model": (1, _find_model),
    "Task": (1, _find_task),
    "Benchmark": (1, _find_benchmark),
    "Version": (2, _find_version),
    "Score": (len(KEY), _find_score),
    "Submission": (1, _find_submission),
}
