"""What is asked of a leaderboard decides what is ranked, as if there were nothing else."""

from statistics import fmean
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.rankings import METHODS, RANKED, document, entries, every_task, names, rank, size, versions
from tests.asking import refusal

TEXTS = "SampleMTEB(v2)"
PAGES = "SampleViDoRe"
SPACE = "EASI-8"
SMALL = {"parameters": {"lt": 600_000_000}}


def refused(client: TestClient, board: str = TEXTS, **arguments: Any) -> str:
    """Why a leaderboard cannot be asked for this way."""
    error = refusal(client, document(arguments, "method"), board=board, **arguments)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    return str(error["message"])


def same(found: Any, wanted: Any, *but: str) -> bool:
    """Whether two answers rank the same entries alike, but for some fields of theirs."""
    ours, theirs = (
        [{name: value for name, value in entry.items() if name not in but} for entry in entries(board)]
        for board in (found, wanted)
    )
    return bool(found["tasks"] == wanted["tasks"] and ours == theirs)


# --- what is refused ---


def test_an_unknown_language_is_named(client: TestClient) -> None:
    assert "'Klingon'" in refused(client, languages=["English", "Klingon"])


def test_weights_are_wanted_by_their_method_and_by_no_other(client: TestClient) -> None:
    assert "`weights`" in refused(client, method="WEIGHTED")
    weights = [{"task": "SampleNewsRetrieval", "weight": 1}]
    assert "BORDA" in refused(client, method="BORDA", weights=weights)
    assert rank(client, TEXTS, "method", weights=weights)["method"] == "WEIGHTED"


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ([], "weights"),
        ([("SampleNewsRetrieval", -0.5)], "-0.5"),
        ([("SampleNewsRetrieval", 1e308), ("SampleForumClustering", 1e308)], "weight"),
        ([("SampleNewsRetrieval", 0)], "0"),
        ([("SampleNews", 1)], "'SampleNews'"),
        ([("SamplePhotoRetrieval", 1)], "'SamplePhotoRetrieval'"),
        ([("SampleNewsRetrieval", 1), ("SampleNewsRetrieval", 2)], "SampleNewsRetrieval"),
    ],
)
def test_a_weight_that_cannot_be_is_named(client: TestClient, weights: list[tuple[str, float]], reason: str) -> None:
    asked = [{"task": task, "weight": weight} for task, weight in weights]
    assert reason in refused(client, weights=asked)


def test_a_time_and_a_version_do_not_go_together(client: TestClient) -> None:
    version = versions(client, SPACE)[0]
    assert "not both" in refused(client, SPACE, asOf=version["at"], version=version["id"])


def test_a_version_of_another_source_is_refused_by_name(client: TestClient) -> None:
    version = versions(client, SPACE)[0]
    message = refused(client, TEXTS, version=version["id"])
    assert version["label"] in message
    assert "easi" in message
    assert "mteb" in message


@pytest.mark.parametrize("id", ["", "garbage", "WyJNb2RlbCIsIngiXQ", "WyJWZXJzaW9uIl0", "😀", "W" * 10_000])
def test_an_id_of_no_version_is_refused(client: TestClient, id: str) -> None:
    assert len(refused(client, SPACE, version=id)) < 300


# --- what is ranked ---


def test_the_boards_own_method_is_what_is_ranked_by_without_asking(client: TestClient) -> None:
    for board, own in ((TEXTS, "BORDA"), (PAGES, "MEAN_PUBLIC_PRIVATE"), (SPACE, "MEAN_SCORED")):
        assert rank(client, board, method=own) == rank(client, board)


@pytest.mark.parametrize("board", [TEXTS, PAGES, SPACE])
def test_another_method_gives_ranks_by_value_with_gaps_after_ties_and_none_without(
    client: TestClient, board: str
) -> None:
    whole = rank(client, board, f"method {RANKED}")
    weights = [{"task": task, "weight": number} for number, task in enumerate(every_task(client, board))]
    for method in METHODS:
        if method == whole["method"]:
            continue
        found = rank(client, board, RANKED, method=method, **({"weights": weights} if method == "WEIGHTED" else {}))
        values = [entry["value"] for entry in entries(found)]
        known = sorted((value for value in values if value is not None), reverse=True)
        assert values == known + [None] * (len(values) - len(known))
        assert [entry["rank"] for entry in entries(found)] == [
            None if value is None else known.index(value) + 1 for value in values
        ]
        assert set(names(found)) == set(names(whole))


def test_equal_weights_of_all_tasks_are_the_plain_mean(client: TestClient) -> None:
    weights = [{"task": task, "weight": 2.5} for task in every_task(client, TEXTS)]
    found = {entry["model"]["name"]: entry["value"] for entry in entries(rank(client, TEXTS, RANKED, weights=weights))}
    plain = {
        entry["model"]["name"]: entry["value"] for entry in entries(rank(client, TEXTS, RANKED, method="MEAN_TASK"))
    }
    assert found == {name: value if value is None else pytest.approx(value) for name, value in plain.items()}


def test_a_win_rate_is_the_mean_share_of_others_beaten(client: TestClient) -> None:
    found = entries(rank(client, TEXTS, method="WIN_RATE"))
    columns = list(zip(*(entry["taskValues"] for entry in found), strict=True))
    for place, entry in enumerate(found):
        shares = []
        for column in columns:
            others = [value for other, value in enumerate(column) if other != place and value is not None]
            if column[place] is not None and others:
                beaten = [(value < column[place]) + (value == column[place]) / 2 for value in others]
                shares.append(fmean(beaten))
        assert entry["value"] == (pytest.approx(fmean(shares)) if shares else None)


@pytest.mark.parametrize("method", [None, "MEAN_SCORED", "WIN_RATE"])
def test_a_condition_on_models_ranks_those_it_names_as_if_there_were_no_others(
    client: TestClient, method: str | None
) -> None:
    chosen = [
        entry["model"]["name"]
        for entry in entries(rank(client, TEXTS))
        if (known := size(entry)) is not None and known < 600_000_000
    ]
    found = rank(client, TEXTS, method=method, models=SMALL)
    assert sorted(names(found)) == sorted(chosen)
    assert found["totalModels"] == len(chosen)
    assert entries(found)[0]["rank"] == 1
    assert same(found, rank(client, TEXTS, method=method, models={"name": {"in": chosen}}))


def test_points_are_those_among_the_chosen(client: TestClient) -> None:
    """Two models: on each of five tasks that both have the better one gets a point."""
    pair = ["sample-lab/sample-embed-giant", "sample-lab/sample-embed-small"]
    found = entries(rank(client, TEXTS, RANKED, models={"name": {"in": pair}}))
    assert [(entry["rank"], entry["model"]["name"], entry["value"]) for entry in found] == [
        (1, pair[0], 5.0), (2, pair[1], 0.0),
    ]  # fmt: skip


def test_a_condition_on_tasks_leaves_the_others_out(client: TestClient) -> None:
    found = rank(client, TEXTS, tasks={"type": {"eq": "Classification"}})
    assert [task["name"] for task in found["tasks"]] == ["SampleTopicClassification", "SampleReviewClassification"]
    assert found["taskTypes"] == ["Classification"]
    whole = {entry["model"]["name"]: entry for entry in entries(rank(client, TEXTS))}
    for entry in entries(found):
        assert entry["taskValues"] == whole[entry["model"]["name"]]["taskValues"][1:3]
        assert entry["meanTask"] == entry["meanTaskType"]
        assert entry["coverage"]["expected"] == 2
    left = {name for name, entry in whole.items() if entry["taskValues"][1:3] == [None, None]}
    assert left
    assert set(names(found)) == set(whole) - left
    assert found["totalModels"] == len(whole) - len(left)


def test_zero_shot_ranks_those_whose_share_it_allows(client: TestClient) -> None:
    whole = {entry["model"]["name"]: entry["zeroShotPercent"] for entry in entries(rank(client, TEXTS))}
    for where, chosen in (
        ({"gte": 80}, [name for name, percent in whole.items() if (percent or 0) >= 80]),
        ({"lt": 100}, [name for name, percent in whole.items() if percent is not None and percent < 100]),
        ({"isNull": True}, [name for name, percent in whole.items() if percent is None]),
    ):
        found = rank(client, TEXTS, zeroShotPercent=where)
        assert chosen
        assert same(found, rank(client, TEXTS, models={"name": {"in": chosen}}))
        assert {entry["model"]["name"]: entry["zeroShotPercent"] for entry in entries(found)} == {
            name: whole[name] for name in chosen
        }


def test_zero_shot_counts_the_tasks_that_are_asked_for(client: TestClient) -> None:
    found = rank(client, TEXTS, RANKED, zeroShotPercent={"eq": 0}, tasks={"name": {"eq": "SampleNewsRetrieval"}})
    marked = rank(client, TEXTS, RANKED, models={"trainedOn": {"containsAny": ["SampleNewsRetrieval"]}})
    assert sorted(names(found)) == sorted(names(marked))


def test_common_tasks_are_those_that_all_who_are_ranked_have(client: TestClient) -> None:
    found = rank(client, TEXTS, models=SMALL, commonTasksOnly=True)
    columns = [task["name"] for task in found["tasks"]]
    plain = rank(client, TEXTS, models=SMALL)
    wanted = [
        task["name"]
        for task, values in zip(
            plain["tasks"], zip(*(entry["taskValues"] for entry in entries(plain)), strict=True), strict=True
        )
        if None not in values
    ]
    assert columns == wanted
    assert columns
    assert len(columns) < len(plain["tasks"])
    assert same(found, rank(client, TEXTS, models=SMALL, tasks={"name": {"in": columns}}), "zeroShotPercent")
    assert all(entry["meanTask"] is not None for entry in entries(found))


def test_the_board_without_models_trained_on_a_task(client: TestClient) -> None:
    """Who declares no training data stays: nothing is known against it."""
    marked = "SampleNewsRetrieval"
    whole = entries(rank(client, TEXTS))
    trained = [entry["model"]["name"] for entry in whole if marked in (entry["trainedOnTasks"] or [])]
    found = rank(client, TEXTS, models={"not": {"trainedOn": {"containsAny": [marked]}}})
    assert len(trained) > 1
    assert sorted(names(found)) == sorted(
        entry["model"]["name"] for entry in whole if entry["model"]["name"] not in trained
    )
    assert any(entry["trainedOnTasks"] is None for entry in entries(found))
    assert entries(found)[0]["rank"] == 1


def test_no_model_no_task_and_no_language_are_an_empty_board(client: TestClient) -> None:
    nothing: list[dict[str, Any]] = [
        {"models": {"name": {"in": []}}},
        {"tasks": {"name": {"in": []}}},
        {"languages": []},
    ]
    for arguments in nothing:
        found = rank(client, TEXTS, **arguments)
        assert (entries(found), found["totalModels"], found["tasks"], found["taskTypes"]) == ([], 0, [], [])


# --- languages ---


def test_languages_may_be_given_by_code_by_name_and_without_the_script(client: TestClient) -> None:
    german = rank(client, TEXTS, languages=["deu-Latn"])
    assert [task["name"] for task in german["tasks"]] == ["SampleTopicClassification", "SampleSentencePairs"]
    for name in ("deu", "German (Latin)"):
        assert rank(client, TEXTS, languages=[name]) == german
    both = rank(client, TEXTS, languages=["deu-Latn", "French (Latin)"])
    assert both == rank(client, TEXTS, languages=["fra-Latn", "deu"])
    assert both != german


def test_in_a_language_means_are_over_what_a_model_has(client: TestClient) -> None:
    found = rank(client, TEXTS, languages=["eng"])
    kinds = {task["name"]: task["type"] for task in found["tasks"]}
    lenient = 0
    for entry in entries(found):
        held = {task: value for task, value in zip(kinds, entry["taskValues"], strict=True) if value is not None}
        by_type = {
            kind: fmean([value for task, value in held.items() if kinds[task] == kind])
            for kind in dict.fromkeys(kinds[task] for task in held)
        }
        types = {each["taskType"]: each["value"] for each in entry["taskTypeScores"] if each["value"] is not None}
        assert entry["meanTask"] == pytest.approx(fmean(held.values()))
        assert types == pytest.approx(by_type)
        assert entry["meanTaskType"] == pytest.approx(fmean(by_type.values()))
        lenient += len(held) < len(kinds)
    assert lenient


def test_a_task_is_complete_in_a_language_by_what_others_have_in_it(client: TestClient) -> None:
    """A model without the German pairs has no score on the task, but all of its English pairs."""
    model = "sample-university/many-tongues"
    values = {}
    for languages in (None, ["eng"], ["fra"]):
        board = rank(client, TEXTS, languages=languages)
        (entry,) = [entry for entry in entries(board) if entry["model"]["name"] == model]
        columns = [task["name"] for task in board["tasks"]]
        values[languages and languages[0]] = dict(zip(columns, entry["taskValues"], strict=True))
    assert values[None]["SampleSentencePairs"] is None
    assert "SampleSentencePairs" not in values["fra"]
    assert values["fra"]["SampleTopicClassification"] is not None


@pytest.mark.parametrize(
    ("board", "method"),
    [*((TEXTS, method) for method in METHODS), (PAGES, None), (SPACE, None), ("sample-lab/sample-reasoning", None)],
)
def test_all_arguments_at_once_are_answered(client: TestClient, board: str, method: str | None) -> None:
    version = versions(client, board)[-1]
    weights = [{"task": task, "weight": 1.5} for task in every_task(client, board)]
    arguments = {
        "method": method,
        "weights": weights if method == "WEIGHTED" else None,
        "version": version["id"],
        "models": {"or": [SMALL, {"parameters": {"isNull": True}}, {"name": {"contains": "a"}}]},
        "zeroShotPercent": {"gte": 0},
        "tasks": {"not": {"name": {"eq": "SampleForumClustering"}}},
        "commonTasksOnly": True,
        "languages": ["eng", "German (Latin)"],
    }
    found = rank(client, board, f"method version {{ label }} {RANKED}", **arguments)
    assert method in (None, found["method"])
    assert found["version"] == {"label": version["label"]}
    assert bool(entries(found)) == (board in (TEXTS, PAGES))
    assert all(entry["coverage"]["scored"] == entry["coverage"]["expected"] for entry in entries(found))


# --- time ---


def test_the_newest_version_and_now_are_the_board_as_it_is(client: TestClient) -> None:
    whole = rank(client, SPACE)
    assert rank(client, SPACE, version=versions(client, SPACE)[-1]["id"]) == whole
    assert rank(client, SPACE, asOf="2100-01-01T00:00:00Z") == whole


def test_a_version_and_its_time_and_the_time_up_to_the_next_are_one(client: TestClient) -> None:
    older, newer = versions(client, SPACE)
    found = rank(client, SPACE, version=older["id"])
    assert found["version"] == {"label": older["label"]}
    assert rank(client, SPACE, asOf=older["at"]) == found
    assert rank(client, SPACE, asOf="2026-06-01T08:59:59.999999Z") == found
    assert found != rank(client, SPACE, version=newer["id"])
    assert entries(found)


def test_before_the_first_version_nothing_is_ranked(client: TestClient) -> None:
    found = rank(client, SPACE, asOf="2026-03-01T08:59:59Z")
    assert (found["version"], found["totalModels"], entries(found)) == (None, 0, [])
