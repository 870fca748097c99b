"""A request with a cursor is answered from the snapshot that gave it, while that one is kept."""

import base64
import json
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from api.app import create_app
from api.graphql.context import Context
from api.graphql.cost import MOST_COST
from api.graphql.http import GraphQLEndpoint
from api.graphql.operations import Operations
from api.settings import Settings
from tests.asking import ask, refusal, send
from tests.conftest import build_dir
from tests.warehouse.stores import publish
from warehouse.snapshot import Serving
from warehouse.store import Published, Store

SECONDS = 10.0
BOARD = "vsi_bench"
# The models of the first snapshots, each with its score on the board. A later one has none that was there before.
STATES = [
    {f"early/{name}": 90.0 - place for place, name in enumerate("gcfadbe")},
    {f"early/{name}": 10.0 + place for place, name in enumerate("cdfxyz")},
    {f"late/{name}": 50.0 + place for place, name in enumerate("kmlnopq")},
]
PAGE = "totalCount nodes { %s } pageInfo { hasNextPage endCursor }"
ENTRY = PAGE % "rank value model { name }"
LISTS = {
    "models": f"models(first: $first, after: $after) {{ {PAGE % 'id name'} }}",
    "scores": f"scores(first: $first, after: $after) {{ {PAGE % 'value model { name }'} }}",
    "entries": f'benchmark(name: "{BOARD}") {{ leaderboard {{ entries(first: $first, after: $after) {{ {ENTRY} }} }} }}',
}
MODELS = "query ($after: String) { models(first: 2, after: $after) { nodes { name } pageInfo { endCursor } } }"


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A published file of each state."""
    return [_build(tmp_path_factory.mktemp(f"state{number}"), models) for number, models in enumerate(STATES)]


def _build(folder: Path, models: dict[str, float]) -> Path:
    versions = folder / "easi" / "leaderboard" / "versions"
    versions.mkdir(parents=True)
    results = {name: {"results": {BOARD: {"acc": value}}} for name, value in models.items()}
    (versions / "bench_20260101T000000.json").write_text(json.dumps(results))
    current = Store(build_dir(folder / "data", {"easi": str(folder / "easi")})).current()
    assert current is not None
    return current.file


@dataclass
class Site:
    """An application that is served, and the store that it serves."""

    client: TestClient
    store: Store
    contents: list[Path]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def publish(self, state: int, keep: int = 5) -> Published:
        """Publish a state as a snapshot of its own, and wait until it is served."""
        published = publish(self.store, self.contents[state], next(self.numbers), keep)
        until = time.monotonic() + SECONDS
        while self.client.get("/ready").json().get("snapshot") != published.id:
            assert time.monotonic() < until, f"{published.id} was not served"
            time.sleep(0.02)
        return published


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, contents: list[Path]) -> Iterator[Site]:
    """A site that serves some state, for all tests: each publishes what it needs."""
    folder = tmp_path_factory.mktemp("site") / "data"
    with TestClient(create_app(Settings(data_dir=folder, look_seconds=0.02))) as client:
        site = Site(client, Store(folder), contents)
        site.publish(0)
        yield site


@pytest.fixture
def site(opened: Site) -> Site:
    """A site that serves the first state, as a snapshot that no other test has read."""
    opened.publish(0)
    return opened


def read(client: TestClient, name: str, first: int, after: str | None = None) -> tuple[Any, str]:
    """A page of a list, and the snapshot it comes from, which the whole answer must agree on."""
    query = f"query ($first: Int, $after: String) {{ {LISTS[name]} warehouse {{ snapshot }} }}"
    body = send(client, query, first=first, after=after)
    assert "errors" not in body, body["errors"]
    found = body["data"]
    assert found.pop("warehouse") == {"snapshot": body["extensions"]["snapshot"]}
    while name not in found:
        (found,) = found.values()
    return found[name], body["extensions"]["snapshot"]


def end_cursor(client: TestClient) -> str:
    """The cursor of a first page of models."""
    return str(ask(client, MODELS)["models"]["pageInfo"]["endCursor"])


def owned_by(owner: Any, cursor: str) -> str:
    """The cursor as if it were another snapshot's."""
    inside = json.loads(base64.urlsafe_b64decode(cursor))
    return base64.urlsafe_b64encode(json.dumps([owner, *inside[1:]]).encode()).decode()


@pytest.mark.parametrize("state", [1, 2])
def test_pages_go_on_in_the_snapshot_they_began_in(site: Site, state: int) -> None:
    begun = {name: (read(site.client, name, 100), read(site.client, name, 2)) for name in LISTS}
    newer = site.publish(state).id

    for name, ((whole, older), (start, _)) in begun.items():
        page, nodes = start, start["nodes"]
        while page["pageInfo"]["hasNextPage"]:
            page, snapshot = read(site.client, name, 2, page["pageInfo"]["endCursor"])
            assert snapshot == older
            assert page["totalCount"] == whole["totalCount"]
            nodes += page["nodes"]

        assert nodes == whole["nodes"]
        now, snapshot = read(site.client, name, 100)
        assert (snapshot, len(now["nodes"])) == (newer, len(STATES[state]))
        assert now["nodes"] != whole["nodes"]


def test_what_only_the_older_snapshot_has_is_read_to_its_end(site: Site) -> None:
    query = """query ($after: String) { model(name: "early/a") {
        scores(first: 1, after: $after) { totalCount pageInfo { endCursor } } } }"""
    cursor = ask(site.client, query)["model"]["scores"]["pageInfo"]["endCursor"]
    site.publish(2)
    assert ask(site.client, query) == {"model": None}
    assert ask(site.client, query, after=cursor)["model"]["scores"]["totalCount"] == 1


def test_everything_in_the_request_comes_from_the_snapshot_of_its_cursor(site: Site) -> None:
    cursor = end_cursor(site.client)
    query = """query ($after: String) { models(after: $after) { totalCount } all: models { nodes { name } }
        model(name: "early/a") { name } task(name: "vsi_bench") { modelCount } warehouse { snapshot builtAt } }"""
    before = ask(site.client, query, after=cursor)
    site.publish(2)
    assert ask(site.client, query, after=cursor) == before
    assert ask(site.client, query) != before


GIVEN = (
    'query { models(first: 2, after: "%s") { ...Names } } fragment Names on ModelConnection { nodes { name } }',
    'query ($place: String = "%s") { models(first: 2, after: $place) { nodes { name } } }',
    'query { ...All } fragment All on Query { models: models(after: """%s""", first: 2) { nodes { name } } }',
    '{ ... on Query @include(if: true) { models(first: 2, after #which\n,: "%s") { nodes { name } } } }',
)


def test_a_cursor_counts_however_it_is_given(site: Site) -> None:
    cursor = end_cursor(site.client)
    expected = {query % cursor: ask(site.client, query % cursor) for query in GIVEN}
    site.publish(2)
    for query, found in expected.items():
        assert ask(site.client, query) == found
        assert site.client.get("/graphql", params={"query": query}).json()["data"] == found


def test_a_page_is_read_backward_too(site: Site) -> None:
    query = "query ($before: String) { models(last: 2, before: $before) { nodes { name } pageInfo { startCursor } } }"
    cursor = ask(site.client, query)["models"]["pageInfo"]["startCursor"]
    expected = ask(site.client, query, before=cursor)
    site.publish(2)
    assert ask(site.client, query, before=cursor) == expected


def test_only_the_operation_that_is_asked_for_counts(site: Site) -> None:
    query = """query Next($after: String) { models(first: 2, after: $after) { nodes { name } } }
        query First { models(first: 2) { nodes { name } } warehouse { snapshot } }"""
    body = {"query": query, "variables": {"after": end_cursor(site.client)}}
    newer = site.publish(2).id
    found = {
        name: site.client.post("/graphql", json={**body, "operationName": name}).json() for name in ("Next", "First")
    }
    assert [node["name"] for node in found["Next"]["data"]["models"]["nodes"]] == ["early/c", "early/d"]
    assert found["First"]["extensions"]["snapshot"] == found["First"]["data"]["warehouse"]["snapshot"] == newer
    assert found["Next"]["extensions"]["snapshot"] != newer


def test_after_a_rollback_pages_go_on_in_the_newer_snapshot(site: Site) -> None:
    older = site.store.current()
    assert older is not None
    newer = site.publish(2).id
    cursor = end_cursor(site.client)
    site.store.point_to(older)
    until = time.monotonic() + SECONDS
    while (body := send(site.client, MODELS))["extensions"]["snapshot"] != older.id and time.monotonic() < until:
        time.sleep(0.01)
    assert [node["name"] for node in body["data"]["models"]["nodes"]] == ["early/a", "early/b"]
    body = send(site.client, MODELS, after=cursor)
    assert (body["extensions"]["snapshot"], body["data"]["models"]["nodes"][0]["name"]) == (newer, "late/m")


def test_when_its_snapshot_is_no_longer_kept_a_cursor_has_expired(site: Site) -> None:
    cursor, older = end_cursor(site.client), site.store.current()
    assert older is not None
    newer = site.publish(1)
    assert send(site.client, MODELS, after=cursor)["extensions"]["snapshot"] == older.id
    newest = site.publish(2, keep=2)
    assert newer.folder.exists()
    assert not older.folder.exists()

    body = send(site.client, MODELS, after=cursor)
    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("CURSOR_EXPIRED", ["models"])
    assert error["message"] == (
        f"the cursor belongs to snapshot {older.id}, which is no longer kept: start from the first page"
    )
    assert body["extensions"]["snapshot"] == newest.id
    assert end_cursor(site.client)


def test_a_snapshot_that_cannot_be_opened_is_as_one_that_is_gone(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    cursor, older = end_cursor(site.client), site.store.current()
    assert older is not None
    site.publish(1)
    broken = site.publish(2)
    other = owned_by("20260101T000000Z-0badbad0", cursor)
    folder = broken.folder.with_name("20260101T000000Z-0badbad0")
    shutil.copytree(broken.folder, folder)
    (folder / broken.file.name).write_bytes(b"this is no database" * 1_000)

    with caplog.at_level(logging.ERROR):
        error = refusal(site.client, MODELS, after=other)
    assert error["extensions"]["code"] == "CURSOR_EXPIRED"
    assert str(folder) not in json.dumps(error)
    assert "20260101T000000Z-0badbad0 is kept and cannot be opened" in caplog.text
    assert send(site.client, MODELS, after=cursor)["extensions"]["snapshot"] == older.id


def test_cursors_of_several_snapshots_are_refused_by_name(site: Site) -> None:
    cursors = [end_cursor(site.client)]
    for state in (1, 2):
        site.publish(state)
        cursors.append(end_cursor(site.client))
    owners = [json.loads(base64.urlsafe_b64decode(cursor))[0] for cursor in cursors]
    query = """query ($one: String, $other: String) { warehouse { snapshot }
        models(after: $one) { totalCount } benchmark(name: "vsi_bench") { leaderboard {
            first: entries(first: 2) { totalCount } entries(first: 2, after: $other) { totalCount } } } }"""
    for one, other in ((0, 1), (1, 0), (0, 2), (2, 1)):
        error = refusal(site.client, query, one=cursors[one], other=cursors[other])
        assert error["extensions"]["code"] == "BAD_CURSOR"
        assert owners[one] in error["message"]
        assert owners[other] in error["message"]
        assert "several snapshots" in error["message"]
        assert "ask in several requests" in error["message"]
    both = "query ($one: String) { models(after: $one) { totalCount } again: models(after: $one) { totalCount } }"
    assert send(site.client, both, one=cursors[0])["extensions"]["snapshot"] == owners[0]


def test_a_refusal_before_anything_runs_has_no_data(site: Site) -> None:
    cursors = [end_cursor(site.client)]
    newer = site.publish(1).id
    query = 'query ($one: String) { models(after: $one) { totalCount } tasks(after: "%s") { totalCount } }'
    body = {"query": query % end_cursor(site.client), "variables": {"one": cursors[0]}}
    for accept, status in (("application/json", 200), ("application/graphql-response+json", 400)):
        answer = site.client.post("/graphql", json=body, headers={"accept": accept})
        assert answer.status_code == status
        assert set(answer.json()) == {"errors", "extensions"}
        assert answer.json()["extensions"] == {"snapshot": newer}


@pytest.mark.parametrize(
    "owner",
    [
        *("", ".", "..", "../snapshots", "/etc/passwd", "a\0b", "é\u202e\n", "20260101T000000Z-ffffffff", "x" * 3_000),
        *(None, 7, True, [], {}, ["20260101T000000Z-ffffffff"], {"a": 1}),
    ],
)
def test_what_a_cursor_says_of_its_snapshot_is_not_believed(opened: Site, owner: Any) -> None:
    other = owned_by(owner, end_cursor(opened.client))
    body = send(opened.client, MODELS, after=other)
    (error,) = body["errors"]
    assert error["extensions"]["code"] == ("CURSOR_EXPIRED" if isinstance(owner, str) else "BAD_CURSOR")
    assert "cursor" in error["message"]
    assert len(error["message"]) < 200
    assert body["extensions"]["snapshot"] == json.loads(base64.urlsafe_b64decode(end_cursor(opened.client)))[0]


def test_a_cursor_does_not_lead_to_a_snapshot_of_another_directory(opened: Site) -> None:
    older = publish(Store(opened.store.root.with_name("private")), opened.contents[2], 5_000)
    for owner in (older.id, f"../../private/snapshots/{older.id}", str(older.folder)):
        error = refusal(opened.client, MODELS, after=owned_by(owner, end_cursor(opened.client)))
        assert error["extensions"]["code"] == "CURSOR_EXPIRED"


def test_a_key_that_was_changed_is_refused_in_an_older_snapshot_too(site: Site) -> None:
    owner, mark, _ = json.loads(base64.urlsafe_b64decode(end_cursor(site.client)))
    site.publish(2)
    changed = base64.urlsafe_b64encode(json.dumps([owner, mark, "early/c"]).encode()).decode()
    assert refusal(site.client, MODELS, after=changed)["extensions"]["code"] == "BAD_CURSOR"


def test_ids_of_an_older_snapshot_mean_the_same_in_the_newest(site: Site) -> None:
    ids = """{ models { nodes { id __typename name } } tasks(first: 2) { nodes { id __typename name } }
        benchmarks(first: 2) { nodes { id __typename name } } }"""
    things = [node for each in ask(site.client, ids).values() for node in each["nodes"]]
    newest = site.publish(1).id
    query = """query ($id: ID!) { node(id: $id) { id __typename
        ... on Model { name } ... on Task { name } ... on Benchmark { name } } }"""
    for thing in things:
        body = send(site.client, query, id=thing["id"])
        gone = thing["name"] in set(STATES[0]) - set(STATES[1])
        assert body["data"]["node"] == (None if gone else thing)
        assert body["extensions"]["snapshot"] == newest


def test_nobody_who_reads_on_fails_while_snapshots_are_swapped(site: Site) -> None:
    expected = {}
    pages: list[tuple[str, str]] = []
    stop, failures, answered = threading.Event(), list[Any](), list[str]()

    def begin() -> None:
        whole, snapshot = read(site.client, "entries", 100)
        page, _ = read(site.client, "entries", 3)
        expected[snapshot] = whole["nodes"][3:]
        pages.append((snapshot, page["pageInfo"]["endCursor"]))

    def read_on(place: int) -> None:
        while not stop.is_set():
            place += 1
            snapshot, cursor = pages[place % len(pages)]
            try:
                page, found = read(site.client, "entries", 100, cursor)
                assert (found, page["nodes"]) == (snapshot, expected[snapshot])
                answered.append(found)
            except Exception as error:  # noqa: BLE001 - whatever a request meets is a failure to count
                failures.append(repr(error))

    begin()
    with ThreadPoolExecutor(6) as threads:
        for number in range(6):
            threads.submit(read_on, number)
        try:
            for number in range(1, 6):
                site.publish(number % 3, keep=20)
                begin()
            deadline = time.monotonic() + 20
            while set(answered) != set(expected) and not failures and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            stop.set()
    assert failures == []
    assert set(answered) == set(expected)
    assert len(expected) == 6


@strawberry.type
class Reading:
    @strawberry.field
    def told(self, info: strawberry.Info[Context], after: str | None = None) -> str:
        return info.context.snapshot.id


@pytest.fixture
def writing(tmp_path: Path, contents: list[Path]) -> Iterator[tuple[TestClient, list[str], Callable[[int], str]]]:
    """A client of a schema with a mutation, what that was called with, and a way to publish."""
    written: list[str] = []

    @strawberry.type
    class Writing:
        @strawberry.mutation
        def write(self, info: strawberry.Info[Context], after: str) -> Reading:
            written.append(info.context.snapshot.id)
            return Reading()

    serving = Serving(Store(tmp_path))
    endpoint = GraphQLEndpoint(Operations(strawberry.Schema(query=Reading, mutation=Writing), MOST_COST), serving, None)
    numbers = iter(range(1, 9))

    def swap(state: int) -> str:
        published = publish(serving.store, contents[state], next(numbers))
        serving.refresh()
        return published.id

    with TestClient(Starlette(routes=[Route("/graphql", endpoint)])) as client:
        yield client, written, swap
    serving.close()


def test_a_mutation_runs_once_on_the_newest_snapshot(
    writing: tuple[TestClient, list[str], Callable[[int], str]],
) -> None:
    client, written, swap = writing
    older = swap(0)
    cursor = base64.urlsafe_b64encode(json.dumps([older, "mark", 1]).encode()).decode()
    newer = swap(1)
    mutation = "mutation ($after: String!) { write(after: $after) { told(after: $after) } }"
    assert ask(client, mutation, after=cursor) == {"write": {"told": newer}}
    assert written == [newer]
    assert ask(client, "query ($after: String) { told(after: $after) }", after=cursor) == {"told": older}
