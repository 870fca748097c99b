"""Files that come in: written, hashed and held while they are in use, and found again where a process died."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

HEAD = 8
PREFIX = "upload-"
TRIES = 8


@dataclass(frozen=True)
class StoredFile:
    """A file of a form, on disk at `path` while its form is in use. `head` is its first 8 bytes.

    Of one that is `too_large` only the head is kept, `size` is more than it may be, and there is no `sha256`.
    """

    path: Path
    size: int
    sha256: str
    head: bytes
    too_large: bool = False


class Upload:
    """A file that comes in. Its lock says that it is in use, until it is discarded or its process ends."""

    def __init__(self, folder: Path, most: int) -> None:
        self._file, self._path = _create(folder)
        self._most = most
        self._size = 0
        self._head = b""
        self._sha256 = hashlib.sha256()
        self._too_large = False

    def write(self, data: bytes) -> None:
        """Write and hash more of it, unless that is more than it may be: then it is cut."""
        self._size += len(data)
        self._head += data[: HEAD - len(self._head)]
        if self._size > self._most:
            self.cut()
        elif not self._too_large:
            self._sha256.update(data)
            self._file.write(data)

    def cut(self) -> None:
        """Call it too large: keep its head alone, and no more of what comes."""
        if not self._too_large:
            self._too_large = True
            self._file.truncate(0)
            self._file.seek(0)
            self._file.write(self._head)

    def close(self) -> StoredFile:
        self._file.flush()
        if self._too_large:
            return StoredFile(self._path, max(self._size, self._most + 1), "", self._head, too_large=True)
        return StoredFile(self._path, self._size, self._sha256.hexdigest(), self._head)

    def discard(self) -> None:
        """Remove it, unless it was moved elsewhere, and end its use."""
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # what could not be written to a full disk is not wanted any more
            self._file.close()


def _create(folder: Path) -> tuple[BinaryIO, Path]:
    """A new file that is locked. One that was taken for abandoned before it was locked is given up for another."""
    for _ in range(TRIES):
        descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)
        file, path = os.fdopen(descriptor, "wb"), Path(name)
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_nlink:
                return file, path
        file.close()
        path.unlink(missing_ok=True)
    raise OSError(f"no file in {folder} can be locked: something else removes or locks them")


def remove_abandoned(folder: Path) -> int:
    """Remove the files of forms whose process is gone, and leave those that are in use. How many there were."""
    removed = 0
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            removed += 1
    return removed
