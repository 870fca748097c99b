"""Whatever Schemathesis makes up from the schema, and whatever is sent in its place, gets an answer that is no error of ours."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from graphql import DocumentNode, FieldNode, Visitor, get_introspection_query, visit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.asking import ask, media_type, post

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
ANSWERED_AS = {JSON: JSON, GRAPHQL_JSON: GRAPHQL_JSON, "*/*": JSON}
EXAMPLES = 5

# The same cases in every run; only how many there are is bounded, as no machine is as fast as another.
bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)

KNOWN = """{
  models(first: 4) { nodes { id name } }
  tasks(first: 4) { nodes { id name } }
  benchmarks { nodes { id name versions(first: 2) { nodes { id } } } }
}"""
IDS = {"Query.node.id": "ids", "*.*.version": "versions"}
NAMES = {f"Query.{thing}.name": f"{thing}s" for thing in ("model", "task", "benchmark")}
FEW = {"*.*.first": "few", "*.*.last": "few"}


class Sensible(Visitor):
    """Leaves out arguments that do not go together, which nearly all made-up fields have."""

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode:
        arguments = node.arguments or ()
        names = {argument.name.value for argument in arguments}
        clashing = {"after", "before"} | ({"last"} & names if "first" in names else set())
        clashing |= {"asOf"} if "version" in names else set()
        return replace(node, arguments=tuple(each for each in arguments if each.name.value not in clashing))


def make_sensible(context: object, document: DocumentNode) -> DocumentNode:
    return visit(document, Sensible())


@pytest.fixture(scope="module")
def introspection(client: TestClient) -> dict[str, Any]:
    return ask(client, get_introspection_query())


OF_PEOPLE = ("Query.viewer", "Query.submission")  # null for who is not signed in, and where nothing was submitted


@pytest.fixture(scope="module")
def words(client: TestClient) -> dict[str, list[Any]]:
    """What there is in the store, for arguments that name something."""
    known = ask(client, KNOWN)
    found: dict[str, list[Any]] = {thing: [node["name"] for node in known[thing]["nodes"]] for thing in known}
    found["ids"] = [node["id"] for thing in known for node in known[thing]["nodes"]]
    boards = known["benchmarks"]["nodes"]
    found["versions"] = sorted({version["id"] for board in boards for version in board["versions"]["nodes"]})
    return found | {"few": [0, 1, 2, 3], "numbers": [0, 0.5, 1]}


@pytest.fixture(scope="module")
def operations(introspection: dict[str, Any]) -> list[Any]:
    """The fields of Query, whose arguments are anything."""
    from schemathesis import graphql

    return list(graphql.from_dict(introspection)["Query"].values())


@pytest.fixture(scope="module")
def sensible_operations(introspection: dict[str, Any], words: dict[str, list[Any]]) -> list[Any]:
    """The fields of Query, whose arguments mostly name something that there is, so that they are executed."""
    from schemathesis import graphql
    from schemathesis.config import SchemathesisConfig

    config = SchemathesisConfig.from_dict(
        {
            "dictionaries": {name: {"values": values} for name, values in words.items()},
            "generation": {"dictionaries": {"number": {"dictionary": "numbers", "probability": 0.5}}},
            "parameters": {
                path: {"dictionary": name, "probability": 0.9} for path, name in (IDS | NAMES | FEW).items()
            },
        }
    )
    schema = graphql.from_dict(introspection, config=config)
    schema.hook("map_body")(make_sensible)
    return list(schema["Query"].values())


def check(response: Any, expected: str, asked: object) -> dict[str, Any]:
    """The answer, if it is one by the specification and tells of no failure of the server."""
    told = f"asked: {asked!r}\nanswered {response.status_code}: {response.text[:2000]}"
    assert response.status_code < 500, told
    assert response.headers["content-type"] == f"{expected}; charset=utf-8", told
    answer = json.loads(response.content)
    assert set(answer) <= {"data", "errors", "extensions"}, told
    assert "data" in answer or "errors" in answer, told
    for error in answer.get("errors", []):
        assert error["message"], told
        assert error["extensions"]["code"] not in ("", "INTERNAL_SERVER_ERROR"), told
    if expected == GRAPHQL_JSON:
        assert (response.status_code == 200) == ("data" in answer), told
    return answer


def answers(client: TestClient, strategy: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The cases of a strategy, each with its checked answer."""
    found: list[tuple[Any, dict[str, Any]]] = []

    @bounded
    @given(strategy, st.sampled_from(sorted(ANSWERED_AS)))
    def each(case: Any, accept: str) -> None:
        response = client.post("/graphql", json={"query": case.body}, headers={"Accept": accept})
        found.append((case, check(response, ANSWERED_AS[accept], case.body)))

    each()
    return iter(found)


def test_every_field_answers_what_is_made_up_for_it(client: TestClient, operations: list[Any]) -> None:
    for operation in operations:
        assert list(answers(client, operation.as_strategy())), operation.label


def test_every_field_gives_data_where_its_arguments_name_something(
    client: TestClient, sensible_operations: list[Any]
) -> None:
    for operation in sensible_operations:
        if operation.label in OF_PEOPLE:
            continue
        found = [answer.get("data") or {} for _, answer in answers(client, operation.as_strategy())]
        assert any(value is not None for data in found for value in data.values()), operation.label


def test_what_is_against_the_schema_is_refused(client: TestClient, operations: list[Any]) -> None:
    from schemathesis import GenerationMode

    refused = 0
    for operation in operations:
        for case, answer in answers(client, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)):
            if case.meta.generation.mode.is_negative:
                assert answer.get("data") is None, case.body
                assert answer["errors"], case.body
                refused += 1
    assert refused > EXAMPLES


TEXT = st.text(st.characters(exclude_categories=[]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
QUERY = "query A($name: String!, $first: Int, $where: ModelWhere) { model(name: $name) { id } models(first: $first, where: $where) { totalCount } }"
VARIABLES = st.fixed_dictionaries(
    {"name": TEXT | VALUES},
    optional={
        "first": st.integers(-1, 9) | VALUES,
        "where": st.fixed_dictionaries({}, optional={"name": VALUES, "and": VALUES, "not": VALUES}) | VALUES,
    },
)
REQUESTS = st.fixed_dictionaries(
    {"query": st.just(QUERY) | TEXT | VALUES},
    optional={
        "variables": VARIABLES | VALUES,
        "operationName": st.just("A") | VALUES,
        "extensions": VALUES,
        "id": VALUES,
        "documentId": VALUES,
    },
)
HEADERS = st.fixed_dictionaries(
    {"Content-Type": st.sampled_from([JSON, JSON, JSON, f"{JSON}; charset=latin-1", "text/plain", ""])},
    optional={
        "Accept": st.sampled_from([JSON, GRAPHQL_JSON, f"{GRAPHQL_JSON};q=x", "image/png", "*/*;q=0", ",;,", "é"]),
        "Accept-Encoding": st.sampled_from(["br", "zstd;q=0.1, gzip", "*;q=0", "identity;q=0", "x;q=", ",;"]),
        "If-None-Match": st.sampled_from(["*", '"', 'W/"x", "y"', "é"]),
        "Origin": st.sampled_from(["null", "", "http://a.example"]),
    },
)


def encoded(headers: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode("latin-1") for name, value in headers.items()}


def is_answer(response: Any, asked: object) -> None:
    """Whatever was sent: a status that blames the client or nobody, and an answer where there is a body."""
    if response.status_code != 304:
        found = media_type(response)
        assert found in (JSON, GRAPHQL_JSON), asked
        check(response, found, asked)


@settings(bounded, max_examples=100)
@given(body=st.binary(max_size=40) | VALUES.map(json.dumps) | REQUESTS.map(json.dumps), headers=HEADERS)
def test_no_body_is_too_odd_for_an_answer(client: TestClient, body: Any, headers: dict[str, str]) -> None:
    is_answer(client.post("/graphql", content=body, headers=encoded(headers)), (body, headers))


def as_parameter(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@settings(bounded, max_examples=60)
@given(request=REQUESTS, headers=HEADERS)
def test_no_address_is_too_odd_for_an_answer(
    client: TestClient, request: dict[str, Any], headers: dict[str, str]
) -> None:
    address = urlencode({name: as_parameter(value) for name, value in request.items()}, errors="surrogatepass")
    is_answer(client.get(f"/graphql?{address}", headers=encoded(headers)), (address, headers))


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
@pytest.mark.parametrize(
    "document",
    [
        "{}",
        "query A {}",
        "{ models {} }",
        "{ __schema { types {} } }",
        "{ ...Nowhere }",
        "{ ...Empty } fragment Empty on Query {}",
        "{ ...Itself } fragment Itself on Query { ...Itself }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "fragment Alone on Query { __typename }",
        "mutation { anything }",
        "subscription { anything }",
        "type Own { a: Int }",
        "{ __typename",
        "#",
        "\ufeff",
        "\x00",
        '{ model(name: "\\uD800") { id } }',
        "query ($a: Nothing) { __typename }",
        "query ($a: Int, $a: Int) { models(first: $a) { totalCount } }",
        "{ a: models { totalCount } a: tasks { totalCount } }",
        "{ models @skip { totalCount } }",
        "{ models(first: 1e400) { totalCount } }",
    ],
)
def test_what_is_no_document_to_execute_is_refused(client: TestClient, document: str, accept: str) -> None:
    answer = check(post(client, {"query": document}, accept), accept, document)
    assert answer["errors"]
    assert "data" not in answer


def test_fragments_that_double_one_another_cost_no_more_than_they_are_long(client: TestClient) -> None:
    doubling = " ".join(f"fragment F{each} on Query {{ ...F{each + 1} ...F{each + 1} }}" for each in range(20))
    began = time.perf_counter()
    response = post(client, {"query": f"{{ ...F0 }} {doubling} fragment F20 on Query {{ __typename }}"})
    assert time.perf_counter() - began < 2
    is_answer(response, doubling)
