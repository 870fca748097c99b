"""Submissions as they are shown: to everybody what is public, to owner and maintainers all of it."""

import datetime
from collections.abc import Sequence
from typing import Any

import strawberry

from api.graphql.connections import Connection, Edge, PageInfo
from api.graphql.enums import Backend, Precision, PushState, SubmissionModelType, SubmissionStatus, WeightType
from api.graphql.errors import bad_input
from api.graphql.executor.pages import check
from api.graphql.relation import Page, Row, column, computed, reads
from api.graphql.types.node import ID, Node
from api.submissions.ids import KIND, read_submission_id, write_submission_id
from api.submissions.problems import Problem
from api.submissions.service import Submissions
from api.submissions.visit import Visit
from warehouse.ledger.records import Person, Status
from warehouse.ledger.records import Submission as Record


@strawberry.interface(name="Problem", description="Something that went wrong.")
class ProblemInterface:
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    code: str = strawberry.field(description="What is wrong, for programs.")


@strawberry.type(description="One thing that is wrong with a submission, or is remarked on it.")
class SubmissionProblem(ProblemInterface):
    path: str = strawberry.field(description="The field of the input, such as `scores[2].value`.")
    blocking: bool = strawberry.field(description="Whether it must be mended first; false: it is a remark.")


@strawberry.type(description="A score on a part of a benchmark, as it was submitted.")
class SubmittedSubScore:
    key: str = column("Key of the part.")
    value: float | None = column("The score in percent; null: not evaluated.")


@strawberry.type(description="A score on a benchmark, as it was submitted.")
class SubmittedScore:
    benchmark: str = column("Id of the benchmark, such as `blink`.")
    variant: str | None = column("How it was judged, such as `exact_matching`; null: as the benchmark itself does.")
    value: float | None = column("The score in percent; null: not evaluated.")
    sub_scores: list[SubmittedSubScore] = column("Scores on the benchmark's parts.")


@strawberry.type(description="Results of a model that somebody has sent in, with the evidence behind them.")
class Submission(Node):
    @computed(description=ID, metadata=reads("id"))
    def id(self) -> strawberry.ID:
        return strawberry.ID(write_submission_id(self["id"]))

    status: SubmissionStatus = column("Where it stands.")
    model_name: str = column("The model's id on the Hub.")
    model_type: SubmissionModelType = column("How the model was trained.")
    precision: Precision = column("The numbers it was run with.")
    revision: str = column("Revision of the model, as it was submitted.")
    model_sha: str | None = column("Commit of the model at that time; null: the Hub did not say.")
    weight_type: WeightType = column("What the weights are.")
    base_model: str | None = column("The model that the weights are put upon.")
    backend: Backend = column("The tool that evaluated.")
    remarks: str | None = column("What was written beside it; null but for who sent it and maintainers.")
    submitted_by: str = column("Name of who sent it, on the Hub.")
    submitted_at: datetime.datetime = column("When it was taken.")
    reviewed_by: str | None = column("Name of the maintainer who decided last.")
    reviewed_at: datetime.datetime | None = column("When that was.")
    review_note: str | None = column("Why; null but for who sent it and maintainers.")
    evidence_sha256: str = column("SHA-256 of the evidence, in hexadecimal.", name="evidenceSha256")
    evidence_bytes: int = column("Size of the evidence in bytes.")
    evidence_url: str | None = column("Where the evidence is; null but for who sent it and maintainers.")
    scores: list[SubmittedScore] = column("The scores, as they were submitted.")
    warnings: list[SubmissionProblem] = column("What is remarked on it.")
    push_state: PushState = column("How far it has come to the repository on the Hub.")
    push_commit: str | None = column("The commit there that holds it.")


def show(record: Record, viewer: Person | None, service: Submissions) -> Row:
    """A submission as the viewer may see it."""
    entry, all_of_it = record.entry, service.may_see_all(viewer, record)
    values: dict[str, Any] = {
        "id": record.id,
        "status": SubmissionStatus(record.status.value),
        "model_name": entry.model_name,
        "model_type": SubmissionModelType(entry.model_type),
        "precision": Precision(entry.precision),
        "revision": entry.revision,
        "model_sha": entry.model_sha,
        "weight_type": WeightType(entry.weight_type),
        "base_model": entry.base_model,
        "backend": Backend(entry.backend),
        "remarks": entry.remarks if all_of_it else None,
        "submitted_by": record.submitted_by.name,
        "submitted_at": record.submitted_at,
        "reviewed_by": record.reviewed_by,
        "reviewed_at": record.reviewed_at,
        "review_note": record.review_note if all_of_it else None,
        "evidence_sha256": record.evidence.sha256,
        "evidence_bytes": record.evidence.size,
        "evidence_url": f"/api/evidence/{write_submission_id(record.id)}" if all_of_it else None,
        "scores": [
            SubmittedScore(
                benchmark=score.benchmark,
                variant=score.variant,
                value=score.value,
                sub_scores=[SubmittedSubScore(key=key, value=value) for key, value in score.sub_scores],
            )
            for score in entry.scores
        ],
        "warnings": show_problems(service.remarks(entry)),
        "push_state": PushState(record.push_state.value),
        "push_commit": record.push_commit,
    }
    return Row(KIND, values)


def show_problems(problems: Sequence[Problem]) -> list[SubmissionProblem]:
    return [
        SubmissionProblem(path=each.path, message=each.message, code=each.code, blocking=each.blocking)
        for each in problems
    ]


async def read_submissions(
    visit: Visit, status: SubmissionStatus | None, first: int, after: str | None, *, own: bool = False
) -> Connection[Submission]:
    """Submissions that who asks may know of, newest first. Raises `RequestError` for a page that is none."""
    check(Page(first, after))
    service, viewer = visit.submissions, await visit.person()
    start = None
    if after is not None:
        start = read_submission_id(after)
        if start is None:
            raise bad_input("`after` is no cursor of this list: take `endCursor` of a page of it")
    statuses = None if status is None else [Status(str(status.value))]
    page = await service.page(viewer, statuses, first, start, own=own)
    rows: list[Any] = [show(each, viewer, service) for each in page.items]
    cursors = [write_submission_id(each.id) for each in page.items]
    return Connection(
        total_count=page.total,
        edges=[Edge(cursor=cursor, node=row) for cursor, row in zip(cursors, rows, strict=True)],
        nodes=rows,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=start is not None,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
    )
