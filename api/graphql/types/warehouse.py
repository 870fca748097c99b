"""The data being served."""

import datetime
from typing import Annotated

import strawberry

from api.graphql.connections import After, Before, Connection, First, Last, page
from api.graphql.context import Context
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import Element, Relation, Row, column, computed
from api.graphql.scalars import BigInt
from api.graphql.types.version import Version
from warehouse.select import Clause, Order, Selection

MOST_PROBLEMS = 5_000


@strawberry.type(description="Something a source held that could not be loaded.")
class LoadProblem:
    path: str = column("File, row or address.")
    message: str = column("What is wrong and what became of it.")


@strawberry.type(description="A place that publishes scores.")
class Source(Element):
    name: str = column("Name.")
    uri: str = column("Where it was read.")
    revision: str | None = column("Its revision: a commit, or a mark of what was read.")
    loaded_at: datetime.datetime = column("When it was last loaded.")

    @computed(description="Its states, oldest first.")
    def versions(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Version]:
        return read_versions(self["name"], first, after, last, before)

    @computed(description="How many problems the last loading met.")
    def problem_count(self, info: strawberry.Info[Context]) -> int:
        return int(info.context.dimensions.problem_counts.get(self["name"], 0))

    @computed(description="Problems the last loading met.")
    def problems(
        self,
        first: Annotated[int, strawberry.argument(description="How many, at most 5,000.")] = 100,
    ) -> list[LoadProblem]:
        kept = max(0, min(first, MOST_PROBLEMS))
        sql = "select path, message from problems where source = $source order by path, message limit $kept"
        return Relation("LoadProblem", Selection(sql, {"source": self["name"], "kept": kept}))  # type: ignore[return-value]


@strawberry.type(description="How much there is.")
class WarehouseCounts:
    models: int = strawberry.field(description="Models.")
    benchmarks: int = strawberry.field(description="Benchmarks.")
    tasks: int = strawberry.field(description="Tasks.")
    scores: BigInt = strawberry.field(description="Scores that are current.")
    versions: int = strawberry.field(description="Versions of all sources.")


@strawberry.type(description="The snapshot of all data that answers come from.")
class Warehouse:
    @computed(description="Id of the snapshot.")
    def snapshot(self, info: strawberry.Info[Context]) -> str:
        return info.context.snapshot.id

    @computed(description="When it was built.")
    def built_at(self, info: strawberry.Info[Context]) -> datetime.datetime:
        return info.context.snapshot.built_at

    @computed(description="What was loaded, by name.")
    def sources(self, info: strawberry.Info[Context]) -> list[Source]:
        return [Row("Source", row) for row in info.context.dimensions.sources]  # type: ignore[misc]

    @computed(description="How much there is.")
    def counts(self, info: strawberry.Info[Context]) -> WarehouseCounts:
        known = info.context.dimensions
        return WarehouseCounts(
            models=len(known.models),
            benchmarks=len(known.benchmarks),
            tasks=len(known.tasks),
            scores=BigInt(known.counts["scores"]),
            versions=known.counts["versions"],
        )


def read_versions(
    source: str, first: int | None, after: str | None, last: int | None, before: str | None
) -> Connection[Version]:
    """The versions of a source, oldest first."""
    where = Clause("source = $source", {"source": source})
    selection = Selection("from versions", {}, where, (Order("strftime(published_at, '%Y-%m-%dT%H:%M:%S.%f')"),))
    return ConnectionOf(Relation("Version", selection), page(first, after, last, before))  # type: ignore[return-value]
