"""A published file explains itself, says the same as its Parquet files, and holds what the checks want."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.warehouse.stores import publish, write_tiny
from warehouse import snapshot as snapshots
from warehouse.build import Build
from warehouse.checks import ChecksFailed, check
from warehouse.export import write_parquet
from warehouse.layout import STORAGE
from warehouse.snapshot import Serving, Snapshot
from warehouse.statements import names
from warehouse.store import Store, StoreError
from warehouse.stored import STORED
from warehouse.watch import QueryTimeout

VIEWS = {"latest_scores", "score_history", "capability_scores", "coverage"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("tiny") / "tiny.duckdb")


@pytest.fixture(scope="module")
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


@pytest.fixture
def snapshot(file: Path, tmp_path: Path) -> Iterator[Snapshot]:
    snapshot = Snapshot(publish(Store(tmp_path), file, 1), seconds=0.3)
    yield snapshot
    snapshot.close()


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return connection.sql(sql).to_arrow_table().to_pylist()


@pytest.mark.parametrize(
    ("kind", "listing"),
    [
        ("tables", "select schema_name || '.' || table_name as name, comment from duckdb_tables()"),
        ("views", "select view_name as name, comment from duckdb_views() where not internal"),
        ("columns", "select schema_name || '.' || table_name || '.' || column_name as name, comment from duckdb_columns() where not internal"),
        ("macros", "select function_name as name, comment from duckdb_functions() where function_type like '%macro' and not internal"),
    ],
)  # fmt: skip
def test_everything_in_the_file_has_a_comment(opened: duckdb.DuckDBPyConnection, kind: str, listing: str) -> None:
    found = {row["name"]: row["comment"] for row in rows(opened, listing)}

    assert found, kind
    assert [name for name, comment in found.items() if not comment] == []
    assert [name for name, comment in found.items() if not comment.endswith((".", "`"))] == []


def test_the_file_holds_the_tables_and_views_that_are_promised(opened: duckdb.DuckDBPyConnection) -> None:
    tables = {
        row["name"] for row in rows(opened, "select table_name as name from duckdb_tables() where schema_name = 'main'")
    }
    views = {row["name"] for row in rows(opened, "select view_name as name from duckdb_views() where not internal")}

    assert tables == {table.name for table in STORED}
    assert views >= VIEWS


def test_the_file_can_be_read_by_duckdb_1_2(opened: duckdb.DuckDBPyConnection, file: Path) -> None:
    (tags,) = opened.execute("select tags from duckdb_databases() where path = $path", {"path": str(file)}).fetchall()[
        0
    ]

    assert tags["storage_version"].removesuffix("+") == STORAGE == "v1.2.0"


def test_the_leaderboard_macro_answers_by_name_and_by_alias(opened: duckdb.DuckDBPyConnection) -> None:
    found = rows(opened, "from leaderboard('Both')")

    # Each is first on one task and second on the other: they tie, and stand in the models' own order.
    assert [(row["model"], row["rank"], row["value"], row["scored"], row["expected"]) for row in found] == [
        ("org/a", 1, 1.0, 2, 2),
        ("org/b", 1, 1.0, 2, 2),
    ]
    assert found == rows(opened, "from leaderboard('The Both')")
    assert [row["trained_on_tasks"] for row in found] == [["Counting"], []]
    assert rows(opened, "from leaderboard('Neither')") == []


def test_the_views_answer(opened: duckdb.DuckDBPyConnection) -> None:
    latest = rows(opened, "from latest_scores")
    assert [(row["model"], row["task"], row["value"], row["source"]) for row in latest] == [
        ("org/a", "Counting", 0.9, "lab"), ("org/b", "Counting", 0.8, "lab"), ("org/c", "Counting", None, "lab"),
        ("org/a", "Naming", 0.0, "lab"), ("org/a", "Ranking", 0.7, "lab"), ("org/b", "Ranking", 0.75, "lab"),
    ]  # fmt: skip
    history = rows(opened, "from score_history where model = 'org/b' and task = 'Ranking'")
    assert [(row["first_version"], row["gone_version"]) for row in history] == [("v1", None)]
    labels = {row["model"]: (row["label"], row["name"], row["value"]) for row in rows(opened, "from capability_scores")}
    assert labels["org/a"] == ("mm", "Metric Measurement", 0.9)
    assert labels["org/c"] == ("mm", "Metric Measurement", None)
    covered = {(row["benchmark"], row["model"]): row["complete"] for row in rows(opened, "from coverage")}
    assert covered == {("Both", "org/a"): True, ("Both", "org/b"): True, ("One", "org/a"): True}


def test_scores_are_numbered_without_gaps_in_stored_order(opened: duckdb.DuckDBPyConnection) -> None:
    found = rows(opened, "select seq, task, model from scores")
    assert [row["seq"] for row in found] == [*range(1, 7)]
    assert found == sorted(found, key=lambda row: (row["task"], row["model"]))


def test_the_parquet_files_hold_the_rows_of_the_tables(opened: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_parquet(opened, tmp_path)

    assert {file.stem for file in tmp_path.iterdir()} == {table.name for table in STORED}
    for table in STORED:
        found = pq.read_table(tmp_path / f"{table.name}.parquet")
        assert found.to_pylist() == rows(opened, f"from {table.name}"), table.name
        assert found.column_names == list(table.names)
        assert "dictionary" not in str(found.schema.types)


def test_a_statement_that_takes_too_long_is_stopped_and_the_next_one_answers(snapshot: Snapshot) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.3 seconds"):
        snapshot.arrow("select count(*) from range(10000000000) as a (n) where hash(n) % 7 = 3")

    assert time.monotonic() - started < 5
    assert snapshot.rows("select 1 as one") == [{"one": 1}]


def test_a_statement_that_is_stopped_does_not_stop_another_threads(snapshot: Snapshot) -> None:
    answers: list[Any] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            answers.append(snapshot.rows("select count(*) as models from models"))

    thread = threading.Thread(target=ask)
    thread.start()
    with pytest.raises(QueryTimeout):
        snapshot.arrow("select count(*) from range(10000000000) as a (n) where hash(n) % 7 = 3")
    stop.set()
    thread.join(5)
    assert answers
    assert all(answer == [{"models": 3}] for answer in answers)


def test_a_snapshot_cannot_be_written(snapshot: Snapshot) -> None:
    with pytest.raises(duckdb.Error, match="read-only"):
        snapshot.arrow("delete from scores")


def test_times_are_utc_in_every_thread(snapshot: Snapshot) -> None:
    zones: list[Any] = []
    threads = [
        threading.Thread(target=lambda: zones.append(snapshot.rows("select current_setting('timezone') as zone")))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
        thread.join()
    assert zones == [[{"zone": "UTC"}]] * 2


def test_dimensions_are_found_by_name_and_alias(snapshot: Snapshot) -> None:
    found = snapshot.dimensions
    assert [row["name"] for row in found.models] == ["org/a", "org/b", "org/c"]
    assert found.benchmarks.find("The Both") == found.benchmarks.find("Both")
    assert found.benchmarks.find("Neither") is None
    assert found.boards_of_task["Ranking"] == ["Both"]


COUNT = "select count(*) as models from models"


@pytest.fixture(scope="module")
def five(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of five snapshots."""
    store = Store(tmp_path_factory.mktemp("five") / "data")
    for number in range(1, 6):
        publish(store, file, number)
    return store.root


@pytest.fixture
def serving(five: Path, tmp_path: Path) -> Iterator[Serving]:
    """Five snapshots, of which the last is served: links, so what is put in a file's place is a new file."""
    serving = Serving(Store(shutil.copytree(five, tmp_path / "five", copy_function=os.link)))
    serving.refresh()
    yield serving
    serving.close()


def kept(serving: Serving) -> list[str]:
    """The ids of all snapshots, oldest first."""
    return [each.id for each in reversed(serving.store.list())]


def is_open(snapshot: Snapshot) -> bool:
    try:
        return snapshot.rows(COUNT) == [{"models": 3}]
    except duckdb.ConnectionException:
        return False


def test_any_snapshot_that_is_kept_can_be_read_beside_the_current_one(serving: Serving) -> None:
    for name in kept(serving):
        with serving.reading_kept(name) as opening, serving.reading() as current:
            assert current is not None
            assert opening.result().id == name
            assert is_open(opening.result())
            assert (opening.result() is current) == (name == kept(serving)[-1])


def test_readers_of_one_snapshot_share_it_even_when_they_come_at_once(serving: Serving) -> None:
    name, ready = kept(serving)[0], threading.Barrier(8)

    def read(_: int) -> Snapshot:
        ready.wait(5)
        with serving.reading_kept(name) as opening:
            return opening.result(5)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(read, range(8)))) == 1


def test_few_snapshots_stay_open_unread_and_those_are_the_last_that_were_read(serving: Serving) -> None:
    opened = []
    for name in kept(serving)[:4]:
        with serving.reading_kept(name) as opening:
            opened.append(opening.result())

    assert [is_open(each) for each in opened] == [False, False, True, True]
    with serving.reading_kept(kept(serving)[2]) as opening:
        assert opening.result() is opened[2]
    with serving.reading_kept(kept(serving)[0]) as opening:
        assert is_open(opening.result())
    assert [is_open(each) for each in opened] == [False, False, True, False]


def test_a_snapshot_that_is_read_stays_open_however_many_are_asked_for(serving: Serving) -> None:
    with serving.reading_kept(kept(serving)[0]) as opening:
        first = opening.result()
        for name in kept(serving)[1:4]:
            with serving.reading_kept(name) as other:
                other.result()
        assert is_open(first)
    assert is_open(first)


def test_a_snapshot_that_nobody_has_read_for_long_is_closed(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving.reading_kept(kept(serving)[0]) as opening:
        older = opening.result()
    serving.refresh()
    assert is_open(older)
    monkeypatch.setattr(snapshots, "IDLE_SECONDS", 0.0)
    assert not serving.refresh()
    assert not is_open(older)
    with serving.reading() as current:
        assert current is not None
        assert is_open(current)


def test_a_snapshot_that_is_removed_is_read_to_the_end_and_by_nobody_else(serving: Serving) -> None:
    name, other = kept(serving)[:2]
    with serving.reading_kept(other) as opening:
        unread = opening.result()
    with serving.reading_kept(name) as opening:
        reading = opening.result()
        for gone in (name, other):
            shutil.rmtree(serving.store.find(gone).folder)
        with pytest.raises(StoreError, match=name), serving.reading_kept(name):
            pass
        serving.refresh()
        assert (is_open(reading), is_open(unread)) == (True, False)
    assert not is_open(reading)


def test_the_snapshot_before_stays_open_for_those_who_read_on_in_it(serving: Serving, file: Path) -> None:
    with serving.reading() as before:
        assert before is not None
    publish(serving.store, file, 6)
    assert serving.refresh()
    with serving.reading_kept(before.id) as opening:
        assert opening.result() is before


def test_after_a_rollback_the_newer_snapshot_can_be_read_still(serving: Serving) -> None:
    older, newer = kept(serving)[-2:]
    with serving.reading_kept(older) as opening:
        reading = opening.result()
        serving.store.point_to(serving.store.find(older))
        assert serving.refresh()
        with serving.reading() as current, serving.reading_kept(newer) as also:
            assert current is reading
            assert also.result().id == newer
    assert is_open(reading)


def test_what_names_no_snapshot_is_refused(serving: Serving) -> None:
    unknown = ("20260101T000000Z-0000000g", "20260101T000000Z-ffffffff")
    for name in ("", ".", "..", "../snapshots", "/", "\0", "é", *unknown):
        with pytest.raises(StoreError, match="there is no snapshot"), serving.reading_kept(name):
            pytest.fail(f"{name!r} names one")


def test_a_name_that_leads_to_a_file_elsewhere_is_refused(serving: Serving) -> None:
    name = kept(serving)[0]
    elsewhere = serving.store.snapshots.parent / name
    shutil.copytree(serving.store.find(name).folder, elsewhere)
    for path in (f"../{name}", f"{name}/../{name}", str(elsewhere), f"{name}/", f"{name}\n"):
        with pytest.raises(StoreError, match="there is no snapshot"), serving.reading_kept(path):
            pass


def test_a_snapshot_that_cannot_be_opened_leaves_the_others_as_they_are(serving: Serving) -> None:
    name, other = kept(serving)[:2]
    file = serving.store.find(name).file
    file.unlink()
    file.write_bytes(b"this is no database" * 1_000)
    for _ in range(2):
        with serving.reading_kept(name) as opening, pytest.raises(duckdb.Error):
            opening.result()
    with serving.reading_kept(other) as opening:
        assert is_open(opening.result())


# What is done to a copy of the file, and the words of the check that must find it.
FAULTS = {
    "benchmark_methods": ("update benchmarks set default_method = 'BY_FEELING' where name = 'One'", "BY_FEELING"),
    "boards": ("delete from leaderboard_entries where benchmark = 'Both' and position = 1", "benchmark=Both"),
    "guests": (
        (
            "insert into guest_scores select seq, source, valid_from, null, model, variant, task, cell, language_set, "
            "value, trained_on, shares_cell from scores where seq = 1"
        ),
        "model=org/a",
    ),
    "names": ("insert into tasks from tasks where name = 'Naming'", "kind=task, name=Naming"),
    "orphans": ("delete from models where name = 'org/c'", "model=org/c"),
    "overlaps": (
        (
            "insert into scores select * replace (0.1 as value) from scores where seq = 1; "
            "update scores set shares_cell = true where task = 'Counting'"
        ),
        "model=org/a",
    ),
    "pending": ("insert into pending_scores from scores where seq = 1", "model=org/a"),
    "units": ("update tasks set unit = 'STARS' where name = 'Naming'", "task=Naming, unit=STARS"),
    "validity": ("update scores set valid_to = valid_from + interval 1 hour where seq = 2", "model=org/b"),
    "values": ("update scores set value = 'infinity' where seq = 3", "model=org/c"),
}
ALSO = {
    "no method": ("update benchmarks set default_method = null where name = 'One'", "benchmark_methods"),
    "a model twice": ("insert into models from models where name = 'org/a'", "names"),
    "a board twice": ("insert into benchmarks from benchmarks where name = 'One'", "names"),
    "a pending score of no model": (
        "insert into pending_scores from scores where seq = 1; delete from models where name = 'org/a'",
        "orphans",
    ),
    "a pending score that counts": ("update scores set status = 'PENDING' where seq = 1", "pending"),
    "no task": ("delete from tasks where name = 'Naming'", "orphans"),
    "an empty validity": ("update scores set valid_to = valid_from where seq = 2", "validity"),
    "an unknown beginning": ("update scores set valid_from = '1999-01-01' where seq = 2", "validity"),
    "not a number": ("update scores set value = 'nan' where seq = 3", "values"),
    "a position twice": ("update leaderboard_entries set position = 1 where benchmark = 'Both'", "boards"),
    "positions from 2": ("update leaderboard_entries set position = position + 1 where benchmark = 'Both'", "boards"),
}


@pytest.fixture(scope="module")
def planted(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the file, for faults that are taken back."""
    with duckdb.connect(str(shutil.copy(file, tmp_path_factory.mktemp("planted")))) as connection:
        yield connection


def failures(planted: duckdb.DuckDBPyConnection, fault: str) -> ChecksFailed:
    planted.execute("begin")
    try:
        planted.execute(fault)
        with pytest.raises(ChecksFailed, match="nothing was published") as failed:
            check(planted)
    finally:
        planted.execute("rollback")
    return failed.value


def test_a_good_file_passes_all_checks(opened: duckdb.DuckDBPyConnection) -> None:
    check(opened)


def test_every_check_has_a_planted_fault() -> None:
    assert {f"checks/{name}" for name in FAULTS} == set(names("checks"))


@pytest.mark.parametrize("name", FAULTS)
def test_each_check_finds_its_fault_and_shows_the_row(planted: duckdb.DuckDBPyConnection, name: str) -> None:
    fault, words = FAULTS[name]

    failed = failures(planted, fault)

    (failure,) = [failure for failure in failed.failures if failure.check == name]
    assert failure.count >= 1
    assert words in str(failure)
    assert failure.meaning in str(failed)


@pytest.mark.parametrize("fault", ALSO)
def test_checks_find_other_faults(planted: duckdb.DuckDBPyConnection, fault: str) -> None:
    statement, name = ALSO[fault]

    failed = failures(planted, statement)

    assert name in [failure.check for failure in failed.failures]


def test_a_file_of_another_layout_is_refused(file: Path, tmp_path: Path) -> None:
    """With a message that says what to do; nothing is read from it, nor built on it."""
    with duckdb.connect(str(shutil.copy(file, tmp_path / "other.duckdb"))) as connection:
        connection.execute("drop table origin.layout")
    published = publish(Store(tmp_path / "data"), tmp_path / "other.duckdb", 1)
    for opening in (lambda: Snapshot(published), lambda: Build(tmp_path, published.file, ())):
        with pytest.raises(StoreError, match="has layout 1 and .* reads layout 4: build into a new data directory"):
            opening()
