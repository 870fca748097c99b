"""Refreshing: what has moved is told without reading it, and is loaded again, once or beside a server."""

import contextlib
import json
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from api.commands.build import open_sources
from api.commands.refresh import to_build
from api.refreshing import Refreshing
from etl.access import Hub
from etl.marks import mark_files
from etl.moved import Found, Lookout, Recorded
from etl.pipeline import build
from etl.seen import Memory, Seen, read_memory
from tests.conftest import build_dir
from tests.hub import FakeHub
from tests.serving import Asking, Server
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.places import ledger_url
from warehouse.ledger.records import Entry, Evidence, Person, Status, Submission, SubmittedScore
from warehouse.store import Store, StoreError

pytest_plugins = ("tests.hub.fixtures", "tests.running")

Run = Callable[..., Result]
VERSION = "leaderboard/versions/bench_202601{:02}T000000.json"
DAY = 86_400.0
PATIENCE = 30.0


def version(score: float) -> str:
    return json.dumps({"org/model": {"results": {"vsi_bench": {"acc": score}}}})


def write_version(root: Path, day: int = 1) -> Path:
    file = root / VERSION.format(day)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(version(day))
    return file


def current() -> str:
    published = Store(Path("data")).current()
    assert published is not None
    return published.id


def read_now(result: Result) -> list[str]:
    """The sources that a refresh has read."""
    return [source["name"] for source in json.loads(result.stdout)["sources"]]


@pytest.fixture(scope="module")
def built_easi(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with an EASI tree beside the sample's table, and `data` built from both. Read it only."""
    directory = tmp_path_factory.mktemp("built-easi")
    write_version(directory / "easi")
    shutil.copytree(sample / "openevals", directory / "openevals")
    with contextlib.chdir(directory):
        build_dir(Path("data"), {"easi": "easi", "openevals": "openevals"})
    return directory


@pytest.fixture
def unrefreshed(run: Run, built_easi: Path, tmp_path: Path) -> Path:
    """The EASI tree of a copy of it in the working directory."""
    shutil.copytree(built_easi, tmp_path, dirs_exist_ok=True)
    return tmp_path / "easi"


@pytest.fixture
def easi(run: Run, unrefreshed: Path) -> Path:
    """The same, after a first refresh."""
    assert run("refresh").exit_code == 0
    return unrefreshed


def test_what_is_not_known_is_read_and_what_has_not_moved_is_not(run: Run, unrefreshed: Path) -> None:
    Path("data/refresh.json").write_text("something else")
    assert read_now(run("refresh", "--json")) == ["easi", "openevals"]

    result = run("refresh")

    assert result.exit_code == 0
    assert result.stdout == f"Nothing has moved: snapshot {current()} stays.\n"
    assert run("refresh", "--quiet").output == ""
    report = json.loads(run("refresh", "--json").stdout)
    assert (report["snapshot"], report["published"], report["sources"]) == (current(), False, [])


def test_a_source_is_read_alone_when_it_moves_also_after_a_failure(run: Run, easi: Path) -> None:
    file = easi / VERSION.format(1)
    before = current()
    file.unlink()
    failed, waiting = run("refresh", "--json"), run("refresh", "--json")
    file.write_text(version(7))
    mended = run("refresh", "--json")

    assert (failed.exit_code, read_now(failed)) == (1, ["easi"])
    assert (waiting.exit_code, read_now(waiting)) == (1, [])
    assert "easi was not read: " in waiting.stderr
    assert (mended.exit_code, read_now(mended)) == (0, ["easi"])
    assert current() != before

    before = current()
    write_version(easi, 2)

    result = run("refresh", "--json")

    assert (result.exit_code, read_now(result)) == (0, ["easi"])
    assert json.loads(result.stdout)["snapshot"] == current() != before
    assert "Nothing has moved" in run("refresh").stdout

    run("rollback", before)
    write_version(easi, 3)
    chosen = run("refresh")
    assert (chosen.exit_code, current()) == (0, before)
    assert f"Snapshot {before} was chosen by `standings rollback`" in chosen.stderr


def test_beside_another_build_nothing_is_done(run: Run, unrefreshed: Path) -> None:
    before = current()
    with Store(Path("data")).building():
        result = run("refresh")
    assert (result.exit_code, current()) == (4, before)
    assert "another build is writing" in result.stderr


def test_a_ledger_that_cannot_be_read_is_named_once_and_the_others_are_read(run: Run, unrefreshed: Path) -> None:
    Path("data/ledger").mkdir()
    Path("data/ledger/ledger.sqlite3").write_text("no database" * 100)

    results = [run("refresh"), run("refresh")]

    assert [result.exit_code for result in results] == [1, 1]
    assert [result.output.count("submissions was not read: the ledger") for result in results] == [1, 1]
    assert "easi " in results[0].stdout
    assert "easi " not in results[1].stdout


def test_without_a_snapshot_there_is_nothing_to_refresh(run: Run) -> None:
    result = run("refresh")
    assert (result.exit_code, result.stdout) == (0, "Nothing has moved, and there is no snapshot yet.\n")


NOW = 1_800_000_000.0
HUB = Hub("https://hub.example", None, Path("cache"))


def look(*sources: Recorded, memory: Memory | None = None, hub: Hub = HUB) -> tuple[Lookout, list[Found]]:
    lookout = Lookout(memory or Memory(), hub, Path("data"), NOW, hub_seconds=3600.0)
    return lookout, [lookout.look(source) for source in sources]


def looked_at(source: Recorded, memory: Memory | None = None, hub: Hub = HUB) -> Found:
    return look(source, memory=memory, hub=hub)[1][0]


def test_a_dataset_is_asked_for_its_commit_alone_and_not_too_often(hub: FakeHub, tmp_path: Path) -> None:
    repo = hub.add_dataset("org/board", {VERSION.format(1): version(1)})
    there = Hub(hub.url, None, tmp_path)
    board = Recorded("easi", "hf://datasets/org/board", repo.refs["main"], NOW)

    lookout, found = look(board, hub=there)
    memory = lookout.remember("", found, {}, {})
    moved_to = repo.commit({VERSION.format(2): version(2)})

    assert found == [Found(board, board.revision)]
    assert not looked_at(board, memory, there).moved
    assert [request.target for request in hub.requests] == ["/api/datasets/org/board/revision/main"]
    assert looked_at(board, replace(memory, asked_at=NOW - 60.0), there) == Found(board, moved_to, moved=True)


def test_a_hub_that_fails_is_named_and_left_alone_for_a_while(hub: FakeHub, tmp_path: Path) -> None:
    hub.fail("revision/main", 503)
    remote = [Recorded(name, f"hf://datasets/org/{name}", "0" * 40, NOW) for name in ("easi", "openevals")]
    local = Recorded("hub", str(tmp_path), "sha256:1", NOW)
    operator = Hub(hub.url, "hf_secret", tmp_path)

    lookout, found = look(*remote, local, hub=operator)
    _, again = look(*remote, local, memory=lookout.remember("", found, {}, {}), hub=operator)

    assert [(one.moved, one.error) for one in found] == [
        (False, "hf://datasets/org/easi: the Hub answered 503"), (False, None), (True, None),
    ]  # fmt: skip
    assert [one.error for one in again] == [one.error for one in found]
    assert len(hub.requests) == 1


def test_a_catalogue_that_has_moved_has_its_source_read_once(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    mteb = Recorded("mteb", str(tmp_path / "data"), "sha256:1", NOW)
    catalogue = Recorded("mteb-catalog", str(tmp_path), "sha256:2", NOW)
    lookout, found = look(mteb, catalogue)
    read = {"mteb": None, "mteb-catalog": None}
    memory = lookout.remember("", found, {}, read)
    (tmp_path / "menu.json").write_text("[]")

    lookout, found = look(mteb, catalogue, memory=memory)
    assert [one.moved for one in found] == [False, True]
    assert to_build(found) == {"mteb": mteb.uri}

    revisions = {"mteb": "sha256:3", "mteb-catalog": "sha256:4"}
    memory = lookout.remember("", found, revisions, read)
    _, found = look(*(replace(one, revision=revisions[one.name]) for one in (mteb, catalogue)), memory=memory)
    assert to_build(found) == {}


@pytest.mark.parametrize(("age", "due"), [(3599.0, False), (3600.0, True), (-1.0, True)])
def test_live_boards_are_due_when_they_were_read_long_ago(age: float, due: bool) -> None:
    boards = Recorded("hub", "https://hub.example", "sha256:1", NOW - age)
    read_since = Memory(sources={"hub": Seen(boards.uri, boards.revision, "", NOW - 10.0)})

    assert looked_at(boards).moved is due
    assert looked_at(boards, read_since).moved is (age < 0)


def test_the_token_goes_to_the_hub_of_the_settings_alone() -> None:
    boards = Recorded("hub", "https://elsewhere.example", "sha256:1", NOW - DAY)

    found = looked_at(boards, hub=replace(HUB, token="hf_secret"))

    assert not found.moved
    assert "STANDINGS_HUB_URL" in str(found.error)
    assert looked_at(boards).moved


def test_a_source_that_is_gone_stays_as_it_was() -> None:
    found = looked_at(Recorded("easi", "nowhere", "sha256:1", NOW))
    assert (found.moved, found.error) == (False, "nowhere cannot be looked at: No such file or directory")


@pytest.mark.parametrize(("age", "due"), [(299.0, False), (300.0, True)])
def test_a_source_that_cannot_be_read_is_due_again_after_a_while(tmp_path: Path, age: float, due: bool) -> None:
    source = Recorded("easi", str(tmp_path), "sha256:1", NOW)
    mark = mark_files(tmp_path, Path("data"))
    failed = Memory(sources={"easi": Seen(source.uri, source.revision, mark, NOW - age, "it is broken")})

    assert looked_at(source, failed) == Found(source, mark, due, None if due else "it is broken")


@pytest.mark.parametrize("content", ["", "[]", '{"sources": {"easi": 1}}', "[" * 100_000, "\0", " " * 2**21])
def test_a_memory_that_is_none_of_ours_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "refresh.json").write_text(content)
    assert read_memory(tmp_path) == Memory()


def test_a_dataset_at_a_commit_never_moves() -> None:
    sha = "0123456789" * 4
    assert looked_at(Recorded("easi", f"hf://datasets/org/board@{sha}", sha, NOW)) == Found(
        Recorded("easi", f"hf://datasets/org/board@{sha}", sha, NOW), sha
    )


def test_a_change_of_a_file_changes_the_mark(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    file = write_version(root)
    outside = tmp_path / "data"
    outside.mkdir()
    (root / "data").symlink_to(outside)
    (root / "again").symlink_to(root)
    marks = [mark_files(root, outside)]

    def note(expected: bool) -> None:
        marks.append(mark_files(root, outside))
        assert (marks[-1] != marks[-2]) is expected

    note(False)
    (outside / "snapshot").write_text("what we write ourselves")
    (root / ".git").write_text("what is hidden")
    note(False)
    stat = file.stat()
    file.write_text(version(7))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    note(True)
    file.rename(file.with_name("bench_20260102T000000.json"))
    note(True)
    file.symlink_to("nowhere")
    note(True)


def script(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def wait_until(held: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not held():
        assert time.monotonic() < deadline
        time.sleep(0.03)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_command_is_run_again_and_again_and_never_twice_at_once(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = f"import time; f = open({str(trace)!r}, 'a'); f.write('<'); f.flush(); time.sleep(0.05); f.write('>')"
    with Refreshing(script(command), 0.01):
        wait_until(lambda: trace.exists() and trace.read_text().count(">") >= 3)
    assert set(trace.read_text().removesuffix("<").split("<")[1:]) == {">"}


def test_what_a_run_says_is_logged_and_a_failure_once(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.INFO)
    trace = tmp_path / "trace"
    command = f"open({str(trace)!r}, 'a').write('.'); print('one \\x1b[31m'); raise SystemExit('bad')"
    with Refreshing(script(command), 0.01):
        wait_until(lambda: trace.exists() and len(trace.read_text()) >= 3)
    assert [record.getMessage() for record in caplog.records] == [
        "refresh: one ?[31m", "refresh: bad", "refresh: ended with exit code 1",
    ]  # fmt: skip
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_an_expected_exit_code_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with Refreshing(script("print('busy'); raise SystemExit(4)"), 0.01, expected={4}):
        wait_until(lambda: caplog.records)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("INFO", "refresh: busy")]


def test_a_command_that_cannot_be_started_is_logged(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with Refreshing([str(tmp_path / "nothing")], 0.01):
        wait_until(lambda: caplog.records)
    assert "cannot be started" in caplog.text


STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
LASTING = "import os, time; print(os.getpid(), file=open({place!r}, 'w'), flush=True); time.sleep(60)"


@pytest.mark.parametrize("before", ["", STUBBORN], ids=["gently", "by force"])
def test_a_run_is_ended_with_the_server(tmp_path: Path, before: str) -> None:
    place = tmp_path / "process"
    with Refreshing(script(before + LASTING.format(place=str(place))), 0.01, grace_seconds=0.1):
        wait_until(lambda: place.exists() and place.read_text())
    assert not is_running(int(place.read_text()))


def test_a_run_that_takes_too_long_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    with Refreshing(script("import time; time.sleep(60)"), 0.01, most_seconds=0.05):
        wait_until(lambda: caplog.records)
    assert "was ended after 0.05 s" in caplog.text
    assert f"exit code {-signal.SIGTERM}" in caplog.text


@pytest.mark.parametrize("seconds", ["0.5", "often", "-1"])
def test_an_interval_that_cannot_be_is_wrong_use(run: Run, seconds: str) -> None:
    result = run("serve", STANDINGS_REFRESH=seconds)
    assert result.exit_code == 2
    assert "--refresh" in result.output


QUERY = """
{ benchmark(name: "vsi_bench") { leaderboard { entries { nodes { value model { name } } } } } }
"""
QUICKLY = {"STANDINGS_REFRESH": "1", "STANDINGS_LOOK_SECONDS": "0.05"}


def served(server: Server) -> dict[str, float]:
    """Values of the board by model."""
    status, answer = Asking(server.port).ask(QUERY)
    assert (status, answer.get("errors")) == (200, None)
    nodes = answer["data"]["benchmark"]["leaderboard"]["entries"]["nodes"]
    return {node["model"]["name"]: node["value"] for node in nodes}


def submission() -> Submission:
    person = Person("1", "someone")
    entry = Entry(
        "org/sent", "instruction", "bfloat16", "main", "original", None, "vlmevalkit", None,
        (SubmittedScore("vsi_bench", "vsi_bench", None, 61.5),),
    )  # fmt: skip
    return Submission("first", entry, Evidence("0" * 64, 10), person, datetime.now(UTC), "1" * 64)


def assert_refreshed(server: Server, data: Path, root: Path) -> None:
    """What has moved and what was approved is soon served."""
    write_version(root, 2)
    with contextlib.closing(Ledger(ledger_url(data, None))) as ledger:
        ledger.submissions.add(submission(), push=False)
        ledger.submissions.decide("first", Status.APPROVED, Person("2", "reviewer"), None, {Status.PENDING})
    wait_until(lambda: served(server) == {"org/sent": 61.5, "org/model": 2.0})


def is_built(data: Path, hub: FakeHub) -> bool:
    """Whether the Hub's dataset is now in the store, which a refresh may be writing to."""
    store = Store(data)
    try:
        return build(
            store, open_sources({"easi": "hf://datasets/org/board"}, Hub(hub.url, None, data / "cache"), store)
        ).published
    except StoreError:
        return False


def test_a_server_serves_what_is_there_and_soon_what_has_moved_and_stops_with_its_refresh(
    hub: FakeHub, tmp_path: Path
) -> None:
    hub.add_dataset("org/board", {VERSION.format(1): version(1)})
    data, root = tmp_path / "data", tmp_path / "easi"
    store = Store(data)
    write_version(root, 1)
    build_dir(data, {"easi": str(root)})
    first = store.list()[0].id
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        server = Server(data, 1, STANDINGS_KEEP="1", STANDINGS_HUB_URL=address, **QUICKLY)
        server.start()
        try:
            assert server.wait_until_ready()["snapshot"] == first
            assert served(server) == {"org/model": 1.0}
            assert_refreshed(server, data, root)
            assert len(store.list()) == 1

            wait_until(lambda: is_built(data, hub))
            asking, _ = silent.accept()
            with asking:
                asking.settimeout(PATIENCE)
                assert asking.recv(4096).startswith(b"GET /api/datasets/org/board/revision/main ")
                asking.setblocking(False)
                with pytest.raises(BlockingIOError):
                    asking.recv(1)
                assert server.stop() == 0
                assert asking.recv(1) == b""  # the one who asked is gone
        finally:
            server.stop()
