"""The Hub source: which boards there are, what they are called, and what is said of them."""

import json

import pytest

from etl.source import Unreadable
from tests.etl.hub import Sync, bench, described, row, scores, told
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


def test_every_official_benchmark_is_read_page_by_page(hub: FakeHub, sync: Sync) -> None:
    hub.page_size = 2
    for name in ("b/two", "a/one", "c/three"):
        bench(hub, name)
    hub.add_dataset("d/other")

    load, state = sync.load()

    assert [found["name"] for found in described(load, "benchmarks")] == ["a/one", "b/two", "c/three"]
    assert [(found["task"], found["source_model"]) for found in scores(state)] == [
        ("a/one", "org/model"),
        ("b/two", "org/model"),
        ("c/three", "org/model"),
    ]
    assert load.problems == []


def test_a_board_of_one_task_has_the_datasets_name(hub: FakeHub, sync: Sync) -> None:
    bench(hub, tags=["license:mit"])

    load, state = sync.load()

    (board,), (task,) = described(load, "benchmarks"), described(load, "tasks")
    assert board["name"] == task["name"] == "openai/gsm8k"
    assert (board["display_name"], board["description"]) == ("GSM8K", "Grade school maths.")
    assert board["url"] == f"{hub.url}/datasets/openai/gsm8k"
    assert (board["default_method"], board["ranks_variants"], board["in_menu"]) == ("MEAN_SCORED", True, False)
    assert (board["aggregations"], board["show_zero_shot"], board["aliases"]) == ([], False, [])
    assert (task["metric"], task["unit"], task["lower_is_better"]) == ("score", "PERCENT", False)
    assert (task["dataset"], task["license"], task["splits"]) == ("openai/gsm8k", "mit", ["validation"])
    assert described(load, "task_subsets")[0]["subset"] == "default"
    (declared,) = state.tables["benchmark_tasks"].to_pylist()
    assert (declared["benchmark"], declared["task"]) == ("openai/gsm8k", "openai/gsm8k")
    assert (declared["splits"], declared["subsets"], declared["place"]) == (["validation"], ["default"], 0)


def test_several_tasks_are_boards_of_their_own_and_the_dataset_means_the_first(hub: FakeHub, sync: Sync) -> None:
    declared = "name: Two\ntasks:\n- id: Org/first\n- {id: 2025, split: train}\n"
    hub.add_dataset("org/two", {"eval.yaml": declared}, official=True)
    hub.set_board("org/two", [row(value=1)], "Org/first")
    hub.set_board("org/two", [row(value=2)], "2025")

    load, state = sync.load()

    boards = [(board["name"], board["display_name"], board["aliases"]) for board in described(load, "benchmarks")]
    assert boards == [
        ("org/two#Org/first", "Two: Org/first", ["org/two"]),
        ("org/two#2025", "Two: 2025", []),
    ]
    found = [(score["task"], score["split"], score["value"]) for score in scores(state)]
    assert found == [("org/two#Org/first", "test", 1.0), ("org/two#2025", "train", 2.0)]


ALIAS_BOMB = b"a: &a {k: 1}\n" + b"".join(
    b"a%d: &a%d {<<: [%s]}\n" % (n, n, b",".join([b"*a%s" % (b"%d" % (n - 1) if n else b"")] * 9)) for n in range(9)
)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (None, "not found"),
        (b"tasks: [", "not YAML"),
        (b"just text", "not a mapping"),
        (b"name: none", "declares no tasks"),
        (b"tasks: []", "declares no tasks"),
        (b"tasks: [{name: x}]", "without a usable id"),
        (b"tasks: [{id: a}, {id: a}]", "twice"),
        (b"tasks: [{id: 1" + b"1" * 9_000 + b"}]", "not YAML"),
        (b"!!python/object/apply:os.system [id]", "not YAML"),
        (ALIAS_BOMB, "references"),
        (b"tasks: " + b"[" * 5_000, "too deeply"),
        (b"#" * 300_000, "more than"),
    ],
)
def test_without_a_readable_declaration_the_board_is_asked_for_without_a_task(
    declared: bytes | None, said: str, hub: FakeHub, sync: Sync
) -> None:
    hub.add_dataset("org/odd", {} if declared is None else {"eval.yaml": declared}, official=True)
    hub.set_board("org/odd", [row()])

    load, state = sync.load()

    assert [score["task"] for score in scores(state)] == ["org/odd"]
    assert said in told(load)["org/odd/eval.yaml"]
    assert not [request for request in hub.asked("leaderboard") if "task_id" in request.target]


def test_a_listing_that_cannot_be_read_is_unreadable(hub: FakeHub, sync: Sync) -> None:
    hub.fail("/api/datasets", 500)

    with pytest.raises(Unreadable, match="500"):
        sync.load()


def test_a_listed_name_that_is_none_is_left_out(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    listed = [{"id": "openai/gsm8k"}, {"id": "../../etc"}, {"id": "org/.."}, {"name": "x"}, 7, {"id": "openai/gsm8k"}]
    hub.fail(r"/api/datasets\?", 200, body=json.dumps(listed).encode())

    load, _ = sync.load()

    assert [board["name"] for board in described(load, "benchmarks")] == ["openai/gsm8k"]
    assert list(told(load)) == [f"datasets[{place}]" for place in (1, 2, 3, 4)]
