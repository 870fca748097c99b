"""Where a ledger is, and what a build reads of it."""

from pathlib import Path

import pytest

from tests.warehouse.submitters import ANN, NOON, REVIEWER, submission, url_in
from warehouse.ledger.database import Database
from warehouse.ledger.ledger import Ledger, LedgerError
from warehouse.ledger.places import ledger_url as url_of
from warehouse.ledger.places import read_url
from warehouse.ledger.reading import read_counting
from warehouse.ledger.records import Status
from warehouse.ledger.tables import SCHEMA_TABLE

pytest_plugins = ("tests.warehouse.ledgers",)


def test_a_build_reads_revision_and_what_counts(ledger: Ledger, ledger_url: str) -> None:
    kept = [ledger.submissions.add(submission(), push=True) for _ in range(3)]
    ledger.submissions.decide(kept[0].id, Status.WITHDRAWN, ANN, None, [Status.PENDING])
    approved = ledger.submissions.decide(kept[1].id, Status.APPROVED, REVIEWER, None, [Status.PENDING])
    revision, counting = read_counting(ledger_url)
    assert revision == ledger.revision() == "5"
    assert counting == ledger.submissions.counting()
    assert approved in counting
    assert len(counting) == 2


def test_a_ledger_that_is_not_there_holds_nothing_and_is_not_made(fresh_url: str, tmp_path: Path) -> None:
    assert read_counting(fresh_url) == ("0", [])
    assert list(tmp_path.iterdir()) == []


def test_an_sqlite_file_without_tables_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "ledger.sqlite3").touch()
    assert read_counting(url_in(tmp_path)) == ("0", [])


@pytest.mark.parametrize(("schema", "what"), [("0000", "brings it up to date"), ("9999", "a newer one")])
def test_a_build_refuses_a_schema_it_does_not_know(fresh_url: str, schema: str, what: str) -> None:
    Ledger(fresh_url).close()
    database = Database(read_url(fresh_url))
    with database.writing() as connection:
        connection.exec_driver_sql(f"update {SCHEMA_TABLE} set version_num = '{schema}'")
    database.close()
    with pytest.raises(LedgerError, match=f"has schema '?{schema}.*{what}"):
        read_counting(fresh_url)


def test_the_ledger_is_in_the_data_directory_where_none_is_set(tmp_path: Path) -> None:
    data = tmp_path / "50% ü?x"
    for nothing in (None, ""):
        assert read_url(url_of(data, nothing)).database == str(data / "ledger" / "ledger.sqlite3")
    ledger = Ledger(url_of(data, None))
    ledger.submissions.add(submission(at=NOON), push=False)
    ledger.close()
    assert read_counting(url_of(data, None))[0] == "1"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_the_same(scheme: str) -> None:
    url = f"{scheme}://ann:p%40ss@db.example:5433/standings?sslmode=require"
    expected = "postgresql+psycopg://ann:p%40ss@db.example:5433/standings?sslmode=require"
    assert url_of(Path("data"), url) == expected


@pytest.mark.parametrize("url", ["mysql://h/d", "http://h/d", "sqlite://", "sqlite://host/file", "ledger.db"])
def test_other_places_are_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="the ledger"):
        url_of(Path("data"), url)
