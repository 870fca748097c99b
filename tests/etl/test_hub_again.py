"""The Hub source asked again: conditional requests, labels, caches."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.etl.hub import GSM8K, Sync, bench, row, scores
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


def test_an_unchanged_board_is_not_sent_again(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    first, before = sync.load()
    hub.requests.clear()

    second, after = sync.load()

    boards = hub.asked("leaderboard")
    assert len(boards) == 2
    assert all(request.headers.get("if-none-match", "").startswith('W/"') for request in boards)
    assert after.tables == before.tables
    assert (after.label, second.revision) == (before.label, first.revision)
    assert before.label.startswith("sha256:")
    assert len(before.label) == len("sha256:") + 16


def test_the_label_tells_changed_rows_and_not_their_order(hub: FakeHub, sync: Sync) -> None:
    rows = [row("org/a", 2, rank=1), row("org/b", 1, rank=1)]
    bench(hub, rows=rows)
    hub.fail(r"leaderboard\?task_id=gsm8k$", 404)
    labels = []
    for changed in (rows, rows[::-1], [rows[0], row("org/b", 1.5)]):
        hub.set_board("openai/gsm8k", changed, "gsm8k")
        labels.append(sync.load()[1].label)

    assert labels[0] == labels[1]
    assert labels[2] != labels[0]


def test_the_revision_tells_changed_descriptions(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    first, before = sync.load()
    hub.repos["datasets", "openai/gsm8k"].commit({"eval.yaml": json.dumps(GSM8K | {"name": "Renamed"})})

    second, after = sync.load()

    assert (after.label == before.label, second.revision == first.revision) == (True, False)


def test_a_broken_cache_is_no_cache(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    _, before = sync.load()
    for path in sync.folder.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-3] + b"xyz")

    load, after = sync.load()

    assert after.label == before.label
    assert load.problems == []


def test_a_cache_that_cannot_be_written_is_only_slower(hub: FakeHub, sync: Sync, tmp_path: Path) -> None:
    bench(hub)
    (tmp_path / "cache").write_text("a file where the directory is meant")

    load, state = sync.load()

    assert len(scores(state)) == 1
    assert load.problems == []


def test_the_time_is_that_of_the_sync(hub: FakeHub, sync: Sync) -> None:
    bench(hub)
    sync.now = 1_780_000_000.75

    assert sync.load()[1].at == datetime.fromtimestamp(1_780_000_000, UTC)
