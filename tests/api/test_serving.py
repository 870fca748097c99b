"""Beside answers: the page for browsers, readiness, and what a client never gets to see."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.asking import code, media_type, post
from warehouse.snapshot import Serving, Snapshot
from warehouse.watch import QueryTimeout

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
SNAPSHOT = "{ warehouse { snapshot } }"


@pytest.fixture(scope="module")
def empty_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application that has no snapshot to serve."""
    with TestClient(create_app(Settings(data_dir=tmp_path_factory.mktemp("empty")))) as client:
        yield client


class Secret(RuntimeError):
    """An error whose text is nobody's business."""


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, where: type, name: str, error: Exception) -> Iterator[None]:
    def fail(*given: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(where, name, fail)
        yield


def test_an_internal_error_is_masked_and_logged_with_the_id_of_its_request(
    forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    query = '{ warehouse { snapshot } task(name: "vsi_bench") { subsets { name } } }'
    with (
        caplog.at_level(logging.ERROR),
        failing(monkeypatch, Snapshot, "arrow", Secret("/srv/secret.duckdb is broken")),
    ):
        answer = post(forgetful_client, {"query": query}, GRAPHQL_JSON)
    assert answer.status_code == 200
    assert answer.json()["data"] == {"warehouse": {"snapshot": answer.json()["extensions"]["snapshot"]}, "task": None}
    (error,) = answer.json()["errors"]
    assert (error["path"], error["extensions"]) == (["task", "subsets"], {"code": "INTERNAL_SERVER_ERROR"})
    assert answer.headers["x-request-id"] in error["message"]
    assert not re.search("secret|duckdb|Secret|Traceback|select", answer.text)
    assert answer.headers["x-request-id"] in caplog.text
    assert "/srv/secret.duckdb is broken" in caplog.text


def test_an_error_outside_of_execution_is_masked_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.ERROR),
        failing(monkeypatch, Serving, "reading", Secret("/srv/secret.duckdb is broken")),
    ):
        answer = post(client, {"query": SNAPSHOT})
    assert (answer.status_code, media_type(answer), code(answer)) == (500, JSON, "INTERNAL_SERVER_ERROR")
    assert answer.headers["x-request-id"] in answer.json()["errors"][0]["message"]
    assert "secret" not in answer.text.lower()
    assert answer.headers["x-request-id"] in caplog.text


def test_a_query_that_takes_too_long_says_so(forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with failing(monkeypatch, Snapshot, "arrow", QueryTimeout("the query was stopped after 20 seconds")):
        answer = post(forgetful_client, {"query": "{ models { totalCount } }"})
    assert (code(answer), answer.json()["errors"][0]["path"]) == ("TIMEOUT", ["models"])
    assert "20 seconds" in answer.json()["errors"][0]["message"]


def test_a_browser_gets_a_page_that_needs_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, media_type(answer)) == (200, "text/html")
    assert "Standings" in answer.text
    loaded = re.findall(r"(?:src|href)=\"([^\"]+)\"", answer.text)
    assert [address for address in loaded if not re.match(r"/(?!/)|data:,", address)] == []
    assert not re.search(r"<style|@import|url\(", answer.text)


def test_a_browser_that_asks_a_query_gets_its_answer(client: TestClient) -> None:
    answer = client.get("/graphql", params={"query": SNAPSHOT}, headers={"accept": "text/html, */*;q=0.8"})
    assert media_type(answer) == JSON


def test_the_front_door_leads_to_the_page(client: TestClient) -> None:
    answer = client.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, media_type(answer)) == (200, "text/html")


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    ready = client.get("/ready")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"
    assert ready.json()["snapshot"] == post(client, {"query": SNAPSHOT}).json()["data"]["warehouse"]["snapshot"]


def test_without_a_snapshot_it_lives_but_is_not_ready(empty_client: TestClient) -> None:
    assert empty_client.get("/health").status_code == 200
    ready, asked = empty_client.get("/ready"), post(empty_client, {"query": SNAPSHOT})
    assert (ready.status_code, asked.status_code) == (503, 503)
    assert ready.headers["retry-after"] == asked.headers["retry-after"]
    assert code(asked) == "NOT_READY"
    assert "standings build" in asked.json()["errors"][0]["message"]


def test_a_snapshot_that_is_published_later_is_served(tmp_path: Path, sample_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=tmp_path / "data", look_seconds=0.05))) as client:
        assert client.get("/ready").status_code == 503
        for name in ("snapshots", "current"):
            (tmp_path / "data" / name).symlink_to(sample_dir / name)
        until = time.monotonic() + 10
        while (answer := client.get("/ready")).status_code != 200 and time.monotonic() < until:
            time.sleep(0.02)
        assert answer.json()["snapshot"] == (sample_dir / "current").read_text("ascii").strip()
