"""The Hub source when the Hub fails: one board costs no other, and every wait has an end."""

import json
from typing import Any

import pytest

from etl.access import Waits
from tests.etl.hub import GSM8K, TOKEN, Sync, bench, described, scores, told
from tests.hub import FakeHub, Quota
from tests.hub.files import store_address

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"status": 500}, "500"),
    ({"status": 429}, "too many requests"),
    ({"status": 200, "body": b"<html>oops"}, "not JSON"),
    ({"status": 200, "body": b'{"error": "x"}'}, "not a list"),
    ({"status": 200, "body": b"[" * 50_000}, "not JSON"),
    ({"status": 302, "headers": {"Location": "/api/datasets/openai/gsm8k"}}, "not followed"),
    ({"status": 307, "headers": {"Location": "http://localhost:1/steal"}}, "not followed"),
    ({"delay": 0.4}, "did not answer within 0.2 s"),
    ({"status": 200, "body": b" " * 200, "drip": 0.02}, "took more than 0.3 s"),
]


@pytest.mark.parametrize("view", ["base_model=false", r"leaderboard\?task_id=gsm8k$"])
@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_a_failing_board_is_unread_and_the_others_load(
    fault: dict[str, Any], said: str, view: str, hub: FakeHub, sync: Sync
) -> None:
    bench(hub, "org/bad")
    bench(hub, "org/good")
    hub.fail(f"org/bad/.*{view}", **fault)

    load, state = sync.load(waits=Waits(0.2, 0.3, 1, 0.0, 0.0))

    assert state.unread_tasks == {"org/bad"}
    assert [score["task"] for score in scores(state)] == ["org/good"]
    assert state.tables["benchmark_tasks"]["benchmark"].to_pylist() == ["org/good"]
    assert [board["name"] for board in described(load, "benchmarks")] == ["org/good"]
    (problem,) = load.problems
    assert said in problem.message
    assert hub.url not in problem.message


def test_a_failure_alone_is_no_new_state(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("org/model", tags=["license:mit"])
    bench(hub)
    before, earlier = sync.load()
    hub.fail("leaderboard", 500)
    hub.fail("eval.yaml", 500)

    load, state = sync.load()

    assert state.unread_tasks == {"openai/gsm8k"}
    assert scores(state) == []
    assert (state.label, load.revision) == (earlier.label, before.revision)
    assert described(load, "models") == described(before, "models")
    assert "the last one was taken" in told(load)["openai/gsm8k/eval.yaml"]


def test_a_dataset_whose_tasks_cannot_be_told_is_unread(hub: FakeHub, sync: Sync) -> None:
    bench(hub, "org/bad")
    bench(hub, "org/good")
    hub.fail("org/bad/resolve", 503)

    load, state = sync.load()

    assert state.unread_tasks == {"org/bad"}
    assert not hub.asked("org/bad/leaderboard")
    assert [score["task"] for score in scores(state)] == ["org/good"]
    assert "stay as they were" in told(load)["org/bad/eval.yaml"]


def test_no_leaderboard_is_no_problem_in_either_form(hub: FakeHub, sync: Sync) -> None:
    bench(hub, "org/empty", rows=[])
    hub.add_dataset("org/none", {"eval.yaml": json.dumps(GSM8K)}, official=True)

    load, state = sync.load()

    assert scores(state) == []
    assert state.unread_tasks == frozenset()
    assert load.problems == []
    assert len(described(load, "benchmarks")) == 2


def test_files_and_models_are_not_followed_to_another_host(hub: FakeHub, sync: Sync) -> None:
    hub.add_person(TOKEN, "operator")
    bench(hub, gated=True)
    hub.repos["datasets", "openai/gsm8k"].granted.add("operator")
    hub.fail("resolve|models", 302, headers={"Location": f"{store_address(hub)}/steal"})

    load, _ = sync.load(TOKEN)

    assert not [request for request in hub.requests if request.host in store_address(hub)]
    assert "not followed" in told(load)["models"]
    assert "not followed" in told(load)["openai/gsm8k/eval.yaml"]


def test_a_model_that_moved_is_found_at_its_new_name(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("new/model", tags=["license:mit"])
    bench(hub)
    hub.fail("/api/models/org/model", 307, headers={"Location": "/api/models/new/model"})

    (model,) = described(sync.load()[0], "models")

    assert (model["name"], model["license"]) == ("org/model", "mit")


def test_an_answer_that_is_too_long_is_cut_off(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("org/model")
    bench(hub)
    hub.fail("/api/models/", 200, body=b'{"tags": ["license:mit"]}' + b" " * 4 * 2**20)

    load, state = sync.load()

    assert len(scores(state)) == 1
    assert "more than 4,194,304 bytes" in told(load)["models"]


def test_passing_failures_are_asked_again(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    for status in (429, 503):
        hub.fail("base_model=false", status, times=1)

    load, state = sync.load(waits=Waits(attempts=3, first=0.0, longest=0.0))

    assert len(scores(state)) == 1
    assert load.problems == []


def test_a_hub_that_goes_away_is_not_asked_for_ever(hub: FakeHub, sync: Sync) -> None:
    for number in range(20):
        bench(hub, f"org/b{number:02}")
    hub.fail("leaderboard", 503)

    _, state = sync.load()

    assert len(state.unread_tasks) == 20
    assert len(hub.asked("leaderboard")) <= 20


def test_a_used_up_rate_window_is_waited_for_before_the_next_request(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    hub.quota = Quota(left=2, seconds=55)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        hub.quota = Quota(left=100, seconds=300)

    load, state = sync.load(waits=Waits(attempts=1, sleep=sleep))

    assert len(scores(state)) == 1
    assert [round(seconds) for seconds in slept] == [55]
    assert load.problems == []


def test_waiting_for_rate_windows_has_an_end(hub: FakeHub, sync: Sync) -> None:
    for number in range(8):
        bench(hub, f"org/b{number}")
    hub.quota = Quota(left=3, seconds=300)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        hub.quota = Quota(left=2, seconds=300)

    load, state = sync.load(waits=Waits(attempts=1, windows=700.0, sleep=sleep))

    assert [round(seconds) for seconds in slept] == [300, 300]
    assert state.unread_tasks
    assert any("too long" in problem.message for problem in load.problems)
