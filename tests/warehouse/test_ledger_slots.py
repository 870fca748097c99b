"""Rate windows: exact to the microsecond, over threads and over processes."""

import uuid
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.processes import in_processes, in_threads
from tests.warehouse.submitters import NOON, Clock
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import Window

pytest_plugins = ("tests.warehouse.ledgers",)

TWO_HOURS = timedelta(hours=2)


def test_five_are_taken_and_a_sixth_is_refused(ledger: Ledger, clock: Clock) -> None:
    assert ledger.slots.left("ann", 5, TWO_HOURS) == Window(5, 5, None)
    for number in range(1, 6):
        assert ledger.slots.take("ann", 5, TWO_HOURS) == (True, Window(5, 5 - number, NOON + TWO_HOURS))
        clock.go(minutes=1)
    assert ledger.slots.take("ann", 5, TWO_HOURS) == (False, Window(5, 0, NOON + TWO_HOURS))
    assert ledger.slots.left("ann", 5, TWO_HOURS) == Window(5, 0, NOON + TWO_HOURS)
    assert ledger.slots.take("Ann", 5, TWO_HOURS)[0]


def test_a_slot_is_free_again_when_it_is_as_old_as_the_window(ledger: Ledger, clock: Clock) -> None:
    assert ledger.slots.take("ann", 1, TWO_HOURS)[0]
    clock.go(hours=2, microseconds=-1)
    assert ledger.slots.take("ann", 1, TWO_HOURS) == (False, Window(1, 0, NOON + TWO_HOURS))
    clock.go(microseconds=1)
    assert ledger.slots.left("ann", 1, TWO_HOURS) == Window(1, 1, None)
    assert ledger.slots.take("ann", 1, TWO_HOURS) == (True, Window(1, 0, NOON + 2 * TWO_HOURS))


def test_a_refused_try_does_not_count(ledger: Ledger, clock: Clock) -> None:
    for _ in range(3):
        ledger.slots.take("ann", 1, TWO_HOURS)
    clock.go(hours=2)
    assert ledger.slots.take("ann", 1, TWO_HOURS)[0]


steps = st.lists(
    st.tuples(st.sampled_from([0, 1, 3_599_999_999, 3_600_000_000, 7_199_999_999, 7_200_000_000]), st.booleans()),
    max_size=12,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, limit=st.integers(1, 3))
def test_a_window_slides_as_a_plain_list_does(
    ledger: Ledger, clock: Clock, steps: list[tuple[int, bool]], limit: int
) -> None:
    user, taken = uuid.uuid4().hex, list[datetime]()
    for passed, takes in steps:
        clock.go(microseconds=passed)
        live = [at for at in taken if clock.now - at < TWO_HOURS]
        if takes:
            is_taken, window = ledger.slots.take(user, limit, TWO_HOURS)
            assert is_taken is (len(live) < limit)
            live += [clock.now] * is_taken
            taken += [clock.now] * is_taken
        else:
            window = ledger.slots.left(user, limit, TWO_HOURS)
        assert window == Window(limit, limit - len(live), live[0] + TWO_HOURS if live else None)


def take_in_threads(url: str, threads: int) -> int:
    ledger = Ledger(url)
    taken: int = sum(in_threads(threads, lambda: ledger.slots.take("ann", 5, TWO_HOURS)[0]))
    ledger.close()
    return taken


def test_two_processes_of_twenty_threads_take_five_between_them(ledger_url: str) -> None:
    Ledger(ledger_url).close()
    assert sum(in_processes(2, take_in_threads, ledger_url, 20)) == 5


def test_sweeping_drops_only_slots_that_are_free_again(ledger: Ledger, clock: Clock) -> None:
    ledger.slots.take("ann", 5, TWO_HOURS)
    clock.go(hours=1)
    ledger.slots.take("ann", 5, TWO_HOURS)
    clock.go(hours=1)
    ledger.sweep()
    assert ledger.slots.left("ann", 5, TWO_HOURS) == Window(5, 4, NOON + timedelta(hours=3))
    assert ledger.slots.left("ann", 5, 2 * TWO_HOURS).remaining == 4


@pytest.mark.parametrize("user", ["", "'; drop table slots; --", "日本 🙂"])
def test_any_user_has_slots(ledger: Ledger, user: str) -> None:
    assert ledger.slots.take(user, 1, TWO_HOURS)[0]
    assert not ledger.slots.take(user, 1, TWO_HOURS)[0]
