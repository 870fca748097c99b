"""Fixtures that every test may use: the sample and the real inputs, built once by the real pipeline, and served."""

import functools
import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.making import link_tree, make_once

if TYPE_CHECKING:  # the process that hands out the tests starts sooner without the service
    from starlette.testclient import TestClient

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"
NOWHERE = "http://127.0.0.1:9"


def pytest_configure() -> None:
    """Look for cycles seldom: what tests make is mostly gone by itself, and to look took a tenth of their time."""
    gc.set_threshold(100_000, 20, 100)


def pytest_collection_finish() -> None:
    """Look at modules no more: they stay."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a file's tests in one process, and all files that need the real inputs: to build them takes a while."""
    from xdist.scheduler import LoadFileScheduling

    @functools.cache
    def scope(file: str) -> str:
        return "real" if re.search(r"\breal_(dir|client)\b", (PROJECT / file).read_text("utf-8")) else file

    class Files(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope(nodeid.partition("::")[0])

    return Files(config, log)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project with contract, queries and data; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder ../shared, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """Real inputs with right answers, beside the project; skips where they are absent."""
    if not (shared / "data").is_dir():
        pytest.skip("needs the real inputs in ../shared/data, which are not part of the project")
    return shared / "data"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's source trees. Read them only."""
    from etl.sample import write_sample

    return make_once(tmp_path_factory, "sample", write_sample)


def build_dir(data_dir: Path, named: dict[str, str]) -> Path:
    """Build the named sources (URI by name) into a data directory, which must succeed."""
    from api.commands.build import open_sources
    from etl.fetch import Hub
    from etl.pipeline import build
    from warehouse.store import Store

    store = Store(data_dir)
    report = build(store, open_sources(named, Hub(NOWHERE, None, data_dir / "cache"), store))
    errors = [f"{source.name}: {source.error}" for source in report.sources if source.error]
    assert not errors, errors
    return data_dir


@pytest.fixture(scope="session")
def sample_dir(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory built from the whole sample. Read it; build into one of your own."""
    named = {name: str(sample / name) for name in ("mteb", "mteb-catalog", "easi", "hub", "openevals")}
    made = make_once(tmp_path_factory, "sample-built", lambda folder: build_dir(folder, named))
    return link_tree(made, tmp_path_factory.mktemp("sample-data"))


@pytest.fixture(scope="session")
def real_dir(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory built from the real MTEB table and EASI versions. Read it only."""
    named = {
        "mteb": str(shared_data / "mteb" / "hub"),
        "mteb-catalog": str(shared_data / "mteb" / "catalog"),
        "easi": str(shared_data / "easi"),
    }
    return build_dir(tmp_path_factory.mktemp("real-data"), named)


@pytest.fixture(scope="session")
def client(sample_dir: Path) -> "Iterator[TestClient]":
    """A client of the application that serves the sample."""
    yield from served(sample_dir)


@pytest.fixture(scope="session")
def real_client(real_dir: Path) -> "Iterator[TestClient]":
    """A client of the application that serves the real inputs."""
    yield from served(real_dir)


def served(data_dir: Path) -> "Iterator[TestClient]":
    from starlette.testclient import TestClient

    from api.app import create_app
    from api.settings import Settings

    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        yield client
