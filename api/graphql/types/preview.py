"""Where results would stand if they were submitted and approved."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from api.graphql.context import Context
from api.graphql.relation import Row, computed
from api.graphql.submitted import SubmissionPreviewInput, read_scores
from api.graphql.types.submission import SubmissionProblem, show_problems
from api.submissions.drafts import Draft
from api.submissions.fields import Held, check, warnings
from warehouse.ledger.records import Entry
from warehouse.preview import held_scores, model_of, previewed_boards

if TYPE_CHECKING:
    from api.graphql.types.benchmark import Benchmark


@strawberry.type(description="Where results would stand on one board.")
class PreviewBoard:
    row: strawberry.Private[dict[str, Any]]
    rank: int | None = strawberry.field(description="The rank; null: the board gives none without a value.")
    total_models: int = strawberry.field(description="How many entries the board would have.")
    value: float | None = strawberry.field(description="What the board would rank by.")

    @computed(description="The board.")
    def benchmark(self) -> Annotated["Benchmark", strawberry.lazy("api.graphql.types.benchmark")]:
        return Row("Benchmark", self.row)  # type: ignore[return-value]


@strawberry.type(description="What would become of results.")
class SubmissionPreview:
    boards: list[PreviewBoard] = strawberry.field(
        description="Where they would stand, on each board that has their benchmarks; empty where they are wrong."
    )
    problems: list[SubmissionProblem] = strawberry.field(
        description="What is wrong with them, and what is remarked on them."
    )


async def preview(context: Context, asked: SubmissionPreviewInput) -> SubmissionPreview:
    """What would become of results, if nothing else were wrong with the submission."""
    draft = Draft(
        model_name=asked.model_name,
        model_type="instruction",
        precision="bfloat16",
        revision="main",
        weight_type="original",
        base_model=None,
        backend="others",
        remarks=None,
        scores=read_scores(asked.scores),
    )
    entry, problems = check(draft, context.facts)
    if entry is None:
        return SubmissionPreview(boards=[], problems=show_problems(problems))
    model = model_of(entry.model_name, context.dimensions.models.rows)
    remarks = [*problems, *warnings(entry, context.facts, await _held(context, model))]
    return SubmissionPreview(boards=await _boards(context, entry, model), problems=show_problems(remarks))


async def _held(context: Context, model: str) -> Held:
    asked = held_scores(model)
    rows = await context.rows(asked.sql, asked.values)
    return Held(frozenset(row["task"] for row in rows), frozenset(row["task"] for row in rows if row["is_own"]))


async def _boards(context: Context, entry: Entry, model: str) -> list[PreviewBoard]:
    known = context.dimensions
    scores = {score.benchmark: score.value for score in entry.scores if score.variant is None}
    named = {name for task in scores for name in known.boards_of_task.get(task, [])}
    boards = {row["name"]: row for row in known.benchmarks if row["name"] in named}
    asked = [(name, row["default_method"], row["ranks_variants"]) for name, row in boards.items()]
    found = [
        row
        for clause in previewed_boards(asked, model, scores)
        for row in await context.rows(clause.sql, clause.values)
    ]
    places = {row["benchmark"]: row for row in found}
    return [
        PreviewBoard(
            row=row, rank=places[name]["rank"], total_models=places[name]["total"], value=places[name]["value"]
        )
        for name, row in boards.items()
        if name in places
    ]
