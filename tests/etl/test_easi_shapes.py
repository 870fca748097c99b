"""EASI: every shape a version file may have gives the same scores."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.fetch import Tree
from etl.source import State
from etl.sources.easi import EasiSource
from tests.etl.test_easi_files import MARCH, Leaderboard, board, scores, told

__all__ = ["board"]

RESULTS = {
    "blink": {"acc": 60.5, "sub_scores": {"counting": 40.0, "jigsaw": None}},
    "site": {"acc": 70.0, "caa": -3.5},
    "viewspatial": {"acc": None},
}
FLAT = {"blink": 60.5, "site": -3.5, "viewspatial": None}
SUB_SCORES = {"blink": {"counting": 40.0, "jigsaw": None}, "site": {"acc": 70.0}}
CONFIG = {"model_name": "Alpha-7B", "model_key": "alpha_7b", "backend": "vlmevalkit"}
ENTRY = {"name": "Alpha-7B", "displayName": "Alpha-7B", "backend": "vlmevalkit", "type": "instruction"}

SHAPES: dict[str, Any] = {
    "raw map": {"alpha_7b": {"config": CONFIG, "results": RESULTS}},
    "list with keys": [{"key": "alpha_7b", "config": CONFIG, "results": RESULTS}],
    "list with names": [{"name": "Alpha-7B", "backend": "vlmevalkit", "results": RESULTS}],
    "saved API response": {
        "data": [{**ENTRY, "precision": "bfloat16", "scores": FLAT, "subScores": SUB_SCORES}],
        "lastUpdated": "2026-03-01T09:00:00Z",
        "capabilityMap": {},
    },
    "list of API entries": [{**ENTRY, "scores": FLAT, "subScores": SUB_SCORES}],
    "submission record": {
        "user_id": "someone",
        "model_id": "Alpha-7B",
        "model_sha": "abc",
        "backend": "vlmevalkit",
        "submit_time": "2026-02-28T12:00:00Z",
        "config": {},
        "results": FLAT,
        "sub_scores": SUB_SCORES,
    },
    "loose siblings": {
        "alpha_7b": {
            "config": {"name": "Alpha-7B", "backend": "vlmevalkit"},
            "results": {
                "blink": {"counting": 40.0, "score": 60.5, "jigsaw": None},
                "site": {"value": -3.5, "subScores": {"acc": 70.0}},
                "viewspatial": None,
            },
        }
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_accepted_shape_gives_the_same_scores(board: Leaderboard, shape: str) -> None:
    board.version(MARCH, SHAPES[shape])

    load, [state] = board.load()

    columns = ("source_model", "task", "split", "subset", "metric", "value", "tool", "place")
    assert [tuple(row[column] for column in columns) for row in scores(state)] == [
        ("Alpha-7B", "blink", "test", "default", "acc", 60.5, "vlmevalkit", 0),
        ("Alpha-7B", "blink", "test", "counting", "acc", 40.0, "vlmevalkit", 1),
        ("Alpha-7B", "blink", "test", "jigsaw", "acc", None, "vlmevalkit", 2),
        ("Alpha-7B", "site", "test", "default", "caa", -3.5, "vlmevalkit", 3),
        ("Alpha-7B", "site", "test", "acc", "acc", 70.0, "vlmevalkit", 4),
        ("Alpha-7B", "viewspatial", "test", "default", "acc", None, "vlmevalkit", 5),
    ]
    assert load.problems == []


def test_a_submission_record_says_who_when_and_which_revision(board: Leaderboard) -> None:
    board.version(MARCH, SHAPES["submission record"])

    _, [state] = board.load()

    row = scores(state)[0]
    assert (row["submitted_by"], row["model_revision"]) == ("someone", "abc")
    assert row["evaluated_at"] == datetime(2026, 2, 28, 12, tzinfo=UTC)


def results(board: Leaderboard, found: Any) -> list[tuple[Any, ...]]:
    board.version(MARCH, {"alpha": {"results": found}})
    load, [state] = board.load()
    assert load.problems == []
    return [(row["task"], row["variant"], row["subset"], row["metric"], row["value"]) for row in scores(state)]


def test_site_takes_caa_first_and_the_others_acc_first(board: Leaderboard) -> None:
    both = {"acc": 1.0, "caa": 2.0}

    assert results(board, {"site": both, "blink": both}) == [
        ("site", None, "default", "caa", 2.0),
        ("site", None, "acc", "acc", 1.0),
        ("blink", None, "default", "acc", 1.0),
        ("blink", None, "caa", "caa", 2.0),
    ]


def test_the_other_metric_stands_in_where_the_first_is_null(board: Leaderboard) -> None:
    assert results(board, {"site": {"caa": None, "acc": 0}, "blink": {"acc": None, "caa": 3}}) == [
        ("site", None, "default", "acc", 0.0),
        ("blink", None, "default", "caa", 3.0),
    ]


def test_sub_scores_named_caa_are_of_that_metric_and_the_rest_of_acc(board: Leaderboard) -> None:
    found = {"site": {"caa": 1, "sub_scores": {"counting_and_existence_caa": -5, "other": 6}}}

    assert results(board, found)[1:] == [
        ("site", None, "counting_and_existence_caa", "caa", -5.0),
        ("site", None, "other", "acc", 6.0),
    ]


def test_null_keeps_a_row_and_absence_has_none(board: Leaderboard) -> None:
    assert results(board, {"blink": {"acc": None}, "site": {"caa": 0}, "viewspatial": {}}) == [
        ("blink", None, "default", "acc", None),
        ("site", None, "default", "caa", 0.0),
    ]


def test_values_outside_the_range_load_as_published(board: Leaderboard) -> None:
    found = {"site": {"caa": -100}, "blink": {"acc": 1e6}, "3dsrbench": {"acc": 47.70000000000001}}

    assert [row[4] for row in results(board, found)] == [-100.0, 1e6, 47.70000000000001]


def test_unknown_ids_are_tasks_of_their_own(board: Leaderboard) -> None:
    found = {"dsrbench": {"acc": 1}, "新しい_bench": 2, "omnispatial_(manual_cot)": 3}

    assert [row[:3] for row in results(board, found)] == [
        ("dsrbench", None, "default"),
        ("新しい_bench", None, "default"),
        ("omnispatial_(manual_cot)", None, "default"),
    ]


@pytest.mark.parametrize(
    ("identifier", "task", "variant"),
    [
        ("blink_exact_matching", "blink", "exact_matching"),
        ("spar_bench_extract_matching", "spar_bench", "extract_matching"),
        ("blink_gpt-4o-1120", "blink", "gpt-4o-1120"),
        ("omnispatial_(manual_cot)_gpt-4o", "omnispatial_(manual_cot)", "gpt-4o"),
        ("mmsi_video_bench_qwen2.5-72b-instruct", "mmsi_video_bench", "qwen2.5-72b-instruct"),
        ("3dsrbench_chatgpt-0125", "3dsrbench", "chatgpt-0125"),
        ("site_DeepSeek-V3", "site", "DeepSeek-V3"),
        ("vsi_bench_o3", "vsi_bench", "o3"),
        ("blink_v2", "blink_v2", None),
        ("blink_hard", "blink_hard", None),
        ("site_video_gpt-4o", "site_video_gpt-4o", None),
        ("site_gpt-4o_video", "site_gpt-4o_video", None),
        ("site_geminids", "site_geminids", None),
        ("viewspatial_2024-05-13", "viewspatial_2024-05-13", None),
        ("blink_", "blink_", None),
        ("dsrbench_gpt-4o", "dsrbench_gpt-4o", None),
        ("BLINK", "BLINK", None),
    ],
)
def test_a_judges_name_after_a_known_id_is_a_variant_and_nothing_else_is(
    board: Leaderboard, identifier: str, task: str, variant: str | None
) -> None:
    assert results(board, {identifier: {"acc": 1}}) == [(task, variant, "default", "acc", 1.0)]


def test_a_rejudged_score_stands_beside_the_plain_one(board: Leaderboard) -> None:
    found = {"blink": 1, "blink_exact_matching": {"acc": 2, "sub_scores": {"counting": 3}}}

    assert results(board, found) == [
        ("blink", None, "default", "acc", 1.0),
        ("blink", "exact_matching", "default", "acc", 2.0),
        ("blink", "exact_matching", "counting", "acc", 3.0),
    ]


def test_what_stands_beside_a_score_and_is_none_is_kept_as_remarks(board: Leaderboard) -> None:
    board.version(
        MARCH, {"alpha": {"results": {"blink": {"acc": 1, "judge": "someone", "seeds": [1, 2], "samples": 99}}}}
    )

    load, [state] = board.load()

    headline, samples = scores(state)
    assert json.loads(headline["notes"]) == {"judge": "someone", "seeds": [1.0, 2.0]}
    assert (samples["subset"], samples["value"]) == ("samples", 99.0)
    assert told(load) == ""


def newest(shared: Path) -> tuple[State, dict[str, Any]]:
    load = EasiSource("shared", Tree(shared / "easi", None, None)).load()
    assert load.problems == []
    expected = json.loads((shared / "easi/leaderboard/expected_api_leaderboard.json").read_text("utf-8"))
    return list(load.states)[-1], expected


def test_scores_and_sub_scores_equal_the_published_api_for_every_model(shared_data: Path) -> None:
    state, expected = newest(shared_data)
    headlines: dict[str, dict[str, float]] = {}
    subsets: dict[str, dict[str, dict[str, float]]] = {}
    for row in scores(state):
        model, task, subset = row["source_model"], row["task"], row["subset"]
        if subset == "default":
            headlines.setdefault(model, {})[task] = row["value"]
        else:
            subsets.setdefault(model, {}).setdefault(task, {})[subset] = row["value"]

    assert list(headlines) == [model["name"] for model in expected["data"]]
    for model in expected["data"]:
        name = model["name"]
        assert {task: headlines[name].get(task) for task in model["scores"]} == model["scores"]
        assert subsets.get(name, {}) == model.get("subScores", {})
    assert headlines["模型-Ω"] == {"vsi_bench": 0, "site": -3.2, "dsrbench": 24.7, "blink": None, "spar_bench": 33.8}
    assert {row["tool"] for row in scores(state) if row["source_model"] == "Qwen3-VL-8B-Instruct"} == {"vlmevalkit"}


def test_capabilities_equal_the_published_api(shared_data: Path) -> None:
    state, expected = newest(shared_data)
    found: dict[tuple[str, str], list[str]] = {}
    for row in state.tables["capabilities"].to_pylist():
        found.setdefault((row["task"], row["subset"]), []).append(row["label"])

    assert found == {
        (task, subset): labels or [None]
        for task, subsets in expected["capabilityMap"].items()
        for subset, labels in subsets.items()
    }
