"""The data directory: whether it is there, whose it is, what room is left, and what an ended build left behind."""

import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from api.doctor.finding import Finding, ok, problem, warning
from warehouse.holder import find_holder
from warehouse.store import Store

MOST_ENTRIES = 10_000
MEGABYTE = 1_000_000
LEAST_FREE = 500 * MEGABYTE
NEAR = ("snapshots", "ledger", "evidence", "cache", "workspace")


def look_at_directory(root: Path) -> Iterator[Finding]:
    """Whether a server can live there."""
    name = "data directory"
    if not root.is_dir():
        said = "is no directory" if root.exists() else "is not there"
        yield problem(name, f"{root} {said}", "name another by STANDINGS_DATA_DIR, or run `standings build`")
        return
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        yield problem(
            name, f"user {os.geteuid()} cannot write to {root}, which is of user {root.stat().st_uid}",
            f"run as that user, or give it away: chown -R {os.geteuid()} {root}",
        )  # fmt: skip
        return
    yield ok(name, str(root.resolve()))


def look_at_owners(root: Path) -> Iterator[Finding]:
    """Whether all of it is of the user who runs this."""
    user = os.geteuid()
    others = [path for path in islice(_entries(root), MOST_ENTRIES) if path.lstat().st_uid != user]
    if others:
        more = f" and {len(others) - 1:,} more" if len(others) > 1 else ""
        whose = others[0].lstat().st_uid
        yield warning(
            "owner", f"{others[0]}{more} are of user {whose}, and this runs as user {user}",
            "run all commands as one user: chown -R makes all of it theirs",
        )  # fmt: skip
    else:
        yield ok("owner", f"all of it is of user {user}")


def _entries(root: Path) -> Iterator[Path]:
    """The directory, what is in it, and what is in its folders."""
    yield root
    yield from root.iterdir()
    for folder in (root / name for name in NEAR):
        if folder.is_dir():
            yield from folder.iterdir()


def look_at_room(store: Store) -> Iterator[Finding]:
    """Whether the next build has room: it writes a snapshot as large as the current, and more meanwhile."""
    free = shutil.disk_usage(store.root).free
    newest = next(iter(store.list()), None)
    size = sum(file.stat().st_size for file in newest.folder.iterdir()) if newest else 0
    said = f"{free / MEGABYTE:,.0f} MB are free, and a snapshot has {size / MEGABYTE:,.0f} MB"
    remedy = "make room: cache/ may be deleted, and `--keep` keeps fewer snapshots"
    if free < size:
        yield problem("disk", said, remedy)
    elif free < max(3 * size, LEAST_FREE):
        yield warning("disk", said, remedy)
    else:
        yield ok("disk", said)


def look_at_builds(root: Path) -> Iterator[Finding]:
    """Who builds, and what a build that was killed has left."""
    lock, workspace = root / "lock", root / "workspace"
    holder = find_holder(lock) if lock.exists() else None
    if holder is not None and not holder.is_alive:
        yield problem(
            "build", f"process {holder.pid} held the lock and is gone; one that it has started still has it",
            f"end that one: `fuser {lock}` names it",
        )  # fmt: skip
    elif holder is not None:
        who = f"process {holder.pid}" if holder.pid > 0 else "a process that cannot be seen from here"
        yield ok("build", f"one is running: {who}")
    elif workspace.exists():
        yield warning(
            "build", f"{workspace} was left by a build that was killed",
            "the next build clears it; until then it may be deleted",
        )  # fmt: skip
    else:
        yield ok("build", "none is running, and none has left anything")
