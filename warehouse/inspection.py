"""What is wrong with a published snapshot: its file, its tables, and the files beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.checks import ChecksFailed, check
from warehouse.description import read_files
from warehouse.export import CROISSANT, DATA_PACKAGE
from warehouse.format import check_layout
from warehouse.store import Published, StoreError
from warehouse.stored import STORED

MEMORY = "1GB"
MOST_DESCRIPTION_BYTES = 16 * 2**20
BROKEN = (duckdb.Error, StoreError, ChecksFailed)


def inspect_store(published: Published, *, checks: bool) -> str | None:
    """Why the snapshot cannot be served; null: it can. `checks` runs those of a build, too, which read all of it."""
    try:
        with duckdb.connect(
            str(published.file), read_only=True, config={"memory_limit": MEMORY, "autoinstall_known_extensions": False}
        ) as connection:
            check_layout(connection, published.file)
            if checks:
                check(connection)
    except BROKEN as error:
        return str(error).splitlines()[0]
    return None


def inspect_files(published: Published, *, hashes: bool) -> Iterator[str]:
    """What is wrong with the files for readers beside it. `hashes` reads each of them whole."""
    for table in STORED:
        yield from _inspect_parquet(published.folder / f"{table.name}.parquet")
    described = {name: _read_json(published.folder / name) for name in (DATA_PACKAGE, CROISSANT)}
    yield from (found for found in described.values() if isinstance(found, str))
    package = described[DATA_PACKAGE]
    if isinstance(package, dict):
        yield from _compare(published, package, hashes=hashes)


def _inspect_parquet(file: Path) -> Iterator[str]:
    try:
        pq.read_metadata(file)
    except FileNotFoundError:
        yield f"{file.name} is missing"
    except (OSError, pa.ArrowException) as error:
        yield f"{file.name} cannot be read ({str(error).splitlines()[0]})"


def _read_json(file: Path) -> dict[str, Any] | str:
    """The object in a file, or what is wrong with it."""
    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(MOST_DESCRIPTION_BYTES))
    except FileNotFoundError:
        return f"{file.name} is missing"
    except (OSError, ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else f"{file.name} cannot be read"


def _compare(published: Published, package: dict[str, Any], *, hashes: bool) -> Iterator[str]:
    """What of the files is not as the Data Package says."""
    resources = [each for each in package.get("resources", []) if isinstance(each, dict)]
    told = {str(each.get("path")): (each.get("bytes"), str(each.get("hash"))) for each in resources}
    if hashes:
        yield from (
            f"{file.name} is not what was published: its SHA-256 is another"
            for file in read_files(published.folder)
            if told.get(file.name, (0, ""))[1] != f"sha256:{file.sha256}"
        )
        return
    for name, (size, _) in told.items():
        file = published.files.get(name)
        if file is None or file.stat().st_size != size:
            yield f"{DATA_PACKAGE} tells of {name} with {size} bytes, which is not there"
