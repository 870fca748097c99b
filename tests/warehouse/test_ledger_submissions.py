"""Submissions: kept whole, listed to those who may see them, and decided on once."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.warehouse.processes import in_threads
from tests.warehouse.submitters import ANN, BEN, NOON, REVIEWER, Clock, entry, submission
from warehouse.ledger.errors import UnknownSubmission
from warehouse.ledger.ledger import Ledger, LedgerError
from warehouse.ledger.places import read_url
from warehouse.ledger.records import Decision, Evidence, PushState, Status, Submission, SubmittedScore

pytest_plugins = ("tests.warehouse.ledgers",)

MINUTE = timedelta(minutes=1)
ALL = list(Status)


def test_a_submission_comes_back_as_it_went_in(ledger: Ledger) -> None:
    sent = submission()
    kept = ledger.submissions.add(sent, push=True)
    assert kept == replace(sent, push_state=PushState.WAITING)
    found = ledger.submissions.find(sent.id)
    assert found == kept
    assert (found.submitted_at.tzinfo, found.submitted_at.microsecond) == (UTC, 123_456)
    assert ledger.submissions.decisions(sent.id) == [Decision(1, sent.id, "SUBMITTED", "5f0c", "ann", NOON, None)]


def test_two_hundred_scores_of_two_hundred_sub_scores_fit(ledger: Ledger) -> None:
    sub_scores = tuple((f"{number:0>120}", 33.333333333333336) for number in range(200))
    scores = tuple(SubmittedScore(f"task {number}", f"task {number}", None, None, sub_scores) for number in range(200))
    kept = ledger.submissions.add(replace(submission(), entry=entry(scores=scores)), push=False)
    assert ledger.submissions.find(kept.id) == kept


@pytest.mark.parametrize("asked", ["nothing", "", "a b", "a\0b", "\ud800", "日本", "x" * 100_000, "' or 1=1 --"])
def test_any_text_may_be_asked_for(ledger: Ledger, asked: str) -> None:
    ledger.submissions.add(submission(), push=False)
    assert ledger.submissions.find(asked) is None
    assert ledger.submissions.decisions(asked) == []
    assert ledger.submissions.decide(asked, Status.REJECTED, REVIEWER, None, ALL) is None
    with pytest.raises(UnknownSubmission):
        ledger.submissions.page(None, seen_by=None, all_of_them=True, first=1, after=asked)


@pytest.mark.parametrize("wrong", ["", "a b", "../a", "x" * 65])
def test_an_id_is_plain_and_short(ledger: Ledger, wrong: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        ledger.submissions.add(submission(id=wrong), push=False)


def test_a_time_in_another_zone_comes_back_in_utc(ledger: Ledger) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    ledger.submissions.add(submission(id="a", at=east), push=False)
    found = ledger.submissions.find("a")
    assert found is not None
    assert found.submitted_at.isoformat() == "2026-11-21T12:00:00.123456+00:00"
    with pytest.raises(LedgerError, match="zone"):
        ledger.submissions.add(submission(at=datetime(2026, 11, 21)), push=False)  # noqa: DTZ001 - it is what is refused


def test_the_submitters_organizations_are_not_kept(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(REVIEWER), push=False)
    assert kept.submitted_by.organizations == ()
    assert ledger.submissions.find(kept.id) == kept


@pytest.mark.parametrize("value", [math.nan, math.inf, "61.2"])
def test_scores_that_are_no_numbers_are_refused(ledger: Ledger, value: Any) -> None:
    wrong = replace(submission(), entry=entry(scores=(SubmittedScore("erqa", "erqa", None, value),)))
    with pytest.raises(ValueError, match=r"not finite|Expected"):
        ledger.submissions.add(wrong, push=True)
    assert (ledger.revision(), ledger.pushes.waiting()) == ("0", 0)


def test_the_same_content_from_the_same_person_is_one_pending_submission(ledger: Ledger) -> None:
    first = ledger.submissions.add(submission(content="c"), push=True)
    assert ledger.submissions.add(submission(content="c", at=NOON + MINUTE), push=True) == first
    assert (ledger.revision(), ledger.pushes.waiting()) == ("1", 1)
    assert ledger.submissions.add(submission(BEN, content="c"), push=True) != first
    assert ledger.submissions.add(submission(content="d"), push=True) != first
    ledger.submissions.decide(first.id, Status.REJECTED, REVIEWER, None, [Status.PENDING])
    again = ledger.submissions.add(submission(content="c"), push=True)
    assert again.id != first.id
    assert ledger.submissions.counts()[Status.PENDING] == 3


def test_the_same_content_sent_at_once_is_one_submission(ledger: Ledger) -> None:
    added = in_threads(8, lambda: ledger.submissions.add(submission(content="c"), push=True))
    assert len({each.id for each in added}) == 1
    assert ledger.revision() == "1"


def test_an_id_is_used_once(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(id="a"), push=True)
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.submissions.add(submission(BEN, id="a"), push=True)
    assert ledger.submissions.counting() == [kept]
    assert ledger.revision() == "1"


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED])
def test_a_review_says_who_when_and_why(ledger: Ledger, clock: Clock, status: Status) -> None:
    kept = ledger.submissions.add(submission(), push=False)
    clock.go(minutes=5)
    reviewed = ledger.submissions.decide(kept.id, status, REVIEWER, "as it should be", [Status.PENDING])
    at = NOON + 5 * MINUTE
    assert reviewed == replace(kept, status=status, reviewed_by="rita", reviewed_at=at, review_note="as it should be")
    assert ledger.submissions.find(kept.id) == reviewed
    newest = ledger.submissions.decisions(kept.id)[-1]
    assert newest == Decision(2, kept.id, status.value, "7b2e", "rita", at, "as it should be")
    assert ledger.revision() == "2"


def test_withdrawing_leaves_the_review(ledger: Ledger, clock: Clock) -> None:
    kept = ledger.submissions.add(submission(), push=False)
    approved = ledger.submissions.decide(kept.id, Status.APPROVED, REVIEWER, "good", [Status.PENDING])
    assert approved is not None
    clock.go(minutes=5)
    counting = [Status.PENDING, Status.APPROVED]
    withdrawn = ledger.submissions.decide(kept.id, Status.WITHDRAWN, ANN, "a mistake", counting)
    assert withdrawn == replace(approved, status=Status.WITHDRAWN)
    actions = [(each.action, each.person_name, each.note) for each in ledger.submissions.decisions(kept.id)]
    assert actions == [
        ("SUBMITTED", "ann", None), ("APPROVED", "rita", "good"), ("WITHDRAWN", "ann", "a mistake")
    ]  # fmt: skip


def test_what_has_another_status_is_not_decided_on(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(), push=False)
    assert ledger.submissions.decide(kept.id, Status.REJECTED, REVIEWER, None, [Status.APPROVED]) is None
    assert ledger.submissions.decide(kept.id, Status.REJECTED, REVIEWER, None, []) is None
    assert (ledger.revision(), ledger.submissions.find(kept.id)) == ("1", kept)
    with pytest.raises(ValueError, match="pending"):
        ledger.submissions.decide(kept.id, Status.PENDING, REVIEWER, None, ALL)


def test_of_many_that_decide_at_once_one_does(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(), push=False)
    decided = in_threads(
        8, lambda: ledger.submissions.decide(kept.id, Status.APPROVED, REVIEWER, None, [Status.PENDING])
    )
    assert sum(each is not None for each in decided) == 1
    assert ledger.revision() == "2"


def fill(ledger: Ledger) -> dict[str, Submission]:
    """One of each status by Ann, and a rejected one by Ben, a minute apart: oldest first p, a, r, w, b."""
    given = {"p": None, "a": Status.APPROVED, "r": Status.REJECTED, "w": Status.WITHDRAWN, "b": Status.REJECTED}
    kept = {}
    for number, (name, status) in enumerate(given.items()):
        person = BEN if name == "b" else ANN
        sent = submission(person, NOON + number * MINUTE, id=name, evidence=Evidence(name * 64, 1))
        kept[name] = ledger.submissions.add(sent, push=False)
        if status is not None:
            kept[name] = ledger.submissions.decide(name, status, REVIEWER, None, [Status.PENDING]) or kept[name]
    return kept


def names(ledger: Ledger, **asked: Any) -> str:
    asked = {"statuses": None, "seen_by": None, "all_of_them": False, "first": 10, "after": None} | asked
    page = ledger.submissions.page(asked.pop("statuses"), **asked)
    assert page.total >= len(page.items)
    return "".join(each.id for each in page.items) + f" of {page.total}" + " and more" * page.has_next


def test_pending_and_approved_ones_are_for_all_and_others_for_few(ledger: Ledger) -> None:
    fill(ledger)
    assert names(ledger) == "ap of 2"
    assert names(ledger, seen_by=ANN.id) == "wrap of 4"
    assert names(ledger, seen_by=BEN.id) == "bap of 3"
    assert names(ledger, seen_by="stranger") == "ap of 2"
    assert names(ledger, all_of_them=True) == "bwrap of 5"


def test_a_list_is_narrowed_by_status_and_by_person(ledger: Ledger) -> None:
    fill(ledger)
    assert names(ledger, statuses=[Status.REJECTED]) == " of 0"
    assert names(ledger, statuses=[Status.REJECTED], seen_by=ANN.id) == "r of 1"
    assert names(ledger, statuses=[Status.REJECTED], all_of_them=True) == "br of 2"
    assert names(ledger, statuses=[Status.REJECTED, Status.PENDING], seen_by=BEN.id) == "bp of 2"
    assert names(ledger, statuses=[], all_of_them=True) == " of 0"
    assert names(ledger, user_id=BEN.id, seen_by=ANN.id) == " of 0"
    assert names(ledger, user_id=ANN.id, seen_by=ANN.id) == "wrap of 4"


def test_pages_follow_each_other(ledger: Ledger) -> None:
    fill(ledger)
    assert names(ledger, all_of_them=True, first=2) == "bw of 5 and more"
    assert names(ledger, all_of_them=True, first=2, after="w") == "ra of 5 and more"
    assert names(ledger, all_of_them=True, first=2, after="a") == "p of 5"
    assert names(ledger, all_of_them=True, first=2, after="p") == " of 5"
    assert names(ledger, first=1, after="r") == "a of 2 and more"
    assert names(ledger, all_of_them=True, first=0) == " of 5 and more"
    with pytest.raises(UnknownSubmission, match="'nowhere'"):
        names(ledger, after="nowhere")


def test_pages_follow_each_other_where_times_are_the_same(ledger: Ledger) -> None:
    ids = [ledger.submissions.add(submission(), push=False).id for _ in range(7)]
    found, after = list[str](), None
    while len(found) < 7:
        page = ledger.submissions.page(None, seen_by=None, all_of_them=False, first=2, after=after)
        found += [each.id for each in page.items]
        after = found[-1]
    assert not page.has_next
    assert found == sorted(ids, reverse=True)


def test_those_that_count_come_oldest_first(ledger: Ledger) -> None:
    kept = fill(ledger)
    assert ledger.submissions.counting() == [kept["p"], kept["a"]]
    assert ledger.submissions.counts() == {
        Status.PENDING: 1, Status.APPROVED: 1, Status.REJECTED: 2, Status.WITHDRAWN: 1
    }  # fmt: skip


def test_evidence_is_held_whatever_the_status(ledger: Ledger) -> None:
    fill(ledger)
    assert all(ledger.submissions.holds_evidence(name * 64) for name in "parwb")
    assert not ledger.submissions.holds_evidence("c" * 64)


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What runs within the block, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_no_list_walks_over_whole_rows(sqlite_url: str) -> None:
    """A row holds megabytes of scores: what is counted or sorted is read from an index."""
    ledger = Ledger(sqlite_url)
    ledger.submissions.add(submission(id="a"), push=True)
    with statements() as seen:
        for seen_by in (None, ANN.id):
            for user_id in (None, ANN.id):
                ledger.submissions.page(
                    [Status.PENDING], seen_by=seen_by, all_of_them=False, user_id=user_id, first=2, after="a"
                )
        ledger.submissions.page(None, seen_by=None, all_of_them=True, first=2, after=None)
        ledger.submissions.counts()
        ledger.submissions.counting()
        ledger.submissions.holds_evidence("c")
        ledger.submissions.add(submission(content="c"), push=True)
        ledger.revision()
    ledger.close()
    connection = sqlite3.connect(str(read_url(sqlite_url).database))
    for statement, parameters in seen:
        if "submissions" in statement and not statement.startswith("INSERT"):
            for *_, step in connection.execute(f"explain query plan {statement}", parameters):
                assert "INDEX" in step or "submissions" not in step, (statement, step)
    connection.close()
    assert len(seen) > 20
