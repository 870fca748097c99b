"""Documents that are asked for by id: `documentId` of the GraphQL-over-HTTP specification, and Apollo's persisted queries."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.graphql.http.documents import ToldDocuments
from api.settings import Settings
from tests.api.desk import open_desk
from tests.asking import code
from warehouse.snapshot import Serving

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
BOARD = "query Board($name: String!) { benchmark(name: $name) { name } }"
NAMES = {"name": "EASI-8"}
ANSWER = {"benchmark": {"name": "EASI-8"}}


@pytest.fixture
def fresh(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that was told no document yet."""
    with TestClient(create_app(Settings(data_dir=sample_dir))) as client:
        yield client


@pytest.fixture(scope="module")
def told(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that was told `BOARD`."""
    with TestClient(create_app(Settings(data_dir=sample_dir))) as client:
        send(client, "POST", query=BOARD, variables=NAMES, extensions=apq(BOARD))
        yield client


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def apq(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}


def send(client: TestClient, method: str, accept: str = "*/*", **asked: Any) -> Any:
    """One request, by GET or POST."""
    if method == "POST":
        return client.post("/graphql", json=asked, headers={"accept": accept})
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    return client.get("/graphql", params=parameters, headers={"accept": accept})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_apollo_is_told_that_a_document_is_not_known_and_sends_it(fresh: TestClient, method: str) -> None:
    """The message and the code are what Apollo's clients look for."""
    asked = {"variables": NAMES, "extensions": apq(BOARD)}
    for accept, status in ((JSON, 200), ("*/*", 200), (GRAPHQL_JSON, 400)):
        unknown = send(fresh, method, accept, **asked)
        assert unknown.status_code == status
        assert unknown.json()["errors"] == [
            {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
        ]
        assert "data" not in unknown.json()
        assert unknown.headers["cache-control"] == "no-store"
    assert send(fresh, method, query=BOARD, **asked).json()["data"] == ANSWER
    assert send(fresh, method, **asked).json()["data"] == ANSWER


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_document_is_asked_for_by_the_id_that_follows_from_its_text(fresh: TestClient, method: str) -> None:
    asked = {"documentId": f"sha256:{digest(BOARD)}", "variables": NAMES}
    for accept, status in ((JSON, 200), (GRAPHQL_JSON, 400)):
        unknown = send(fresh, method, accept, **asked)
        assert (unknown.status_code, code(unknown)) == (status, "PERSISTED_QUERY_NOT_FOUND")
        assert asked["documentId"] in unknown.json()["errors"][0]["message"]
    assert send(fresh, method, query=BOARD, **asked).json()["data"] == ANSWER
    assert send(fresh, method, **asked).json()["data"] == ANSWER


def test_what_apollo_has_told_may_be_asked_for_by_id_and_the_other_way_around(fresh: TestClient) -> None:
    other = f"{BOARD} "
    send(fresh, "POST", query=BOARD, variables=NAMES, extensions=apq(BOARD))
    send(fresh, "POST", query=other, variables=NAMES, documentId=f"sha256:{digest(other)}")
    assert send(fresh, "GET", documentId=f"sha256:{digest(BOARD)}", variables=NAMES).json()["data"] == ANSWER
    assert send(fresh, "GET", extensions=apq(other), variables=NAMES).json()["data"] == ANSWER


def test_a_text_without_an_id_is_not_remembered(fresh: TestClient) -> None:
    send(fresh, "POST", query=BOARD, variables=NAMES)
    assert code(send(fresh, "POST", extensions=apq(BOARD), variables=NAMES)) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"query": BOARD, "extensions": apq("{ other }")}, "provided sha does not match query"),
        ({"query": BOARD, "documentId": f"sha256:{digest('{ other }')}"}, "`documentId` is not that of `query`"),
        ({"query": BOARD, "documentId": "board"}, "`documentId` is not that of `query`"),
        ({"query": BOARD, "documentId": digest(BOARD)}, "`documentId` is not that of `query`"),
        ({"documentId": "board", "extensions": apq(BOARD)}, "different documents"),
        ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": digest(BOARD)}}}, "version 1"),
        ({"extensions": {"persistedQuery": {"sha256Hash": digest(BOARD)}}}, "version 1"),
        ({"extensions": {"persistedQuery": "x"}}, "version 1"),
        ({"extensions": {"persistedQuery": {"version": 1}}}, "64 digits"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(BOARD).upper()}}}, "64 digits"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ["a"]}}}, "64 digits"),
        ({"query": "", "documentId": f"sha256:{digest(BOARD)}"}, "`query` must be the text"),
    ],
)
def test_what_names_no_document_or_two_is_refused(
    told: TestClient, method: str, asked: dict[str, Any], says: str
) -> None:
    answer = send(told, method, **asked, variables=NAMES)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert says in answer.json()["errors"][0]["message"]


def test_an_id_that_is_no_text_is_refused(client: TestClient) -> None:
    answer = send(client, "POST", documentId=7)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


def test_ids_of_another_form_are_not_known(client: TestClient) -> None:
    for name in ("board", digest(BOARD), f"sha256:{digest(BOARD).upper()}", "x-own:1", "x" * 100_000, ""):
        answer = send(client, "POST", documentId=name)
        assert code(answer) == "PERSISTED_QUERY_NOT_FOUND"
        assert len(answer.content) < 1_000


def test_a_known_document_is_read_by_get_and_no_mutation(fresh: TestClient) -> None:
    mutation = "mutation { anything }"
    send(fresh, "POST", query=mutation, extensions=apq(mutation))
    answer = send(fresh, "GET", documentId=f"sha256:{digest(mutation)}")
    assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "METHOD_NOT_ALLOWED", "POST")


def test_a_browser_that_asks_by_id_gets_the_answer_and_no_page(told: TestClient) -> None:
    for asked in ({"documentId": f"sha256:{digest(BOARD)}"}, {"extensions": apq(BOARD)}):
        assert send(told, "GET", "text/html, */*;q=0.8", **asked, variables=NAMES).json()["data"] == ANSWER


async def test_what_is_remembered_is_bounded_and_what_is_used_stays(served: Serving) -> None:
    desk = open_desk(served, documents=ToldDocuments(most_bytes=5_000))
    texts = [f'{{ tell(text: "{number}") }}' for number in range(20)]
    for text in texts:
        await desk.ask(text, extensions=apq(text))
        first = await desk.ask(None, extensions=apq(texts[0]))
        assert first.json["data"] == {"tell": "0"}
    known = ["errors" not in (await desk.ask(None, extensions=apq(text))).json for text in texts]
    assert known == [True] + [False] * (known.count(False)) + [True] * (known.count(True) - 1)
    assert known.count(True) > 3
    assert known.count(False) > 3


@dataclass
class Edge:
    """What a shared cache of the web does: it keeps what it may, by address and what the answer varies by."""

    origin: TestClient
    now: float = 0.0
    asked: list[int] = field(default_factory=list)
    kept: dict[str, list[tuple[dict[str, str], httpx2.Response, float]]] = field(default_factory=dict)

    def get(self, url: str, **headers: str) -> httpx2.Response:
        headers = {
            "accept": "*/*",
            "accept-encoding": "identity",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        found = next((each for each in self.kept.get(url, []) if _same(each, headers)), None)
        if found and self.now < found[2]:
            return found[1]
        more = {"if-none-match": found[1].headers["etag"]} if found else {}
        answer = self.origin.get(url, headers={**headers, **more})
        self.asked.append(answer.status_code)
        if answer.status_code == 304:
            assert found is not None
            self._keep(url, headers, found[1], answer)
            return found[1]
        self._keep(url, headers, answer, answer)
        return answer

    def _keep(self, url: str, headers: dict[str, str], answer: httpx2.Response, said: httpx2.Response) -> None:
        visibility, _, age = said.headers["cache-control"].partition(", max-age=")
        if visibility == "public":
            others = [each for each in self.kept.get(url, []) if not _same(each, headers)]
            self.kept[url] = [*others, (headers, answer, self.now + int(age))]


def _same(kept: tuple[dict[str, str], Any, float], headers: dict[str, str]) -> bool:
    varies = [name.strip().lower() for name in kept[1].headers["vary"].split(",")]
    return all(kept[0].get(name) == headers.get(name) for name in varies)


def test_a_shared_cache_serves_a_known_document(fresh: TestClient) -> None:
    url = "/graphql?" + urlencode({"documentId": f"sha256:{digest(BOARD)}", "variables": json.dumps(NAMES)})
    edge = Edge(fresh)
    assert code(edge.get(url)) == "PERSISTED_QUERY_NOT_FOUND"
    send(fresh, "POST", query=BOARD, variables=NAMES, extensions=apq(BOARD))

    assert [edge.get(url).json()["data"] for _ in range(3)] == [ANSWER] * 3  # what was unknown is known now
    assert edge.asked == [200, 200]
    edge.now += 59
    edge.get(url)
    assert len(edge.asked) == 2
    edge.now += 2
    assert edge.get(url).json()["data"] == ANSWER
    assert edge.asked == [200, 200, 304]
    edge.now += 59  # from when it was found to be right still
    edge.get(url)
    assert len(edge.asked) == 3


def test_a_shared_cache_keeps_media_types_and_codings_apart(client: TestClient) -> None:
    query = "{ models(first: 20) { nodes { name url license organization displayName } } }"
    url = "/graphql?" + urlencode({"query": query})
    edge = Edge(client)
    for _ in range(2):
        assert edge.get(url, accept=GRAPHQL_JSON).headers["content-type"].startswith(GRAPHQL_JSON)
        assert edge.get(url, accept=JSON).headers["content-type"].startswith(JSON)
        for coding in ("gzip", "br", "zstd"):
            assert edge.get(url, accept=JSON, accept_encoding=coding).headers["content-encoding"] == coding
    assert edge.asked == [200] * 5
    plain = {kept[1].content for kept in edge.kept[url] if kept[0]["accept-encoding"] != "zstd"}
    assert len(plain) == 1  # the client has undone gzip and br
