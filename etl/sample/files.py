"""Writing files that are the same every time, down to their modification times."""

import csv
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

WRITTEN = datetime(2026, 6, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Files:
    """A directory being written. `at` (UTC) is the modification time of what is written through it."""

    root: Path
    at: datetime = WRITTEN

    def inside(self, path: str, at: datetime | None = None) -> "Files":
        """A directory of this one."""
        return Files(self.root / path, at or self.at)

    def text(self, path: str, text: str) -> None:
        """Write a text file."""
        place = self._place(path)
        place.write_bytes(text.encode())
        self._stamp(place)

    def json(self, path: str, value: Any) -> None:
        """Write a JSON file; NaN stays the bare word, as Python writes it."""
        self.text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")

    def table(self, path: str, table: pa.Table) -> None:
        """Write a Parquet file."""
        place = self._place(path)
        pq.write_table(table, place)
        self._stamp(place)

    def settle(self) -> None:
        """Give every directory its modification time, once all is written."""
        for place, _, _ in os.walk(self.root, topdown=False):
            self._stamp(Path(place))

    def _place(self, path: str) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _stamp(self, place: Path) -> None:
        seconds = int(self.at.timestamp())
        os.utime(place, (seconds, seconds))


def facts(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this package; its lines that begin with # are remarks."""
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def listed(cell: str) -> list[str]:
    """The values of a cell that holds several."""
    return [value for value in cell.split("|") if value]


def draw(*parts: object) -> float:
    """A number from 0 to 1 that looks random and belongs to `parts` for ever."""
    return int.from_bytes(sha256("\0".join(map(str, parts)).encode()).digest()[:6]) / 2**48


def commit(*parts: object) -> str:
    """A made-up commit hash that belongs to `parts`."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:40]
