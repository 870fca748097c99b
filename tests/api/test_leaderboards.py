"""A leaderboard agrees with itself, with the scores behind it, and with the statement it says it is made by."""

import shutil
from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from tests.asking import ask
from warehouse.store import Store

BOARDS = (
    "SampleMTEB(v1)",
    "SampleMTEB(v2)",
    "SampleRTEB(beta)",
    "SampleMIEB",
    "SampleViDoRe",
    "EASI-8",
    "EASI-12",
    "vsi_bench",
    "sample-lab/sample-reasoning#algebra",
    "sample-works/sample-transcription",
)
# What is called how in the rows of a ranking and in an entry.
COLUMNS = {
    "value": "value",
    "mean_task": "meanTask",
    "mean_task_type": "meanTaskType",
    "mean_public": "meanPublic",
    "mean_private": "meanPrivate",
    "zero_shot_percent": "zeroShotPercent",
}
QUERY = """
query ($name: String!) {
  benchmark(name: $name) {
    name aggregations defaultMethod taskCount modelCount
    tasks { task { name } splits subsets }
    leaderboard {
      method totalModels sql sqlParameters taskTypes
      benchmark { name }
      tasks { name type isPublic lowerIsBetter }
      entries {
        nodes {
          rank variant value meanTask meanTaskType meanPublic meanPrivate zeroShotPercent trainedOnTasks taskValues
          model { name trainingDatasets { name } }
          coverage { scored expected }
          taskScores {
            value trainedOn task { name }
            cells {
              subset split value
              score { value subset split variant model { name } task { name } validTo { label } }
            }
          }
          taskTypeScores { taskType value }
        }
      }
    }
  }
}
"""


@pytest.fixture(scope="module", params=BOARDS)
def board(request: pytest.FixtureRequest, client: TestClient) -> Any:
    return ask(client, QUERY, name=request.param)["benchmark"]


@pytest.fixture(scope="module")
def published(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the published file: the served one is open in this process, with settings of its own."""
    current = Store(sample_dir).current()
    assert current is not None
    return Path(shutil.copy(current.file, tmp_path_factory.mktemp("published") / "standings.duckdb"))


@pytest.fixture
def columns(board: Any) -> list[Any]:
    return list(board["leaderboard"]["tasks"])


@pytest.fixture
def entries(board: Any) -> list[Any]:
    found = list(board["leaderboard"]["entries"]["nodes"])
    assert found
    return found


def near(value: float | None) -> Any:
    return value if value is None else pytest.approx(value, rel=1e-12)


def mean(values: list[float | None]) -> float | None:
    """The mean; null while one is missing."""
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None


def test_a_board_says_what_it_is(board: Any, columns: list[Any], entries: list[Any]) -> None:
    leaderboard = board["leaderboard"]
    assert leaderboard["benchmark"] == {"name": board["name"]}
    assert leaderboard["method"] == board["defaultMethod"]
    assert leaderboard["totalModels"] == len(entries)
    assert board["taskCount"] == len(board["tasks"])
    assert {task["name"] for task in columns} <= {each["task"]["name"] for each in board["tasks"]}
    assert leaderboard["taskTypes"] == list(dict.fromkeys(task["type"] for task in columns if task["type"]))


def test_values_are_the_scores_by_task_in_the_order_of_the_columns(columns: list[Any], entries: list[Any]) -> None:
    order = [task["name"] for task in columns]
    for entry in entries:
        scores = {score["task"]["name"]: score["value"] for score in entry["taskScores"]}
        assert [name for name in order if name in scores] == list(scores)
        assert entry["taskValues"] == [scores.get(name) for name in order]


def test_a_task_score_is_the_mean_of_the_cells_that_the_board_declares(board: Any, entries: list[Any]) -> None:
    declared = {
        each["task"]["name"]: {(split, subset) for split in each["splits"] for subset in each["subsets"]}
        for each in board["tasks"]
    }
    for entry in entries:
        for score in entry["taskScores"]:
            cells = [
                cell for cell in score["cells"] if (cell["split"], cell["subset"]) in declared[score["task"]["name"]]
            ]
            if score["value"] is not None:
                assert score["value"] == near(mean([cell["value"] for cell in cells]))


def test_a_cell_is_a_current_score_of_the_same_run(entries: list[Any]) -> None:
    for entry in entries:
        for score in entry["taskScores"]:
            for cell in score["cells"]:
                assert cell["score"] == {
                    "value": cell["value"],
                    "subset": cell["subset"],
                    "split": cell["split"],
                    "variant": entry["variant"],
                    "model": {"name": entry["model"]["name"]},
                    "task": score["task"],
                    "validTo": None,
                }


def test_a_type_score_is_the_mean_of_its_tasks(columns: list[Any], entries: list[Any]) -> None:
    for entry in entries:
        by_type = defaultdict(list)
        for task, value in zip(columns, entry["taskValues"], strict=True):
            if task["type"] is not None:
                by_type[task["type"]].append(value)
        held = {
            name: values
            for name, values in by_type.items()
            if name in {each["taskType"] for each in entry["taskTypeScores"]}
        }
        assert {each["taskType"]: each["value"] for each in entry["taskTypeScores"]} == {
            name: near(mean(values)) for name, values in held.items()
        }
        assert all(value is None for name, values in by_type.items() if name not in held for value in values)


def test_means_and_coverage_follow_from_the_values(board: Any, columns: list[Any], entries: list[Any]) -> None:
    shown = board["aggregations"]
    for entry in entries:
        values = entry["taskValues"]
        public = [value for task, value in zip(columns, values, strict=True) if task["isPublic"]]
        private = [value for task, value in zip(columns, values, strict=True) if not task["isPublic"]]
        found = {each["taskType"]: each["value"] for each in entry["taskTypeScores"]}
        types = [found.get(name) for name in board["leaderboard"]["taskTypes"]]
        assert entry["coverage"] == {
            "scored": len([each for each in values if each is not None]),
            "expected": len(columns),
        }
        assert entry["meanTask"] == near(mean(values))
        assert entry["meanTaskType"] == (near(mean(types)) if "mean_task_type" in shown else None)
        assert entry["meanPublic"] == (near(mean(public)) if "public_private" in shown else None)
        assert entry["meanPrivate"] == (near(mean(private)) if "public_private" in shown else None)


def test_the_value_is_what_the_method_ranks_by(board: Any, columns: list[Any], entries: list[Any]) -> None:
    for entry in entries:
        known = [value for value in entry["taskValues"] if value is not None]
        match board["leaderboard"]["method"]:
            case "MEAN_SCORED":
                assert entry["value"] == near(fmean(known) if known else None)
            case "MEAN_TASK_TYPE":
                assert entry["value"] == entry["meanTaskType"]
            case "MEAN_PUBLIC_PRIVATE":
                assert entry["value"] == entry["meanTask"]
            case "BORDA":
                assert 0 <= entry["value"] <= (len(entries) - 1) * len(columns)
            case other:
                pytest.fail(f"no test of {other}")


def test_ranks_are_in_order_of_display_and_unknown_values_last(columns: list[Any], entries: list[Any]) -> None:
    ranks = [entry["rank"] for entry in entries if entry["rank"] is not None]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1
    values = [entry["value"] for entry in entries if entry["value"] is not None]
    assert values == sorted(values, reverse=not all(task["lowerIsBetter"] for task in columns))
    assert [entry["value"] for entry in entries[len(values) :]] == [None] * (len(entries) - len(values))


def test_training_data_is_told_apart_from_none(columns: list[Any], entries: list[Any]) -> None:
    names = {task["name"] for task in columns}
    for entry in entries:
        declares = entry["model"]["trainingDatasets"] is not None
        assert (entry["zeroShotPercent"] is not None) == (entry["trainedOnTasks"] is not None) == declares
        marked = [score["task"]["name"] for score in entry["taskScores"] if score["trainedOn"]]
        assert entry["trainedOnTasks"] == (marked if declares else None)
        assert set(marked) <= names


def test_its_statement_makes_the_same_rows_on_the_published_file(
    board: Any, entries: list[Any], published: Path
) -> None:
    asked = board["leaderboard"]
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set threads = 1")
        rows = connection.execute(asked["sql"], asked["sqlParameters"]).to_arrow_table().to_pylist()
    assert [(row["rank"], row["model"], row["variant"]) for row in rows] == [
        (entry["rank"], entry["model"]["name"], entry["variant"]) for entry in entries
    ]
    for row, entry in zip(rows, entries, strict=True):
        for column, name in COLUMNS.items():
            assert row[column] == near(entry[name]), (entry["model"]["name"], name)


def test_private_tasks_stay_off_a_board_of_public_ones_but_not_out_of_the_scores(client: TestClient) -> None:
    query = """{ benchmark(name: "SampleRTEB(beta)") {
        tasks { task { name isPublic } }
        private: tasks(where: { isPublic: false }) { task { name scores { totalCount } } }
        leaderboard { tasks { isPublic } }
    } }"""
    board = ask(client, query)["benchmark"]
    assert all(task["isPublic"] for task in board["leaderboard"]["tasks"])
    assert len(board["tasks"]) > len(board["leaderboard"]["tasks"]) > 0
    assert all(each["task"]["scores"]["totalCount"] > 0 for each in board["private"])
    assert board["private"]


def test_runs_of_one_model_are_entries_of_their_own_on_a_board_of_the_hub(client: TestClient) -> None:
    query = """{ benchmark(name: "sample-lab/sample-reasoning") { leaderboard {
        entries(where: { name: { contains: "Assistant-Mix" } }) {
            nodes { rank variant value taskScores { cells { score { variant sourceRank } } } }
        }
    } } }"""
    nodes = ask(client, query)["benchmark"]["leaderboard"]["entries"]["nodes"]
    assert [(node["rank"], node["variant"], node["value"]) for node in nodes] == [
        (1, "With tools", 91.4),
        (3, None, 83.1),
    ]
    for node in nodes:
        (score,) = [cell["score"] for each in node["taskScores"] for cell in each["cells"]]
        assert (score["variant"], score["sourceRank"]) == (node["variant"], node["rank"])


def test_a_smaller_word_error_rate_ranks_higher(client: TestClient) -> None:
    query = """{ benchmark(name: "sample-works/sample-transcription") {
        leaderboard { tasks { lowerIsBetter } entries { nodes { value } } }
    } }"""
    board = ask(client, query)["benchmark"]["leaderboard"]
    values = [node["value"] for node in board["entries"]["nodes"]]
    assert board["tasks"] == [{"lowerIsBetter": True}]
    assert values == sorted(values)


def test_the_tasks_of_a_board_are_the_cells_it_declares(client: TestClient) -> None:
    query = """{ benchmark(name: "SampleMTEB(v1)") {
        tasks { splits subsets languages task { name splits subsets { name } } }
        some: tasks(where: { type: { eq: "Retrieval" } }) { task { name type } } } }"""
    board = ask(client, query)["benchmark"]
    for each in board["tasks"]:
        assert set(each["splits"]) <= set(each["task"]["splits"])
        assert set(each["subsets"]) <= {subset["name"] for subset in each["task"]["subsets"]}
    declared = {each["task"]["name"]: each for each in board["tasks"]}
    pairs, reviews = declared["SampleSentencePairs"], declared["SampleReviewClassification"]
    assert (pairs["subsets"], pairs["languages"]) == (["en"], ["eng"])
    assert pairs["task"]["subsets"] == [{"name": "en"}, {"name": "de"}, {"name": "en-de"}]
    assert (reviews["splits"], reviews["task"]["splits"]) == (["test"], ["validation", "test"])
    assert [each["task"] for each in board["some"]] == [{"name": "SampleNewsRetrieval", "type": "Retrieval"}]
