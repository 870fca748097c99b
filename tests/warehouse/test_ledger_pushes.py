"""The outbox: each submission is claimed by one worker at a time, until it is on the Hub."""

from datetime import timedelta

from tests.warehouse.processes import in_processes, in_threads
from tests.warehouse.submitters import BEN, NOON, REVIEWER, Clock, submission
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import PushState, Status

pytest_plugins = ("tests.warehouse.ledgers",)

MINUTE = timedelta(minutes=1)


def test_what_need_not_be_pushed_is_never_claimed(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(), push=False)
    assert kept.push_state is PushState.LOCAL
    assert ledger.pushes.claim(MINUTE) is None
    assert ledger.pushes.waiting() == 0


def test_the_oldest_is_claimed_first_and_by_one_worker(ledger: Ledger) -> None:
    newer = ledger.submissions.add(submission(at=NOON), push=True)
    older = ledger.submissions.add(submission(at=NOON - MINUTE), push=True)
    assert [ledger.pushes.claim(MINUTE) for _ in range(3)] == [older, newer, None]
    assert ledger.pushes.waiting() == 2


def test_one_whose_worker_died_is_claimed_again(ledger: Ledger, clock: Clock) -> None:
    kept = ledger.submissions.add(submission(), push=True)
    assert ledger.pushes.claim(MINUTE) == kept
    clock.go(seconds=60, microseconds=-1)
    assert ledger.pushes.claim(MINUTE) is None
    clock.go(microseconds=1)
    assert ledger.pushes.claim(MINUTE) == kept


def test_one_that_failed_waits_and_says_why(ledger: Ledger, clock: Clock) -> None:
    kept = ledger.submissions.add(submission(), push=True)
    ledger.pushes.claim(10 * MINUTE)
    assert ledger.pushes.last_error(kept.id) is None
    ledger.pushes.failed(kept.id, "no answer\0" + "!" * 5_000, MINUTE)
    assert str(ledger.pushes.last_error(kept.id)).startswith("no answer !!!")
    assert ledger.pushes.claim(MINUTE) is None
    clock.go(minutes=1)
    assert ledger.pushes.claim(MINUTE) == kept


def test_one_that_is_pushed_stays_so(ledger: Ledger, clock: Clock) -> None:
    kept = ledger.submissions.add(submission(), push=True)
    revision = ledger.revision()
    ledger.pushes.claim(MINUTE)
    ledger.pushes.done(kept.id, "c0ffee")
    ledger.pushes.done(kept.id, "decade")
    ledger.pushes.failed(kept.id, "too late", MINUTE)
    clock.go(days=1)
    assert (ledger.pushes.claim(MINUTE), ledger.pushes.waiting()) == (None, 0)
    found = ledger.submissions.find(kept.id)
    assert found is not None
    assert (found.push_state, found.push_commit) == (PushState.PUSHED, "c0ffee")
    assert ledger.revision() == revision
    ledger.submissions.decide(kept.id, Status.REJECTED, REVIEWER, None, [Status.PENDING])
    found = ledger.submissions.find(kept.id)
    assert found is not None
    assert found.push_state is PushState.PUSHED


def test_one_that_does_not_count_any_more_is_not_pushed_until_it_counts_again(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(), push=True)
    rejected = ledger.submissions.decide(kept.id, Status.REJECTED, REVIEWER, None, [Status.PENDING])
    assert rejected is not None
    assert rejected.push_state is PushState.LOCAL
    assert (ledger.pushes.claim(MINUTE), ledger.pushes.waiting()) == (None, 0)
    approved = ledger.submissions.decide(kept.id, Status.APPROVED, REVIEWER, None, [Status.REJECTED])
    assert approved is not None
    assert approved.push_state is PushState.WAITING
    assert ledger.pushes.claim(MINUTE) == approved


def test_one_that_is_withdrawn_while_it_is_pushed_says_where_it_is(ledger: Ledger) -> None:
    kept = ledger.submissions.add(submission(BEN), push=True)
    ledger.pushes.claim(MINUTE)
    ledger.submissions.decide(kept.id, Status.WITHDRAWN, BEN, None, [Status.PENDING])
    ledger.pushes.done(kept.id, "c0ffee")
    found = ledger.submissions.find(kept.id)
    assert found is not None
    assert (found.status, found.push_state, found.push_commit) == (Status.WITHDRAWN, PushState.PUSHED, "c0ffee")


def claim_in_threads(url: str) -> list[str]:
    ledger = Ledger(url)
    claimed = [each.id for each in in_threads(6, lambda: ledger.pushes.claim(MINUTE)) if each is not None]
    ledger.close()
    return claimed


def test_workers_at_once_claim_each_one_once(ledger_url: str) -> None:
    ledger = Ledger(ledger_url)
    kept = [ledger.submissions.add(submission(), push=True).id for _ in range(8)]
    ledger.close()
    claimed = [each for some in in_processes(2, claim_in_threads, ledger_url) for each in some]
    assert sorted(claimed) == sorted(kept)
