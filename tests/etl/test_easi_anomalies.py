"""EASI: what is no score, no name or no link is told, and all beside it loads."""

import math
from typing import Any

import pytest

from tests.etl.test_easi_files import JUNE, MARCH, Leaderboard, board, scores, told

__all__ = ["board"]


@pytest.mark.parametrize(
    "literal", ["true", "false", '"60.5"', "[60.5]", "NaN", "Infinity", "-Infinity", "1e400", "9" * 5000]
)
@pytest.mark.parametrize(
    "where", ['{"acc": %s}', "%s", '{"acc": 1, "sub_scores": {"counting": %s}}', '{"acc": 1, "counting": %s}']
)
def test_what_is_no_finite_number_is_a_problem_and_the_rest_loads(board: Leaderboard, literal: str, where: str) -> None:
    bad = where.replace("%s", literal)
    board.version(MARCH, f'{{"alpha": {{"results": {{"blink": {bad}, "site": {{"caa": 7}}}}}}}}'.encode())

    load, [state] = board.load()

    assert all(math.isfinite(row["value"]) for row in scores(state))
    assert [row["value"] for row in scores(state) if row["task"] == "site"] == [7.0]
    assert "counting" not in [row["subset"] for row in scores(state)]
    [problem] = load.problems
    key = "counting" if "counting" in where else "acc"
    assert problem.message.startswith(f"model 'alpha', benchmark 'blink', key '{key}': ")
    assert problem.message.endswith("is not a finite number; it was left out")
    assert len(problem.message) < 200


def test_an_object_is_no_sub_score(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"blink": {"acc": 1, "sub_scores": {"counting": {"acc": 2}}}}}})

    load, [state] = board.load()

    assert len(scores(state)) == 1
    assert "key 'counting': a dict is not a finite number" in told(load)


def test_a_bad_headline_leaves_the_other_metric_and_the_sub_scores(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"site": {"caa": "high", "acc": 3, "sub_scores": {"x_caa": 4}}}}})

    load, [state] = board.load()

    assert [(row["subset"], row["metric"], row["value"]) for row in scores(state)] == [
        ("default", "acc", 3.0),
        ("x_caa", "caa", 4.0),
    ]
    assert "model 'alpha', benchmark 'site', key 'caa': 'high'" in told(load)


def test_a_sub_score_may_not_take_the_headlines_name(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"blink": {"acc": 1, "sub_scores": {"default": 2, "counting": 3}}}}})

    load, [state] = board.load()

    assert [(row["subset"], row["value"]) for row in scores(state)] == [("default", 1.0), ("counting", 3.0)]
    assert "key 'default': this is the headline's own name" in told(load)


def test_a_sub_score_given_twice_keeps_the_first_and_says_so(board: Leaderboard) -> None:
    content = {"results": {"blink": {"acc": 1, "sub_scores": {"counting": 2}, "counting": 3}}}
    board.version(MARCH, {"alpha": content})

    load, [state] = board.load()

    assert [row["value"] for row in scores(state)] == [1.0, 2.0]
    assert "key 'counting': given twice; 3.0 was left out, 2.0 was read" in told(load)


def test_text_without_a_headline_is_a_problem(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"blink": {"overall": "60.5"}, "site": 1}}})

    load, [state] = board.load()

    assert [row["task"] for row in scores(state)] == ["site"]
    assert "key 'overall': this is no score" in told(load)


def test_remarks_that_are_too_long_are_left_out_and_told(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"blink": {"acc": 1, "log": "x" * 5000}}}})

    load, [state] = board.load()

    assert [(row["value"], row["notes"]) for row in scores(state)] == [(1.0, None)]
    assert "key 'log': what stands beside the scores is too much to keep" in told(load)


@pytest.mark.parametrize("sub_scores", [[1], "x", 5])
def test_sub_scores_that_are_no_map_are_a_problem(board: Leaderboard, sub_scores: Any) -> None:
    board.version(MARCH, {"alpha": {"results": {"blink": {"acc": 1, "sub_scores": sub_scores}}}})

    load, [state] = board.load()

    assert [row["value"] for row in scores(state)] == [1.0]
    assert "key 'sub_scores'" in told(load)


@pytest.mark.parametrize("item", [None, [], 5, "text", {}, {"config": {}}, {"results": None}, {"results": [1]}])
def test_a_model_without_results_is_a_problem_and_the_others_load(board: Leaderboard, item: Any) -> None:
    board.version(MARCH, {"broken": item, "alpha": {"results": {"blink": 1}}})

    load, [state] = board.load()

    assert [row["source_model"] for row in scores(state)] == ["alpha"]
    assert "model 'broken' has no results; it was left out" in told(load)


@pytest.mark.parametrize("value", [5, "two\nlines", "", "  ", "\ud800", "x" * 300, None, ["a"]])
def test_a_name_that_is_none_falls_back_to_the_key(board: Leaderboard, value: Any) -> None:
    board.version(MARCH, {"alpha": {"config": {"model_name": value}, "results": {"blink": 1}}})

    _, [state] = board.load()

    assert [row["source_model"] for row in scores(state)] == ["alpha"]


@pytest.mark.parametrize("key", ["", " padded ", "a\tb", "\udfff", "x" * 129, "EASI-8"])
def test_a_benchmark_id_that_cannot_be_one_is_a_problem(board: Leaderboard, key: str) -> None:
    board.version(MARCH, {"alpha": {"results": {key: 1, "blink": 2}}})

    load, [state] = board.load()

    assert [row["task"] for row in scores(state)] == ["blink"]
    assert "cannot be a benchmark's id" in told(load)


@pytest.mark.parametrize("key", ["", "a\nb", "\udfff", "x" * 129])
def test_a_sub_score_key_that_cannot_be_one_is_a_problem(board: Leaderboard, key: str) -> None:
    board.version(MARCH, {"alpha": {"results": {"blink": {"acc": 2, "sub_scores": {key: 1}}}}})

    load, [state] = board.load()

    assert [row["subset"] for row in scores(state)] == ["default"]
    assert "cannot be a sub-score's key" in told(load)


def test_the_second_of_two_models_of_one_name_carries_its_key(board: Leaderboard) -> None:
    same = {"config": {"model_name": "Alpha", "link": "https://huggingface.co/org/alpha"}, "results": {"blink": 1}}
    board.version(MARCH, {"first": same, "second": same})

    load, [state] = board.load()

    assert [row["source_model"] for row in scores(state)] == ["Alpha", "Alpha [second]"]
    assert "two models are named 'Alpha'; the second is kept as 'Alpha [second]'" in told(load)
    assert [(hint.name, hint.hub_id) for hint in load.hints] == [("Alpha", "org/alpha"), ("Alpha [second]", None)]


def test_models_of_one_name_without_keys_carry_their_number(board: Leaderboard) -> None:
    board.version(MARCH, [{"name": "Alpha", "scores": {"blink": number}} for number in range(3)])

    _, [state] = board.load()

    assert [row["source_model"] for row in scores(state)] == ["Alpha", "Alpha [2]", "Alpha [3]"]


def test_a_repeated_key_is_told(board: Leaderboard) -> None:
    board.version(MARCH, b'{"a": {"results": {"blink": 1}}, "a": {"results": {"blink": 2}}}')

    load, [state] = board.load()

    assert [row["value"] for row in scores(state)] == [2.0]
    assert "repeats the key 'a'" in told(load)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://host/x", "https://", "http://a b", 5, "http://[::1", "x"]
)
def test_a_link_that_is_no_http_address_is_left_out(board: Leaderboard, link: Any) -> None:
    board.version(MARCH, {"alpha": {"config": {"link": link}, "results": {"blink": 1}}})

    load, [state] = board.load()

    assert load.described["models"].to_pylist()[0]["url"] is None
    assert "is not an http address" in told(load)
    assert len(scores(state)) == 1


def test_the_problems_of_one_file_are_bounded(board: Leaderboard) -> None:
    board.version(MARCH, {f"m{number}": {"results": {"blink": "bad", "site": 1}} for number in range(500)})
    board.version(JUNE, {"m": {"results": {"blink": "bad", "site": 1}}})

    load, states = board.load()

    assert len(load.problems) == 202
    assert "has more problems than the 200 listed" in told(load)
    assert states[0].tables["scores"].num_rows == 500


def test_benchmarks_and_sub_scores_of_one_model_are_bounded(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {f"b{number}": 1 for number in range(600)}}})
    board.version(JUNE, {"alpha": {"results": {"blink": {f"k{number}": 1 for number in range(600)}}}})

    load, states = board.load()

    assert [state.tables["scores"].num_rows for state in states] == [500, 500]
    assert "has more than 500 benchmarks" in told(load)
    assert "key 'k500': comes after 500 sub-scores" in told(load)
