"""How sure a rank is: `rankInterval` of entries, for every method."""

import random
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.graphql import intervals
from tests.api.small import State, serving
from tests.asking import ask, refusal, send
from tests.warehouse.stores import benchmark, declared, score

BOARD = "SampleMTEB(v2)"
QUERY = """
query ($board: String!, $method: RankingMethod, $weights: [TaskWeight!], $models: ModelWhere) {
  benchmark(name: $board) {
    leaderboard(method: $method, weights: $weights, models: $models) {
      method
      totalModels
      tasks { name }
      entries {
        nodes {
          rank value variant model { name }
          rankInterval { low high confidence }
          narrow: rankInterval(confidence: 0.5) { low high confidence }
        }
      }
    }
  }
}
"""
METHODS = ("BORDA", "MEAN_TASK", "MEAN_SCORED", "MEAN_TASK_TYPE", "MEAN_PUBLIC_PRIVATE", "MEAN_SUBSET", "WIN_RATE")
BOARDS = (
    "SampleMTEB(v1)",
    BOARD,
    "SampleRTEB(beta)",
    "SampleMIEB",
    "SampleViDoRe",
    "EASI-8",
    "sample-lab/sample-reasoning",
)


def leaderboard(client: TestClient, board: str = BOARD, **asked: Any) -> Any:
    return ask(client, QUERY, board=board, **asked)["benchmark"]["leaderboard"]


def check(found: Any) -> int:
    """What holds for every entry of every leaderboard; how many intervals there are."""
    nodes = found["entries"]["nodes"]
    for node in nodes:
        wide, narrow = node["rankInterval"], node["narrow"]
        assert (wide is None) == (narrow is None) == (node["value"] is None)
        if wide:
            assert (wide["confidence"], narrow["confidence"]) == (0.95, 0.5)
            assert 1 <= wide["low"] <= narrow["low"] <= narrow["high"] <= wide["high"] <= found["totalModels"]
    return sum(node["rankInterval"] is not None for node in nodes)


@pytest.mark.parametrize("board", BOARDS)
def test_every_entry_with_a_value_has_an_interval(client: TestClient, board: str) -> None:
    assert check(leaderboard(client, board))


@pytest.mark.parametrize("method", METHODS)
def test_intervals_are_of_ranks_by_the_method_that_is_asked_for(client: TestClient, method: str) -> None:
    """The best and the worst of a board are not taken for one another."""
    found = leaderboard(client, "SampleMTEB(v1)", method=method)
    assert found["method"] == method
    assert check(found) > 1
    known = [node for node in found["entries"]["nodes"] if node["rankInterval"]]
    assert known[0]["rankInterval"]["low"] == 1
    assert known[0]["narrow"]["low"] < known[-1]["narrow"]["high"]


def test_only_tasks_that_weigh_something_are_drawn(client: TestClient) -> None:
    """With one of them there is one draw, and the rank is certain."""
    (task, *_) = leaderboard(client)["tasks"]
    found = leaderboard(client, weights=[{"task": task["name"], "weight": 2}])
    assert check(found)
    for node in found["entries"]["nodes"]:
        if node["rank"] is not None:
            assert [node["rankInterval"]["low"], node["rankInterval"]["high"]] == [node["rank"], node["rank"]]


def test_what_is_ranked_alone_is_resampled_alone(client: TestClient) -> None:
    names = [node["model"]["name"] for node in leaderboard(client)["entries"]["nodes"]][:2]
    found = leaderboard(client, models={"name": {"in": names}})
    assert check(found) == 2
    assert all(node["rankInterval"]["high"] <= 2 for node in found["entries"]["nodes"])


def test_the_same_board_gives_the_same_intervals(client: TestClient) -> None:
    assert leaderboard(client) == leaderboard(client)


def test_intervals_do_not_depend_on_which_entries_are_shown(client: TestClient) -> None:
    whole = {node["model"]["name"]: node["rankInterval"] for node in leaderboard(client)["entries"]["nodes"]}
    query = """query ($board: String!) { benchmark(name: $board) { leaderboard {
        entries(first: 2, orderBy: { by: { field: RELEASE_DATE }, direction: DESC }) {
            nodes { model { name } rankInterval { low high confidence } } } } } }"""
    for node in ask(client, query, board=BOARD)["benchmark"]["leaderboard"]["entries"]["nodes"]:
        assert node["rankInterval"] == whole[node["model"]["name"]]


def test_a_board_is_resampled_once_whatever_is_asked_of_it(
    forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def resample(*args: Any) -> Any:
        done.append(args)
        return original(*args)

    original = intervals.resample
    monkeypatch.setattr(intervals, "resample", resample)
    assert len(leaderboard(forgetful_client)["entries"]["nodes"]) > 1
    assert len(done) == 1


def test_an_entry_of_a_models_standings_has_the_interval_of_its_board(client: TestClient) -> None:
    (first, *_) = leaderboard(client)["entries"]["nodes"]
    query = """query ($name: String!) { model(name: $name) { standings {
        benchmark { name } entry { rankInterval { low high confidence } } } } }"""
    found = ask(client, query, name=first["model"]["name"])["model"]["standings"]
    intervals_by_board = {each["benchmark"]["name"]: each["entry"]["rankInterval"] for each in found}
    assert len(intervals_by_board) > 1
    assert intervals_by_board[BOARD] == first["rankInterval"]


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_a_confidence_that_is_no_share_is_an_error_that_says_so(client: TestClient, confidence: float) -> None:
    query = """query ($confidence: Float!) { benchmark(name: "SampleMTEB(v2)") { leaderboard {
        entries(first: 1) { nodes { rank rankInterval(confidence: $confidence) { low } } } } } }"""
    error = refusal(client, query, confidence=confidence)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert f"`confidence` is {confidence}: it must be more than 0 and less than 1" in error["message"]
    (node,) = send(client, query, confidence=confidence)["data"]["benchmark"]["leaderboard"]["entries"]["nodes"]
    assert node == {"rank": 1, "rankInterval": None}


def test_a_board_beyond_the_limit_is_an_error_that_says_what_to_do(
    forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.intervals.MOST_CELLS", 2_000)
    query = """{ benchmark(name: "SampleMTEB(v2)") { leaderboard {
        entries(first: 1) { nodes { rankInterval { low } } } } } }"""
    error = refusal(forgetful_client, query)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].endswith(
        "are more than rank intervals are worked out for: ask for fewer `models` or `tasks`"
    )


def test_the_field_says_what_it_does(client: TestClient) -> None:
    query = '{ __type(name: "RankInterval") { description fields { name description } } }'
    found = ask(client, query)["__type"]
    assert "1,000" in found["description"]
    assert "20260501" in found["description"]
    assert all(field["description"] for field in found["fields"])


def test_a_rank_that_all_tasks_agree_on_is_certain_and_one_that_they_do_not_is_wide(tmp_path: Path) -> None:
    """Of four models on thirty tasks: one always leads, one always trails, and two differ by chance."""
    chance = random.Random(7)
    tasks = [f"Task{number:02}" for number in range(30)]
    values = {"org/lead": 0.9, "org/trail": 0.1}
    rows = [
        score(model, task, values.get(model, chance.uniform(0.3, 0.7)), place)
        for place, task in enumerate(tasks)
        for model in ("org/lead", "org/one", "org/other", "org/trail")
    ]
    state = State(
        {
            "scores": rows,
            "benchmark_tasks": [declared("Board", task, place) for place, task in enumerate(tasks)],
            "models": [{"name": name, "place": 0} for name in dict.fromkeys(row["source_model"] for row in rows)],
            "tasks": [{"name": name, "splits": ["test"], "place": place} for place, name in enumerate(tasks)],
            "benchmarks": [benchmark("Board")],
        }
    )
    with serving(tmp_path, state) as served:
        for method in ("BORDA", "MEAN_TASK", "MEAN_SCORED", "WIN_RATE"):
            nodes = leaderboard(served, "Board", method=method)["entries"]["nodes"]
            found = {node["model"]["name"]: tuple(node["rankInterval"].values())[:2] for node in nodes}
            assert found == {"org/lead": (1, 1), "org/one": (2, 3), "org/other": (2, 3), "org/trail": (4, 4)}
