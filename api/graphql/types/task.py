"""Tasks and their subsets."""

import datetime
from typing import TYPE_CHECKING, Annotated

import orjson
import strawberry
from strawberry.scalars import JSON

from api.graphql.connections import After, Connection, First, page
from api.graphql.context import Context
from api.graphql.enums import ScoreUnit
from api.graphql.filters import ModelWhere
from api.graphql.relation import Element, Relation, Row, column, computed, reads
from api.graphql.types.catalog import Capability
from api.graphql.types.node import Node
from api.graphql.types.score import AsOf, OfVersion, Score, SortedBy, Which, read_scores, read_unit
from api.graphql.types.task_board import TaskLeaderboard, read_task_board
from warehouse.select import Clause, Order, Selection
from warehouse.statements import statement

if TYPE_CHECKING:
    from api.graphql.types.benchmark import Benchmark

LATEST = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)


@strawberry.type(description="A part of a task: a language, a category, or `default`.")
class Subset(Element):
    name: str = column("Name within the task.", "subset")
    languages: list[str] = column("Languages it covers.", "coalesce(languages, [])")

    @computed(description="Capabilities it stands for.", metadata=reads("labels"))
    def capabilities(self, info: strawberry.Info[Context]) -> list[Capability]:
        known = {row["label"]: row for row in info.context.dimensions.capabilities}
        return [Row("Capability", known.get(label, {"label": label, "name": label})) for label in self["labels"]]  # type: ignore[misc]


@strawberry.type(description="Something models are scored on.")
class Task(Node):
    name: str = column("Name, unique over all sources.")
    sources: list[str] = column("Sources that score it.")
    display_name: str = column("Name for people.")
    description: str | None = column("What it measures.")
    url: str | None = column("Page about it.")
    citation: str | None = column("BibTeX entry.")
    type: str | None = column("Kind of task, such as Retrieval.")
    simplified_type: str | None = column("The kind in a coarser grouping.")
    languages: list[str] = column("Languages it covers.")
    domains: list[str] = column("Domains of its texts.")
    modalities: list[str] = column("Modalities.")
    metric: str | None = column("Main metric.")

    @computed(description="Unit of its values; null: nobody declares one.", metadata=reads("unit"))
    def unit(self) -> ScoreUnit | None:
        return read_unit(self["unit"])

    lower_is_better: bool = column("Whether a smaller value ranks higher.")
    dataset: str | None = column("Hub id of the dataset.")
    dataset_revision: str | None = column("Revision of the dataset.")
    license: str | None = column("Licence of the dataset.")
    is_public: bool | None = column("Whether the data is public.")
    date_from: datetime.date | None = column("First day of the data's period.")
    date_to: datetime.date | None = column("Last day of the data's period.")
    annotations_creators: str | None = column("How annotations were made.")
    sample_creation: str | None = column("How samples were made.")
    dialects: list[str] = column("Dialects.")

    @computed(description="Statistics of the data.", metadata=reads("descriptive_statistics"))
    def descriptive_statistics(self) -> JSON | None:
        text = self["descriptive_statistics"]
        return orjson.loads(text) if text else None

    model_count: int = column("Models with a score on every declared split and subset.")
    splits: list[str] = column("Splits in use.")

    @computed(description="Its subsets.", metadata=reads("name"))
    def subsets(
        self,
        as_of: Annotated[
            datetime.datetime | None,
            strawberry.argument(description="With the capabilities of that time; null: of today."),
        ] = None,
    ) -> list[Subset]:
        values = {"task": self["name"], "as_of": as_of or LATEST}
        return Relation("Subset", Selection(statement("queries/subsets"), values, order=(Order("place"),)))  # type: ignore[return-value]

    @computed(description="Benchmarks that hold it.", metadata=reads("name"))
    def benchmarks(
        self, info: strawberry.Info[Context]
    ) -> list[Annotated["Benchmark", strawberry.lazy("api.graphql.types.benchmark")]]:
        known = info.context.dimensions
        return [Row("Benchmark", known.benchmarks.rows[name]) for name in known.boards_of_task.get(self["name"], [])]  # type: ignore[misc]

    @computed(description="Scores on it.", metadata=reads("name"))
    def scores(
        self,
        info: strawberry.Info[Context],
        where: Which = None,
        as_of: AsOf = None,
        version: OfVersion = None,
        order_by: SortedBy = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Score]:
        mine = Clause("task = $of_task", {"of_task": self["name"]})
        known = info.context.dimensions
        return read_scores(known, where, as_of, version, order_by, page(first, after), mine)

    @computed(
        description="A ranking of models by their scores on it. `subsets` and `splits` decide what is ranked, as if it "
        "had no others; `models` decides who, and the cells that a value needs stay those that any model has.",
        metadata=reads("name"),
    )
    async def leaderboard(
        self,
        info: strawberry.Info[Context],
        as_of: AsOf = None,
        models: Annotated[ModelWhere | None, strawberry.argument(description="Which models to rank.")] = None,
        subsets: Annotated[list[str] | None, strawberry.argument(description="Which subsets count; null: all.")] = None,
        splits: Annotated[list[str] | None, strawberry.argument(description="Which splits count; null: all.")] = None,
    ) -> TaskLeaderboard | None:
        row = info.context.dimensions.tasks.rows[self["name"]]
        return await read_task_board(row, info.context, as_of, models, subsets, splits)
