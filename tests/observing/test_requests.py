"""Requests have ids, which are in the answer, in what it says of our mistakes, and in each line of the log."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from api.rest.leaderboard import EasiLeaderboard
from tests.asking import post
from tests.observing.conftest import Lines
from warehouse.snapshot import Snapshot

MADE = re.compile(r"[0-9a-f]{32}")
TOKEN = "hf_" + "a" * 30


@pytest.mark.parametrize("given", ["a", "4bf92f35-77b3", "Root=1-67891233:abc/def+x@y", "x" * 128])
def test_a_request_keeps_the_id_it_came_with(watched: TestClient, lines: Lines, given: str) -> None:
    answer = watched.get("/health", headers={"x-request-id": given})
    assert answer.headers.get_list("x-request-id") == [given]
    assert lines()[-1]["requestId"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "-a", "a,b", 'a"b', "a{", "é".encode("latin-1"), TOKEN])
def test_what_is_no_id_or_a_token_is_replaced(watched: TestClient, given: str | bytes) -> None:
    answer = watched.get("/health", headers=[("x-request-id", given)])  # type: ignore[arg-type] # bytes beside text
    assert MADE.fullmatch(answer.headers["x-request-id"])


@pytest.mark.parametrize(("method", "path"), [("GET", "/ready"), ("POST", "/nowhere"), ("OPTIONS", "/graphql")])
def test_every_answer_has_an_id_of_its_own(watched: TestClient, method: str, path: str) -> None:
    headers = {"origin": "https://a.example", "access-control-request-method": "POST"}
    ids = {watched.request(method, path, headers=headers).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_answers_that_are_remembered_have_new_ids(watched: TestClient) -> None:
    query = {"query": "query Remembered { warehouse { snapshot } }"}
    answers = [post(watched, query) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["x-request-id"] != answers[1].headers["x-request-id"]


def test_one_id_is_in_the_answer_its_masked_error_and_the_log_of_the_thread_that_failed(
    watched: TestClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        logging.getLogger("standings.test").warning("in a thread")
        raise RuntimeError("out of order")

    monkeypatch.setattr(Snapshot, "arrow", fail)
    headers = {"x-request-id": "mine"}
    answer = watched.post(
        "/graphql", json={"query": '{ task(name: "vsi_bench") { subsets { name } } }'}, headers=headers
    )
    assert "under request id mine" in answer.json()["errors"][0]["message"]
    assert {line["requestId"] for line in lines()} == {"mine"}
    assert [line["message"] for line in lines("standings.test")] == ["in a thread"]
    (failed,) = lines("standings.graphql")
    assert "out of order" in failed["exception"]
    assert "\\n" in lines.stream.getvalue()


def test_rest_names_the_same_id(watched: TestClient, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EasiLeaderboard, "write", lambda *given: 1 / 0)
    answer = watched.get("/api/leaderboard", headers={"x-request-id": "mine"})
    assert (answer.status_code, "request id mine" in answer.json()["error"]) == (500, True)
    assert [line["requestId"] for line in lines("standings.rest")] == ["mine"]


def test_what_nobody_has_foreseen_is_answered_500_with_its_id_and_logged(
    watched: TestClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.observing.routes.describe", lambda *given: 1 / 0)
    answer = watched.get("/ready", headers={"x-request-id": "mine"})
    assert (answer.status_code, answer.text) == (500, "internal error; it is logged under request id mine")
    assert [line["requestId"] for line in lines() if "exception" in line] == ["mine"]
    assert lines("standings.access")[-1]["status"] == 500


def test_a_line_says_how_a_request_was_answered_and_nothing_that_was_in_it(watched: TestClient, lines: Lines) -> None:
    query = 'query Mine { model(name: "secret-name") { name } }'
    answer = watched.get("/graphql", params={"query": query})
    watched.get(f"/no/where%0A{TOKEN}?code=hidden")
    asked, missing = lines("standings.access")
    assert asked.items() >= {
        "level": "INFO", "message": "GET /graphql 200", "method": "GET", "path": "/graphql", "status": 200,
        "bytes": len(answer.content), "operation": "Mine", "cost": answer.json()["extensions"]["cost"]["requested"],
        "snapshot": answer.json()["extensions"]["snapshot"], "client": "testclient",
        "requestId": answer.headers["x-request-id"],
    }.items()  # fmt: skip
    assert asked["milliseconds"] > 0
    assert missing["path"] == "/no/where%0Ahf_***"
    assert not re.search(f"secret-name|hidden|{TOKEN}", lines.stream.getvalue())


def test_slow_requests_and_statements_are_noted_without_their_text(watched: TestClient, lines: Lines) -> None:
    query = "query Slow($name: String!) { task(name: $name) { subsets { name } } }"
    answer = watched.post("/graphql", json={"query": query, "variables": {"name": "vsi_bench"}})
    statement, request = lines("standings.slow")
    assert (statement["message"], request["message"]) == ("slow statement", "slow request")
    assert re.fullmatch("sha256:[0-9a-f]{64}", statement["statement"])
    assert re.fullmatch("sha256:[0-9a-f]{64}", request["document"])
    assert request["duckdbSeconds"] <= request["seconds"]
    assert request["operation"] == statement["operation"] == "Slow"
    assert request["cost"] == answer.json()["extensions"]["cost"]["requested"]
    assert request["snapshot"] == answer.json()["extensions"]["snapshot"]
    assert {line["level"] for line in (statement, request)} == {"WARNING"}
    assert not re.search("subsets|vsi_bench|select", lines.stream.getvalue())


def test_what_is_quick_is_not_noted(client: TestClient, lines: Lines) -> None:
    client.get("/health")
    assert lines("standings.slow") == []
