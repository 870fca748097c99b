"""Any selection is answered as the GraphQL specification says, with as few statements for many entries as for one."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.graphql import operations
from api.graphql.nesting import MOST_ALIASES
from tests.api.counting import counting
from tests.asking import ask, refusal, send

# Everything that can be selected under these fields; null: it is a leaf.
Tree = dict[str, Any]
SCORE: Tree = {
    "id": None, "value": None, "unit": None, "languages": None, "verified": None, "split": None,
    "model": {"name": None}, "task": {"name": None, "unit": None}, "validFrom": {"label": None, "at": None},
    "provenance": {"path": None, "evaluatedAt": None, "tool": None},
}  # fmt: skip
ENTRY: Tree = {
    "__typename": None, "rank": None, "variant": None, "value": None, "meanTask": None, "meanTaskType": None,
    "zeroShotPercent": None, "trainedOnTasks": None, "taskValues": None,
    "coverage": {"scored": None, "expected": None},
    "model": {"id": None, "name": None, "parameters": None, "releaseDate": None, "openness": {"score": None}},
    "taskTypeScores": {"taskType": None, "value": None},
    "taskScores": {
        "__typename": None, "value": None, "trainedOn": None, "task": {"name": None, "languages": None},
        "cells": {"subset": None, "split": None, "value": None, "score": SCORE},
    },
}  # fmt: skip
BOARD: Tree = {
    "__typename": None,
    "name": None,
    "unit": None,
    "aliases": None,
    "tasks": {"splits": None, "subsets": None, "languages": None, "task": {"id": None, "name": None}},
    "versions": {
        "totalCount": None,
        "nodes": {"label": None},
        "edges": {"cursor": None, "node": {"at": None, "id": None}},
    },
    "leaderboard": {
        "method": None,
        "totalModels": None,
        "taskTypes": None,
        "tasks": {"name": None, "subsets": {"name": None, "capabilities": {"label": None}}},
        "version": {"label": None},
        "benchmark": {"name": None, "displayName": None},
        "entries": {
            "__typename": None,
            "totalCount": None,
            "nodes": ENTRY,
            "edges": {"__typename": None, "cursor": None, "node": ENTRY},
            "pageInfo": {"hasNextPage": None, "startCursor": None, "endCursor": None},
        },
    },
}
NAMES = ["SampleMTEB(v2)", "EASI-8", "sample-lab/sample-reasoning"]
# One selected field: the name it is answered under, its own, how it is written around, and what is selected below.
Field = tuple[str, str, str, list[Any] | None]

quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everything(tree: Tree) -> list[Field]:
    return [(name, name, "%s", below and everything(below)) for name, below in tree.items()]


@st.composite
def selections(draw: st.DrawFn, tree: Tree) -> list[Field]:
    """Some fields of a tree, some of them several times under several names, plain or within fragments."""
    chosen = draw(st.lists(st.sampled_from(sorted(tree)), min_size=1, max_size=4))
    ways = st.sampled_from(["%s", "... { %s }", "... @include(if: true) { %s }", "... @skip(if: false) { %s }"])
    return [
        (name if draw(st.booleans()) and name not in chosen[:place] else f"{name}{place}", name, draw(ways),
         None if tree[name] is None else draw(selections(tree[name])))
        for place, name in enumerate(chosen)
    ]  # fmt: skip


def written(selection: list[Field]) -> str:
    parts = []
    for alias, name, way, below in selection:
        field = name if alias == name else f"{alias}: {name}"
        parts.append(way % (field if below is None else f"{field} {written(below)}"))
    return f"{{ {' '.join(parts)} }}"


def aliases(selection: list[Field]) -> int:
    return sum((alias != name) + aliases(below or []) for alias, name, _, below in selection)


def picked(selection: list[Field], whole: Any) -> Any:
    """What a selection answers, from an answer that holds everything."""
    if isinstance(whole, list):
        return [picked(selection, each) for each in whole]
    if whole is None:
        return None
    return {alias: whole[name] if below is None else picked(below, whole[name]) for alias, name, _, below in selection}


@pytest.fixture(scope="module")
def whole(client: TestClient) -> dict[str, Any]:
    """Everything about some boards."""
    query = f"query ($name: String!) {{ benchmark(name: $name) {written(everything(BOARD))} }}"
    return {name: ask(client, query, name=name)["benchmark"] for name in NAMES}


@quick
@given(name=st.sampled_from(NAMES), selection=selections(BOARD))
def test_any_selection_answers_a_part_of_the_whole(
    client: TestClient, whole: dict[str, Any], name: str, selection: list[Field]
) -> None:
    assume(aliases(selection) <= MOST_ALIASES)
    found = ask(client, f"query ($name: String!) {{ benchmark(name: $name) {written(selection)} }}", name=name)
    assert found["benchmark"] == picked(selection, whole[name])
    assert list(found["benchmark"]) == [field[0] for field in selection]


def test_one_field_under_several_names_with_several_arguments(client: TestClient) -> None:
    query = """{ benchmark(name: "EASI-8") { leaderboard {
        top: entries(first: 2) { nodes { ...Line } }
        bottom: entries(last: 1) { nodes { ...Line } }
        named: entries(where: { name: { contains: "GPT-5" } }) {
            nodes { ...Line a: taskScores { value } b: taskScores { task { name } } }
        }
        all: entries { nodes { ...Line ...Scores } }
    } } }
    fragment Line on LeaderboardEntry { rank model { ... on Node { id } ...Named } }
    fragment Named on Model { name }
    fragment Scores on LeaderboardEntry { taskScores { value task { name } } }"""
    board = ask(client, query)["benchmark"]["leaderboard"]
    scores = [entry.pop("taskScores") for entry in board["all"]["nodes"]]
    entries = board["all"]["nodes"]
    assert board["top"]["nodes"] == entries[:2]
    assert board["bottom"]["nodes"] == entries[-1:]
    (named,) = board["named"]["nodes"]
    of_named = scores[
        next(place for place, entry in enumerate(entries) if entry["model"]["name"] == "GPT-5-2025-08-07")
    ]
    assert named["a"] == [{"value": score["value"]} for score in of_named]
    assert named["b"] == [{"task": score["task"]} for score in of_named]


def test_one_field_written_twice_is_merged(client: TestClient) -> None:
    query = """{
        models(first: 2) { nodes { name } } models(first: 2) { nodes { aliases { name } } ...More }
    } fragment More on ModelConnection {
        totalCount nodes { aliases { source } name } edges { cursor } edges { node { id } }
    }"""
    models = ask(client, query)["models"]
    assert [set(node) for node in models["nodes"]] == [{"name", "aliases"}] * 2
    assert [set(edge) for edge in models["edges"]] == [{"cursor", "node"}] * 2
    assert set(models["nodes"][0]["aliases"][0]) == {"name", "source"}


@pytest.mark.parametrize("shown", [True, False])
def test_directives_decide_by_variables(client: TestClient, shown: bool) -> None:
    query = """query ($shown: Boolean!) {
        models(first: 1) {
            totalCount @include(if: $shown)
            nodes @skip(if: $shown) { name }
            edges { cursor @skip(if: $shown) node { name openness @include(if: $shown) { score } } }
            ...Page @include(if: $shown)
        }
    } fragment Page on ModelConnection { pageInfo { hasNextPage } }"""
    models = ask(client, query, shown=shown)["models"]
    assert set(models) == ({"totalCount", "edges", "pageInfo"} if shown else {"nodes", "edges"})
    assert set(models["edges"][0]) == ({"node"} if shown else {"cursor", "node"})
    assert set(models["edges"][0]["node"]) == ({"name", "openness"} if shown else {"name"})


def test_only_type_names_can_be_asked(client: TestClient) -> None:
    query = """{ __typename menu { __typename }
        models(first: 2) { __typename nodes { __typename } edges { __typename node { __typename } } } }"""
    answer = ask(client, query)
    model = {"__typename": "Model"}
    assert answer["models"] == {
        "__typename": "ModelConnection",
        "nodes": [model, model],
        "edges": [{"__typename": "ModelEdge", "node": model}] * 2,
    }


def test_arguments_may_come_as_variables_literals_or_defaults(client: TestClient) -> None:
    by_name = """query ($name: String = "EASI-8", $first: Int = 1) {
        benchmarks(first: $first, where: { name: { eq: $name } }) { nodes { name } }
    }"""
    literal = '{ benchmarks(first: 1, where: { name: { eq: "EASI-8" }, source: null }) { nodes { name } } }'
    assert ask(client, by_name) == ask(client, literal) == ask(client, by_name, name="EASI-8", first=1)
    assert ask(client, by_name, name=None)["benchmarks"]["nodes"] == [{"name": "SampleMTEB(v1)"}]
    one = "query ($order: [ModelOrder!]) { models(first: 1, orderBy: $order) { nodes { name } } }"
    order = {"field": "NAME", "direction": "DESC"}
    assert ask(client, one, order=order) == ask(client, one, order=[order])


def test_the_schema_can_be_asked(client: TestClient) -> None:
    answer = ask(
        client, '{ __schema { queryType { name } } __type(name: "Model") { description fields { name description } } }'
    )
    assert answer["__schema"] == {"queryType": {"name": "Query"}}
    assert all(field["description"] for field in answer["__type"]["fields"])


def test_scalars_are_written_as_they_are_declared(client: TestClient) -> None:
    query = """{
        model(name: "sample-lab/Sample-VL-72B") { parameters releaseDate }
        warehouse { builtAt counts { scores } }
        benchmark(name: "EASI-8") { leaderboard { sqlParameters } }
    }"""
    answer = ask(client, query)
    assert answer["model"] == {"parameters": 72_700_000_000, "releaseDate": "2026-04-20"}
    assert answer["warehouse"]["builtAt"].endswith("+00:00")
    assert isinstance(answer["warehouse"]["counts"]["scores"], int)
    assert isinstance(answer["benchmark"]["leaderboard"]["sqlParameters"], dict)


def test_an_error_empties_no_more_than_what_may_be_null(client: TestClient) -> None:
    query = """{ good: benchmark(name: "EASI-8") { name }
        bad: benchmark(name: "EASI-8") { name leaderboard { method entries(last: -1) { totalCount } } } }"""
    body = send(client, query)
    assert body["data"] == {"good": {"name": "EASI-8"}, "bad": {"name": "EASI-8", "leaderboard": None}}
    assert refusal(client, query)["path"] == ["bad", "leaderboard", "entries"]


def test_many_entries_take_as_few_statements_as_one(
    forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"""query ($name: String!, $first: Int) {{ benchmark(name: $name) {{ leaderboard {{
        tasks {{ name }} entries(first: $first) {{ totalCount nodes {written(everything(ENTRY))} }}
    }} }} }}"""
    for name in NAMES:
        counts = []
        for first in (1, 5, None):
            with counting(monkeypatch) as asked:
                entries = ask(forgetful_client, query, name=name, first=first)["benchmark"]["leaderboard"]["entries"]
            assert len(entries["nodes"]) == (first or entries["totalCount"]) > 0
            counts.append(len(asked))
        # the page, its count, the scores by task (their values too), their cells, and the means by type
        assert counts == [5, 5, 5]


def test_aliases_of_one_list_are_read_at_once(forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    query = """{ benchmark(name: "EASI-8") { leaderboard { entries {
        nodes { a: taskScores { value } b: taskScores { task { name } } } edges { node { c: taskScores { trainedOn } } }
    } } } }"""
    with counting(monkeypatch) as asked:
        ask(forgetful_client, query)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        (
            '{ model(name: "SpaceR-7B") { aliases { name } } task(name: "vsi_bench") { benchmarks { name } } }',
            0,
        ),
        (
            "{ warehouse { snapshot counts { scores } sources { name } } menu { name } languages { code } }",
            0,
        ),
        (
            '{ benchmark(name: "EASI-8") { leaderboard { method totalModels tasks { name } version { label } } } }',
            0,
        ),
        ("{ models { nodes { name aliases { name } openness { score } trainingDatasets { name } } } }", 1),
        ("{ scores { nodes { value unit model { name } task { name } validFrom { label } provenance { path } } } }", 1),
        ("{ tasks { totalCount nodes { name benchmarks { name } } } }", 2),
    ],
)
def test_what_is_in_memory_takes_no_statement(
    forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch, query: str, statements: int
) -> None:
    with counting(monkeypatch) as asked:
        ask(forgetful_client, query)
    assert len(asked) == statements


def test_a_document_is_read_once(forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read, documents = operations.read_document, list[str]()

    def reading(schema: Any, text: str) -> Any:
        documents.append(text)
        return read(schema, text)

    monkeypatch.setattr(operations, "read_document", reading)
    for name in ("EASI-8", "SampleMTEB(v2)"):
        ask(forgetful_client, "query Once($name: String!) { benchmark(name: $name) { name } }", name=name)
    assert len(documents) == 1


def test_a_statement_reads_only_what_is_selected(forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with counting(monkeypatch) as asked:
        ask(forgetful_client, "{ models(first: 3) { nodes { name parameters } } }")
    (statement,) = asked
    assert "parameters" in statement
    assert "citation" not in statement
    assert "*" not in statement
