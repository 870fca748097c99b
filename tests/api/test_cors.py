"""Which pages of other sites may ask, and what they may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

PAGE, OTHER = "https://boards.example", "https://other.example"
QUERY = {"query": "{ __typename }"}


@contextmanager
def serving(data_dir: Path, origins: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data_dir=data_dir, cors_origins=origins))) as client:
        yield client


def preflight(client: TestClient, origin: str, method: str = "POST") -> dict[str, str]:
    headers = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": "content-type, x-apollo-operation-name",
    }
    answer = client.options("/graphql", headers=headers)
    return {"status": str(answer.status_code), **dict(answer.headers)}


def test_any_page_may_ask_unless_said_otherwise(client: TestClient) -> None:
    allowed = preflight(client, PAGE)
    assert (allowed["status"], allowed["access-control-allow-origin"]) == ("200", "*")
    assert allowed["access-control-allow-headers"] == "content-type, x-apollo-operation-name"
    assert "POST" in allowed["access-control-allow-methods"]
    answer = client.post("/graphql", json=QUERY, headers={"origin": PAGE})
    assert answer.json()["data"] == {"__typename": "Query"}
    assert answer.headers["access-control-allow-origin"] == "*"
    readable = set(answer.headers["access-control-expose-headers"].split(", "))
    assert readable >= {"ETag", "X-Request-Id", "X-Query-Cost", "X-Query-Cost-Limit", "Retry-After", "Content-Range"}


def test_a_cache_needs_one_answer_for_all_pages_where_any_may_ask(client: TestClient) -> None:
    answers = [client.get("/graphql", params=QUERY, headers=headers) for headers in ({}, {"origin": PAGE})]
    assert [answer.headers["access-control-allow-origin"] for answer in answers] == ["*", "*"]
    assert [answer.headers["vary"] for answer in answers] == ["Accept, Accept-Encoding"] * 2


@pytest.mark.parametrize("origins", ["*", f"{PAGE}/, {OTHER}"])
def test_no_page_may_ask_in_the_name_of_its_reader(sample_dir: Path, origins: str) -> None:
    with serving(sample_dir, origins) as client:
        told = [preflight(client, PAGE), dict(client.get("/graphql", params=QUERY, headers={"origin": PAGE}).headers)]
    assert all(PAGE in headers["access-control-allow-origin"] or origins == "*" for headers in told)
    assert not any("access-control-allow-credentials" in headers for headers in told)


def test_only_the_pages_named_may_ask(sample_dir: Path) -> None:
    with serving(sample_dir, f"{PAGE}/, https://boards2.example") as client:
        assert preflight(client, PAGE)["access-control-allow-origin"] == PAGE
        assert "access-control-allow-origin" not in preflight(client, OTHER)
        assert preflight(client, PAGE, "DELETE")["status"] == "400"
        named, other = (client.get("/graphql", params=QUERY, headers={"origin": each}) for each in (PAGE, OTHER))
    assert named.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-origin" not in other.headers
    assert named.headers["vary"] == other.headers["vary"] == "Accept, Accept-Encoding, Origin"


def test_without_origins_no_page_may_ask(sample_dir: Path) -> None:
    with serving(sample_dir, "") as client:
        assert preflight(client, PAGE)["status"] == "405"
        answer = client.get("/graphql", params=QUERY, headers={"origin": PAGE})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_what_a_page_may_send_unasked_is_not_taken(client: TestClient, content_type: str) -> None:
    """A form, or a script without a preflight, reaches no mutation."""
    answer = client.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers={"content-type": content_type, "origin": PAGE}
    )
    assert answer.status_code == 415
    assert client.get("/graphql", params={"query": "mutation { anything }"}).status_code == 405
