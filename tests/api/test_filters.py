"""Every `where` input means what a plain reading of it means, on every row of the sample."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.conditions import BENCHMARK, MODEL, SCORE, TASK, Sample, Strategy, Where, holds, sent, wheres
from tests.asking import ask, refusal
from warehouse.store import Store

quick = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def sample_rows(sample_dir: Path) -> Sample:
    published = Store(sample_dir).current()
    assert published is not None
    return Sample(published.folder)


@pytest.fixture(scope="module")
def asked(sample_rows: Sample) -> dict[str, Strategy]:
    """Conditions by the name of their input."""
    return {
        "ModelWhere": wheres(MODEL, sample_rows.models),
        "TaskWhere": wheres(TASK, sample_rows.tasks),
        "BenchmarkWhere": wheres(BENCHMARK, sample_rows.benchmarks),
        "ScoreWhere": wheres(SCORE, sample_rows.scores),
    }


def listed(client: TestClient, field: str, where: Where, element: str = "name") -> list[Any]:
    """The elements of a list that fulfil a condition, of which `totalCount` must be the number."""
    kind = {"models": "ModelWhere", "tasks": "TaskWhere", "benchmarks": "BenchmarkWhere", "scores": "ScoreWhere"}[field]
    query = f"query ($where: {kind}) {{ {field}(where: $where, first: 5000) {{ totalCount nodes {{ {element} }} }} }}"
    found = ask(client, query, where=sent(where))[field]
    assert found["totalCount"] == len(found["nodes"])
    return [node[element] for node in found["nodes"]] if " " not in element else found["nodes"]


@quick
@given(data=st.data())
def test_models(client: TestClient, sample_rows: Sample, asked: dict[str, Strategy], data: st.DataObject) -> None:
    where = data.draw(asked["ModelWhere"])
    assert listed(client, "models", where) == [row["name"] for row in sample_rows.models if holds(where, row, MODEL)]


@quick
@given(data=st.data())
def test_tasks(client: TestClient, sample_rows: Sample, asked: dict[str, Strategy], data: st.DataObject) -> None:
    where = data.draw(asked["TaskWhere"])
    assert listed(client, "tasks", where) == [row["name"] for row in sample_rows.tasks if holds(where, row, TASK)]


@quick
@given(data=st.data())
def test_benchmarks(client: TestClient, sample_rows: Sample, asked: dict[str, Strategy], data: st.DataObject) -> None:
    where = data.draw(asked["BenchmarkWhere"])
    fitting = [row["name"] for row in sample_rows.benchmarks if holds(where, row, BENCHMARK)]
    assert listed(client, "benchmarks", where) == fitting


@quick
@given(data=st.data())
def test_scores(client: TestClient, sample_rows: Sample, asked: dict[str, Strategy], data: st.DataObject) -> None:
    where = data.draw(asked["ScoreWhere"])
    fitting = [row for row in sample_rows.scores if holds(where, row, SCORE)]
    found = listed(client, "scores", where, "value subset model { name }")
    assert [(score["value"], score["subset"], score["model"]["name"]) for score in found] == [
        (row["value"], row["subset"], row["model"]) for row in fitting
    ]


@quick
@given(data=st.data())
def test_entries_of_a_leaderboard(
    client: TestClient, sample_rows: Sample, asked: dict[str, Strategy], data: st.DataObject
) -> None:
    where = data.draw(asked["ModelWhere"])
    query = """query ($where: ModelWhere) { benchmark(name: "EASI-8") { leaderboard {
        all: entries { nodes { rank model { name } } }
        some: entries(where: $where) { totalCount nodes { rank model { name } } }
    } } }"""
    board = ask(client, query, where=sent(where))["benchmark"]["leaderboard"]
    models = {row["name"] for row in sample_rows.models if holds(where, row, MODEL)}
    assert board["some"]["nodes"] == [entry for entry in board["all"]["nodes"] if entry["model"]["name"] in models]
    assert board["some"]["totalCount"] == len(board["some"]["nodes"])


@quick
@given(data=st.data())
def test_tasks_of_a_benchmark(
    client: TestClient, sample_rows: Sample, asked: dict[str, Strategy], data: st.DataObject
) -> None:
    where = data.draw(asked["TaskWhere"])
    query = """query ($where: TaskWhere) { benchmark(name: "SampleMTEB(v2)") {
        all: tasks { task { name } } some: tasks(where: $where) { task { name } }
    } }"""
    found = ask(client, query, where=sent(where))["benchmark"]
    fitting = {row["name"] for row in sample_rows.tasks if holds(where, row, TASK)}
    assert found["some"] == [each for each in found["all"] if each["task"]["name"] in fitting]


def test_a_condition_on_what_is_unknown_is_false_and_its_not_true(client: TestClient, sample_rows: Sample) -> None:
    trained = {"trainedOn": {"containsAny": ["SampleWikiRetrieval"]}}
    undeclared = {row["name"] for row in sample_rows.models if row["trained_on"] is None}
    assert undeclared
    assert undeclared.isdisjoint(listed(client, "models", trained))
    assert undeclared < set(listed(client, "models", {"not": trained}))
    unknown = {row["name"] for row in sample_rows.models if row["parameters"] is None}
    assert unknown <= set(listed(client, "models", {"not": {"parameters": {"gte": 0}}}))
    assert unknown.isdisjoint(listed(client, "models", {"not": {"not": {"parameters": {"gte": 0}}}}))
    told = [row["languages"] for row in sample_rows.scores]
    german = {"language": {"eq": "deu-Latn"}}
    assert any(not languages for languages in told)
    rest = listed(client, "scores", {"not": german}, "value")
    assert len(rest) == len(told) - len(listed(client, "scores", german, "value"))


@pytest.mark.parametrize("where", [{"name": {"in": []}}, {"languages": {"containsAny": []}}, {"or": []}, {"not": {}}])
def test_an_empty_choice_matches_nothing(client: TestClient, where: Where) -> None:
    assert listed(client, "models", where) == []


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"trainedOn": {"containsAll": []}},
        {"and": []},
        {"and": [{}, {}]},
        {"or": [{}]},
        {"not": {"or": []}},
        {"name": None, "and": None, "or": None, "not": None, "parameters": None, "openWeights": None},
        {"name": {"eq": None, "in": None, "contains": None}, "openness": {"score": None}, "benchmark": {"eq": None}},
        {"releaseDate": {"gt": None}, "trainedOn": {"containsAny": None, "containedIn": None}},
    ],
)
def test_what_asks_nothing_matches_everything(client: TestClient, sample_rows: Sample, where: Where) -> None:
    assert listed(client, "models", where) == [row["name"] for row in sample_rows.models]


def test_letter_case_counts_for_eq_and_in_only(client: TestClient) -> None:
    assert listed(client, "benchmarks", {"name": {"contains": "easi-"}}) == ["EASI-8", "EASI-12"]
    assert listed(client, "benchmarks", {"name": {"startsWith": "eaSI-1"}}) == ["EASI-12"]
    assert listed(client, "benchmarks", {"name": {"eq": "easi-8"}}) == []
    assert listed(client, "benchmarks", {"name": {"in": ["easi-8", "EASI-12"]}}) == ["EASI-12"]


@pytest.mark.parametrize(
    "odd", ["'", '"', "%", "_", "\\", "$p0", "{}", "; drop table models", "\x00", "\u2028", "é", "😀"]
)
def test_what_is_asked_for_is_never_part_of_a_statement(client: TestClient, odd: str) -> None:
    for name in ("eq", "contains", "startsWith"):
        assert listed(client, "models", {"name": {name: f"{odd}nothing{odd}"}}) == []
    assert listed(client, "models", {"languages": {"containsAny": [odd]}}) == []
    assert listed(client, "scores", {"benchmark": {"eq": odd}}, "value") == []


def test_conditions_are_bounded(client: TestClient) -> None:
    query = "query ($where: ModelWhere) { models(where: $where) { totalCount } }"
    deep: Where = {}
    for _ in range(9):
        deep = {"not": deep}
    many = {"name": {"in": [f"model-{number}" for number in range(5_001)]}}
    for where in (deep, many):
        error = refusal(client, query, where=where)
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["path"] == ["models"]
