"""Sign-ins and one-time codes: kept by hash, and worth nothing when their time is over."""

from datetime import timedelta

import pytest

from tests.warehouse.processes import in_processes, in_threads
from tests.warehouse.submitters import ANN, BEN, REVIEWER, Clock
from warehouse.ledger.ledger import Ledger, LedgerError

pytest_plugins = ("tests.warehouse.ledgers",)

HOUR = timedelta(hours=1)


def test_a_session_stands_for_its_person_until_it_is_over(ledger: Ledger, clock: Clock) -> None:
    ledger.sessions.open("hash", REVIEWER, HOUR)
    clock.go(hours=1, microseconds=-1)
    assert ledger.sessions.find("hash", "cookie") == REVIEWER
    clock.go(microseconds=1)
    assert ledger.sessions.find("hash") is None


def test_a_session_is_good_for_its_kind_alone(ledger: Ledger) -> None:
    ledger.sessions.open("hash", ANN, HOUR, kind="state")
    assert ledger.sessions.find("hash", "cookie") is None
    assert ledger.sessions.find("hash", "state") == ANN
    assert ledger.sessions.find("other", "state") is None


def test_a_closed_session_stands_for_nobody(ledger: Ledger) -> None:
    for key, person in (("a", ANN), ("b", BEN)):
        ledger.sessions.open(key, person, HOUR)
    ledger.sessions.close("a")
    ledger.sessions.close("never there")
    assert [ledger.sessions.find(key) for key in "ab"] == [None, BEN]
    assert ledger.sessions.count() == 1


def test_a_key_that_is_opened_again_stands_for_the_new_person(ledger: Ledger) -> None:
    ledger.sessions.open("hash", ANN, HOUR)
    ledger.sessions.open("hash", BEN, HOUR)
    assert ledger.sessions.find("hash") == BEN
    assert ledger.sessions.count() == 1


def test_a_persons_oldest_session_ends_when_there_are_too_many(ledger: Ledger, clock: Clock) -> None:
    ledger.sessions.open("ben", BEN, HOUR)
    for number in range(51):
        clock.go(seconds=1)
        ledger.sessions.open(f"ann {number}", ANN, HOUR)
    assert [ledger.sessions.find(key) for key in ("ann 0", "ann 1", "ann 50", "ben")] == [None, ANN, ANN, BEN]
    assert ledger.sessions.count() == 51


def test_a_code_is_taken_once_and_before_it_is_over(ledger: Ledger, clock: Clock) -> None:
    ledger.codes.save("a", REVIEWER, HOUR)
    ledger.codes.save("b", BEN, HOUR)
    assert ledger.codes.take("a") == REVIEWER
    assert ledger.codes.take("a") is None
    clock.go(hours=1)
    assert ledger.codes.take("b") is None


def test_a_code_cannot_be_given_to_another(ledger: Ledger) -> None:
    ledger.codes.save("a", ANN, HOUR)
    with pytest.raises(LedgerError):
        ledger.codes.save("a", BEN, HOUR)
    assert ledger.codes.take("a") == ANN


def take_in_threads(url: str) -> int:
    ledger = Ledger(url)
    taken = sum(person is not None for person in in_threads(8, lambda: ledger.codes.take("a")))
    ledger.close()
    return taken


def test_of_many_that_take_a_code_at_once_one_has_it(ledger_url: str) -> None:
    ledger = Ledger(ledger_url)
    ledger.codes.save("a", ANN, HOUR)
    ledger.close()
    assert sum(in_processes(2, take_in_threads, ledger_url)) == 1


def test_sweeping_drops_what_is_over_and_nothing_else(ledger: Ledger, clock: Clock) -> None:
    for lasts, name in ((HOUR, "short"), (2 * HOUR, "long")):
        ledger.sessions.open(name, ANN, lasts)
        ledger.codes.save(name, ANN, lasts)
    clock.go(hours=1)
    ledger.sweep()
    assert [ledger.sessions.find(name) for name in ("short", "long")] == [None, ANN]
    assert ledger.codes.take("long") == ANN
    ledger.codes.save("short", BEN, HOUR)
    assert ledger.codes.take("short") == BEN
