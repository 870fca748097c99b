"""What a refresh remembers of the one before: a small file that may be lost, which costs one more build."""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

FILE = "refresh.json"
MOST_BYTES = 2**20


@dataclass(frozen=True)
class Seen:
    """A source at the last refresh that knew its `mark`, when the snapshot had its `revision`.

    `at` is when it was read last, in seconds since 1970; `error` says why that failed.
    """

    uri: str
    revision: str
    mark: str
    at: float
    error: str | None = None


@dataclass(frozen=True)
class Memory:
    """Sources by name; the newest snapshot that was current; and the last time the Hub was asked for commits.

    `unanswered` says by the name of a source why the Hub did not tell its commit then.
    """

    snapshot: str = ""
    sources: dict[str, Seen] = field(default_factory=dict)
    asked_at: float = 0.0
    unanswered: dict[str, str] = field(default_factory=dict)


def read_memory(data_dir: Path) -> Memory:
    """What is remembered; nothing where there is no such file, or another one."""
    try:
        with (data_dir / FILE).open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=Memory)
    except (OSError, ValueError, RecursionError):
        return Memory()


def write_memory(data_dir: Path, memory: Memory) -> None:
    """Remember for the next time; a reader sees this or what was there before, whole. Raises OSError."""
    data_dir.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=data_dir, prefix=f".{FILE}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(memory))
        Path(name).replace(data_dir / FILE)
    finally:
        Path(name).unlink(missing_ok=True)
