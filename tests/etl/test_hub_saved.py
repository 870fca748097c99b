"""The Hub source from a directory of saved answers."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.source import Unreadable
from etl.sources.hub import HubSource, SavedBoards
from tests.etl.hub import Sync, bench, described, result, row, scores, told
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


@pytest.fixture
def saved(hub: FakeHub, sync: Sync, tmp_path: Path) -> Callable[[], Path]:
    """Saves what the loopback Hub answers, in the layout of SavedBoards."""

    def save() -> Path:
        folder = tmp_path / "saved"
        boards = sync.source() and sync.boards
        assert boards is not None
        write(folder / "datasets.json", boards.datasets())
        for info in boards.datasets():
            place = folder / info["id"]
            place.mkdir(parents=True, exist_ok=True)
            (place / "eval.yaml").write_bytes(boards.declaration(info["id"]))
            for task in hub.boards[info["id"]]:
                assert task is not None
                name = task.replace("/", "__")
                write(place / "leaderboard" / f"{name}.json", boards.board(info["id"], task, whole=True))
                write(place / "leaderboard" / f"{name}.default.json", boards.board(info["id"], task, whole=False))
        for kind, name in hub.repos:
            if kind == "models":
                write(folder / "models" / f"{name}.json", boards.model(name))
        (folder / "at").write_text("2026-03-25T08:00:00Z\n")
        return folder

    return save


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def test_saved_answers_give_the_same_as_the_hub(hub: FakeHub, sync: Sync, saved: Callable[[], Path]) -> None:
    hub.add_model("org/model", evalResults=[result(data={"date": "2026-01-01"})])
    hub.add_model("org/tuned", cardData={"base_model": "org/model"})
    hub.add_dataset("org/two", {"eval.yaml": "tasks: [{id: a/b}, {id: c}]"}, official=True)
    hub.set_board("org/two", [row("org/model"), row("org/tuned", 2)], "a/b")
    hub.set_board("org/two", [row()], "c")
    bench(hub)
    folder = saved()
    _, live = sync.load()
    hub.requests.clear()

    load = HubSource(str(folder), SavedBoards(folder)).load()

    (state,) = load.states
    assert state.tables == live.tables
    assert state.label == live.label
    assert state.at == datetime(2026, 3, 25, 8, tzinfo=UTC)
    assert described(load, "benchmarks")[0]["url"] == "https://huggingface.co/datasets/openai/gsm8k"
    assert load.problems == []
    assert hub.requests == []


def test_a_saved_board_that_is_broken_is_a_problem_and_the_others_load(hub: FakeHub, saved: Callable[[], Path]) -> None:
    bench(hub, "org/bad")
    bench(hub, "org/good")
    folder = saved()
    (folder / "org/bad/leaderboard/gsm8k.json").write_text("[{")

    load = HubSource(str(folder), SavedBoards(folder)).load()

    (state,) = load.states
    assert [score["task"] for score in scores(state)] == ["org/good"]
    assert "not JSON" in told(load)["org/bad"]


def test_saved_answers_without_a_time_are_of_their_newest_file(hub: FakeHub, saved: Callable[[], Path]) -> None:
    bench(hub)
    folder = saved()
    (folder / "at").unlink()
    for path in folder.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))

    assert SavedBoards(folder).at() == datetime.fromtimestamp(1_700_000_000, UTC)
    (folder / "at").write_text("soon")
    with pytest.raises(Unreadable, match="holds no time"):
        SavedBoards(folder).at()


def test_a_directory_without_a_list_of_datasets_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"datasets\.json"):
        HubSource(str(tmp_path), SavedBoards(tmp_path)).load()


def test_a_saved_task_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "secret.json", [row()])
    write(tmp_path / "saved/datasets.json", [{"id": "org/x"}])
    write(tmp_path / "saved/org/x/leaderboard/y.json", [])
    (tmp_path / "saved/org/x/eval.yaml").write_text('tasks: [{id: ".."}, {id: "..\\\\..\\\\secret"}, {id: "a b"}]')

    load = HubSource("saved", SavedBoards(tmp_path / "saved")).load()

    assert scores(next(iter(load.states))) == []
