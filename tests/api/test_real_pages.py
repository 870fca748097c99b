"""The pages of a task and of a board's languages are those that the peer answers for the same inputs."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_real_answers import names, near
from tests.asking import ask

TASK = """
query ($name: String!) {
  task(name: $name) {
    leaderboard {
      subsets splits
      entries {
        totalCount
        nodes {
          rank variant value trainedOn
          cells { subset split value score { value model { name } } }
          model { name aliases { source name } }
        }
      }
    }
  }
}
"""
LANGUAGES = """
query ($name: String!) {
  languages { code name }
  benchmark(name: $name) {
    languageView
    perLanguage { languages entries { model { name aliases { source name } } values } }
  }
}
"""


@pytest.fixture(scope="module", params=["ArguAna"])
def task(request: pytest.FixtureRequest, real_client: TestClient, shared_data: Path) -> tuple[Any, Any]:
    """What the peer answers for a task, and our leaderboard of it."""
    theirs = json.loads((shared_data / "mteb" / "answers" / f"task__{request.param}.json").read_text("utf-8"))
    return theirs, ask(real_client, TASK, name=theirs["task"])["task"]["leaderboard"]


@pytest.fixture(scope="module", params=["MTEB_Code_v1"])
def languages(request: pytest.FixtureRequest, real_client: TestClient, shared_data: Path) -> tuple[Any, Any]:
    """What the peer answers for the languages of a board, and our answer."""
    theirs = json.loads((shared_data / "mteb" / "answers" / f"per_language__{request.param}.json").read_text("utf-8"))
    return theirs, ask(real_client, LANGUAGES, name=theirs["benchmarkName"])


@pytest.mark.parametrize(("page", "compared"), [("task", ["ArguAna"]), ("per_language", ["MTEB_Code_v1"])])
def test_every_answer_of_the_peer_is_compared(shared_data: Path, page: str, compared: list[str]) -> None:
    found = {file.stem for file in (shared_data / "mteb" / "answers").glob(f"{page}__*.json")}
    assert found == {f"{page}__{name}" for name in compared}


def test_a_task_has_the_same_subsets_and_splits(task: tuple[Any, Any]) -> None:
    theirs, ours = task
    assert (sorted(ours["subsets"]), sorted(ours["splits"])) == (sorted(theirs["subsets"]), sorted(theirs["splits"]))


def test_models_stand_in_the_same_order_on_a_task(task: tuple[Any, Any]) -> None:
    theirs, ours = task[0]["rows"], task[1]["entries"]["nodes"]
    assert len(theirs) == len(ours) == task[1]["entries"]["totalCount"]
    for row, entry in zip(theirs, ours, strict=True):
        assert row["model"] in names(entry["model"], "mteb")
        assert (entry["rank"], entry["variant"]) == (row["rank"], None)


def test_values_cells_and_marks_of_a_task_are_the_same(task: tuple[Any, Any]) -> None:
    for row, entry in zip(task[0]["rows"], task[1]["entries"]["nodes"], strict=True):
        assert entry["value"] == near(row["score"])
        assert entry["trainedOn"] == row["trainedOn"]
        assert {(cell["subset"], cell["split"]): cell["value"] for cell in entry["cells"]} == {
            (subset, split): near(value)
            for subset, splits in row["subsetScores"].items()
            for split, value in splits.items()
        }
        for cell in entry["cells"]:
            assert cell["score"] == {"value": cell["value"], "model": {"name": entry["model"]["name"]}}


def test_means_by_language_are_the_same(languages: tuple[Any, Any]) -> None:
    theirs, ours = languages
    known = {language["code"]: language["name"] for language in ours["languages"]}
    board = ours["benchmark"]["perLanguage"]
    labels = [known[code] for code in board["languages"]]
    assert board["languages"] == sorted(board["languages"])
    assert len(board["entries"]) == len(theirs["rows"])
    for row in theirs["rows"]:
        (entry,) = [each for each in board["entries"] if row["modelName"] in names(each["model"], "mteb")]
        found = {label: value for label, value in zip(labels, entry["values"], strict=True) if value is not None}
        assert found == {label: near(value) for label, value in row["scoresByLanguage"].items()}
    assert [each["model"]["name"] for each in board["entries"]] == sorted(
        each["model"]["name"] for each in board["entries"]
    )


STANDINGS = """
query Standings($name: String!) {
  model(name: $name) {
    standings {
      totalModels
      benchmark { name displayName }
      entry { rank value meanTask meanTaskType zeroShotPercent taskTypeScores { taskType value } }
    }
  }
}
"""


def test_the_model_page_of_the_peer(real_client: TestClient, shared_data: Path) -> None:
    """Its `meanTask` is our `value` on boards that rank by another mean than that over tasks."""
    theirs = json.loads((shared_data / "mteb/answers/model__all_MiniLM_L6_v2.json").read_text("utf-8"))
    name = theirs["model"] if isinstance(theirs["model"], str) else theirs["model"]["name"]
    found = ask(real_client, STANDINGS, name=name)["model"]["standings"]
    ours = {standing["benchmark"]["name"]: standing for standing in found}
    assert ours.keys() == {row["benchmarkName"] for row in theirs["rows"]}
    for row in theirs["rows"]:
        standing, entry = ours[row["benchmarkName"]], ours[row["benchmarkName"]]["entry"]
        assert (standing["totalModels"], entry["rank"]) == (row["totalModels"], row["rank"]), row["benchmarkName"]
        assert standing["benchmark"]["displayName"] == row["benchmarkDisplayName"]
        percent = None if row["zeroShotPct"] == -1 else row["zeroShotPct"]
        assert entry["zeroShotPercent"] == percent
        assert any(_near(entry[field], row["meanTask"]) for field in ("meanTask", "value")), row["benchmarkName"]
        assert _near(entry["meanTaskType"], row["meanTaskType"])
        types = {each["taskType"]: each["value"] for each in entry["taskTypeScores"] if each["value"] is not None}
        for kind, value in row["scoresByTaskType"].items():
            assert _near(types[kind], value), (row["benchmarkName"], kind)


def _near(ours: float | None, theirs: float | None) -> bool:
    return ours is theirs if ours is None or theirs is None else abs(ours - theirs) < 1e-9
