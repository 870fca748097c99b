"""What lists of scores and of capability labels are in one version, and at one time."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.ids import write_id
from tests.api.small import State, serving
from tests.asking import ask, refusal
from tests.warehouse.stores import Row, benchmark, day, declared, score

BOARDS = ("Counting", "Naming")
SCORES = """
query Scores($at: DateTime, $version: ID, $where: ScoreWhere, $order: [ScoreOrder!]) {
  scores(asOf: $at, version: $version, where: $where, orderBy: $order) { totalCount nodes { ...Shown } }
}
"""
BELOW = """
query Below($at: DateTime, $version: ID, $model: String!, $task: String!) {
  model(name: $model) { scores(asOf: $at, version: $version) { totalCount nodes { ...Shown } } }
  task(name: $task) { scores(asOf: $at, version: $version) { totalCount nodes { ...Shown } } }
}
"""
SHOWN = "fragment Shown on Score { source model { name } task { name } value validFrom { label } validTo { label } }"
CAPABILITIES = "query Capabilities($at: DateTime) { capabilities(asOf: $at) { label name } }"
VERSIONS = "{ warehouse { sources { name versions { nodes { id label at } } } } }"
# What each version of each source says: model and board to value; a later version takes back and corrects.
TOLD: dict[str, dict[int, dict[tuple[str, str], float]]] = {
    "lab": {
        1: {("a", "Counting"): 1.0, ("b", "Counting"): 2.0},
        3: {("a", "Counting"): 1.5, ("b", "Counting"): 2.0, ("c", "Naming"): 3.0},
        5: {("a", "Counting"): 1.0, ("c", "Naming"): 3.0},
    },
    "press": {2: {("a", "Counting"): 7.0}, 4: {("a", "Counting"): 7.0, ("b", "Naming"): 8.0}},
}
LABELS: dict[int, list[tuple[str, str]]] = {
    1: [("mm", "Metric Measurement"), ("sr", "Spatial Relations")],
    3: [("mm", "Metric Measurement"), ("pt", "Perspective Taking")],
    5: [("pt", "Perspective-taking")],
}


def state(source: str, number: int) -> State:
    rows: list[Row] = [
        score(model, task, value, place) for place, ((model, task), value) in enumerate(TOLD[source][number].items())
    ]
    labels = [
        {"task": "Counting", "subset": "default", "label": label, "name": name}
        for label, name in (LABELS[number] if source == "lab" else [])
    ]
    tables = {
        "scores": rows,
        "capabilities": labels,
        "benchmark_tasks": [declared(name, name) for name in BOARDS],
        "tasks": [{"name": name, "splits": ["test"]} for name in BOARDS],
        "benchmarks": [benchmark(name, "MEAN_SCORED") for name in BOARDS],
        "models": [{"name": name, "place": place} for place, name in enumerate("abc")],
    }
    return State(tables, number, source)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    states = [state(source, number) for source, versions in TOLD.items() for number in versions]
    with serving(tmp_path_factory.mktemp("told"), *states) as client:
        yield client


@pytest.fixture
def ids() -> dict[tuple[str, int], str]:
    """Ids of versions by source and number."""
    known = [(source, number) for source, versions in TOLD.items() for number in versions]
    return {(source, number): write_id("Version", [source, day(number).isoformat()]) for source, number in known}


def read(client: TestClient, **asked: Any) -> list[Any]:
    found = ask(client, SCORES + SHOWN, **asked)["scores"]
    assert found["totalCount"] == len(found["nodes"])
    return list(found["nodes"])


def values(found: list[Any], source: str) -> dict[tuple[str, str], float]:
    assert {each["source"] for each in found} <= {source}
    return {(each["model"]["name"], each["task"]["name"]): each["value"] for each in found}


@pytest.mark.parametrize(("source", "number"), [(source, number) for source in TOLD for number in TOLD[source]])
def test_a_version_has_the_scores_that_its_source_had_in_it(
    told: TestClient, ids: dict[tuple[str, int], str], source: str, number: int
) -> None:
    found = read(told, version=ids[source, number])
    assert values(found, source) == TOLD[source][number]
    only = {"source": {"eq": source}}
    assert found == read(told, at=day(number).isoformat(), where=only)
    below = ask(told, BELOW + SHOWN, version=ids[source, number], model="a", task="Naming")
    for name, place in (("model", 0), ("task", 1)):
        chosen = {key: value for key, value in TOLD[source][number].items() if key[place] == ("a", "Naming")[place]}
        assert values(below[name]["scores"]["nodes"], source) == chosen
        assert below[name]["scores"]["totalCount"] == len(chosen)


def test_a_score_of_an_old_version_says_when_it_was_taken_back(
    told: TestClient, ids: dict[tuple[str, int], str]
) -> None:
    found = read(told, version=ids["lab", 3], order=[{"field": "VALUE", "direction": "DESC"}])
    assert [(each["value"], each["validFrom"]["label"], (each["validTo"] or {}).get("label")) for each in found] == [
        (3.0, "v3", None),
        (2.0, "v1", "v5"),
        (1.5, "v3", "v5"),
    ]
    (one,) = read(told, version=ids["lab", 3], where={"value": {"lt": 2.0}})
    assert one["value"] == 1.5
    assert read(told, version=ids["lab", 3], where={"source": {"eq": "press"}}) == []


def test_without_either_scores_are_those_of_now(told: TestClient, ids: dict[tuple[str, int], str]) -> None:
    now = [*read(told, version=ids["lab", 5]), *read(told, version=ids["press", 4])]
    for asked in ({}, {"at": None, "version": None}):
        found = read(told, **asked)
        assert sorted(map(str, found)) == sorted(map(str, now))


@pytest.mark.parametrize("query", [SCORES, BELOW])
def test_a_time_and_a_version_at_once_are_refused(
    told: TestClient, ids: dict[tuple[str, int], str], query: str
) -> None:
    asked: dict[str, Any] = {"at": day(1).isoformat(), "version": ids["lab", 1]}
    if query == BELOW:
        query = query.partition("  task(")[0].replace(", $task: String!", "") + "}\n"
        asked["model"] = "a"
    error = refusal(told, query + SHOWN, **asked)
    assert error["message"] == "give `asOf` or `version`, not both"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "odd", ["", "x", "é", write_id("Model", ["a"]), write_id("Version", ["lab"]), write_id("Version", ["lab", "1999"])]
)
def test_what_is_the_id_of_no_version_is_refused(told: TestClient, odd: str) -> None:
    error = refusal(told, SCORES + SHOWN, version=odd)
    assert "is the id of no version" in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_the_ids_are_those_that_sources_list(client: TestClient) -> None:
    sources = ask(client, VERSIONS)["warehouse"]["sources"]
    listed = [(source["name"], each) for source in sources for each in source["versions"]["nodes"]]
    assert len(listed) >= 5
    for name, version in listed:
        query = """query ($id: ID!, $at: DateTime!, $source: String!) {
            of: scores(version: $id, first: 5000) { nodes { id source } }
            at: scores(asOf: $at, where: { source: { eq: $source } }, first: 5000) { nodes { id source } } }"""
        found = ask(client, query, id=version["id"], at=version["at"], source=name)
        assert found["of"] == found["at"]
        assert {each["source"] for each in found["of"]["nodes"]} == {name}


def test_capability_labels_are_those_of_their_time(told: TestClient) -> None:
    known = {number: [{"label": label, "name": name} for label, name in labels] for number, labels in LABELS.items()}
    for at, expected in (
        (0, []),
        (1, known[1]),
        (2, known[1]),
        (3, known[3]),
        (4, known[3]),
        (5, known[5]),
        (9, known[5]),
    ):
        assert ask(told, CAPABILITIES, at=day(at).isoformat())["capabilities"] == expected
    assert ask(told, CAPABILITIES, at=None)["capabilities"] == known[5]
    assert ask(told, "{ capabilities { label name } }")["capabilities"] == known[5]


def test_two_times_in_one_question_do_not_mix(told: TestClient) -> None:
    query = """query ($old: DateTime) { old: capabilities(asOf: $old) { label } capabilities { name }
        scores(asOf: $old) { totalCount } now: scores { totalCount } }"""
    assert ask(told, query, old=day(1).isoformat()) == {
        "old": [{"label": "mm"}, {"label": "sr"}],
        "capabilities": [{"name": "Perspective-taking"}],
        "scores": {"totalCount": 2},
        "now": {"totalCount": 4},
    }
