"""Publishing is all or nothing: whatever happens in between, the last good snapshot is served."""

import os
import resource
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.warehouse.stores import day, publish, write_tiny
from warehouse.snapshot import Serving, Snapshot
from warehouse.store import FILE, Store, StoreError, snapshot_id

SECONDS = 60


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that can be served."""
    return write_tiny(tmp_path_factory.mktemp("content") / "tiny.duckdb")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def ids(store: Store) -> list[str]:
    return [snapshot.id for snapshot in store.list()]


def test_an_empty_directory_has_no_snapshot(store: Store) -> None:
    assert store.current() is None
    assert store.list() == []


def test_what_is_published_is_current_and_says_when_it_was_built(store: Store, content: Path) -> None:
    published = publish(store, content, 3)

    assert store.current() == published
    assert published.built_at == day(3)
    assert published.file.read_bytes() == content.read_bytes()
    assert not (store.root / "workspace").exists()


def test_snapshots_are_listed_newest_first_and_an_older_one_can_be_served_again(store: Store, content: Path) -> None:
    older, newer = publish(store, content, 1), publish(store, content, 2)
    assert ids(store) == [newer.id, older.id]

    store.point_to(store.find(older.id))

    assert store.current() == older
    assert ids(store) == [newer.id, older.id]


def test_the_oldest_beyond_the_limit_go_but_never_the_current(store: Store, content: Path) -> None:
    first = publish(store, content, 1)
    for number in (2, 3, 4):
        publish(store, content, number, keep=2)
    assert [name[:8] for name in ids(store)] == ["20260104", "20260103"]
    assert not first.folder.exists()

    rolled_back = store.find(ids(store)[1])
    store.point_to(rolled_back)
    store._retain(1)

    assert store.current() == rolled_back


def test_of_two_snapshots_of_one_second_the_later_is_the_newer(store: Store, content: Path) -> None:
    made = []
    for digest in ("ffffffff", "88888888", "00000000"):
        with store.building() as workspace:
            (workspace / "snapshot").mkdir()
            (workspace / "snapshot" / FILE).write_bytes(content.read_bytes())
            made.append(store.publish(workspace / "snapshot", store.next_id(digest), keep=2))

    assert store.current() == made[2]
    assert store.list() == [made[2], made[1]]


def test_an_id_that_is_no_snapshot_is_refused(store: Store, content: Path) -> None:
    known = publish(store, content, 1).id
    assert known == "20260101T000000Z-00000001"

    for name in (
        "", ".", "..", "../..", f"../snapshots/{known}", "/etc", f"{known}/..", f"{known}\n",
        "20260101T000000Z-0000000G", "20260101T000000Z-00000009", "２０２６0101T000000Z-00000001",
    ):  # fmt: skip
        with pytest.raises(StoreError, match="standings snapshots"):
            store.find(name)


def test_a_pointer_that_leads_out_is_refused(store: Store, content: Path) -> None:
    published = publish(store, content, 1)
    published.folder.rename(store.root / published.id)
    for pointer in (f"../{published.id}", f"{store.root}/{published.id}", published.id):
        store.pointer.write_text(pointer)
        with pytest.raises(StoreError):
            store.current()


def test_a_pointer_that_is_no_text_says_what_to_do(store: Store, content: Path) -> None:
    publish(store, content, 1)
    store.pointer.write_bytes(b"\xff\xfe")

    with pytest.raises(StoreError, match="standings rollback"):
        store.current()


def test_other_files_among_the_snapshots_are_no_snapshots(store: Store, content: Path) -> None:
    published = publish(store, content, 1)
    (store.snapshots / "notes").mkdir()
    (store.snapshots / "20260105T000000Z-00000005").mkdir()

    assert ids(store) == [published.id]


def test_a_second_build_is_refused_while_one_runs(store: Store) -> None:
    with store.building() as workspace, pytest.raises(StoreError, match="another build"), Store(store.root).building():
        pytest.fail("two builds at once")
    assert not workspace.exists()

    with store.building() as again:
        assert again.is_dir()


def forked(work: Callable[[], object]) -> int:
    """Start `work` in a process of its own, a copy of this one; its id. It ends with 1 where the work fails."""
    process = os.fork()
    if process:
        return process
    try:
        signal.alarm(SECONDS)
        work()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(process: int) -> int:
    """How a process ended: its exit code, or the signal that killed it, negative."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_the_lock_of_a_build_that_was_killed_is_free(store: Store) -> None:
    begun, tell = os.pipe()

    def build() -> None:
        with store.building() as workspace:
            (workspace / "rest").write_text("of a build")
            os.write(tell, b"building")
            signal.pause()

    process = forked(build)
    os.close(tell)
    assert os.read(begun, 8) == b"building"
    os.close(begun)
    with pytest.raises(StoreError, match="another build"), store.building():
        pytest.fail("two builds at once")

    os.kill(process, signal.SIGKILL)
    assert ended(process) == -signal.SIGKILL

    with store.building() as workspace:
        assert list(workspace.iterdir()) == []


def publish_and_die(store: Store, content: Path, moment: str) -> None:
    """Publishes, and dies by SIGKILL at one call on the way. For a process of its own."""
    write = Path.write_text

    def die(*_: object, **__: object) -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("killed")

    def write_half(path: Path, text: str, **options: Any) -> NoReturn:
        write(path, text[:7], **options)
        die()

    owner, name, last = {
        "before the rename": (Path, "rename", die),
        "after the rename": (Path, "write_text", die),
        "in the middle of the pointer": (Path, "write_text", write_half),
        "before the pointer moves": (Path, "replace", die),
        "after the pointer moved": (Store, "_retain", die),
    }[moment]
    setattr(owner, name, last)
    publish(store, content, 2)


MOMENTS = {
    "before the rename": False,
    "after the rename": False,
    "in the middle of the pointer": False,
    "before the pointer moves": False,
    "after the pointer moved": True,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_in_the_middle_of_publishing_leaves_a_whole_snapshot(store: Store, content: Path, moment: str) -> None:
    good = publish(store, content, 1)

    assert ended(forked(lambda: publish_and_die(store, content, moment))) == -signal.SIGKILL
    current = store.current()
    assert current is not None
    assert (current != good) == MOMENTS[moment]
    snapshot = Snapshot(current)
    assert snapshot.rows("select count(*) as entries from leaderboard_entries") == [{"entries": 3}]
    snapshot.close()

    after = publish(store, content, 3)
    assert store.current() == after


def test_one_id_is_published_once(store: Store, content: Path) -> None:
    published = publish(store, content, 1)

    with pytest.raises(OSError, match=published.id):
        publish(store, content, 1)

    assert store.current() == published


def test_a_full_disk_publishes_nothing_and_the_last_snapshot_stays(store: Store, content: Path) -> None:
    good = publish(store, content, 1)
    limit = content.stat().st_size // 2

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with pytest.raises(OSError, match="File too large"):
            publish(store, content, 2, put=shutil.copyfile)

    assert ended(forked(fill)) == 0
    assert store.current() == good
    assert ids(store) == [good.id]
    assert not (store.root / "workspace").exists()


@pytest.fixture
def serving(store: Store, content: Path) -> Iterator[Serving]:
    publish(store, content, 1)
    serving = Serving(store)
    yield serving
    serving.close()


def test_a_reader_keeps_its_snapshot_until_it_is_done(serving: Serving, content: Path) -> None:
    store = serving.store
    assert serving.refresh()
    with serving.reading() as before:
        assert before is not None
        newer = publish(store, content, 2, keep=1)
        assert serving.refresh()
        with serving.reading() as now:
            assert now is not None
            assert now.id == newer.id
        assert before.rows("select count(*) as rows from leaderboard_entries") == [{"rows": 3}]
    assert not serving.refresh()


def test_nothing_is_served_before_the_first_build(tmp_path: Path) -> None:
    serving = Serving(Store(tmp_path))
    assert not serving.refresh()
    with serving.reading() as snapshot:
        assert snapshot is None


def test_a_snapshot_id_says_when_and_what() -> None:
    assert snapshot_id(day(5), "1a2b3c4d5e6f") == "20260105T000000Z-1a2b3c4d"
