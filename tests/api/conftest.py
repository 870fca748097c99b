"""Fixtures of the API's tests: a second application with less in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.conftest import build_dir


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
