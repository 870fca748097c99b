"""A served store: the first answer, and new snapshots swapped in while many ask."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import pytest

from etl.fetch import Tree
from etl.pipeline import build
from etl.sources.easi import EasiSource
from tests.serving import Asking, Server
from warehouse.store import FILE, Store

QUICKLY = {"STANDINGS_LOOK_SECONDS": "0.05"}
THREADS = 3
SECONDS = 20.0
PAUSE_SECONDS = 0.01  # so that the builds beside them get on
# Three list levels of their own, which must all come from one snapshot.
QUERY = """
{
  warehouse { snapshot counts { scores } }
  benchmark(name: "vsi_bench") { leaderboard { totalModels entries { nodes { value model { name } } } } }
  scores { nodes { value } }
}
"""


@dataclass
class Publisher:
    """A store, and what was published to it: number by snapshot id."""

    store: Store
    published: dict[str, int] = field(default_factory=dict)

    def publish(self) -> str:
        """The next snapshot: as many models as its number, which all have that number as their score. Its id."""
        number = len(self.published) + 1
        folder = self.store.root.parent / f"easi {number}"
        versions = folder / "leaderboard" / "versions"
        versions.mkdir(parents=True)
        models = {f"org/{place}": {"results": {"vsi_bench": {"acc": float(number)}}} for place in range(number)}
        (versions / f"bench_202601{number:02}T000000.json").write_text(json.dumps(models))
        report = build(self.store, [EasiSource(str(folder), Tree(folder, None, None))])
        assert report.published
        assert report.snapshot is not None
        self.published[report.snapshot] = number
        return report.snapshot


def said(answer: dict[str, Any]) -> tuple[str, set[float], set[int]]:
    """The snapshot, the values and the numbers of things of an answer."""
    data = answer["data"]
    board = data["benchmark"]["leaderboard"]
    values = [node["value"] for node in (*board["entries"]["nodes"], *data["scores"]["nodes"])]
    counts = [
        board["totalModels"],
        len(board["entries"]["nodes"]),
        len(data["scores"]["nodes"]),
        data["warehouse"]["counts"]["scores"],
    ]
    assert answer["extensions"]["snapshot"] == data["warehouse"]["snapshot"]
    return data["warehouse"]["snapshot"], set(values), set(counts)


class Crowd:
    """Threads that ask the same again and again, each on a connection of its own."""

    def __init__(self, port: int, threads: int = THREADS) -> None:
        self.answers: list[tuple[str, set[float], set[int]]] = []
        self.failures: list[str] = []
        self._port = port
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(SECONDS)

    def wait_for(self, snapshot: str) -> None:
        """Until someone has been answered from the snapshot."""
        deadline = time.monotonic() + SECONDS
        while not any(found == snapshot for found, _, _ in self.answers[-len(self._threads) :]):
            assert time.monotonic() < deadline, f"{snapshot} was not served; failures: {self.failures}"
            time.sleep(0.01)

    def _ask(self) -> None:
        asking = Asking(self._port)
        while not self._stop.is_set():
            try:
                status, answer = asking.ask(QUERY)
                assert status == 200, answer
                assert "errors" not in answer, answer
                self.answers.append(said(answer))
                time.sleep(PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever a request meets is a failure to count
                self.failures.append(repr(error))
        asking.close()


def swap(publisher: Publisher, server: Server, times: int) -> None:
    """Publish snapshots one after the other while a crowd asks: each answer is one snapshot's."""
    with Crowd(server.port) as crowd:
        crowd.wait_for(list(publisher.published)[-1])
        for _ in range(times):
            crowd.wait_for(publisher.publish())

    assert crowd.failures == []
    assert len({snapshot for snapshot, _, _ in crowd.answers}) == times + 1
    for snapshot, values, counts in crowd.answers:
        number = publisher.published[snapshot]
        assert (values, counts) == ({float(number)}, {number})


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    """Of a directory that is empty at first."""
    return Publisher(Store(tmp_path_factory.mktemp("served") / "data"))


@pytest.fixture(scope="module")
def server(publisher: Publisher) -> Iterator[Server]:
    """Two processes that serve what the publisher publishes, which is nothing when they start."""
    server = Server(publisher.store.root, workers=2, **QUICKLY)
    server.start()
    try:
        assert server.wait_until_ready(503) == {"status": "no snapshot"}
        assert Asking(server.port).get("/health") == (200, {"status": "ok"})
        assert Asking(server.port).ask("{ warehouse { snapshot } }")[1]["errors"]
        publisher.publish()
        for _ in range(30):  # each on a new connection, which either worker takes
            server.wait_until_ready()
        yield server
    finally:
        server.stop()


def test_two_workers_wait_for_a_first_snapshot_and_answer_from_it(publisher: Publisher, server: Server) -> None:
    """How they wait is seen where they are started."""
    snapshot = server.wait_until_ready()["snapshot"]

    status, answer = Asking(server.port).ask(QUERY)

    number = publisher.published[snapshot]
    assert (status, said(answer)) == (200, (snapshot, {float(number)}, {number}))


def test_new_snapshots_are_swapped_in_without_a_failed_request(publisher: Publisher, server: Server) -> None:
    swap(publisher, server, times=2)


def test_a_broken_snapshot_leaves_the_last_one_served_and_the_next_good_one_is_swapped_in(
    publisher: Publisher, server: Server
) -> None:
    store = publisher.store
    good = store.current()
    assert good is not None
    time.sleep(0.15)  # until either worker serves it
    broken = store.snapshots / "19990101T000000Z-00000000"
    broken.mkdir()
    (broken / FILE).write_bytes(b"not a database")
    for pointer in ("no id", "20980101T000000Z-00000000", broken.name):
        store.pointer.write_text(pointer)
        time.sleep(0.15)
        assert said(Asking(server.port).ask(QUERY)[1])[0] == good.id

    store.point_to(good)
    newer = publisher.publish()

    with Crowd(server.port, threads=1) as crowd:
        crowd.wait_for(newer)
    assert crowd.failures == []


def test_a_rollback_is_served(publisher: Publisher, server: Server) -> None:
    older = publisher.store.current()
    assert older is not None
    newer = publisher.publish()
    with Crowd(server.port, threads=1) as crowd:
        crowd.wait_for(newer)
        publisher.store.point_to(older)
        crowd.wait_for(older.id)
    assert crowd.failures == []
