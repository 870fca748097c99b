"""When a version was made: by its name, by what it says, by its file."""

import re
from datetime import UTC, datetime
from pathlib import Path

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
STAMP = re.compile(r"(?<!\d)\d{8}T\d{6}(?!\d)")


def has_stamp(stem: str) -> bool:
    """Whether a file name holds what looks like a time, possible or not."""
    return STAMP.search(stem) is not None


def stamped(stem: str) -> datetime | None:
    """The time (UTC) in a file name such as bench_20260214T040553; None where there is none or no such date."""
    found = STAMP.search(stem)
    try:
        return _bounded(datetime.strptime(found[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)) if found else None
    except ValueError:
        return None


def told(value: object) -> datetime | None:
    """The time (UTC) of an ISO 8601 text; None where it is none. A time without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    return _bounded(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def modified(file: Path) -> datetime | None:
    """When the file was last written (UTC)."""
    try:
        return _bounded(datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except (OSError, OverflowError, ValueError):
        return None


def _bounded(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC) if EARLIEST <= moment <= LATEST else None
    except OverflowError:
        return None
