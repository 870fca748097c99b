"""How long a small question waits while another client asks for cold leaderboards, here and at a plain server."""

import multiprocessing
import multiprocessing.synchronize
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from random import Random
from statistics import median

from tests.bench.inputs import Inputs
from tests.bench.pairs import spread, timed
from tests.bench.plain import BOARD
from tests.bench.questions import leaderboard, small
from tests.bench.results import HIGHER, Result
from tests.bench.server import OURS, PLAIN, Measured
from tests.bench.stores import board_store
from tests.bench.wire import Wire, request

BETTER = (50.0, 200.0)
ROUNDS, SECONDS = 2, 5.0
# Between two small questions, drawn anew each time, so that they come at any moment of the other client's leaderboard:
# one asked as soon as the last is answered would mostly be asked in the moments in which the server is free.
PAUSE_SECONDS = 0.1
SEED = 20261121


def crowded_answers(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """The same questions to both, in turn; each client is a process of its own."""
    data = board_store(inputs, folder)
    heavy = request("POST", "/graphql", leaderboard(inputs.board).body)
    asked = request("POST", "/graphql", small(inputs.model).body)
    ours, plain = Waits(), Waits()
    with (
        Measured(OURS, data, STANDINGS_CACHE_MB="0") as our_server,
        Measured(PLAIN, data, **{BOARD: inputs.board}) as plain_server,
    ):
        for _ in range(ROUNDS):
            ours.add(our_server, heavy, asked)
            plain.add(plain_server, heavy, asked)
    one, other = median(ours.times), median(plain.times)
    name = "small query beside cold leaderboards: better than plain Strawberry"
    more = {"ours": ours.record(), "reference": plain.record()}
    return [Result(name, one, other, other / one, "ms", *BETTER, more, HIGHER)]


class Waits:
    """Milliseconds of small questions, and how many leaderboards were answered meanwhile; see `tests.bench.frames`."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.seconds = 0.0
        self.leaderboards = 0
        self.pages = 0
        self._random = Random(SEED)

    def add(self, server: Measured, heavy: bytes, asked: bytes) -> None:
        """Ask for `SECONDS`, once the other client has its first leaderboard."""
        with Wire(server.port) as wire, _repeated(server.port, heavy) as answered:
            before, pages, started = answered.value, server.touched_pages, time.perf_counter()
            while time.perf_counter() < started + SECONDS:
                self.times.append(timed(lambda: wire.send(asked)))
                time.sleep(self._random.uniform(0, PAUSE_SECONDS))
            self.seconds += time.perf_counter() - started
            self.leaderboards += answered.value - before
            self.pages += server.touched_pages - pages

    def record(self) -> dict[str, float]:
        """As it stands in bench.json."""
        return {
            **spread(self.times),
            "asked": len(self.times),
            "leaderboards_per_second": self.leaderboards / self.seconds,
            "pages_a_leaderboard": self.pages / self.leaderboards,
        }


@contextmanager
def _repeated(port: int, heavy: bytes) -> Iterator["Synchronized[int]"]:
    """Another client that asks the same all the while: how many answers it has."""
    spawn = multiprocessing.get_context("spawn")
    answered, ended = spawn.Value("q", 0), spawn.Event()
    client = spawn.Process(target=_repeat, args=(port, heavy, answered, ended), daemon=True)
    client.start()
    try:
        while not answered.value:
            if not client.is_alive():
                raise RuntimeError("the client that asks for leaderboards has ended: see what it says above")
            time.sleep(0.01)
        yield answered
    finally:
        ended.set()
        client.join()


def _repeat(port: int, heavy: bytes, answered: "Synchronized[int]", ended: multiprocessing.synchronize.Event) -> None:
    with Wire(port) as wire:
        while not ended.is_set():
            if wire.send(heavy).status != 200:
                raise RuntimeError("a leaderboard is not answered")
            answered.value += 1
