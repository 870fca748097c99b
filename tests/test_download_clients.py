"""What others read the served files with: DuckDB over HTTP, pandas, and the validators of what describes them.

They live in an environment of their own: STANDINGS_TEST_HTTPFS is the path of its python.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import PROJECT, Block, blocks
from tests.serving import Asking, Server
from warehouse.store import Published, Store
from warehouse.taking import take

SECONDS = 120
ADDRESS = "http://127.0.0.1:8000"
NAMED = "20261121T024638Z-57e4ce08"
CONNECT = """
import sys
import duckdb
from duckdb_extensions import import_extension
connection = duckdb.connect(config={"extension_directory": sys.argv[1]})
import_extension("httpfs", con=connection)
connection.execute("load httpfs")
"""
RUN = """
for statement in connection.extract_statements(sys.argv[2]):
    found = connection.execute(statement)
for row in found.fetchall():
    print(*row)
"""
SWAP = """
named, latest = sys.argv[2:]
connection.execute(f"attach '{named}' as named (read_only); attach '{latest}' as latest (read_only)")
connection.execute("from latest.benchmarks limit 1").fetchall()
print("attached", flush=True)
input()
print(connection.execute("select count(*) from named.scores").fetchall()[0][0])
try:
    connection.execute("select sum(hash(scores)) from latest.scores").fetchall()
    print("answered")
except (duckdb.Error, UnicodeDecodeError):
    print("failed")
"""
CROISSANT = """
import sys
import mlcroissant
dataset = mlcroissant.Dataset(sys.argv[1])
assert not dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.report()
print(len(list(dataset.records("benchmarks"))))
"""
PACKAGE = """
import json, sys
import frictionless
with open(sys.argv[1], encoding="utf-8") as file:
    assert not list(frictionless.Package.metadata_validate(json.load(file)))
if len(sys.argv) > 2:
    report = frictionless.validate(sys.argv[1])
    assert report.valid, report.flatten(["title", "note"])
print("valid")
"""


@pytest.fixture(scope="module")
def python() -> str:
    """The python of the clients' environment; skips where none is named."""
    path = os.environ.get("STANDINGS_TEST_HTTPFS")
    if not path:
        pytest.skip("needs STANDINGS_TEST_HTTPFS: the python of an environment with duckdb and its httpfs")
    return path


@pytest.fixture(scope="module")
def data_dir(python: str, sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert python
    return Path(shutil.copytree(sample_dir, tmp_path_factory.mktemp("clients") / "data"))


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Iterator[Server]:
    with Server(data_dir) as server:
        yield server


@pytest.fixture(scope="module")
def published(data_dir: Path) -> Published:
    current = Store(data_dir).current()
    assert current is not None
    return current


def needs(python: str, module: str) -> None:
    """Skip where the environment has not that module."""
    if subprocess.run([python, "-c", f"import {module}"], check=False, capture_output=True, timeout=SECONDS).returncode:
        pytest.skip(f"needs {module} in the environment of STANDINGS_TEST_HTTPFS")


def run(python: str, program: str, *words: str) -> str:
    done = subprocess.run([python, "-c", program, *words], check=False, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown(language: str) -> Block:
    """What docs/analysts.md tells its reader to run there."""
    (block,) = [
        each for each in blocks(PROJECT / "docs" / "analysts.md") if each.role == "client" and each.language == language
    ]
    return block


def here(block: Block, server: Server, published: Published) -> str:
    return block.text.replace(ADDRESS, f"http://127.0.0.1:{server.port}").replace(NAMED, published.id)


def test_duckdb_attaches_a_snapshot_as_the_document_says(
    python: str, server: Server, published: Published, tmp_path: Path
) -> None:
    block = shown("sql")
    answer = run(python, CONNECT + RUN, str(tmp_path), here(block, server, published))
    assert block.answer is not None
    assert answer == block.answer[1]


def test_duckdb_attaches_the_latest(python: str, server: Server, tmp_path: Path) -> None:
    asked = f"attach 'http://127.0.0.1:{server.port}/warehouse/latest.duckdb' as s (read_only); select count(*) from s.tasks"
    assert int(run(python, CONNECT + RUN, str(tmp_path), asked)) > 0


def test_duckdb_and_pandas_read_parquet_as_the_document_says(
    python: str, server: Server, published: Published, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{server.port}/warehouse/{published.id}/scores.parquet"
    asked = f"select count(*) from '{address}' where valid_to is null"
    assert run(python, CONNECT + RUN, str(tmp_path), asked) == "696\n"
    needs(python, "pandas")
    block = shown("python")
    assert block.answer is not None
    assert run(python, here(block, server, published)) == block.answer[1]


def test_a_named_snapshot_stays_attached_after_a_swap_and_the_latest_is_not_mixed(
    python: str, server: Server, data_dir: Path, published: Published, tmp_path: Path
) -> None:
    warehouse = f"http://127.0.0.1:{server.port}/warehouse"
    words = [str(tmp_path), f"{warehouse}/{published.id}.duckdb", f"{warehouse}/latest.duckdb"]
    with subprocess.Popen(
        [python, "-c", CONNECT + SWAP, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "attached\n"
        store = Store(data_dir)
        shutil.copytree(published.folder, tmp_path / "next")
        following = store.publish(tmp_path / "next", store.next_id("0" * 64))
        while Asking(server.port).get("/ready")[1].get("snapshot") != following.id:
            time.sleep(0.05)
        told = client.communicate("\n", timeout=SECONDS)[0]
        store.point_to(published)
    assert told.split() == ["886", "failed"]


def test_mlcroissant_reads_what_describes_a_snapshot(python: str, published: Published) -> None:
    needs(python, "mlcroissant")
    assert int(run(python, CROISSANT, str(published.folder / "croissant.json"))) > 0


def test_frictionless_finds_nothing_wrong(python: str, published: Published, data_dir: Path, tmp_path: Path) -> None:
    needs(python, "frictionless")
    take(published, tmp_path / "csv", "csv")
    assert run(python, PACKAGE, str(published.folder / "datapackage.json")) == "valid\n"
    assert run(python, PACKAGE, str(tmp_path / "csv" / "datapackage.json"), "data too") == "valid\n"
