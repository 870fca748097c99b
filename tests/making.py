"""What takes long to make is made once for all processes of a run, and each has links to it."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ALONE = ("ledger", "evidence", "lock", "accounts.secret")  # what a process that serves a directory writes in place


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name, which `make` fills for the first process that asks for it. Only read there."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / name
    with (root / f"{name}.made").open("a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        made.seek(0)
        if not made.read():
            folder.mkdir()
            make(folder)
            made.write("made")
    return folder


def link_tree(folder: Path, place: Path) -> Path:
    """A data directory like that one: its published files are the same ones, which never change."""
    ignore = shutil.ignore_patterns(*ALONE)
    return Path(shutil.copytree(folder, place, copy_function=os.link, ignore=ignore, dirs_exist_ok=True))
