"""EASI: models, tasks, boards and capability labels."""

from typing import Any

import pytest

from etl.source import Load, State
from tests.etl.test_easi_files import JUNE, MARCH, ONE, Leaderboard, board, scores, told
from warehouse.easi.facts import read_facts

__all__ = ["board"]

MAP = {"blink": {"counting": ["cr"]}}


def described(load: Load, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = load.described[table].to_pylist()
    return rows


def labels(state: State) -> list[tuple[str, str, str, str]]:
    rows = state.tables["capabilities"].to_pylist()
    return [(row["task"], row["subset"], row["label"], row["name"]) for row in rows]


def test_the_facts_hold_easis_twelve_benchmarks_in_column_order() -> None:
    facts = read_facts()

    assert list(facts.benchmarks) == [
        *("vsi_bench", "mmsi_bench", "mindcube_tiny", "viewspatial", "site", "blink", "3dsrbench", "embspatial"),
        *("mmsi_video_bench", "omnispatial_(manual_cot)", "spar_bench", "vsi_debiased"),
    ]
    assert [name for name in facts.benchmarks if facts.metric(name) == "caa"] == ["site"]
    assert [len(one.sub_scores) for one in facts.benchmarks.values()] == [8, 11, 3, 5, 6, 14, 12, 3, 5, 10, 23, 8]


def test_boards_are_the_eight_the_twelve_and_one_for_every_task_ever_met(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"dsrbench": 1, "blink_gpt-4o": 2}}})
    board.version(JUNE, ONE)

    load, states = board.load()

    names = [row["name"] for row in described(load, "benchmarks")]
    assert names == ["EASI-8", "EASI-12", *read_facts().benchmarks, "dsrbench"]
    assert {row["default_method"] for row in described(load, "benchmarks")} == {"MEAN_SCORED"}
    for state in states:
        tasks: dict[str, list[str]] = {}
        for row in state.tables["benchmark_tasks"].to_pylist():
            tasks.setdefault(row["benchmark"], []).append(row["task"])
            assert (row["splits"], row["subsets"]) == (["test"], ["default"])
        assert list(tasks) == names
        assert tasks["EASI-8"] == list(read_facts().benchmarks)[:8]
        assert tasks["EASI-12"] == list(read_facts().benchmarks)
        assert tasks["dsrbench"] == ["dsrbench"]


def test_known_tasks_are_in_percent_and_unknown_ones_in_no_declared_unit(board: Leaderboard) -> None:
    board.version(MARCH, {"alpha": {"results": {"dsrbench": 1}}})

    load, _ = board.load()

    rows = {row["name"]: row for row in described(load, "tasks")}
    assert (rows["site"]["unit"], rows["site"]["metric"], rows["site"]["display_name"]) == ("PERCENT", "caa", "SITE")
    assert (rows["dsrbench"]["unit"], rows["dsrbench"]["metric"]) == (None, "acc")
    assert {row["type"] for row in rows.values()} == {None}
    assert [row["place"] for row in rows.values()] == list(range(13))


def test_subsets_are_the_headline_then_the_boards_keys_then_others_met(board: Leaderboard) -> None:
    board.version(
        MARCH, {"alpha": {"results": {"embspatial": {"acc": 1, "sub_scores": {"zzz": 1, "mp3d_accuracy": 2}}}}}
    )
    board.write("capability_map.json", {"embspatial": {"mapped": "mm"}})

    load, _ = board.load()

    subsets = [row for row in described(load, "task_subsets") if row["task"] == "embspatial"]
    names = [row["subset"] for row in subsets]
    assert names == ["default", "ai2thor_accuracy", "mp3d_accuracy", "scannet_accuracy", "zzz", "mapped"]
    assert [row["subset"] for row in subsets if row["declared"]] == ["default"]


def test_models_are_described_by_the_newest_version_that_has_them(board: Leaderboard) -> None:
    def model(**config: str) -> dict[str, Any]:
        return {"config": config, "results": {"blink": 1}}

    board.version(MARCH, {"gone": model(), "a": model(model_name="Alpha", model_display_name="Old")})
    board.version(JUNE, {"b": model(name="Beta"), "a": model(model_name="Alpha", link="http://host/alpha")})

    load, _ = board.load()

    assert [(row["place"], row["name"], row["display_name"], row["url"]) for row in described(load, "models")] == [
        (0, "Beta", None, None),
        (1, "Alpha", None, "http://host/alpha"),
        (2, "gone", None, None),
    ]


@pytest.mark.parametrize(
    ("name", "link", "hub_id"),
    [
        ("Alpha-7B", "https://huggingface.co/org/Alpha-7B", "org/Alpha-7B"),
        ("alpha 7b", "https://huggingface.co/org/Alpha_7B/", "org/Alpha_7B"),
        ("org/Alpha-7B", None, "org/Alpha-7B"),
        ("org/Alpha-7B", "https://huggingface.co/else/Alpha-7B", "org/Alpha-7B"),
        ("Alpha-7B", "https://huggingface.co/org/Alpha-7B-Base", None),
        ("Alpha-7B", "http://huggingface.co/org/Alpha-7B", None),
        ("Alpha-7B", "https://huggingface.co.evil/org/Alpha-7B", None),
        ("Alpha-7B", "https://huggingface.co/datasets/Alpha-7B", None),
        ("Alpha-7B", "https://huggingface.co/spaces/org/Alpha-7B", None),
        ("Alpha-7B", "https://huggingface.co/org/Alpha-7B?x=1", None),
        ("---", "https://huggingface.co/org/---", None),
        ("Alpha-7B", None, None),
        ("a/b/c", None, None),
        ("../secret", None, None),
    ],
)
def test_a_hub_id_is_taken_only_where_the_source_itself_names_it(
    board: Leaderboard, name: str, link: str | None, hub_id: str | None
) -> None:
    board.version(MARCH, {"key": {"config": {"model_name": name, "link": link}, "results": {"blink": 1}}})

    load, _ = board.load()

    assert [(hint.name, hint.hub_id) for hint in load.hints] == [(name, hub_id)]


def test_labels_come_with_their_names_one_or_several_and_none(board: Leaderboard) -> None:
    board.version(MARCH, ONE)
    board.write("capability_map.json", {"blink": {"a": ["mm", "pt", "mm"], "b": "da", "c": [], "d": ["new"]}})

    load, [state] = board.load()

    assert labels(state) == [
        ("blink", "a", "mm", "Metric Measurement"),
        ("blink", "a", "pt", "Perspective-taking"),
        ("blink", "b", "da", "Deformation & Assembly"),
        ("blink", "c", None, None),
        ("blink", "d", "new", "new"),
    ]
    assert load.problems == []
    assert load.files == 2


def test_without_a_map_there_are_no_labels_and_no_problem(board: Leaderboard) -> None:
    board.version(MARCH, ONE)

    load, [state] = board.load()

    assert labels(state) == []
    assert load.problems == []


@pytest.mark.parametrize("content", [[{"blink": {"a": ["mm"]}}], None, 5, b"{", b"[" * 100_000])
def test_a_malformed_map_is_a_problem_and_the_versions_load(board: Leaderboard, content: Any) -> None:
    board.version(MARCH, ONE)
    board.write("capability_map.json", content)

    load, [state] = board.load()

    assert labels(state) == []
    assert len(scores(state)) == 1
    assert [problem.path for problem in load.problems] == ["leaderboard/capability_map.json"]


def test_a_malformed_part_of_a_map_is_a_problem_and_the_rest_is_read(board: Leaderboard) -> None:
    content = {"blink": {"a": 5, "b": [None], "c": ["mm"], "": ["mm"]}, "site": ["x"], "nowhere": {"a": ["mm"]}}
    board.version(MARCH, ONE)
    board.write("capability_map.json", content)

    load, [state] = board.load()

    assert labels(state) == [("blink", "c", "mm", "Metric Measurement")]
    assert len(load.problems) == 5
    assert "no version has 'nowhere'" in told(load)


def one_label(label: str) -> dict[str, dict[str, str]]:
    return {"blink": {"a": label}}


def test_a_version_takes_its_own_map_else_the_newest_before_it_else_the_current(board: Leaderboard) -> None:
    stamps = ["20260101T000000", "20260201T000000", "20260301T000000", "20260401T000000", "20260501T000000"]
    for stamp in stamps:
        board.version(f"bench_{stamp}", ONE)
    board.write("capability_map.json", one_label("current"))
    board.write(f"capability_map_{stamps[1]}.json", one_label("february"))
    board.write(f"versions/capability_map_{stamps[3]}.json", one_label("april"))

    load, states = board.load()

    assert [labels(state)[0][2] for state in states] == ["current", "february", "february", "april", "current"]
    assert load.problems == []
    assert load.files == 8


def test_the_newest_version_prefers_its_own_map_to_the_current_one(board: Leaderboard) -> None:
    board.version(MARCH, ONE)
    board.write("capability_map.json", one_label("current"))
    board.write(f"capability_map_{MARCH.removeprefix('bench_')}.json", one_label("own"))

    _, [state] = board.load()

    assert labels(state)[0][2] == "own"


def test_a_saved_api_response_brings_its_own_map(board: Leaderboard) -> None:
    response = {"data": [{"name": "a", "scores": {"blink": 1}}], "capabilityMap": one_label("inside")}
    board.version(MARCH, response)
    board.version(JUNE, {**response, "capabilityMap": {}})
    board.write("capability_map.json", one_label("current"))

    _, states = board.load()

    assert [labels(state)[0][2] for state in states] == ["inside", "current"]


@pytest.mark.parametrize("name", ["capability_map_20261399T000000", "capability_map_old", "capability_map2"])
def test_a_map_without_a_possible_date_is_a_problem(board: Leaderboard, name: str) -> None:
    board.version(MARCH, ONE)
    board.write(f"{name}.json", MAP)

    load, [state] = board.load()

    assert labels(state) == []
    assert f"leaderboard/{name}.json: is not read" in told(load)
