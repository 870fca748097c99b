"""Writes what was collected: `easi_results.json` and `easi_results.zip`."""

import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from etl.collect.collected import Collected
from etl.collect.files import Unusable
from etl.collect.payload import Payload

JSON_NAME = "easi_results.json"
ZIP_NAME = "easi_results.zip"
MAX_FILES = 10_000
MAX_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Written:
    """Both files, the size of the archive and of what is in it, in bytes."""

    payload: Path
    archive: Path
    size: int
    unpacked: int


def write(collected: Collected, payload: Payload, out: Path) -> Written:
    """Write both files, each whole or not at all. Raises `Unusable`, and OSError where `out` cannot be written."""
    unpacked = sum(file.size for file in collected.files)
    if len(collected.files) > MAX_FILES or unpacked > MAX_BYTES:
        raise Unusable(
            f"the results have {len(collected.files):,} files with {unpacked:,} bytes, where at most {MAX_FILES:,} "
            f"with {MAX_BYTES:,} are put into an archive"
        )
    out.mkdir(parents=True, exist_ok=True)
    archive, text = out / ZIP_NAME, payload.dump(indent=2)
    _replace(archive, lambda file: _zip(collected, file))
    _replace(out / JSON_NAME, lambda file: file.write(text.encode()))
    return Written(out / JSON_NAME, archive, archive.stat().st_size, unpacked)


def _zip(collected: Collected, file: BinaryIO) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for each in collected.files:
            archive.write(each.path, f"{collected.folder}/{each.name}")


def _replace(place: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Fill a file beside the place, and put it there once it is on the disk."""
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o644)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
