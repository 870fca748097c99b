"""Models."""

import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.graphql.connections import After, Connection, First, page
from api.graphql.context import Context
from api.graphql.enums import AliasMatch
from api.graphql.filters import BenchmarkWhere
from api.graphql.relation import Element, Row, column, computed, reads
from api.graphql.scalars import BigInt
from api.graphql.types.node import Node
from api.graphql.types.score import AsOf, OfVersion, Score, SortedBy, Which, read_scores
from warehouse.select import Clause

if TYPE_CHECKING:
    from api.graphql.types.change import HistoryPoint
    from api.graphql.types.standing import Standing
    from api.graphql.types.task import Task


@strawberry.type(description="A name that a source uses for a model.")
class ModelAlias(Element):
    source: str = column("Name of the source.")
    name: str = column("The model's name there.")

    @computed(description="How it was found to mean this model.")
    def match(self) -> AliasMatch:
        return AliasMatch(self["match"])


@strawberry.type(description="How open a model is, by six criteria.")
class Openness:
    score: int = strawberry.field(description="How many of the six hold.")
    open_weights: bool = strawberry.field(description="The weights can be downloaded.")
    open_license: bool = strawberry.field(description="The licence is open.")
    open_training_code: bool = strawberry.field(description="The training code is public.")
    open_training_data: bool = strawberry.field(description="The training data is public.")
    paper: bool = strawberry.field(description="There is a paper.")
    model_card: bool = strawberry.field(description="There is a model card.")


@strawberry.type(description="Data that a model declares to be trained on.")
class TrainingDataset:
    name: str = strawberry.field(description="Name as declared.")

    @computed(description="The task of that name; null: there is none.")
    def task(
        self, info: strawberry.Info[Context]
    ) -> Annotated["Task", strawberry.lazy("api.graphql.types.task")] | None:
        row = info.context.dimensions.tasks.find(self.name)
        return Row("Task", row) if row else None  # type: ignore[return-value]


@strawberry.type(description="A model, once, whatever names the sources use for it.")
class Model(Node):
    name: str = column("Canonical name: the Hub id where one is known.")
    organization: str | None = column("Who made it.")
    display_name: str = column("Name for people.")
    url: str | None = column("Its page.")
    citation: str | None = column("BibTeX entry.")

    @computed(description="Its names in the sources.", metadata=reads("name"))
    def aliases(self, info: strawberry.Info[Context]) -> list[ModelAlias]:
        return [Row("ModelAlias", row) for row in info.context.dimensions.aliases.get(self["name"], [])]  # type: ignore[misc]

    parameters: BigInt | None = column("Total number of parameters.")
    active_parameters: BigInt | None = column("Parameters used for one token.")
    embedding_dimension: int | None = column("Size of the embedding; the largest where several are offered.")
    max_tokens: int | None = column("Longest input in tokens; null: unknown or unlimited.")
    unlimited_tokens: bool = column("Whether the input may be of any length.")
    memory_mb: float | None = column("Memory of the weights in MB.")
    license: str | None = column("Licence name or address.")
    open_weights: bool | None = column("Whether the weights can be downloaded.")

    @computed(
        description="How open it is; null: nobody assessed it.",
        metadata=reads(
            "openness_score", "open_weights", "open_license", "open_training_code", "open_training_data", "has_paper",
            "has_model_card",
        ),
    )  # fmt: skip
    def openness(self) -> Openness | None:
        if self["openness_score"] is None:
            return None
        return Openness(
            score=self["openness_score"],
            open_weights=bool(self["open_weights"]),
            open_license=bool(self["open_license"]),
            open_training_code=bool(self["open_training_code"]),
            open_training_data=bool(self["open_training_data"]),
            paper=bool(self["has_paper"]),
            model_card=bool(self["has_model_card"]),
        )

    training_code: str | None = column("Address of the training code.")
    training_data: str | None = column(
        "Address of the training data, or `true` where only its being public is declared."
    )
    release_date: datetime.date | None = column("Day of release.")
    model_types: list[str] = column("Kinds of model, such as dense or late-interaction.")
    modalities: list[str] = column("Input modalities.")
    languages: list[str] = column("Languages it is made for.")
    frameworks: list[str] = column("Libraries that run it.")
    instruction_tuned: bool | None = column("Whether it takes instructions.")
    adapted_from: str | None = column("Model it was made from.")
    superseded_by: str | None = column("Model that replaces it.")

    @computed(description="Declared training data; null: undeclared, empty: none.", metadata=reads("training_datasets"))
    def training_datasets(self) -> list[TrainingDataset] | None:
        names = self["training_datasets"]
        return None if names is None else [TrainingDataset(name=name) for name in names]

    @computed(description="Its entries on all boards, best rank first.", metadata=reads("name"))
    async def standings(
        self,
        info: strawberry.Info[Context],
        where: Annotated[BenchmarkWhere | None, strawberry.argument(description="Which boards.")] = None,
        as_of: AsOf = None,
    ) -> list[Annotated["Standing", strawberry.lazy("api.graphql.types.standing")]]:
        from api.graphql.types.standing import read_standings  # noqa: PLC0415 - standings have models

        return await read_standings(info.context, self["name"], where, as_of)  # type: ignore[return-value]

    @computed(
        description="Where it stood on one board, in each version of the board's source that ranks it, oldest first.",
        metadata=reads("name"),
    )
    async def history(
        self,
        info: strawberry.Info[Context],
        benchmark: Annotated[str, strawberry.argument(description="Name or alias of the board.")],
    ) -> list[Annotated["HistoryPoint", strawberry.lazy("api.graphql.types.change")]]:
        from api.graphql.types.change import read_history  # noqa: PLC0415 - points have versions of models' entries

        return await read_history(info.context, self["name"], benchmark)

    @computed(description="Its scores.", metadata=reads("name"))
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
        mine = Clause("model = $of_model", {"of_model": self["name"]})
        known = info.context.dimensions
        return read_scores(known, where, as_of, version, order_by, page(first, after), mine)
