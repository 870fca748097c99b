"""The data directory: snapshots, which one is current, and who may write.

<root>/current                        the id of the snapshot that is served
<root>/snapshots/<id>/standings.duckdb
<root>/snapshots/<id>/<table>.parquet
<root>/workspace/                     what a running build writes; thrown away when it ends
<root>/lock                           held by the one build that runs
"""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.disk import sync

FILE = "standings.duckdb"
KEEP = 5
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_READ = re.compile(r"[a-z_]+\.(duckdb|parquet|json)")


class StoreError(Exception):
    """A data directory that cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True)
class Published:
    """One snapshot on disk."""

    id: str
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @property
    def files(self) -> dict[str, Path]:
        """The files that readers may have, by name; none once it is gone."""
        try:
            return {entry.name: entry for entry in sorted(self.folder.iterdir()) if _READ.fullmatch(entry.name)}
        except FileNotFoundError:
            return {}

    @property
    def built_at(self) -> datetime:
        return datetime.strptime(self.id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


class Store:
    """A data directory. Reading needs no lock: a snapshot never changes once it is published."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.snapshots = root / "snapshots"
        self.pointer = root / "current"

    def current(self) -> Published | None:
        """The snapshot that is served, or null before the first build."""
        try:
            name = self.pointer.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.pointer} cannot be read ({error}): run `standings rollback ID`") from error
        return self.find(name)

    def find(self, name: str) -> Published:
        """The snapshot of that id. Raises `StoreError`."""
        found = Published(name, self.snapshots / name)
        if not _ID.fullmatch(name) or not found.file.is_file():
            raise StoreError(f"there is no snapshot {name!r} in {self.root}: `standings snapshots` lists them")
        return found

    def list(self) -> list[Published]:
        """All snapshots, newest first."""
        if not self.snapshots.is_dir():
            return []
        names = sorted((entry.name for entry in self.snapshots.iterdir() if _ID.fullmatch(entry.name)), reverse=True)
        return [Published(name, self.snapshots / name) for name in names if (self.snapshots / name / FILE).is_file()]

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty workspace, for one build at a time. Raises `StoreError` while another one runs."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(f"another build is writing to {self.root}: wait for it to end") from None
            workspace = self.root / "workspace"
            shutil.rmtree(workspace, ignore_errors=True)
            workspace.mkdir()
            try:
                yield workspace
            finally:
                shutil.rmtree(workspace, ignore_errors=True)

    def next_id(self, content: str) -> str:
        """An id for what is published now; it sorts after those that are there, within one second too."""
        earliest = [each.built_at + timedelta(seconds=1) for each in self.list()[:1]]
        return snapshot_id(max([datetime.now(UTC), *earliest]), content)

    def publish(self, folder: Path, name: str, keep: int = KEEP) -> Published:
        """Make a finished folder the current snapshot, and drop the oldest beyond `keep`."""
        for path in sorted(folder.iterdir()):
            sync(path)
        sync(folder)
        self.snapshots.mkdir(exist_ok=True)
        folder.rename(self.snapshots / name)
        sync(self.snapshots)
        published = self.find(name)
        self.point_to(published)
        self._retain(keep)
        return published

    def point_to(self, snapshot: Published) -> None:
        """Serve that snapshot from now on. A crash leaves the old pointer or the new one, whole."""
        fresh = self.pointer.with_suffix(".new")
        fresh.write_text(f"{snapshot.id}\n", encoding="ascii")
        sync(fresh)
        fresh.replace(self.pointer)
        sync(self.root)

    def _retain(self, keep: int) -> None:
        current = self.current()
        for kept, snapshot in enumerate(self.list(), start=1):
            if kept > keep and snapshot != current:
                shutil.rmtree(snapshot.folder, ignore_errors=True)


def snapshot_id(at: datetime, content: str) -> str:
    """`20261121T093000Z-1a2b3c4d`: when it was built, and eight hexadecimal digits of what it holds."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{content[:8]}"
