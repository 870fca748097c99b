"""A real server: the numbers of all its workers, one that is killed, and the end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import build_dir
from tests.observing.conftest import parsed
from tests.serving import PROJECT, START_SECONDS, Asking, Server

QUERY = "query Board { warehouse { snapshot } }"
BODY = json.dumps({"query": QUERY}).encode()
STOP_SECONDS = 3
HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nX-Request-ID: the-last\r\n\r\n" % len(BODY)
)


class Logged(Server):
    """A server whose log goes to a file."""

    def __init__(self, data_dir: Path, log: Path, workers: int = 1, **environment: str) -> None:
        super().__init__(data_dir, workers, **environment)
        self._log = log

    def start(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, cwd=PROJECT, env=self._environment, stdout=subprocess.DEVNULL, stderr=log
            )

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def numbers(self) -> dict[str, dict[tuple[str, ...], float]]:
        asking = Asking(self.port)
        asking._connection.request("GET", "/metrics")
        return parsed(asking._connection.getresponse().read().decode())

    def lines(self, logger: str) -> list[dict[str, Any]]:
        """The lines of a logger, in a log that is JSON alone."""
        return [line for line in map(json.loads, self.log.splitlines()) if line["logger"] == logger]


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.05)


@contextlib.contextmanager
def half_sent(port: int) -> Iterator[socket.socket]:
    """A connection with a request whose last byte has not been sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as connection:
        connection.sendall(HEAD + BODY[:-1])
        yield connection


def received(connection: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data directory."""
    place = tmp_path / "stopping"
    versions = place / "easi" / "leaderboard" / "versions"
    versions.mkdir(parents=True)
    (versions / "bench_20260101T000000.json").write_text('{"org/model": {"results": {"vsi_bench": {"acc": 1}}}}')
    return build_dir(place / "data", {"easi": str(place / "easi")})


def test_two_workers_count_together_outlive_one_that_is_killed_and_end_what_they_began(
    data: Path, tmp_path: Path
) -> None:
    (tmp_path / "shared").mkdir()
    server = Logged(
        data, tmp_path / "log", 2, TMPDIR=str(tmp_path / "shared"), STANDINGS_LOG_FORMAT="json",
        STANDINGS_LOOK_SECONDS="0.1", STANDINGS_REFRESH="3600", STANDINGS_STOP_SECONDS=str(STOP_SECONDS),
    )  # fmt: skip
    with server:
        wait_until(lambda: server.numbers()["workers"] == {(): 2})
        (numbers,) = (tmp_path / "shared").glob("*metrics*")
        (numbers / "counter_0.db").touch()  # as a process makes it that starts
        wait_until(lambda: server.lines("standings.refresh"))
        for _ in range(20):  # each on a new connection, which either worker takes
            assert Asking(server.port).ask(QUERY)[0] == 200
        wait_until(lambda: server.numbers()["requests_total"][("Board", "/graphql", "200")] == 20)
        asked = [line["process"] for line in server.lines("standings.access") if line.get("operation") == "Board"]

        os.kill(asked[0], signal.SIGKILL)
        wait_until(lambda: server.numbers()["workers"] == {(): 1})
        assert Asking(server.port).ask(QUERY)[0] == 200
        wait_until(lambda: server.numbers()["workers"] == {(): 2})
        wait_until(lambda: server.numbers()["requests_total"][("Board", "/graphql", "200")] == 21)

        with half_sent(server.port) as ending, half_sent(server.port) as endless:
            time.sleep(0.1)
            server.process.terminate()
            wait_until(lambda: server.log.count('"Shutting down"') == 2)
            stopping = time.monotonic()
            ending.sendall(BODY[-1:])
            answer, refusal = received(ending), received(endless)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"x-request-id: the-last\r\n" in answer
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["data"]
        assert refusal.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1\r\n" in refusal
        assert server.process.wait(START_SECONDS) == 0
        assert time.monotonic() - stopping > STOP_SECONDS - 1

    assert {line["process"] for line in server.lines("standings.refresh")} == {server.process.pid}
    told = server.lines("standings.access")
    assert [line["status"] for line in told if line["requestId"] == "the-last"] == [200, 503]
    assert [path.name for path in (tmp_path / "shared").iterdir() if "metrics" in path.name] == []
