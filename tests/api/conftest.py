"""Fixtures of the API's tests: a second application with less in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.desk import Desk, open_desk, serving
from tests.conftest import build_dir
from tests.making import link_tree, make_once
from tests.warehouse.stores import write_tiny
from warehouse.snapshot import Serving


@pytest.fixture(scope="session")
def easi_client(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application that serves the sample's EASI versions and nothing else."""
    named = {"easi": str(sample / "easi")}
    made = make_once(tmp_path_factory, "easi-built", lambda folder: build_dir(folder, named))
    data_dir = link_tree(made, tmp_path_factory.mktemp("easi-data"))
    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        yield client


@pytest.fixture(scope="session")
def forgetful_client(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that serves the sample and remembers no answer."""
    with TestClient(create_app(Settings(data_dir=sample_dir, cache_mb=0))) as client:
        yield client


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a snapshot with next to nothing in it."""
    return make_once(tmp_path_factory, "tiny", lambda folder: write_tiny(folder / "tiny.duckdb")) / "tiny.duckdb"


@pytest.fixture(scope="session")
def served(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """That file, served. Publish to a store of your own."""
    with serving(tmp_path_factory.mktemp("served"), tiny) as opened:
        yield opened


@pytest.fixture
def desk(served: Serving) -> Desk:
    """An endpoint whose questions end when the test says so."""
    return open_desk(served)
