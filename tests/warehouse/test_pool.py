"""Work in a bounded number of threads: what waits, what is refused, and what is stopped."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from tests.warehouse.stores import publish, write_tiny
from warehouse.pool import Busy, Pool
from warehouse.snapshot import Snapshot
from warehouse.store import Published, Store
from warehouse.watch import QueryTimeout, Stop, Stopped

ENDLESS = "select count(*) from range(10000000000) as a (n) where hash(n) % 7 = 3"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("published")
    return publish(Store(folder), write_tiny(folder / "tiny.duckdb"), 1)


@pytest.fixture
def snapshot(published: Published) -> Iterator[Snapshot]:
    opened = Snapshot(published, seconds=30)
    yield opened
    opened.close()


async def test_as_many_run_at_once_as_there_are_threads_and_others_wait_their_turn() -> None:
    pool = Pool(threads=2, queue=10)
    running, most, order = 0, 0, list[int]()
    lock = threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            order.append(number)
        time.sleep(0.02)
        with lock:
            running -= 1
        return number

    answers = await asyncio.gather(*(pool.run(lambda _, number=number: work(number)) for number in range(8)))
    assert answers == list(range(8))
    assert most == 2
    assert order == sorted(order)
    pool.close()


async def test_beyond_the_queue_work_is_refused_and_later_it_is_taken_again() -> None:
    pool = Pool(threads=1, queue=2)
    go_on = threading.Event()
    waiting = [asyncio.ensure_future(pool.run(lambda _: go_on.wait(10))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="2 statements are waiting"):
        await pool.run(lambda _: True)
    go_on.set()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert await pool.run(lambda _: "taken") == "taken"
    pool.close()


async def test_work_that_nobody_waits_for_any_more_is_stopped(snapshot: Snapshot) -> None:
    pool = Pool(threads=1, queue=2)
    ended: list[type[BaseException]] = []

    def work(stop: Stop) -> None:
        try:
            snapshot.arrow(ENDLESS, stop=stop)
        except Stopped:
            ended.append(Stopped)
            raise

    asked = asyncio.ensure_future(pool.run(work))
    await asyncio.sleep(0.2)
    asked.cancel()
    started = time.monotonic()
    assert await pool.run(lambda stop: snapshot.arrow("select 1 as one", stop=stop).to_pylist()) == [{"one": 1}]
    assert time.monotonic() - started < 5
    assert ended == [Stopped]
    pool.close()


async def test_work_that_has_not_begun_is_given_up_with_who_waits_for_it() -> None:
    pool = Pool(threads=1, queue=2)
    go_on, begun = threading.Event(), list[str]()
    first = asyncio.ensure_future(pool.run(lambda _: go_on.wait(10)))
    second = asyncio.ensure_future(pool.run(lambda _: begun.append("second")))
    await asyncio.sleep(0.05)
    second.cancel()
    await asyncio.sleep(0)
    go_on.set()
    assert await first
    await pool.run(lambda _: begun.append("third"))
    assert begun == ["third"]
    pool.close()


def test_a_stopped_piece_of_work_begins_no_statement(snapshot: Snapshot) -> None:
    stop = Stop()
    stop.ask()
    with pytest.raises(Stopped):
        snapshot.arrow("select 1", stop=stop)


def test_a_statement_that_only_one_of_two_threads_wants_to_stop_ends_alone(published: Published) -> None:
    opened = Snapshot(published, seconds=0.5)
    stop, ended = Stop(), dict[str, type[BaseException]]()

    def ask(name: str, stop: Stop | None) -> None:
        try:
            opened.arrow(ENDLESS, stop=stop)
        except (Stopped, QueryTimeout) as error:
            ended[name] = type(error)

    threads = [threading.Thread(target=ask, args=given) for given in (("stopped", stop), ("late", None))]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    stop.ask()
    for thread in threads:
        thread.join(10)
    assert ended == {"stopped": Stopped, "late": QueryTimeout}
    opened.close()
