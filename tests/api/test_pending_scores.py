"""Scores that wait for review are seen where they are asked for, and nowhere else."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.ids import write_id
from tests.api.small import State, serving
from tests.asking import ask
from tests.warehouse.stores import benchmark, day, declared, score
from tests.warehouse.submitted import BOARD, SUBMITTED, pending, submitted

SCORES = """
query Scores($where: ScoreWhere, $at: DateTime, $version: ID, $first: Int, $after: String) {
  scores(where: $where, asOf: $at, version: $version, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { id source verified value model { name } task { name unit } validFrom { label } validTo { label } }
  }
}
"""
NODE = "query Node($id: ID!) { node(id: $id) { id ... on Score { value verified } } }"
UNVERIFIED = {"verified": False}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """`new` is pending on day 2, approved on day 4, when a run of `who`, which nothing else names, is pending."""
    board = {
        "scores": [score("old", "a", 50.0), score("old", "b", 20.0, 1, verified=False)],
        "benchmark_tasks": [declared(name, name) for name in "ab"],
        "tasks": [{"name": name, "unit": "PERCENT", "splits": ["test"]} for name in "ab"],
        "benchmarks": [benchmark(name, "MEAN_SCORED") for name in "ab"],
    }
    first = {"scores": [pending("new", "a", 60.0)], "tasks": []}
    then = {
        "scores": [submitted("new", "a", 60.0), pending("who", "c", 1.0, 1), pending("new", "b", 2.0, 2)],
        "tasks": [{"name": "c", "unit": "PERCENT", "splits": ["test"]}],
    }
    states = (State(board, 1, BOARD), State(first, 2, SUBMITTED), State(then, 4, SUBMITTED))
    with serving(tmp_path_factory.mktemp("pending"), *states) as client:
        yield client


def listed(client: TestClient, **asked: Any) -> list[tuple[str, str, float]]:
    """Model, task and value of the scores that are found, which are as many as are counted."""
    found = ask(client, SCORES, **asked)["scores"]
    assert found["totalCount"] == len(found["nodes"])
    return [(node["model"]["name"], node["task"]["name"], node["value"]) for node in found["nodes"]]


COUNTED = [("new", "a", 60.0), ("old", "a", 50.0), ("old", "b", 20.0)]
PENDING = [("new", "b", 2.0), ("who", "c", 1.0)]


@pytest.mark.parametrize(
    "where",
    [
        None,
        {},
        {"verified": True},
        {"source": {"eq": SUBMITTED}},
        {"not": {"verified": True}},
        {"task": {"name": {"eq": "c"}}},
    ],
)
def test_who_does_not_ask_for_them_does_not_see_them(client: TestClient, where: dict[str, Any] | None) -> None:
    assert not set(listed(client, where=where)) & set(PENDING)


def test_who_asks_for_scores_that_are_not_verified_sees_them_last(client: TestClient) -> None:
    assert listed(client, where=UNVERIFIED) == [("old", "b", 20.0), *PENDING]
    assert listed(client, where={**UNVERIFIED, "source": {"eq": SUBMITTED}}) == PENDING


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"and": [UNVERIFIED, {"model": {"name": {"eq": "who"}}}]}, [("who", "c", 1.0)]),
        ({"or": [UNVERIFIED, {"value": {"eq": 50.0}}]}, [("old", "a", 50.0), ("old", "b", 20.0), *PENDING]),
        ({"or": [{"and": [{"not": {"not": UNVERIFIED}}]}]}, [("old", "b", 20.0), *PENDING]),
        ({"not": UNVERIFIED}, [("new", "a", 60.0), ("old", "a", 50.0)]),
    ],
)
def test_it_may_stand_anywhere_in_the_condition(
    client: TestClient, where: dict[str, Any], found: list[tuple[str, str, float]]
) -> None:
    assert listed(client, where=where) == found


def test_below_a_model_and_a_task_it_is_the_same(client: TestClient) -> None:
    query = """
    query Below($where: ScoreWhere) {
      model(name: "new") { scores(where: $where) { totalCount nodes { value } } }
      task(name: "c") { scores(where: $where) { totalCount nodes { value } } }
    }
    """
    found, unasked = (ask(client, query, where=where) for where in (UNVERIFIED, None))

    assert [found[kind]["scores"]["nodes"] for kind in ("model", "task")] == [[{"value": 2.0}], [{"value": 1.0}]]
    assert [unasked[kind]["scores"]["totalCount"] for kind in ("model", "task")] == [1, 0]


def test_as_of_the_time_before_approval_it_was_pending(client: TestClient) -> None:
    at = "2026-01-03T00:00:00Z"
    assert listed(client, at=at) == COUNTED[1:]
    found = ask(client, SCORES, at=at, where=UNVERIFIED)["scores"]["nodes"]

    assert [(node["model"]["name"], node["value"]) for node in found] == [("old", 20.0), ("new", 60.0)]
    assert (found[1]["validFrom"], found[1]["validTo"]) == ({"label": "v2"}, {"label": "v4"})


def test_a_version_of_the_ledger_lists_what_was_pending_in_it(client: TestClient) -> None:
    version = write_id("Version", [SUBMITTED, day(2).isoformat()])

    assert listed(client, version=version, where=UNVERIFIED) == [("new", "a", 60.0)]
    assert listed(client, version=version) == []


def test_pages_go_on_from_those_that_count_to_those_that_wait(client: TestClient) -> None:
    where = {"or": [UNVERIFIED, {"not": UNVERIFIED}]}
    pages, after = [], None
    for _ in range(5):
        page = ask(client, SCORES, where=where, first=1, after=after)["scores"]
        pages += [(node["model"]["name"], node["task"]["name"], node["value"]) for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]

    assert pages == [*COUNTED, *PENDING]
    assert page["totalCount"] == len(pages)
    assert not page["pageInfo"]["hasNextPage"]


def test_they_count_nowhere_until_they_are_approved(client: TestClient) -> None:
    query = """
    { warehouse { counts { scores } } conflicts { totalCount }
      a: benchmark(name: "a") { leaderboard { entries { nodes { rank model { name } value } } } }
      b: benchmark(name: "b") { leaderboard { entries { nodes { rank model { name } value } } } }
      task(name: "c") { leaderboard { entries { totalCount } } } }
    """
    found = ask(client, query)

    assert found["warehouse"]["counts"]["scores"] == len(COUNTED)
    assert found["conflicts"]["totalCount"] == found["task"]["leaderboard"]["entries"]["totalCount"] == 0
    boards = {name: found[name]["leaderboard"]["entries"]["nodes"] for name in "ab"}
    assert [(each["rank"], each["model"]["name"]) for each in boards["a"]] == [(1, "new"), (2, "old")]
    assert [(each["rank"], each["model"]["name"]) for each in boards["b"]] == [(1, "old")]


def test_each_is_found_by_its_id(client: TestClient) -> None:
    for node in ask(client, SCORES, where={"or": [UNVERIFIED, {"not": UNVERIFIED}]})["scores"]["nodes"]:
        wanted = {name: node[name] for name in ("id", "value", "verified")}
        assert ask(client, NODE, id=node["id"])["node"] == wanted
