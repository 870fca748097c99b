"""New snapshots published while clients ask: no request may fail."""

import shutil
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.bench.inputs import Inputs
from tests.bench.questions import Question, leaderboard, page, small
from tests.bench.results import Result
from tests.bench.server import OURS, Measured
from tests.bench.stores import board_store
from tests.bench.wire import Wire, request
from tests.serving import Asking
from warehouse.store import Published, Store

SWAPS = 4
SECONDS = 30.0
BETWEEN_SECONDS = 0.3


def swapped_snapshots(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """Clients of three kinds, with caches and without."""
    results = []
    for name, cache in {"": "256", " without caches": "0"}.items():
        copied = folder / "swapped"
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(board_store(inputs, folder), copied)
        questions = (small(inputs.model), leaderboard(inputs.board), page(first=1_000))
        with (
            Measured(OURS, copied, STANDINGS_CACHE_MB=cache, STANDINGS_LOOK_SECONDS="0.1") as server,
            ExitStack() as stack,
        ):
            clients = [stack.enter_context(Client(server.port, question)) for question in questions]
            seconds = [_swap(Store(copied), server.port, number) for number in range(SWAPS)]
        results.append(_result(clients, seconds, name))
        shutil.rmtree(copied)
    return results


def _result(clients: list["Client"], seconds: list[float], name: str) -> Result:
    failed = [failure for client in clients for failure in client.failures]
    answered = sum(client.answered for client in clients)
    if not all(client.answered for client in clients):
        raise RuntimeError(f"a client was never answered: {failed[:3]}")
    more = {
        "answered": answered,
        "failures": failed[:5],
        "seconds_until_served": seconds,
        "slowest_ms": [client.slowest for client in clients],
    }
    what = f"failed of {answered:,} requests while {SWAPS} snapshots are published{name}"
    return Result(what, len(failed), ratio=float(len(failed)), unit="", must=0.0, aim=0.0, more=more)


class Client:
    """Asks one question over and over, in a thread of its own, until the context ends."""

    def __init__(self, port: int, question: Question) -> None:
        self.answered = 0
        self.slowest = 0.0
        self.failures: list[str] = []
        self._port = port
        self._request = request("POST", "/graphql", question.body)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._ended.is_set():
            try:
                with Wire(self._port) as wire:
                    while not self._ended.is_set():
                        self._ask_once(wire)
            except OSError as error:
                self.failures.append(f"{type(error).__name__}: {error}")
                time.sleep(0.01)

    def _ask_once(self, wire: Wire) -> None:
        started = time.perf_counter()
        reply = wire.send(self._request)
        self.slowest = max(self.slowest, 1_000 * (time.perf_counter() - started))
        body = bytes(reply.body)
        if reply.status != 200 or b'"errors":' in body or b'"data":{' not in body:
            self.failures.append(f"{reply.status}: {body[:300].decode()}")
        else:
            self.answered += 1


def _swap(store: Store, port: int, number: int) -> float:
    """Publish a copy of the current snapshot; seconds until the server serves it."""
    published = _publish(store, number)
    started = time.perf_counter()
    asking = Asking(port)
    while asking.get("/ready")[1].get("snapshot") != published.id:
        if time.perf_counter() > started + SECONDS:
            raise RuntimeError(f"the server does not serve {published.id} within {SECONDS:g} s")
        time.sleep(0.02)
    asking.close()
    seconds = time.perf_counter() - started
    time.sleep(BETWEEN_SECONDS)  # it is asked for a while before the next
    return seconds


def _publish(store: Store, number: int) -> Published:
    current = store.current()
    assert current is not None
    with store.building() as workspace:
        copy = Path(shutil.copytree(current.folder, workspace / "next"))
        return store.publish(copy, store.next_id(f"{number:08x}"), keep=2)
