"""Submissions as a source: what the ledger holds, as scores that wait for review and scores that count."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from etl.identity import HUB_ID
from etl.source import Load, ModelHint, State
from warehouse.easi.facts import Facts, read_facts
from warehouse.ledger.records import Status, Submission, SubmittedScore
from warehouse.preview import COUNTS_FOR, HEADLINE, SPLIT
from warehouse.tables import MODELS, SCORES, TASKS

HUB = "https://huggingface.co"
PENDING = "PENDING"
SUPERSEDED = "SUPERSEDED"
Row = dict[str, Any]


@dataclass(frozen=True)
class SubmissionsSource:
    """The pending and approved `submissions`, oldest first, at one `revision` of the ledger, which moved at `moved_at`.

    Who is not approved says nothing of models: neither what a name means nor what a model was made from.
    """

    revision: str
    moved_at: datetime | None
    submissions: Sequence[Submission]
    name: str = field(default="submissions", init=False)
    uri: str = field(default="ledger", init=False)

    @property
    def holds_anything(self) -> bool:
        """Whether the ledger ever held a submission."""
        return self.moved_at is not None

    def load(self) -> Load:
        """Read everything as one state."""
        facts = read_facts()
        approved = [one for one in self.submissions if one.status is Status.APPROVED]
        scores = SCORES.rows(_score_rows(self.submissions, facts))
        at = self.moved_at or datetime.now(UTC)
        return Load(
            revision=self.revision,
            states=iter([State(self.revision, at, self.revision, {"scores": scores})]),
            described={
                "models": _model_table(self.submissions, approved),
                "tasks": _task_table(self.submissions, facts),
            },
            hints=[ModelHint(name, name) for name in _models(approved) if HUB_ID.fullmatch(name)],
        )


def _score_rows(submissions: Sequence[Submission], facts: Facts) -> list[Row]:
    rows = [row for submission in submissions for row in _rows(submission, facts)]
    newest = {_cell(row): place for place, row in enumerate(rows) if _may_count(row)}
    return [row | _counted(row, newest.get(_cell(row)), place) for place, row in enumerate(rows)]


def _counted(row: Row, newest: int | None, place: int) -> Row:
    """Whether and where a score counts: of one run of a model on one cell the newest approved does."""
    if not _may_count(row):
        return {"place": place}
    return {"place": place, "counts_for": COUNTS_FOR} if newest == place else {"place": place, "status": SUPERSEDED}


def _may_count(row: Row) -> bool:
    return row["status"] is None and row["value"] is not None


def _cell(row: Row) -> tuple[str | None, ...]:
    return row["source_model"], row["variant"], row["task"], row["subset"]


def _rows(submission: Submission, facts: Facts) -> Iterator[Row]:
    entry = submission.entry
    shared = {
        "source_model": entry.model_name,
        "model_revision": entry.model_sha or entry.revision or None,
        "split": SPLIT,
        "verified": submission.status is Status.APPROVED,
        "status": None if submission.status is Status.APPROVED else PENDING,
        "provenance_name": "Submission",
        "provenance_path": submission.id,
        "provenance_revision": submission.evidence.sha256,
        "evaluated_at": submission.submitted_at,
        "tool": entry.backend,
        "submitted_by": submission.submitted_by.name,
    }
    for score in entry.scores:
        for cell in _cells(score, facts):
            yield shared | cell


def _cells(score: SubmittedScore, facts: Facts) -> Iterator[Row]:
    """The headline and the sub-scores of one benchmark."""
    run = {"task": score.benchmark, "variant": score.variant}
    yield {**run, "subset": HEADLINE, "metric": facts.metric(score.benchmark), "value": score.value}
    for subset, value in score.sub_scores:
        if subset != HEADLINE:
            metric = "caa" if subset == "caa" or subset.endswith("_caa") else "acc"
            yield {**run, "subset": subset, "metric": metric, "value": value}


def _models(submissions: Iterable[Submission]) -> list[str]:
    return list(dict.fromkeys(one.entry.model_name for one in submissions))


def _model_table(submissions: Sequence[Submission], approved: Sequence[Submission]) -> pa.Table:
    made_from = {one.entry.model_name: one.entry.base_model for one in approved if one.entry.base_model}
    return MODELS.rows(
        [
            {
                "name": name,
                "url": f"{HUB}/{name}" if HUB_ID.fullmatch(name) else None,
                "adapted_from": made_from.get(name),
                "place": place,
            }
            for place, name in enumerate(_models(submissions))
        ]
    )


def _task_table(submissions: Sequence[Submission], facts: Facts) -> pa.Table:
    names = dict.fromkeys(score.benchmark for one in submissions for score in one.entry.scores)
    return TASKS.rows([_task(name, place, facts) for place, name in enumerate(names)])


def _task(name: str, place: int, facts: Facts) -> Row:
    known = facts.benchmarks.get(name)
    return {
        "name": name,
        "display_name": known.name if known else name,
        "metric": facts.metric(name),
        "unit": "PERCENT",
        "splits": [SPLIT],
        "place": place,
    }
