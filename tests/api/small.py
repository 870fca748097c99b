"""Small stores, written by the warehouse alone, and served."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.warehouse.stores import SOURCE, Row, day, described, publish
from warehouse.build import Build, Version
from warehouse.layout import write
from warehouse.rules import HISTORIED
from warehouse.store import Store
from warehouse.tables import MODEL_ALIASES

AGAIN = " again"


@dataclass(frozen=True)
class State:
    """One version of a source: rows by table."""

    tables: Mapping[str, Sequence[Row]]
    number: int = 1
    source: str = SOURCE
    historied: frozenset[str] = field(default=frozenset(table.name for table in HISTORIED), repr=False)

    def merge(self, build: Build) -> None:
        known = described(**self.tables)
        version = Version(f"v{self.number}", day(self.number), None)
        build.merge(self.source, version, {name: rows for name, rows in known.items() if name in self.historied})
        build.describe(self.source, {name: rows for name, rows in known.items() if name not in self.historied})


@contextmanager
def serving(folder: Path, *states: State) -> Iterator[TestClient]:
    """A client of the application that serves these versions. `a again` is another name of the model `a`."""
    with TestClient(create_app(Settings(data_dir=write_data(folder, *states)))) as client:
        yield client


def write_data(folder: Path, *states: State) -> Path:
    """A data directory whose one snapshot holds these versions; a source described first comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    build = Build(folder, None, tuple(dict.fromkeys(state.source for state in states)))
    try:
        for state in states:
            state.merge(build)
        build.name_models(MODEL_ALIASES.rows([_alias(source, name) for source, name, *_ in build.model_names()]))
        write(build, folder / "content.duckdb")
    finally:
        build.close()
    publish(Store(folder / "data"), folder / "content.duckdb", 1)
    return folder / "data"


def _alias(source: str, name: str) -> Row:
    return {"source": source, "name": name, "model": name.removesuffix(AGAIN), "match": "EXACT"}
