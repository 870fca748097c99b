"""What can be changed: submissions are sent, withdrawn and reviewed."""

from typing import Annotated, Any

import strawberry

from api.graphql.context import Context
from api.graphql.enums import ReviewDecision
from api.graphql.relation import computed
from api.graphql.submitted import (
    SubmissionResult,
    SubmitEvaluationInput,
    SubmitEvaluationResult,
    read_draft,
    show_refusal,
)
from api.graphql.types.submission import show
from api.submissions.ids import read_submission_id
from api.submissions.problems import Failed, RateLimited, Refusal, Unknown
from api.submissions.service import NOT_FOUND
from warehouse.ledger.records import Status

SubmissionId = Annotated[strawberry.ID, strawberry.argument(description="Id of the submission.")]


@strawberry.type(description="What can be changed.")
class Mutation:
    @computed(
        description="Send in results of a model with their evidence, as a multipart request. Five may be sent in two "
        "hours, those that are refused among them. An answer means that it is kept."
    )
    async def submit_evaluation(
        self,
        info: strawberry.Info[Context],
        input: Annotated[SubmitEvaluationInput, strawberry.argument(description="What is sent.")],
    ) -> SubmitEvaluationResult:
        visit = info.context.ask()
        service = visit.submissions
        try:
            service.check_configuration()
            person = await visit.signed_in()
            await service.take_slot(person)
            taken = await service.submit(person, read_draft(input), input.evidence)
        except Refusal as refusal:
            return show_refusal(refusal)  # type: ignore[return-value]
        return show(taken.submission, person, service)  # type: ignore[return-value]

    @computed(description="Take back a submission of one's own. Its scores leave the boards at the next build.")
    async def withdraw_submission(self, info: strawberry.Info[Context], id: SubmissionId) -> SubmissionResult:
        return await _decide(info.context, id, None, None)  # type: ignore[no-any-return]

    @computed(description="Approve or reject a submission; for maintainers.")
    async def review_submission(
        self,
        info: strawberry.Info[Context],
        id: SubmissionId,
        decision: Annotated[ReviewDecision, strawberry.argument(description="What is decided.")],
        note: Annotated[str | None, strawberry.argument(description="Why, for who sent it.")] = None,
    ) -> SubmissionResult:
        return await _decide(info.context, id, Status(str(decision.value)), note)  # type: ignore[no-any-return]


async def _decide(context: Context, id: str, status: Status | None, note: str | None) -> Any:
    """Review a submission, or withdraw it where no status is given."""
    visit = context.ask()
    service = visit.submissions
    try:
        person = await visit.signed_in()
        name = read_submission_id(id)
        if name is None:
            raise Unknown(NOT_FOUND)
        work = service.withdraw(person, name) if status is None else service.review(person, name, status, note)
        decided = await work
    except (Failed, RateLimited):
        raise
    except Refusal as refusal:
        return show_refusal(refusal)
    return show(decided, person, service)
