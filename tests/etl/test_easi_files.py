"""EASI: which files are versions, when they were made, and what is refused."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.fetch import Tree
from etl.source import Load, State, Unreadable
from etl.sources.easi import EasiSource, files

MARCH, JUNE = "bench_20260301T090000", "bench_20260601T090000"
ONE = {"alpha": {"results": {"blink": {"acc": 50.5}}}}


class Leaderboard:
    """A leaderboard directory in the making."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "leaderboard" / "versions").mkdir(parents=True)

    def version(self, name: str, content: Any) -> Path:
        return self.write(f"versions/{name}.json", content)

    def write(self, path: str, content: Any) -> Path:
        file = self.root / "leaderboard" / path
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return file

    def load(self, revision: str | None = None, at: datetime | None = None) -> tuple[Load, list[State]]:
        load = EasiSource("here", Tree(self.root, revision, at)).load()
        return load, list(load.states)


def scores(state: State) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = state.tables["scores"].to_pylist()
    return rows


def told(load: Load) -> str:
    return "\n".join(f"{problem.path}: {problem.message}" for problem in load.problems)


@pytest.fixture
def board(tmp_path: Path) -> Leaderboard:
    return Leaderboard(tmp_path)


def test_every_version_file_is_a_state_oldest_first(board: Leaderboard) -> None:
    board.version(JUNE, ONE)
    board.version(MARCH, ONE)
    board.write("versions/README.md", b"no version")

    load, states = board.load()

    assert [(state.label, state.at) for state in states] == [
        (MARCH, datetime(2026, 3, 1, 9, tzinfo=UTC)),
        (JUNE, datetime(2026, 6, 1, 9, tzinfo=UTC)),
    ]
    assert load.files == 2
    assert load.problems == []


def test_the_leaderboard_directory_itself_is_accepted(board: Leaderboard) -> None:
    board.version(MARCH, ONE)
    board.root = board.root / "leaderboard"

    _, [state] = board.load()

    assert scores(state)[0]["provenance_path"] == f"leaderboard/versions/{MARCH}.json"


def test_a_name_without_a_date_takes_last_updated_then_the_commit_then_the_file_time(board: Leaderboard) -> None:
    board.version("latest", {"data": [{"name": "a", "scores": {"blink": 1}}], "lastUpdated": "2026-04-05T06:07:08Z"})
    os.utime(board.version("plain", ONE), (1_700_000_000, 1_700_000_000))

    _, by_file = board.load()
    _, by_commit = board.load(revision="c" * 40, at=datetime(2026, 7, 1, tzinfo=UTC))

    assert [(state.label, state.at) for state in by_file] == [
        ("plain", datetime.fromtimestamp(1_700_000_000, UTC)),
        ("latest", datetime(2026, 4, 5, 6, 7, 8, tzinfo=UTC)),
    ]
    assert [(state.label, state.at) for state in by_commit] == [
        ("latest", datetime(2026, 4, 5, 6, 7, 8, tzinfo=UTC)),
        ("plain", datetime(2026, 7, 1, tzinfo=UTC)),
    ]


def test_an_impossible_date_in_a_name_is_a_problem_unless_the_content_is_dated(board: Leaderboard) -> None:
    dated = {"data": [{"name": "a", "scores": {"blink": 1}}], "lastUpdated": "2026-04-05T06:07:08Z"}
    board.version("bench_16260228T040553", ONE)
    board.version("bench_20260230T040553", ONE)
    board.version("bench_20261399T000000", dated)
    board.version(MARCH, ONE)

    load, states = board.load()

    assert [state.label for state in states] == [MARCH, "bench_20261399T000000"]
    assert [problem.path for problem in load.problems] == [
        "leaderboard/versions/bench_16260228T040553.json",
        "leaderboard/versions/bench_20260230T040553.json",
    ]
    assert "name it bench_YYYYMMDDTHHMMSS.json" in load.problems[0].message


def test_versions_of_one_time_follow_each_other_in_name_order(board: Leaderboard) -> None:
    for name in ("b", "a", "c"):
        board.version(f"bench_20260301T090000_{name}", ONE)

    _, states = board.load()

    assert [(state.label[-1], state.at.microsecond) for state in states] == [("a", 0), ("b", 1), ("c", 2)]


def test_the_revision_is_the_commit_or_a_hash_of_names_and_contents(board: Leaderboard) -> None:
    file = board.version(MARCH, ONE)
    hashed, states = board.load()
    committed, committed_states = board.load(revision="c" * 40)
    renamed = file.rename(file.with_name("bench_20260302T090000.json"))
    after_renaming, _ = board.load()
    renamed.write_text(json.dumps({"alpha": {"results": {"blink": {"acc": 50.6}}}}))
    after_change, _ = board.load()

    assert committed.revision == "c" * 40
    assert committed_states[0].revision == "c" * 40
    assert scores(committed_states[0])[0]["provenance_revision"] == "c" * 40
    assert scores(states[0])[0]["provenance_revision"] is None
    assert len({hashed.revision, after_renaming.revision, after_change.revision}) == 3
    assert all(len(one.revision) == len("sha256:") + 16 for one in (hashed, after_renaming, after_change))
    assert after_change.revision == board.load()[0].revision


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"alpha": {"results": {"blink"', "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"", "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'"text"', "neither a map nor a list"),
        (b"{}", "no model with results"),
        (b"[]", "no model with results"),
        (b'{"error": "Failed to load"}', "no model with results"),
        (b'{"data": []}', "no model with results"),
        (b"x" * (files.MOST_BYTES + 1), "is larger than"),
    ],
)
def test_a_malformed_version_is_skipped_and_the_others_load(board: Leaderboard, content: bytes, reason: str) -> None:
    board.version(JUNE, content)
    board.version(MARCH, ONE)

    load, states = board.load()

    assert [state.label for state in states] == [MARCH]
    assert {problem.path for problem in load.problems} == {f"leaderboard/versions/{JUNE}.json"}
    assert reason in told(load)


def test_a_directory_named_like_a_version_is_a_problem(board: Leaderboard) -> None:
    (board.root / f"leaderboard/versions/{JUNE}.json").mkdir()
    board.version(MARCH, ONE)

    load, states = board.load()

    assert len(states) == 1
    assert "is not a file" in told(load)


def test_a_pipe_named_like_a_version_does_not_hang(board: Leaderboard) -> None:
    os.mkfifo(board.root / f"leaderboard/versions/{JUNE}.json")
    board.version(MARCH, ONE)

    load, states = board.load()

    assert len(states) == 1
    assert "is not a file" in told(load)


def test_a_byte_order_mark_is_no_hindrance(board: Leaderboard) -> None:
    board.version(MARCH, b"\xef\xbb\xbf" + json.dumps(ONE).encode())

    load, [state] = board.load()

    assert scores(state)[0]["value"] == 50.5
    assert load.problems == []


def test_only_the_last_versions_by_name_are_read_where_there_are_too_many(
    board: Leaderboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_VERSIONS", 1)
    board.version(MARCH, ONE)
    board.version(JUNE, ONE)

    load, states = board.load()

    assert [state.label for state in states] == [JUNE]
    assert "holds 2 versions; only the last 1" in told(load)


def test_a_version_that_changes_between_its_two_readings_is_a_problem(board: Leaderboard) -> None:
    board.version(MARCH, ONE)
    gone = board.version(JUNE, ONE)
    load = EasiSource("here", Tree(board.root, None, None)).load()
    gone.unlink()

    assert [state.label for state in load.states] == [MARCH]
    assert "changed while it was read" in told(load)


def test_no_readable_version_at_all_is_unreadable(board: Leaderboard) -> None:
    with pytest.raises(Unreadable, match="EASI at here: no file of leaderboard/versions can be read"):
        board.load()
    board.version(MARCH, b"{")
    with pytest.raises(Unreadable, match=rf"{MARCH}\.json is not JSON"):
        board.load()


def test_a_place_without_versions_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no directory leaderboard/versions"):
        EasiSource("there", Tree(tmp_path, None, None)).load()
