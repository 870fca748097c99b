"""Boards, scores and sub-scores of the real inputs are those that their own leaderboards answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.asking import ask

BOARDS = ("MTEB_Code_v1", "MTEB_fra_v1", "RTEB_eng_beta", "MIEB_Multilingual", "ViDoRe_v3", "HUME_v1")
ANSWERS = [*((name, None) for name in BOARDS), ("MTEB_fra_v1", "French")]
NEAR = 1e-9
# Here `value` is what a method ranks by; there `meanTask` is, on boards that rank by another mean than that over tasks.
RANKED_BY_VALUE = {"MEAN_TASK_TYPE", "MEAN_SUBSET"}

BOARD = """
query Board($name: String!, $languages: [String!]) {
  benchmark(name: $name) {
    leaderboard(languages: $languages) {
      method
      tasks { name isPublic }
      entries {
        nodes {
          rank value meanTask meanTaskType meanPublic meanPrivate zeroShotPercent trainedOnTasks taskValues
          taskTypeScores { taskType value }
          model { aliases { source name } }
        }
      }
    }
  }
}
"""
EASI = """
{
  benchmark(name: "EASI-12") {
    leaderboard {
      entries {
        nodes {
          model { aliases { source name } }
          taskScores { task { name } value cells { subset split value } }
        }
      }
    }
  }
}
"""
LEADERS = """
query Leaders($name: String!, $from: BigInt!, $to: BigInt) {
  benchmark(name: $name) {
    leaderboard {
      entries(first: 1, where: { parameters: { gte: $from, lt: $to } }) {
        nodes { rank meanTask model { parameters modelTypes aliases { source name } } }
      }
    }
  }
}
"""
VERSIONS = '{ benchmark(name: "EASI-12") { versions { nodes { label at } } } }'
AS_OF = """
query AsOf($at: DateTime!, $after: String) {
  scores(asOf: $at, where: { source: { eq: "easi" } }, first: 5000, after: $after) {
    totalCount
    nodes { subset value task { name } model { aliases { source name } } validFrom { at } validTo { at } }
  }
}
"""


def file_name(board: str, language: str | None) -> str:
    return f"leaderboard_{language}__{board}.json" if language else f"leaderboard__{board}.json"


@pytest.fixture(scope="module", params=ANSWERS, ids=lambda answer: " ".join(filter(None, answer)))
def pair(request: pytest.FixtureRequest, real_client: TestClient, shared_data: Path) -> tuple[Any, Any]:
    """What the peer answers for a board, in a language or not, and our leaderboard of it by one request."""
    name, language = request.param
    theirs = json.loads((shared_data / "mteb" / "answers" / file_name(name, language)).read_text("utf-8"))
    languages = None if language is None else [language]
    answer = ask(real_client, BOARD, name=theirs["benchmark"], languages=languages)
    return theirs, answer["benchmark"]["leaderboard"]


def names(model: Any, source: str) -> set[str]:
    return {alias["name"] for alias in model["aliases"] if alias["source"] == source}


def rows(pair: tuple[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """The peer's rows and our entries, side by side in order of display."""
    theirs, ours = pair[0]["rows"], pair[1]["entries"]["nodes"]
    assert len(theirs) == len(ours)
    return zip(theirs, ours, strict=True)


def near(value: Any) -> Any:
    return value if value is None else pytest.approx(value, abs=NEAR, rel=0)


def test_every_answer_of_the_peer_is_compared(shared_data: Path) -> None:
    found = {file.name for file in (shared_data / "mteb" / "answers").glob("leaderboard_*.json")}
    assert found == {file_name(*answer) for answer in ANSWERS}


def test_models_stand_in_the_same_order_with_the_same_ranks(pair: tuple[Any, Any]) -> None:
    for theirs, ours in rows(pair):
        assert theirs["model"] in names(ours["model"], "mteb")
        assert ours["rank"] == theirs["rank"]


def test_means_are_the_same(pair: tuple[Any, Any]) -> None:
    ranked_by = "value" if pair[1]["method"] in RANKED_BY_VALUE else "meanTask"
    for theirs, ours in rows(pair):
        assert ours[ranked_by] == near(theirs["meanTask"])
        for name in ("meanTaskType", "meanPublic", "meanPrivate"):
            assert ours[name] == near(theirs[name]), (theirs["model"], name)


def test_task_scores_are_the_same(pair: tuple[Any, Any]) -> None:
    columns = [task["name"] for task in pair[1]["tasks"]]
    for theirs, ours in rows(pair):
        found = {name: value for name, value in zip(columns, ours["taskValues"], strict=True) if value is not None}
        assert found == {name: near(value) for name, value in theirs["taskScores"].items() if name in columns}


def test_columns_are_the_same_but_for_private_tasks(pair: tuple[Any, Any]) -> None:
    columns = {task["name"]: task["isPublic"] for task in pair[1]["tasks"]}
    if pair[0]["benchmark"].startswith("RTEB"):
        assert all(columns.values())
        assert set(columns) < set(pair[0]["tasks"])
    else:
        assert set(columns) == set(pair[0]["tasks"])


def test_task_type_means_are_the_same(pair: tuple[Any, Any]) -> None:
    if "task_types" not in pair[0]["aggregations"]:
        assert not any(theirs["taskTypeScores"] for theirs in pair[0]["rows"])
        return
    for theirs, ours in rows(pair):
        found = {each["taskType"]: each["value"] for each in ours["taskTypeScores"] if each["value"] is not None}
        assert found == {name: near(value) for name, value in theirs["taskTypeScores"].items()}


def test_training_data_is_the_same(pair: tuple[Any, Any]) -> None:
    columns = {task["name"] for task in pair[1]["tasks"]}
    for theirs, ours in rows(pair):
        percent = theirs["zeroShotPercent"]
        assert ours["zeroShotPercent"] == (None if percent == -1 else percent)
        assert sorted(ours["trainedOnTasks"] or []) == sorted(columns & set(theirs["trainedOnTasks"]))
        assert (ours["trainedOnTasks"] is None) == (percent == -1)


def test_the_leader_of_each_size_is_the_same(real_client: TestClient, shared_data: Path) -> None:
    theirs = json.loads((shared_data / "mteb" / "answers" / "leaders__MTEB_Code_v1.json").read_text("utf-8"))
    assert len(theirs["buckets"]) == 4
    for bucket in theirs["buckets"]:
        sizes = {"from": int(bucket["min"] * 1e6), "to": bucket["max"] and int(bucket["max"] * 1e6)}
        board = ask(real_client, LEADERS, name=theirs["benchmarkName"], **sizes)["benchmark"]["leaderboard"]
        (ours,), leader = board["entries"]["nodes"], bucket["leader"]
        assert leader["model"]["name"] in names(ours["model"], "mteb")
        assert leader["model"]["modelType"] == ours["model"]["modelTypes"][0]
        assert (ours["rank"], ours["meanTask"]) == (leader["rank"], near(leader["meanTask"]))
        assert round(int(ours["model"]["parameters"]) / 1e9, 3) == leader["totalParamsB"]


def test_scores_and_sub_scores_of_the_latest_easi_version(real_client: TestClient, shared_data: Path) -> None:
    expected = json.loads((shared_data / "easi/leaderboard/expected_api_leaderboard.json").read_text("utf-8"))["data"]
    entries = ask(real_client, EASI)["benchmark"]["leaderboard"]["entries"]["nodes"]
    for theirs in expected:
        (ours,) = [entry for entry in entries if theirs["name"] in names(entry["model"], "easi")]
        found = {each["task"]["name"]: each for each in ours["taskScores"]}
        values = {name: each["value"] for name, each in found.items()}
        assert _known(values) == _known(theirs["scores"])
        assert {name: _sub_scores(each) for name, each in found.items() if _sub_scores(each)} == theirs.get(
            "subScores", {}
        )
    assert len(entries) == len(expected)


def test_the_older_easi_version_is_there_as_it_was(real_client: TestClient, shared_data: Path) -> None:
    older, newer = ask(real_client, VERSIONS)["benchmark"]["versions"]["nodes"]
    assert [older["label"], newer["label"]] == ["bench_20260214T040553", "bench_20260514T173341"]
    for version in (older, newer):
        raw = json.loads((shared_data / f"easi/leaderboard/versions/{version['label']}.json").read_text("utf-8"))
        scores = ask(real_client, AS_OF, at=version["at"])["scores"]
        found = [(score["task"]["name"], score["subset"], score["value"], score["model"]) for score in scores["nodes"]]
        wanted = list(_published(raw))
        assert scores["totalCount"] == len(found) == len(wanted)
        for model, task, subset, value in wanted:
            assert [each[2] for each in found if each[:2] == (task, subset) and model in names(each[3], "easi")] == [
                value
            ]
        assert all(score["validFrom"]["at"] <= version["at"] for score in scores["nodes"])
        assert all(score["validTo"] is None or score["validTo"]["at"] > version["at"] for score in scores["nodes"])


def test_before_the_first_version_there_is_nothing(real_client: TestClient) -> None:
    assert ask(real_client, AS_OF, at="2026-02-14T04:05:52Z")["scores"]["totalCount"] == 0


def _known(scores: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in scores.items() if value is not None}


def _sub_scores(found: Any) -> dict[str, float]:
    return {cell["subset"]: cell["value"] for cell in found["cells"] if cell["subset"] != "default"}


def _published(raw: Any) -> Iterator[tuple[str, str, str, float]]:
    """Model, task, subset and value of every score in a version file of the raw format."""
    for key, entry in raw.items():
        model = entry.get("config", {}).get("model_name", key)
        for task, result in entry["results"].items():
            yield model, task, "default", result.get("acc", result.get("caa"))
            for subset, value in result.get("sub_scores", {}).items():
                yield model, task, subset, value
