"""Fixtures of the ledger: empty ones on either database, fresh or made, whose clock stands."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.warehouse.submitters import Clock, url_in
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.tables import metadata

POSTGRES = "STANDINGS_TEST_POSTGRES"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(ledger_url: str, clock: Clock) -> Iterator[Ledger]:
    """An empty ledger whose time stands at noon."""
    ledger = Ledger(ledger_url, clock)
    yield ledger
    ledger.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty ledger, once on each database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a ledger that is not there yet, once on each database. Its tables may be changed."""
    if request.param == "sqlite":
        yield url_in(tmp_path)
    else:
        yield from postgres_schema()


@pytest.fixture
def sqlite_url(made_sqlite: Path, tmp_path: Path) -> str:
    """URL of an empty ledger in SQLite."""
    shutil.copytree(made_sqlite, tmp_path, dirs_exist_ok=True)
    return url_in(tmp_path)


@pytest.fixture
def postgresql_url(made_postgresql: str) -> str:
    """URL of an empty ledger in PostgreSQL."""
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with psycopg.connect(made_postgresql, autocommit=True) as connection:
        connection.execute(f"truncate {names} restart identity")
    return made_postgresql


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty ledger, for to migrate takes longer than to copy."""
    folder = tmp_path_factory.mktemp("made")
    Ledger(url_in(folder)).close()
    return folder


@pytest.fixture(scope="session")
def made_postgresql() -> Iterator[str]:
    """URL of a ledger whose tables are emptied for each test."""
    for url in postgres_schema():
        Ledger(url).close()
        yield url


def postgres_schema() -> Iterator[str]:
    """URL of a fresh schema of the database that the variable names; skips where there is none."""
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"needs a PostgreSQL: its URL in {POSTGRES}")
    url = make_url(server).set(drivername="postgresql")
    schema = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        try:
            own = url.update_query_dict({"options": f"-csearch_path={schema}"})
            yield own.render_as_string(hide_password=False)
        finally:
            connection.execute(f"drop schema {schema} cascade")
