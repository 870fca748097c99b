"""The archives behind submissions, on disk by the SHA-256 of their bytes."""

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from api.spool import remove_abandoned
from api.uploads import StoredFile
from warehouse.disk import sync
from warehouse.ledger.records import Evidence

SHA256 = re.compile(r"[0-9a-f]{64}")
PRIVATE = 0o700
SUFFIX = ".zip"


class EvidenceStore:
    """Files at `root/ab/<sha256>.zip` with `ab` its first two digits; those that are still coming in beside them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def temporary(self) -> Path:
        """The folder for files that come in, on the same disk."""
        folder = self.root / "incoming"
        _make(folder)
        return folder

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Hold off every sweep, so that a file that is placed here is known before one can look for it."""
        with self._lock(fcntl.LOCK_SH):
            yield

    def place(self, file: StoredFile) -> Evidence:
        """Keep a file of a form for good: it is on disk when this returns, and once, however often it comes.

        Raises `ValueError` for one that is not whole, and `OSError`.
        """
        if file.too_large or not SHA256.fullmatch(file.sha256):
            raise ValueError("only a file that was read whole can be evidence")
        path = self._path(file.sha256)
        with self.placing():
            _make(path.parent)
            sync(file.path)
            file.path.replace(path)
            sync(path.parent)
            sync(self.root)
        return Evidence(file.sha256, file.size)

    def open_path(self, sha256: str) -> Path | None:
        """Where the file of that hash is; null where there is none, or where this is no hash."""
        if not SHA256.fullmatch(sha256):
            return None
        path = self._path(sha256)
        return path if path.is_file() else None

    def sweep(self, is_known: Callable[[str], bool]) -> int:
        """Remove what crashes have left: files that no process receives any more, and evidence nobody knows.

        How many there were; none while another process places a file or sweeps.
        """
        try:
            with self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
                unknown = [path for path in self.root.glob(f"??/*{SUFFIX}") if self._is_unknown(path, is_known)]
                for path in unknown:
                    path.unlink(missing_ok=True)
                return len(unknown) + remove_abandoned(self.temporary)
        except BlockingIOError:
            return 0

    @staticmethod
    def _is_unknown(path: Path, is_known: Callable[[str], bool]) -> bool:
        return SHA256.fullmatch(path.stem) is not None and not is_known(path.stem)

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / f"{sha256}{SUFFIX}"

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        _make(self.root)
        with (self.root / "lock").open("a") as lock:
            fcntl.flock(lock, kind)
            yield


def _make(folder: Path) -> None:
    """Make a folder, and see that it is still there after a power cut."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(PRIVATE, exist_ok=True)
    sync(folder.parent)
