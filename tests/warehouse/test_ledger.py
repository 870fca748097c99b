"""Opening a ledger: made where it is missing, brought up to date, durable, and clear about what is wrong."""

import socket
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect

from tests.warehouse.processes import in_processes, kill_after
from tests.warehouse.submitters import ANN, NOON, REVIEWER, Clock, submission, url_in
from warehouse.ledger import migrations
from warehouse.ledger.columns import Words
from warehouse.ledger.database import Database
from warehouse.ledger.decisions import TURN
from warehouse.ledger.ledger import Ledger, LedgerError
from warehouse.ledger.places import read_url
from warehouse.ledger.records import Status, Submission
from warehouse.ledger.tables import SCHEMA, SCHEMA_TABLE, metadata

pytest_plugins = ("tests.warehouse.ledgers",)


def write(url: str, statement: str) -> None:
    database = Database(read_url(url))
    with database.writing() as connection:
        connection.exec_driver_sql(statement)
    database.close()


def test_an_empty_ledger_holds_nothing_and_has_revision_zero(ledger: Ledger) -> None:
    assert ledger.revision() == "0"
    assert ledger.submissions.counting() == []
    assert ledger.submissions.counts() == dict.fromkeys(Status, 0)
    assert ledger.pushes.claim(NOON - NOON) is None


def test_what_was_kept_is_there_when_it_is_opened_again(ledger_url: str) -> None:
    first = Ledger(ledger_url)
    kept = first.submissions.add(submission(), push=True)
    first.close()
    second = Ledger(ledger_url)
    assert second.submissions.find(kept.id) == kept
    second.close()


def test_the_migrations_make_exactly_the_declared_tables(ledger: Ledger, ledger_url: str) -> None:
    database = Database(read_url(ledger_url))
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": SCHEMA_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            made = {check["name"] for check in inspector.get_check_constraints(table.name)}
            constraints = table.constraints.union(*(column.constraints for column in table.columns))
            declared = {each.name for each in constraints if isinstance(each, CheckConstraint)}
            assert len(declared) >= sum(
                isinstance(column.type, Words) for column in table.columns if not column.foreign_keys
            )
            assert made == declared, table.name
    database.close()


def test_the_known_schema_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head() == SCHEMA


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"content": "x" * 65}, "content_length|too long"),
        ({"review_note": "x" * 20_001}, "review_note_length|too long"),
        ({"review_note": "a\0b"}, "NUL"),
        ({"review_note": "a\ud800b"}, "surrogates"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(ledger: Ledger, others: dict[str, Any], why: str) -> None:
    with pytest.raises(LedgerError, match=f"cannot be written: .*({why})"):
        ledger.submissions.add(submission(**others), push=True)
    assert ledger.revision() == "0"


def open_one(url: str) -> str:
    ledger = Ledger(url)
    ledger.submissions.add(submission(), push=True)
    revision = ledger.revision()
    ledger.close()
    return revision


def test_four_processes_may_open_a_fresh_ledger_at_once(fresh_url: str) -> None:
    assert "4" in in_processes(4, open_one, fresh_url)
    ledger = Ledger(fresh_url)
    assert (ledger.revision(), ledger.pushes.waiting()) == ("4", 4)
    ledger.close()


def test_a_newer_schema_is_refused_with_what_to_do(fresh_url: str) -> None:
    Ledger(fresh_url).close()
    write(fresh_url, f"update {SCHEMA_TABLE} set version_num = '9999'")
    with pytest.raises(LedgerError, match=r"has schema '9999', and .* up to 0001: run the version that wrote it"):
        Ledger(fresh_url)


def test_an_unknown_schema_is_refused(fresh_url: str) -> None:
    Ledger(fresh_url).close()
    write(fresh_url, f"update {SCHEMA_TABLE} set version_num = 'ae1027a6acf'")
    with pytest.raises(LedgerError, match="ae1027a6acf"):
        Ledger(fresh_url)


def test_tables_that_are_not_ours_are_left_alone(fresh_url: str) -> None:
    if fresh_url.startswith("sqlite"):
        Path(str(read_url(fresh_url).database)).parent.mkdir()
    write(fresh_url, "create table pushes (something integer)")
    with pytest.raises(LedgerError, match="pushes.* already exists"):
        Ledger(fresh_url)
    database = Database(read_url(fresh_url))
    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) == {"pushes"}
    database.close()


def test_a_missing_sqlite_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    ledger = Ledger(url_in(tmp_path))
    ledger.submissions.add(submission(), push=False)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "ledger").iterdir()}
    ledger.close()
    assert stat.S_IMODE((tmp_path / "ledger").stat().st_mode) == 0o700
    assert modes["ledger.sqlite3"] == modes["ledger.sqlite3-wal"] == 0o600
    assert set(modes.values()) == {0o600}


def test_a_commit_to_sqlite_is_on_disk(sqlite_url: str) -> None:
    database = Database(read_url(sqlite_url))
    with database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar() for name in ("synchronous", "journal_mode")
        }
        assert found == {"synchronous": 2, "journal_mode": "wal"}
    database.close()


def test_a_folder_with_odd_characters_is_fine(tmp_path: Path) -> None:
    folder = tmp_path / "50% ü?x=1#y"
    Ledger(url_in(folder)).close()
    assert (folder / "ledger" / "ledger.sqlite3").is_file()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:////tmp/l?mode=memory", "mysql://h/d", "x"])
def test_what_cannot_be_a_ledger_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="the ledger"):
        Ledger(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ledger" / "ledger.sqlite3"
    file.parent.mkdir()
    file.write_text("not a database, but longer than the header of one, which is a hundred bytes" * 3)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite3 cannot be opened: file is not a database"):
        Ledger(url_in(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file")
    with pytest.raises(LedgerError, match=r"ledger\.sqlite3 cannot be opened"):
        Ledger(url_in(tmp_path))


@pytest.mark.parametrize("query", ["", "?sslpassword=s3cret-word", "?s3cret-word=1", "?port=s3cret-word"])
def test_no_error_holds_the_password(query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(LedgerError) as caught:
        Ledger(f"postgres://ann:s3cret-word@127.0.0.1:{port}/standings{query}")
    assert "127.0.0.1" in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://ann:s3cret@h:port/d", "s3cret", "mysql://ann:s3cret@h/d"])
def test_no_error_holds_a_url_that_cannot_be_read(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger(url)
    assert "s3cret" not in str(caught.value)


def test_an_sqlite_transaction_that_writes_holds_the_lock_from_its_start(sqlite_url: str) -> None:
    database = Database(read_url(sqlite_url))
    other = sqlite3.connect(str(read_url(sqlite_url).database), timeout=0, isolation_level=None)
    with database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("begin immediate")
    with database.reading():
        other.execute("begin immediate")
    other.close()
    database.close()


def test_decisions_are_numbered_in_the_order_in_which_they_show(ledger: Ledger, ledger_url: str) -> None:
    """A number that shows late would change what counts under a revision that was read already."""
    database = Database(read_url(ledger_url))
    thread = threading.Thread(target=ledger.submissions.add, args=(submission(),), kwargs={"push": False})
    with database.writing(TURN):
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(10)
    assert ledger.revision() == "1"
    database.close()


def add_until_killed(url: str, added: Submission, statements: int) -> None:
    ledger = Ledger(url)
    kill_after(statements)
    ledger.submissions.add(added, push=True)


def decide_until_killed(url: str, decided: str, statements: int) -> None:
    ledger = Ledger(url)
    kill_after(statements)
    ledger.submissions.decide(decided, Status.APPROVED, REVIEWER, "good", [Status.PENDING])


# Each begins, looks and writes; one statement more than there are, and it is killed after the commit, by none.
@pytest.mark.parametrize(("statements", "is_kept"), [*((number, False) for number in range(1, 6)), (6, True)])
def test_a_submission_that_is_killed_is_there_wholly_or_not_at_all(
    sqlite_url: str, statements: int, is_kept: bool
) -> None:
    added = submission()
    in_processes(1, add_until_killed, sqlite_url, added, statements)
    ledger = Ledger(sqlite_url)
    assert (ledger.submissions.find(added.id) is not None) is is_kept
    assert (len(ledger.submissions.decisions(added.id)), ledger.pushes.waiting()) == (int(is_kept), int(is_kept))
    ledger.submissions.add(added, push=True)
    assert ledger.pushes.waiting() == 1
    ledger.close()


@pytest.mark.parametrize(("statements", "is_kept"), [*((number, False) for number in range(1, 5)), (5, True)])
def test_a_decision_that_is_killed_is_there_wholly_or_not_at_all(
    sqlite_url: str, statements: int, is_kept: bool
) -> None:
    ledger = Ledger(sqlite_url, Clock())
    added = ledger.submissions.add(submission(ANN), push=True)
    ledger.close()
    in_processes(1, decide_until_killed, sqlite_url, added.id, statements)
    ledger = Ledger(sqlite_url)
    found = ledger.submissions.find(added.id)
    assert found is not None
    assert found.status is (Status.APPROVED if is_kept else Status.PENDING)
    assert (found.reviewed_by is not None) is is_kept
    assert len(ledger.submissions.decisions(added.id)) == 1 + is_kept
    ledger.close()
