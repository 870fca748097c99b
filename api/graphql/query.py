"""The queries."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.graphql.connections import After, Before, Connection, First, Last, page
from api.graphql.context import Context
from api.graphql.filters import BenchmarkWhere, ModelWhere, ScoreWhere, TaskWhere, condition
from api.graphql.ids import read_id
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
from api.graphql.types.benchmark import Benchmark
from api.graphql.types.catalog import Capability, Language, MenuEntry, read_capabilities, read_menu
from api.graphql.types.conflict import Conflict, MinSpread, read_conflicts
from api.graphql.types.model import Model
from api.graphql.types.node import Node
from api.graphql.types.score import KEY, AsOf, OfVersion, Score, SortedBy, Which, read_scores
from api.graphql.types.task import Task
from api.graphql.types.warehouse import Warehouse
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


async def _find_version(context: Context, key: list[Any]) -> Row | None:
    return _one("Version", context.dimensions.find_version(key[0], key[1]))


async def _find_score(context: Context, key: list[Any]) -> Row | None:
    """The score that was valid at the time in the id; a version that came late may have made it valid earlier."""
    same = " and ".join(f"{name}::varchar is not distinct from ${name}" for name in KEY[:-1])
    values = {name: None if value is None else str(value) for name, value in zip(KEY[:-1], key, strict=False)}
    rows = await context.rows(f"from scores where task = $task and {same}", values)
    return _one("Score", next((row for row in rows if _covers(row, key[-1])), None))


def _covers(row: dict[str, Any], at: object) -> bool:
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return False
    return bool(moment.tzinfo and row["valid_from"] <= moment and (row["valid_to"] is None or row["valid_to"] > moment))


# How many parts the key of an id has, and what finds it.
FINDERS: dict[str, tuple[int, Callable[[Context, list[Any]], Awaitable[Row | None]]]] = {
    "Model": (1, _find_model),
    "Task": (1, _find_task),
    "Benchmark": (1, _find_benchmark),
    "Version": (2, _find_version),
    "Score": (len(KEY), _find_score),
}
