"""GraphQL over HTTP: what is asked and answered how, and what a client never gets to see."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.graphql.http.requests import MOST_BYTES, MOST_OBJECTS
from tests.asking import code, media_type, post

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
SNAPSHOT = "{ warehouse { snapshot } }"
TWO = "query One { warehouse { snapshot } } query Two { warehouse { builtAt } }"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (JSON, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{GRAPHQL_JSON}, {JSON}", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", JSON),
        (f"{JSON};q=0.5, {GRAPHQL_JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.1, {JSON}", JSON),
        (f"{GRAPHQL_JSON};charset=utf-8, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{JSON};q=0, */*", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, */*;q=0.1", JSON),
        (f"text/html, {GRAPHQL_JSON};q=0.2", GRAPHQL_JSON),
        ("APPLICATION/JSON", JSON),
    ],
)
def test_the_client_says_which_media_type_it_takes(client: TestClient, accept: str, answered: str) -> None:
    answer = post(client, {"query": SNAPSHOT}, accept)
    assert (answer.status_code, media_type(answer)) == (200, answered)
    assert "charset=utf-8" in answer.headers["content-type"]


@pytest.mark.parametrize("accept", ["text/html", "text/*", "image/png", f"{JSON};q=0", f"{JSON};q=none"])
def test_a_client_that_takes_neither_gets_406(client: TestClient, accept: str) -> None:
    answer = post(client, {"query": SNAPSHOT}, accept)
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ model { name } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "mutation { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($n: String!) { model(name: $n) { name } }"}, "BAD_USER_INPUT"),
        ({"query": "query ($n: Int) { models(first: $n) { totalCount } }", "variables": {"n": "1"}}, "BAD_USER_INPUT"),
        ({"query": TWO}, "OPERATION_NOT_FOUND"),
        ({"query": TWO, "operationName": "Three"}, "OPERATION_NOT_FOUND"),
        ({"query": "fragment F on Model { name }"}, "OPERATION_NOT_FOUND"),
        ({"query": "{ models(where: { parameters: { eq: 1e400 } }) { totalCount } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": '{ scores(asOf: "yesterday") { totalCount } }'}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_a_wrong_request_is_400_without_data_or_200_with_errors(client: TestClient, body: Any, expected: str) -> None:
    refused, told = post(client, body, GRAPHQL_JSON), post(client, body, JSON)
    assert (refused.status_code, told.status_code) == (400, 200)
    assert refused.json() == told.json()
    assert "data" not in refused.json()
    assert code(refused) == expected


def test_an_error_of_one_field_comes_with_the_rest_of_the_data(client: TestClient) -> None:
    query = """{ warehouse { snapshot }
        board: benchmark(name: "EASI-8") { leaderboard { entries(first: -1) { totalCount } } } }"""
    for accept in (GRAPHQL_JSON, JSON):
        answer = post(client, {"query": query}, accept)
        assert answer.status_code == 200
        assert answer.json()["data"] == {
            "warehouse": {"snapshot": answer.json()["extensions"]["snapshot"]},
            "board": {"leaderboard": None},
        }
        (error,) = answer.json()["errors"]
        assert error["path"] == ["board", "leaderboard", "entries"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT"}
        assert error["locations"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/graphql", ""])
def test_a_body_of_another_media_type_is_415(client: TestClient, content_type: str) -> None:
    answer = client.post("/graphql", content=b'{"query": "{ __typename }"}', headers={"content-type": content_type})
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_the_content_type_may_name_a_charset(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    answer = client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert answer.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"query", b'{"query": "\xff"}', b'{"query": NaN}', b'{"query": "\\ud800"}', b"null", b"[" * 100_000],
)
def test_a_body_that_is_no_json_is_400(client: TestClient, body: bytes) -> None:
    answer = client.post("/graphql", content=body, headers={"content-type": JSON})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "body",
    [
        [{"query": SNAPSHOT}],
        [],
        "query",
        1,
        {},
        {"query": None},
        {"query": ""},
        {"query": 1},
        {"query": ["{ __typename }"]},
        {"query": SNAPSHOT, "variables": []},
        {"query": SNAPSHOT, "variables": "{}"},
        {"query": SNAPSHOT, "variables": 0},
        {"query": SNAPSHOT, "operationName": {}},
        {"query": SNAPSHOT, "operationName": 1},
        {"query": SNAPSHOT, "extensions": []},
    ],
)
def test_a_body_that_is_no_request_is_400_whatever_is_accepted(client: TestClient, body: Any) -> None:
    for accept in (GRAPHQL_JSON, JSON):
        answer = post(client, body, accept)
        assert (answer.status_code, media_type(answer), code(answer)) == (400, accept, "BAD_REQUEST")


def test_what_is_null_is_as_if_left_out(client: TestClient) -> None:
    body = {"query": SNAPSHOT, "variables": None, "operationName": None, "extensions": None, "more": 1}
    assert "errors" not in post(client, body).json()


def test_a_named_operation_is_run(client: TestClient) -> None:
    assert set(post(client, {"query": TWO, "operationName": "Two"}).json()["data"]["warehouse"]) == {"builtAt"}


def test_get_takes_query_variables_and_name(client: TestClient) -> None:
    query = "query A { __typename } query B($name: String!) { benchmark(name: $name) { name } }"
    parameters = {"query": query, "variables": '{"name": "EASI-8"}', "operationName": "B", "extensions": "{}"}
    answer = client.get("/graphql", params=parameters)
    assert (answer.status_code, answer.json()["data"]) == (200, {"benchmark": {"name": "EASI-8"}})


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": SNAPSHOT, "variables": "name=1"},
        {"query": SNAPSHOT, "variables": "[]"},
        {"query": SNAPSHOT, "extensions": "1"},
    ],
)
def test_a_get_that_is_no_request_is_400(client: TestClient, parameters: dict[str, str]) -> None:
    answer = client.get("/graphql", params=parameters)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("kind", ["mutation", "subscription"])
def test_get_only_reads(client: TestClient, kind: str) -> None:
    answer = client.get("/graphql", params={"query": f"{kind} {{ anything }}"})
    assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "METHOD_NOT_ALLOWED", "POST")


def test_head_is_get_without_a_body(client: TestClient) -> None:
    answer = client.head("/graphql", params={"query": SNAPSHOT})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_405(client: TestClient, method: str) -> None:
    answer = client.request(method, "/graphql", json={"query": SNAPSHOT})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))


def test_a_body_over_the_limit_is_413(client: TestClient) -> None:
    fits = '{"query": "{ __typename }", "variables": {"note": "%s"}}'
    room = MOST_BYTES - len(fits) + len("%s")
    for size, status in ((room, 200), (room + 1, 413)):
        answer = client.post("/graphql", content=fits % ("x" * size), headers={"content-type": JSON})
        assert answer.status_code == status
    assert code(answer) == "TOO_LARGE"


def test_variables_of_too_many_objects_are_413(client: TestClient) -> None:
    query = "query ($where: ModelWhere) { models(where: $where) { totalCount } }"
    for size, status in ((MOST_OBJECTS - 2, 200), (MOST_OBJECTS - 1, 413)):
        answer = post(client, {"query": query, "variables": {"where": {"or": [{}] * size}}})
        assert answer.status_code == status
    assert code(answer) == "TOO_LARGE"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ menu " + "{ children " * 30 + "{ name }" + "}" * 31, {}),
        ("{ task(name: 1) " * 2_000, {}),
        ("{" + " ".join(f"a{number}: __typename" for number in range(100)) + "}", {}),
        ("{" + " __typename" * 5_000 + "}", {}),
        ("query ($w: ModelWhere) { models(where: $w) { totalCount } }", "not"),
        ("{ models(where: " + "{ not: " * 12 + "{}" + "}" * 12 + ") { totalCount } }", {}),
    ],
)
def test_what_is_too_deep_or_too_long_is_an_error_that_says_so(client: TestClient, query: str, variables: Any) -> None:
    if variables == "not":
        where: dict[str, Any] = {}
        for _ in range(500):
            where = {"not": where}
        variables = {"w": where}
    assert code(post(client, {"query": query, "variables": variables})) in {
        "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT",
    }  # fmt: skip


def test_every_executed_answer_names_the_snapshot(client: TestClient) -> None:
    current = client.get("/ready").json()["snapshot"]
    for query in (SNAPSHOT, "{ nothing }", "{", "{ models(first: -1) { totalCount } }"):
        assert post(client, {"query": query}).json()["extensions"]["snapshot"] == current
    assert post(client, {"query": SNAPSHOT}).json()["data"]["warehouse"]["snapshot"] == current


def test_every_answer_varies_by_what_is_accepted(client: TestClient) -> None:
    answers = [
        post(client, {"query": SNAPSHOT}),
        post(client, {"query": "{"}, GRAPHQL_JSON),
        post(client, {"query": SNAPSHOT}, "text/plain"),
        client.get("/graphql", headers={"accept": "text/html"}),
    ]
    assert [answer.headers.get("vary") for answer in answers] == ["Accept, Accept-Encoding"] * len(answers)


@pytest.mark.parametrize(
    "request_",
    [
        {"content": b"{"},
        {"json": []},
        {"content": b"{}", "headers": {"content-type": "text/plain"}},
        {"json": {"query": "{"}},
    ],
)
def test_a_refused_request_is_told_the_snapshot_too(client: TestClient, request_: dict[str, Any]) -> None:
    current = client.get("/ready").json()["snapshot"]
    assert client.post("/graphql", **request_).json()["extensions"]["snapshot"] == current
