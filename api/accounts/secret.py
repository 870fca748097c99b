"""The secret that all processes of one service share, from which they make their keys."""

import logging
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE = "accounts.secret"
BYTES = 32
OTHERS = 0o077
log = logging.getLogger("standings")


class NoSecret(Exception):
    """The file of the secret cannot be read or made; the text names it."""


@dataclass(frozen=True)
class Secret:
    """Random bytes that never leave the service."""

    value: bytes = field(repr=False)

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, from which neither the secret nor another purpose's key can be told."""
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.value)


def read_secret(folder: Path) -> Secret:
    """The secret in a folder, made there if it is the first time. Raises NoSecret.

    Several processes may start at once: the file appears whole, and all read the same.
    """
    file = folder / FILE
    try:
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _create(file)
        return _read(file)
    except OSError as error:
        raise NoSecret(f"{file} cannot be read or made: {error.strerror}") from None


def _read(file: Path) -> Secret:
    with file.open("rb") as opened:
        value = opened.read(BYTES + 1)
        mode = os.fstat(opened.fileno()).st_mode
    if len(value) != BYTES:
        raise NoSecret(f"{file} does not hold {BYTES} bytes: delete it, and everybody who is signing in starts anew")
    if mode & OTHERS:
        log.warning("others may read %s: take that away with chmod 600", file)
    return Secret(value)


def _create(file: Path) -> None:
    number, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=file.parent)  # readable by its owner alone
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(secrets.token_bytes(BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass  # another process was faster
    finally:
        draft.unlink()
