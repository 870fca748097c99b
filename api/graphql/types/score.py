"""Scores and where they come from."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from api.graphql.connections import Connection
from api.graphql.context import Context
from api.graphql.enums import ScoreUnit
from api.graphql.errors import bad_input
from api.graphql.filters import ScoreWhere, asks_unverified, condition
from api.graphql.orders import SCORE_KEYS, ScoreOrder, order_keys
from api.graphql.rankings import read_version
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import Page, Relation, column, computed, reads, refers
from api.graphql.types.node import Node
from api.graphql.types.version import Version, find_version
from api.ids import write_id
from warehouse.select import GAPS, TRUE, Clause, Names, Order, Selection, every, union
from warehouse.snapshot import Dimensions
from warehouse.statements import statement

if TYPE_CHECKING:
    from api.graphql.types.model import Model
    from api.graphql.types.task import Task

KEY = (
    "source", "source_model", "model_revision", "variant", "task", "split", "subset", "metric", "occurrence",
    "valid_from",
)  # fmt: skip

Which = Annotated[ScoreWhere | None, strawberry.argument(description="Which scores.")]
AsOf = Annotated[
    datetime.datetime | None, strawberry.argument(description="As they were at that time; null: as they are.")
]
InVersion = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="As they were in the version with this id; null: as they are."),
]
OfVersion = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only those of one source, as they were in its version with this id; null: of all, as they are."
    ),
]
SortedBy = Annotated[list[ScoreOrder] | None, strawberry.argument(description="How to sort.")]


@strawberry.type(description="Where a score was found.")
class Provenance:
    name: str | None = strawberry.field(description="Who or what it was taken from.")
    path: str | None = strawberry.field(description="File of the source that holds it.")
    url: str | None = strawberry.field(description="Page of the evidence.")
    revision: str | None = strawberry.field(description="Revision of the file.")
    evaluated_at: datetime.datetime | None = strawberry.field(description="When the evaluation ran or was published.")
    tool: str | None = strawberry.field(description="Evaluation tool, with its version where known.")
    submitted_by: str | None = strawberry.field(description="Who submitted it.")
    pull_request: int | None = strawberry.field(
        description="Number of the open pull request it comes from: a community result."
    )
    notes: str | None = strawberry.field(description="The source's remarks.")


@strawberry.type(description="What a model scored on one cell (task, split, subset), as published by one source.")
class Score(Node):
    @computed(
        description="Opaque, unique over all types, and the same in every snapshot.",
        metadata=reads(*KEY),
    )
    def id(self) -> strawberry.ID:
        key = [self[name] for name in KEY[:-1]] + [self["valid_from"].isoformat()]
        return strawberry.ID(write_id("Score", key))

    model: Annotated["Model", strawberry.lazy("api.graphql.types.model")] = refers("Model", "The model.")

    task: Annotated["Task", strawberry.lazy("api.graphql.types.task")] = refers("Task", "The task.")

    split: str = column("Part of the dataset, such as test.")
    subset: str = column("Part of the task: a language, a category, or `default`.")
    metric: str = column("What was measured.")
    variant: str | None = column(
        'What makes this another run of the same model ("With tools", an experiment, a judge); null: the plain run.'
    )
    value: float | None = column("The value as published; null: published without a usable number.")

    @computed(description="Unit of the value; null: nobody declares one.", metadata=reads("task"))
    def unit(self, info: strawberry.Info[Context]) -> ScoreUnit | None:
        return read_unit(info.context.dimensions.tasks.rows[self["task"]]["unit"])

    @computed(description="Languages it covers, as the source lists them.", metadata=reads("language_set"))
    def languages(self, info: strawberry.Info[Context]) -> list[str]:
        found: list[str] = info.context.dimensions.language_sets.get(self["language_set"], [])
        return found

    model_revision: str | None = column("Revision of the model that was evaluated.")
    dataset_revision: str | None = column("Revision of the dataset.")
    trained_on: bool | None = column("Whether the model's training data holds the task; null: it declares none.")
    verified: bool | None = column("Whether the source vouches for it; null: it does not say.")
    source: str = column("Name of the source.")
    source_rank: int | None = column("The source's own rank of it in its default view; null: it is not there.")
    derived_from: str | None = column("Source whose evidence this score repeats; null: evidence of its own.")

    @computed(
        description="Where it was found.",
        metadata=reads(
            "provenance_name", "provenance_path", "provenance_url", "provenance_revision", "evaluated_at", "tool",
            "submitted_by", "pull_request", "notes",
        ),
    )  # fmt: skip
    def provenance(self) -> Provenance:
        return Provenance(
            name=self["provenance_name"],
            path=self["provenance_path"],
            url=self["provenance_url"],
            revision=self["provenance_revision"],
            evaluated_at=self["evaluated_at"],
            tool=self["tool"],
            submitted_by=self["submitted_by"],
            pull_request=self["pull_request"],
            notes=self["notes"],
        )

    @computed(description="The first version that has it.", metadata=reads("source", "valid_from"))
    def valid_from(self, info: strawberry.Info[Context]) -> Version:
        return find_version(info.context.dimensions.versions, self["source"], self["valid_from"])  # type: ignore[return-value]

    @computed(
        description="The first version after it that has it no more; null: it is current.",
        metadata=reads("source", "valid_to"),
    )
    def valid_to(self, info: strawberry.Info[Context]) -> Version | None:
        return find_version(info.context.dimensions.versions, self["source"], self["valid_to"])  # type: ignore[return-value]


def read_unit(name: str | None) -> ScoreUnit | None:
    """A unit by its name in the store."""
    return ScoreUnit(name) if name else None


async def find_score(context: Context, key: Sequence[Any]) -> dict[str, Any] | None:
    """The score that was valid at the time in an id; a version that came late may have made it valid earlier."""
    values = {name: None if value is None else str(value) for name, value in zip(KEY[:-1], key, strict=False)}
    rows = await context.rows(statement("queries/scores_of_key"), values)
    return next((row for row in rows if _covers(row, key[-1])), None)


def _covers(row: dict[str, Any], at: object) -> bool:
    try:
        moment = datetime.datetime.fromisoformat(str(at))
    except ValueError:
        return False
    return bool(moment.tzinfo and row["valid_from"] <= moment and (row["valid_to"] is None or row["valid_to"] > moment))


def read_scores(
    known: Dimensions,
    where: ScoreWhere | None,
    as_of: datetime.datetime | None,
    version: str | None,
    order_by: list[ScoreOrder] | None,
    page: Page,
    extra: Clause = TRUE,
) -> Connection[Score]:
    """Scores that are current, or were at a time or in a version of one source, a page at a time.

    Those that wait for review are among them where it is asked for scores that are not verified.
    """
    conditions = every([extra, condition(where, Names())] if where else [extra])
    pending = bool(known.counts["pending"] and where and asks_unverified(where))
    source = _state(as_of, version, known, pending=pending)
    is_dense = as_of is None and version is None and not pending
    order = order_keys(order_by, SCORE_KEYS, Order("seq", dense=_ends(known) if is_dense else None))
    selection = Selection(source.sql, source.values, conditions, order)
    return ConnectionOf(Relation("Score", selection), page)  # type: ignore[return-value]


def _ends(known: Dimensions) -> tuple[int, int] | None:
    """First and last number of the current scores, where they have most of the numbers between."""
    last = known.counts["last_score"] or 0
    return (1, last) if GAPS * known.counts["scores"] > last else None


def _state(as_of: datetime.datetime | None, version: str | None, known: Dimensions, *, pending: bool) -> Clause:
    """The statement of the scores of a state, with those that wait for review or without."""
    if as_of is not None and version is not None:
        raise bad_input("give `asOf` or `version`, not both")
    if version is not None:
        found = read_version(version, None, known)
        return _scores("_of_version", {"source": found["source"], "as_of": found["published_at"]}, pending=pending)
    if as_of is not None:
        return _scores("_as_of", {"as_of": as_of}, pending=pending)
    return _scores("", {}, pending=pending)


def _scores(state: str, values: dict[str, Any], *, pending: bool) -> Clause:
    scores = Clause(statement(f"queries/scores{state}"), values)
    return union([scores, Clause(statement(f"queries/pending_scores{state}"), values)]) if pending else scores
