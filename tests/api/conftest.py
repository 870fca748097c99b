"""Fixtures of the API's tests: a second application with less in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.desk import Desk, open_desk
from tests.conftest import build_dir
from tests.warehouse.stores import write_tiny


@pytest.fixture(scope="session")
def easi_client(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application that serves the sample's EASI versions and nothing else."""
    built = build_dir(tmp_path_factory.mktemp("easi-data"), {"easi": str(sample / "easi")})
    with TestClient(create_app(Settings(data_dir=built))) as client:
        yield client


@pytest.fixture(scope="session")
def forgetful_client(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that serves the sample and remembers no answer."""
    with TestClient(create_app(Settings(data_dir=sample_dir, cache_mb=0))) as client:
        yield client


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a snapshot with next to nothing in it."""
    return write_tiny(tmp_path_factory.mktemp("tiny") / "tiny.duckdb")


@pytest.fixture
def desk(tmp_path: Path, tiny: Path) -> Iterator[Desk]:
    """An endpoint whose questions end when the test says so."""
    with open_desk(tmp_path, tiny) as desk:
        yield desk
