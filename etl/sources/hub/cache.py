"""Answers of the Hub on disk, with the tag under which the Hub can call them unchanged."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

MAX_HEADER_BYTES = 4_096


@dataclass(frozen=True)
class Kept:
    """One answer; `at` is when it was true last, in seconds since 1970."""

    body: bytes
    etag: str | None
    at: float


@dataclass(frozen=True)
class Cache:
    """A folder of answers, one file a request; an entry that is broken or too large is no entry."""

    folder: Path
    limit: int

    def read(self, key: str) -> Kept | None:
        path = self._path(key)
        try:
            if path.stat().st_size > self.limit + MAX_HEADER_BYTES:
                return None
            header, _, body = path.read_bytes().partition(b"\n")
            said = json.loads(header)
            kept = Kept(body, said["etag"], float(said["at"]))
            return kept if said["digest"] == _digest(body) else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def write(self, key: str, kept: Kept) -> None:
        """Keep an answer; a cache that cannot be written is only slower."""
        header = json.dumps({"etag": kept.etag, "at": kept.at, "digest": _digest(kept.body)}).encode()
        if len(header) > MAX_HEADER_BYTES or len(kept.body) > self.limit:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _replace(self._path(key), header + b"\n" + kept.body)
        except OSError:
            return

    def _path(self, key: str) -> Path:
        return self.folder / hashlib.sha256(key.encode()).hexdigest()[:40]


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
