"""Evidence that a front end sends ahead of its submission, by an address that only its owner may use, for an hour."""

import hashlib
import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from api.uploads import StoredFile
from warehouse.ledger.records import Person

LASTS = 3_600.0  # seconds
PREFIX = "/api/blobs/"
NAME = re.compile(r"[0-9a-f]{32}")
OWNER = 16  # hexadecimal digits of who sent it
CHUNK = 2**20


@dataclass(frozen=True)
class Blobs:
    """Files in one folder; the name of each says who sent it and when."""

    folder: Path

    def put(self, file: StoredFile, person: Person) -> str:
        """Keep a file. Its address, a path on this server."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        name = secrets.token_hex(16)
        file.path.rename(self._path(name, person))
        return f"{PREFIX}{name}"

    def open(self, address: str, person: Person) -> StoredFile | None:
        """The file at an address, if that person sent it within the hour; nothing else is ever read.

        It is there by a name of its own, to be moved or removed, and stays at its address for who sends it again.
        """
        name = address.removeprefix(PREFIX)
        if not address.startswith(PREFIX) or not NAME.fullmatch(name):
            return None
        path = self._path(name, person)
        own = path.with_stem(f"{path.stem}-{secrets.token_hex(8)}")
        try:
            if self._is_old(path):
                return None
            os.utime(path)
            own.hardlink_to(path)
        except FileNotFoundError:
            return None
        return _described(own)

    def sweep(self) -> None:
        """Drop what is old."""
        for path in self.folder.glob("*.zip"):
            if self._is_old(path):
                path.unlink(missing_ok=True)

    def _path(self, name: str, person: Person) -> Path:
        owner = hashlib.sha256(person.id.encode()).hexdigest()[:OWNER]
        return self.folder / f"{owner}-{name}.zip"

    def _is_old(self, path: Path) -> bool:
        try:
            return time.time() - path.stat().st_mtime > LASTS
        except FileNotFoundError:
            return True


def _described(path: Path) -> StoredFile:
    digest, head = hashlib.sha256(), b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            head = head or chunk[:8]
            digest.update(chunk)
    return StoredFile(path=path, size=path.stat().st_size, sha256=digest.hexdigest(), head=head)
