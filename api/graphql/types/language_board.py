"""Means by language: what the models of a board score on the cells in each."""

import strawberry

from api.graphql.context import Context
from api.graphql.rankings import Board
from api.graphql.relation import Element, Relation, Spread, computed, reads, refers
from api.graphql.types.model import Model
from warehouse.select import Order, Selection


@strawberry.type(description="The means of one model by language.")
class LanguageEntry(Element):
    model: Model = refers("Model", "The model.")

    @computed(
        description="Mean over its scores in each of the board's `languages`, in that order; null: it has none there.",
        metadata={**reads("places", "held", "width"), "spread": Spread("places", "held", "width")},
    )
    def values(self) -> list[float | None]:  # type: ignore[override]
        values: list[float | None] = [None] * self["width"]
        for place, value in zip(self["places"], self["held"], strict=True):
            values[place] = value
        return values


@strawberry.type(
    description="The means of a board's models by language: over all scores on the cells it declares, those of private "
    "tasks too, whatever else a model lacks. A score counts for each language it covers, as often as it lists it."
)
class LanguageBoard:
    board: strawberry.Private[Board]

    @computed(description="Codes of the languages that any model has a score in, sorted: the columns.")
    async def languages(self, info: strawberry.Info[Context]) -> list[str]:
        asked = self.board.ranking.statement("shown_languages")
        return [row["language"] for row in await info.context.rows(asked.sql, asked.values)]

    @computed(description="The models that have a score in one of them, by name.")
    def entries(self) -> list[LanguageEntry]:
        asked = self.board.ranking.statement("shown_language_entries")
        return Relation("LanguageEntry", Selection(asked.sql, asked.values, order=(Order("model"),)), self.board)  # type: ignore[return-value]
