"""Records as rows, and rows as records."""

from typing import Any

import msgspec
from sqlalchemy import Row

from warehouse.ledger.records import Decision, Entry, Evidence, Person, PushState, Status, Submission, SubmittedScore

_SCORES = msgspec.json.Decoder(tuple[SubmittedScore, ...])
_NAMES = msgspec.json.Decoder(tuple[str, ...])


def submission_row(submission: Submission) -> dict[str, Any]:
    """Columns of a submission. Raises ValueError for scores that do not come back as they went in, as NaN does."""
    entry, person = submission.entry, submission.submitted_by
    return {
        "id": submission.id,
        "status": submission.status.value,
        "model_name": entry.model_name,
        "model_type": entry.model_type,
        "precision": entry.precision,
        "revision": entry.revision,
        "model_sha": entry.model_sha,
        "weight_type": entry.weight_type,
        "base_model": entry.base_model,
        "backend": entry.backend,
        "remarks": entry.remarks,
        "scores": _write_scores(entry.scores),
        "evidence_sha256": submission.evidence.sha256,
        "evidence_size": submission.evidence.size,
        "user_id": person.id,
        "user_name": person.name,
        "user_avatar_url": person.avatar_url,
        "submitted_at": submission.submitted_at,
        "content": submission.content,
        "reviewed_by": submission.reviewed_by,
        "reviewed_at": submission.reviewed_at,
        "review_note": submission.review_note,
        "push_state": submission.push_state.value,
        "push_commit": submission.push_commit,
    }


def read_submission(row: Row[Any]) -> Submission:
    return Submission(
        id=row.id,
        entry=_read_entry(row),
        evidence=Evidence(row.evidence_sha256, row.evidence_size),
        submitted_by=Person(row.user_id, row.user_name, row.user_avatar_url),
        submitted_at=row.submitted_at,
        content=row.content,
        status=Status(row.status),
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        review_note=row.review_note,
        push_state=PushState(row.push_state),
        push_commit=row.push_commit,
    )


def read_decision(row: Row[Any]) -> Decision:
    return Decision(row.number, row.submission, row.action, row.person_id, row.person_name, row.at, row.note)


def person_row(person: Person) -> dict[str, Any]:
    """Columns of who a session or a code stands for."""
    return {
        "person_id": person.id,
        "person_name": person.name,
        "avatar_url": person.avatar_url,
        "organizations": msgspec.json.encode(person.organizations).decode(),
    }


def read_person(row: Row[Any]) -> Person:
    return Person(row.person_id, row.person_name, row.avatar_url, _NAMES.decode(row.organizations))


def _read_entry(row: Row[Any]) -> Entry:
    return Entry(
        model_name=row.model_name,
        model_type=row.model_type,
        precision=row.precision,
        revision=row.revision,
        weight_type=row.weight_type,
        base_model=row.base_model,
        backend=row.backend,
        remarks=row.remarks,
        scores=_SCORES.decode(row.scores),
        model_sha=row.model_sha,
    )


def _write_scores(scores: tuple[SubmittedScore, ...]) -> str:
    written = msgspec.json.encode(scores).decode()
    if _SCORES.decode(written) != scores:
        raise ValueError("scores hold a number that is not finite, or what is no number")
    return written
