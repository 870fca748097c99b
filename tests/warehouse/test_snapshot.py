"""A published file explains itself, says the same as its Parquet files, and holds what the checks want."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.warehouse.stores import publish, write_tiny
from warehouse.checks import ChecksFailed, check
from warehouse.export import write_parquet
from warehouse.layout import STORAGE
from warehouse.snapshot import QueryTimeout, Snapshot
from warehouse.statements import names
from warehouse.store import Store
from warehouse.stored import STORED

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


# What is done to a copy of the file, and the words of the check that must find it.
FAULTS = {
    "benchmark_methods": ("update benchmarks set default_method = 'BY_FEELING' where name = 'One'", "BY_FEELING"),
    "boards": ("delete from leaderboard_entries where benchmark = 'Both' and position = 1", "benchmark=Both"),
    "names": ("insert into tasks from tasks where name = 'Naming'", "kind=task, name=Naming"),
    "orphans": ("delete from models where name = 'org/c'", "model=org/c"),
    "overlaps": (
        (
            "insert into scores select * replace (0.1 as value) from scores where seq = 1; "
            "update scores set shares_cell = true where task = 'Counting'"
        ),
        "model=org/a",
    ),
    "units": ("update tasks set unit = 'STARS' where name = 'Naming'", "task=Naming, unit=STARS"),
    "validity": ("update scores set valid_to = valid_from + interval 1 hour where seq = 2", "model=org/b"),
    "values": ("update scores set value = 'infinity' where seq = 3", "model=org/c"),
}
ALSO = {
    "no method": ("update benchmarks set default_method = null where name = 'One'", "benchmark_methods"),
    "a model twice": ("insert into models from models where name = 'org/a'", "names"),
    "a board twice": ("insert into benchmarks from benchmarks where name = 'One'", "names"),
    "no task": ("delete from tasks where name = 'Naming'", "orphans"),
    "an empty validity": ("update scores set valid_to = valid_from where seq = 2", "validity"),
    "an unknown beginning": ("update scores set valid_from = '1999-01-01' where seq = 2", "validity"),
    "not a number": ("update scores set value = 'nan' where seq = 3", "values"),
    "a position twice": ("update leaderboard_entries set position = 1 where benchmark = 'Both'", "boards"),
    "positions from 2": ("update leaderboard_entries set position = position + 1 where benchmark = 'Both'", "boards"),
}


def failures(file: Path, copy: Path, fault: str) -> ChecksFailed:
    shutil.copy(file, copy)
    with duckdb.connect(str(copy)) as planted:
        planted.execute(fault)
        with pytest.raises(ChecksFailed, match="nothing was published") as failed:
            check(planted)
    return failed.value


def test_a_good_file_passes_all_checks(opened: duckdb.DuckDBPyConnection) -> None:
    check(opened)


def test_every_check_has_a_planted_fault() -> None:
    assert {f"checks/{name}" for name in FAULTS} == set(names("checks"))


@pytest.mark.parametrize("name", FAULTS)
def test_each_check_finds_its_fault_and_shows_the_row(file: Path, tmp_path: Path, name: str) -> None:
    fault, words = FAULTS[name]

    failed = failures(file, tmp_path / "planted.duckdb", fault)

    (failure,) = [failure for failure in failed.failures if failure.check == name]
    assert failure.count >= 1
    assert words in str(failure)
    assert failure.meaning in str(failed)


@pytest.mark.parametrize("fault", ALSO)
def test_checks_find_other_faults(file: Path, tmp_path: Path, fault: str) -> None:
    statement, name = ALSO[fault]

    failed = failures(file, tmp_path / "planted.duckdb", statement)

    assert name in [failure.check for failure in failed.failures]
