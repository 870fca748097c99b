"""What is sent with a submission, and what is answered to it."""

import datetime
from typing import Annotated

import strawberry

from api.graphql.enums import Backend, Precision, SubmissionModelType, WeightType
from api.graphql.scalars import Upload
from api.graphql.types.submission import ProblemInterface, Submission, SubmissionProblem, show_problems
from api.submissions.drafts import Draft, DraftScore
from api.submissions.problems import Failed, Forbidden, Invalid, NotSignedIn, RateLimited, Refusal, Unknown


@strawberry.input(description="A score on a part of a benchmark.")
class SubmittedSubScoreInput:
    key: str = strawberry.field(description="Key of the part.")
    value: float | None = strawberry.field(default=None, description="The score in percent; null: not evaluated.")


@strawberry.input(description="A score on a benchmark.")
class SubmittedScoreInput:
    benchmark: str = strawberry.field(description="Id of the benchmark, such as `blink` or `blink_exact_matching`.")
    variant: str | None = strawberry.field(
        default=None, description="How it was judged, where the id does not say: `exact_matching`, a judge's name."
    )
    value: float | None = strawberry.field(
        default=None, description="The score in percent, -100 to 100; null: not evaluated."
    )
    sub_scores: list[SubmittedSubScoreInput] | None = strawberry.field(
        default=None, description="Scores on the benchmark's parts."
    )


@strawberry.input(description="Results of a model, and the evidence behind them.")
class SubmitEvaluationInput:
    model_name: str = strawberry.field(description="The model's id on the Hub: `organization/model-name`.")
    model_type: SubmissionModelType = strawberry.field(description="How the model was trained.")
    precision: Precision = strawberry.field(description="The numbers it was run with.")
    scores: list[SubmittedScoreInput] = strawberry.field(description="The scores.")
    evidence: Upload = strawberry.field(description="Zip archive of the evaluation's results, at most 20 MB.")
    revision: str = strawberry.field(default="main", description="Revision of the model.")
    weight_type: WeightType = strawberry.field(default=WeightType.ORIGINAL, description="What the weights are.")
    base_model: str | None = strawberry.field(
        default=None, description="The model that the weights are put upon; needed for deltas and adapters."
    )
    backend: Backend = strawberry.field(default=Backend.OTHERS, description="The tool that evaluated.")
    remarks: str | None = strawberry.field(default=None, description="What maintainers should know.")


@strawberry.input(description="Results of a model, to see where they would stand.")
class SubmissionPreviewInput:
    model_name: str = strawberry.field(description="The model's id on the Hub: `organization/model-name`.")
    scores: list[SubmittedScoreInput] = strawberry.field(description="The scores.")


@strawberry.type(description="The submission cannot be taken as it is.")
class SubmissionInvalid(ProblemInterface):
    problems: list[SubmissionProblem] = strawberry.field(description="All that is wrong with it.")


@strawberry.type(description="Too many submissions came from this person.")
class SubmissionRateLimited(ProblemInterface):
    retry_at: datetime.datetime = strawberry.field(description="When the next one is taken.")


@strawberry.type(description="It could not be done for a reason that is not the sender's.")
class SubmissionFailed(ProblemInterface):
    pass


@strawberry.type(
    description="Nobody who is known is asking: sign in, or send a token of the Hub as `Authorization: Bearer`."
)
class NotAuthenticated(ProblemInterface):
    pass


@strawberry.type(description="Who is asking may not do this.")
class NotAllowed(ProblemInterface):
    pass


@strawberry.type(description="There is no such thing, or none that who asks may know of.")
class NotFound(ProblemInterface):
    pass


SubmitEvaluationResult = Annotated[
    Submission | SubmissionInvalid | SubmissionRateLimited | NotAuthenticated | SubmissionFailed,
    strawberry.union("SubmitEvaluationResult", description="What became of a submission."),
]
SubmissionResult = Annotated[
    Submission | SubmissionInvalid | NotAuthenticated | NotAllowed | NotFound,
    strawberry.union("SubmissionResult", description="What became of a decision on a submission."),
]


def read_draft(input: SubmitEvaluationInput) -> Draft:
    """A submission as it was sent, unchecked."""
    return Draft(
        model_name=input.model_name,
        model_type=input.model_type.value,
        precision=input.precision.value,
        revision=input.revision,
        weight_type=input.weight_type.value,
        base_model=input.base_model,
        backend=input.backend.value,
        remarks=input.remarks,
        scores=read_scores(input.scores),
    )


def read_scores(scores: list[SubmittedScoreInput]) -> tuple[DraftScore, ...]:
    return tuple(
        DraftScore(
            each.benchmark, each.variant, each.value, tuple((sub.key, sub.value) for sub in each.sub_scores or ())
        )
        for each in scores
    )


def show_refusal(refusal: Refusal) -> ProblemInterface:
    """Why something was refused, as a member of a result."""
    told = {"message": refusal.message, "code": refusal.code}
    match refusal:
        case Invalid():
            return SubmissionInvalid(**told, problems=show_problems(refusal.problems))
        case RateLimited():
            return SubmissionRateLimited(**told, retry_at=refusal.retry_at)
        case NotSignedIn():
            return NotAuthenticated(**told)
        case Forbidden():
            return NotAllowed(**told)
        case Unknown():
            return NotFound(**told)
        case Failed():
            return SubmissionFailed(**told)
    raise refusal
