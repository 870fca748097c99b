"""What a folder of tables is: its files with sizes and hashes, the snapshot they are of, and where that comes from."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.store import FILE, Published
from warehouse.stored import STORED
from warehouse.tables import Table

NAME = "standings"
TITLE = "Standings: leaderboards of AI evaluations"
ABOUT = (
    "Scores of AI models on public leaderboards, with provenance and history: one snapshot of the store. null means "
    "not evaluated, 0 means evaluated, zero. Values are as published: tasks.unit says on what scale."
)
TERMS = (
    "No licence of its own: the terms of each source hold for what was taken from it. models.license and tasks.license "
    "name those of models and datasets."
)
HUB = "https://huggingface.co"
ON_HUB = re.compile(r"hf://([^@\s]+)(?:@.*)?")
ON_WEB = re.compile(r"https?://[^/?#@\s]+(?=[/?#]|$)[^?#\s]*")  # without a query, which may hold a token


@dataclass(frozen=True)
class File:
    """One file of a folder; without a table it is the whole store. `sha256` is hexadecimal."""

    name: str
    table: Table | None
    bytes: int
    sha256: str

    @property
    def format(self) -> str:
        return Path(self.name).suffix[1:]


@dataclass(frozen=True)
class Origin:
    """A source that was loaded; `address` is null where only the machine that loaded it can read it."""

    name: str
    revision: str | None
    address: str | None


@dataclass(frozen=True)
class Description:
    """All that is told of a folder."""

    snapshot: Published
    files: tuple[File, ...]
    origins: tuple[Origin, ...]

    @property
    def built_at(self) -> datetime:
        return self.snapshot.built_at

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that have a file."""
        return frozenset(file.table.name for file in self.files if file.table)


def read_files(folder: Path) -> tuple[File, ...]:
    """The files of tables in a folder, and the store where it is there: each is read once, for its hash."""
    tables = {table.name: table for table in STORED}
    known = [path for path in sorted(folder.iterdir()) if path.name == FILE or path.stem in tables]
    return tuple(File(path.name, tables.get(path.stem), path.stat().st_size, _sha256(path)) for path in known)


def read_origins(connection: duckdb.DuckDBPyConnection) -> tuple[Origin, ...]:
    """The sources of an open snapshot."""
    rows = connection.execute("select name, revision, uri from sources order by name").fetchall()
    return tuple(Origin(name, revision, public_address(uri)) for name, revision, uri in rows)


def public_address(uri: str | None) -> str | None:
    """Where anybody can read a source; null: it is a place of a machine, or holds a password."""
    if on_hub := ON_HUB.fullmatch(uri or ""):
        return f"{HUB}/{on_hub[1]}"
    on_web = ON_WEB.match(uri or "")
    return on_web[0] if on_web else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
