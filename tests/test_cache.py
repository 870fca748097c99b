"""What is remembered stays within its bound, and what many ask for at once is worked out once."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cache import Cache, Flights


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache = Cache(30)
    for key in "abc":
        cache.put(key, key.upper(), 10)
    assert cache.get("a") == "A"
    cache.put("d", "D", 10)
    assert [cache.get(key) for key in "abcd"] == ["A", None, "C", "D"]


def test_what_would_take_most_of_it_is_not_kept() -> None:
    cache = Cache(100)
    cache.put("small", 1, 10)
    cache.put("large", 2, 51)
    assert (cache.get("small"), cache.get("large")) == (1, None)


def test_a_cache_of_no_bytes_keeps_nothing() -> None:
    cache = Cache(0)
    cache.put("a", 1, 1)
    assert cache.get("a") is None


@settings(deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 60), st.booleans()), max_size=60))
def test_it_holds_what_a_plain_list_of_the_last_used_would(steps: list[tuple[int, int, bool]]) -> None:
    cache, kept = Cache(100), list[tuple[int, int]]()
    for key, size, is_put in steps:
        found = next((each for each in kept if each[0] == key), None)
        if not is_put:
            assert cache.get(key) == (found and found[1])
            kept = [each for each in kept if each is not found] + ([found] if found else [])
        elif size <= 50:
            cache.put(key, size, size)
            kept = [each for each in kept if each is not found] + [(key, size)]
            while sum(each[1] for each in kept) > 100:
                kept.pop(0)
        else:
            cache.put(key, size, size)
        assert cache.bytes == sum(each[1] for each in kept)


class Work:
    """Counts how often it was begun and ended early."""

    def __init__(self) -> None:
        self.begun = self.stopped = 0
        self.go_on = asyncio.Event()

    async def run(self) -> str:
        self.begun += 1
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return f"outcome {self.begun}"


async def test_many_who_ask_for_the_same_wait_for_one_working_out() -> None:
    flights, work = Flights(), Work()
    asked = [asyncio.ensure_future(flights.join("key", work.run)) for _ in range(50)]
    await asyncio.sleep(0)
    work.go_on.set()
    assert await asyncio.gather(*asked) == ["outcome 1"] * 50
    assert await flights.join("key", work.run) == "outcome 2"


async def test_who_leaves_does_not_stop_what_others_wait_for() -> None:
    flights, work = Flights(), Work()
    first, second = (asyncio.ensure_future(flights.join("key", work.run)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    work.go_on.set()
    assert await second == "outcome 1"
    assert (work.begun, work.stopped) == (1, 0)


async def test_it_is_stopped_when_the_last_one_leaves_and_begun_anew_for_the_next() -> None:
    flights, work = Flights(), Work()
    asked = [asyncio.ensure_future(flights.join("key", work.run)) for _ in range(2)]
    await asyncio.sleep(0)
    for each in asked:
        each.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert work.stopped == 1
    work.go_on.set()
    assert await flights.join("key", work.run) == "outcome 2"


async def test_an_error_reaches_all_who_wait_and_nobody_after_them() -> None:
    flights = Flights()
    fails = [True]

    async def work() -> str:
        await asyncio.sleep(0)
        if fails:
            raise ValueError("it failed")
        return "fine"

    answers: list[Any] = await asyncio.gather(*(flights.join("key", work) for _ in range(3)), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["it failed"] * 3
    fails.clear()
    assert await flights.join("key", work) == "fine"
    with pytest.raises(KeyError):
        await flights.join("other", _missing)


async def _missing() -> str:
    raise KeyError("other")
