"""Clients of the soak: what they ask, each over and over in a thread of its own, and what they take for right."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Self

import httpx2

from tests.bench.questions import LEADERBOARD, SMALL
from tests.bench.tally import Tally
from tests.bench.wire import request

SECONDS = 60.0
# Shorter than the server's, so that no request is sent on a connection that is just being closed.
IDLE_SECONDS = 2.0
PAGE = "query ($after: String) { scores(first: 500, after: $after) { nodes { value model { name } task { name } } pageInfo { endCursor } } }"
STATEMENTS = (
    "select benchmark, count(*) as models, max(value) as best from leaderboard_entries group by all order by all",
    "select model, count(*) as scores, avg(value) as mean from scores group by model order by mean desc limit 100",
    "select task, model, value from leaderboard_task_scores where position <= 3 order by all limit 20000",
)
FORMS = ("application/json", "text/csv", "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream")
WRONG = (
    ("POST", "/graphql", b"{", (400,)),
    ("POST", "/graphql", b'{"query": "{ nothing"}', (400,)),
    ("POST", "/graphql", b'{"query": "{ nothing }"}', (400,)),
    ("POST", "/graphql", json.dumps({"query": "{ models(first: 1000) { nodes { scores(first: 1000) { nodes { model { scores(first: 1000) { nodes { value } } } } } } } }"}).encode(), (400,)),
    ("POST", "/sql", b'{"query": "drop table scores"}', (400,)),
    ("POST", "/sql", b"""{"query": "from read_csv('/etc/passwd')"}""", (400,)),
    ("POST", "/sql", b'{"query": "select count(*) from range(100000000000)"}', (408,)),
    ("GET", "/warehouse/20200101T000000Z-00000000.duckdb", b"", (404,)),
    ("POST", "/api/submit-with-file/", b"{}", (401,)),
)  # fmt: skip
OPERATORS = ("/health", "/ready", "/metrics", "/warehouse")


@dataclass(frozen=True)
class Site:
    """The server that is asked, and what there is to ask for."""

    port: int
    board: str
    models: tuple[str, ...]
    tally: Tally

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Act = Callable[[httpx2.Client, Random], None]


class Client:
    """Does the same over and over, with a pause of about `pause` seconds, until the context ends."""

    def __init__(self, site: Site, kind: str, act: Act, pause: float, seed: int) -> None:
        self._site = site
        self._kind = kind
        self._act = act
        self._pause = pause
        self._random = Random(seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=kind, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join(SECONDS)

    def _run(self) -> None:
        limits = httpx2.Limits(keepalive_expiry=IDLE_SECONDS)
        with httpx2.Client(base_url=self._site.url, timeout=SECONDS, limits=limits, trust_env=False) as client:
            while not self._ended.wait(self._random.uniform(0, 2 * self._pause)):
                try:
                    self._act(client, self._random)
                except (httpx2.TransportError, OSError) as error:
                    self._site.tally.cut(self._kind, error)
                except Exception as error:  # noqa: BLE001 whatever an odd answer breaks here is told
                    self._site.tally.fail(self._kind, f"{type(error).__name__}: {error}")


@contextmanager
def timed(site: Site, kind: str, outcome: str) -> Iterator[None]:
    """Count an answer that is right, with the time it took; what raises counts nothing."""
    started = time.monotonic()
    yield
    site.tally.add(kind, outcome, time.monotonic() - started)


class Wrong(Exception):
    """An answer that should be another."""


def ask(client: httpx2.Client, document: str, variables: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The body of a GraphQL answer. Raises `Wrong` where it is none."""
    answer = client.post("/graphql", json={"query": document, "variables": variables}, headers=headers)
    if answer.status_code not in (200, 400):
        raise Wrong(f"{answer.status_code}: {answer.text[:300]}")
    body: dict[str, Any] = answer.json()
    return body


def data(client: httpx2.Client, document: str, variables: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The data of an answer that must have no errors."""
    body = ask(client, document, variables, **headers)
    if body.get("errors") or not body.get("data"):
        raise Wrong(json.dumps(body)[:300])
    found: dict[str, Any] = body["data"]
    return found


def small(site: Site) -> Act:
    def act(client: httpx2.Client, random: Random) -> None:
        with timed(site, "small query", "answered"):
            data(client, SMALL, {"model": random.choice(site.models)})

    return act


def leaderboard(site: Site) -> Act:
    """A board of another length each time, which no cache has."""

    def act(client: httpx2.Client, random: Random) -> None:
        document = LEADERBOARD.replace("first: 1000", f"first: {random.randint(50, 1000)}")
        with timed(site, "leaderboard", "answered"):
            data(client, document, {"board": site.board})

    return act


def pages(site: Site) -> Act:
    """All scores, page by page; a cursor of a snapshot that is kept no more begins anew."""
    cursor: list[str | None] = [None]

    def act(client: httpx2.Client, random: Random) -> None:
        body = ask(client, PAGE, {"after": cursor[0]})
        codes = {error["extensions"]["code"] for error in body.get("errors", [])}
        if codes:
            if codes != {"CURSOR_EXPIRED"}:
                raise Wrong(json.dumps(body)[:300])
            cursor[0] = None
            site.tally.add("page", "cursor expired")
            return
        found = body["data"]["scores"]
        if not found["nodes"] and cursor[0] is None:
            raise Wrong("there are no scores")
        cursor[0] = found["pageInfo"]["endCursor"]
        site.tally.add("page", "answered")

    return act


def sql(site: Site) -> Act:
    def act(client: httpx2.Client, random: Random) -> None:
        sent = {"query": random.choice(STATEMENTS)}
        with timed(site, "SQL", "answered"):
            answer = client.post("/sql", json=sent, headers={"Accept": random.choice(FORMS)})
            if answer.status_code != 200 or not answer.content:
                raise Wrong(f"{answer.status_code}: {answer.text[:300]}")

    return act


def wrong(site: Site) -> Act:
    """What must be refused, each in its way."""

    def act(client: httpx2.Client, random: Random) -> None:
        method, path, body, statuses = random.choice(WRONG)
        headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json, application/json"}
        answer = client.request(method, path, content=body, headers=headers)
        if answer.status_code not in statuses:
            raise Wrong(f"{method} {path} {body[:60]!r} is answered {answer.status_code}: {answer.text[:200]}")
        site.tally.add("refused", str(answer.status_code))

    return act


def operators(site: Site, snapshots: set[str]) -> Act:
    """What monitoring asks; the snapshots that were served meanwhile come into `snapshots`."""

    def act(client: httpx2.Client, random: Random) -> None:
        for path in OPERATORS:
            with timed(site, "operators", "answered"):
                answer = client.get(path)
                if answer.status_code != 200:
                    raise Wrong(f"{path} is answered {answer.status_code}")
            if path == "/ready":
                snapshots.add(answer.json()["snapshot"])

    return act


def downloads(site: Site) -> Act:
    """A part of the file that is served."""

    def act(client: httpx2.Client, random: Random) -> None:
        start = random.randrange(0, 1_000_000)
        with timed(site, "download", "answered"):
            answer = client.get("/warehouse/latest.duckdb", headers={"Range": f"bytes={start}-{start + 99_999}"})
            if answer.status_code != 206 or len(answer.content) != 100_000:
                raise Wrong(f"{answer.status_code} with {len(answer.content)} bytes")

    return act


def leaver(site: Site) -> Act:
    """Somebody who hangs up while a leaderboard or rows are made, or in the middle of sending."""

    def act(client: httpx2.Client, random: Random) -> None:
        document = LEADERBOARD.replace("first: 1000", f"first: {random.randint(50, 1000)}")
        whole = random.choice(
            (
                request(
                    "POST", "/graphql", json.dumps({"query": document, "variables": {"board": site.board}}).encode()
                ),
                request("POST", "/sql", json.dumps({"query": STATEMENTS[1]}).encode()),
            )
        )
        cut = random.choice((len(whole), len(whole) - 40))
        with socket.create_connection(("127.0.0.1", site.port), timeout=SECONDS) as connection:
            connection.sendall(whole[:cut])
            time.sleep(random.uniform(0, 0.2))
        site.tally.add("hung up", "while it was answered" if cut == len(whole) else "while it was sent")

    return act
