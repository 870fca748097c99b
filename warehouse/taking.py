"""A snapshot taken out of the store: written beside its place, and put there once it is whole."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.description import read_files
from warehouse.disk import sync
from warehouse.export import DATA_PACKAGE, FOLDERS, describe, write_duckdb
from warehouse.format import check_layout
from warehouse.statements import literal
from warehouse.store import Published
from warehouse.stored import STORED
from warehouse.tables import Table

FORMATS = (*FOLDERS, "duckdb")
MEMORY = "1GB"


class NotTaken(Exception):
    """An export that could not be made; the message says why and what to do. Nothing was left at its place."""


def take(published: Published, out: Path, form: str, names: Collection[str] = (), *, replace: bool = False) -> None:
    """Write tables of a snapshot to `out`, all where none is named: a folder, or for `duckdb` a file.

    What is at `out` is replaced only where it is asked for, and is an export itself. Raises `NotTaken`.
    """
    out = out.absolute()
    tables = _chosen(names)
    _refuse(out, form, replace=replace)
    try:
        with _beside(out) as place:
            made = place / out.name
            _write(published, made, form, tables)
            _put(made, out, place)
    except OSError as error:
        raise NotTaken(f"{out} cannot be written ({error.strerror or error}); what was there stays") from error
    except duckdb.Error as error:
        raise NotTaken(f"{published.file} cannot be exported: {str(error).splitlines()[0]}") from error


def _chosen(names: Collection[str]) -> Sequence[Table]:
    known = {table.name: table for table in STORED}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise NotTaken(f"there is no table {', '.join(unknown)}; there are {', '.join(known)}")
    return [table for table in STORED if not names or table.name in names]


def _refuse(out: Path, form: str, *, replace: bool) -> None:
    """Raise where something is at `out` that may not be replaced."""
    if not os.path.lexists(out):
        return
    if not replace:
        raise NotTaken(f"{out} is there already: name another place, or replace it by --force")
    ours = out.is_file() if form == "duckdb" else (out / DATA_PACKAGE).is_file()
    if out.is_symlink() or not ours:
        kind = "file" if form == "duckdb" else f"folder with a {DATA_PACKAGE}"
        raise NotTaken(f"{out} is no {kind}, so it is not replaced: remove it yourself, or name another place")


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """An empty folder beside `out`, gone at the end."""
    place = Path(tempfile.mkdtemp(prefix=f".{out.name[:50]}.", dir=out.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _write(published: Published, made: Path, form: str, tables: Sequence[Table]) -> None:
    if form == "duckdb" and len(tables) == len(STORED):
        shutil.copyfile(published.file, made)
        sync(made)
        return
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(made.parent / "spill")}) as connection:
        connection.execute(f"attach {literal(str(published.file))} as snapshot (read_only)")
        check_layout(connection, published.file, "snapshot.origin")
        connection.execute("use snapshot; set timezone = 'UTC'; set enable_progress_bar = false")
        if form == "duckdb":
            write_duckdb(connection, made, tables)
            sync(made)
            return
        made.mkdir()
        FOLDERS[form](connection, made, tables)
        describe(connection, made, published, read_files(made))
    for path in (*made.iterdir(), made):
        sync(path)


def _put(made: Path, out: Path, place: Path) -> None:
    """Move it to its place. A folder cannot take the place of another at once: the old one leaves first."""
    old = place / "replaced"
    if out.is_dir():
        out.rename(old)
    try:
        made.replace(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    sync(out.parent)
