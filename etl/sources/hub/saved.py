"""Boards as a directory holds them: the Hub's answers, saved."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.client import HubError, decode, moment
from etl.source import Unreadable
from etl.sources.hub.boards import as_rows
from etl.sources.hub.live import MAX_BOARD_BYTES, MAX_DECLARATION_BYTES, MAX_MODEL_BYTES

SITE = "https://huggingface.co"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,200}")


class SavedBoards:
    """Reads a directory that holds the same bytes as the Hub answers.

    - `datasets.json`: the list of official benchmarks (`/api/datasets?filter=benchmark:official`)
    - `<org>/<name>/eval.yaml`: the dataset's declaration
    - `<org>/<name>/leaderboard/<task>.json`: the rows of one task with `base_model=false`; a `/` of the task id is
      written `__`. `<task>.default.json` beside it: the rows of the default view
    - `<org>/<name>/leaderboard.json`, `leaderboard.default.json`: the same for a dataset that declares no task
    - `models/<org>/<name>.json`: what the Hub says of a model, with `evalResults`
    - `at`: one line, the time of the answers (ISO 8601). Without it, it is that of the newest file.
    """

    site = SITE

    def __init__(self, path: Path) -> None:
        self._path = path

    def at(self) -> datetime:
        """Raises `Unreadable` where `at` holds no time."""
        if not (self._path / "at").is_file():
            newest = max((file.stat().st_mtime for file in self._path.rglob("*") if file.is_file()), default=0.0)
            return datetime.fromtimestamp(int(newest), UTC)
        said = moment(self._read("at", 100).decode("ascii", "replace").strip())
        if said is None:
            raise Unreadable(f"{self._path / 'at'} holds no time; write one like 2026-03-25T00:00:00Z")
        return said

    def datasets(self) -> list[Any]:
        return as_rows(self._read("datasets.json", MAX_BOARD_BYTES))

    def declaration(self, dataset: str) -> bytes:
        return self._read(f"{dataset}/eval.yaml", MAX_DECLARATION_BYTES)

    def board(self, dataset: str, task: str | None, *, whole: bool) -> list[Any]:
        name = "leaderboard" if task is None else f"leaderboard/{task.replace('/', '__')}"
        return as_rows(self._read(f"{dataset}/{name}{'' if whole else '.default'}.json", MAX_BOARD_BYTES))

    def model(self, name: str) -> dict[str, Any] | None:
        try:
            known = decode(self._read(f"models/{name}.json", MAX_MODEL_BYTES))
        except HubError as error:
            if error.status == 404:
                return None
            raise
        return known if isinstance(known, dict) else None

    def close(self) -> None:
        """Nothing is open."""

    def _read(self, name: str, limit: int) -> bytes:
        path = self._path / name
        if not all(NAME.fullmatch(part) and part.strip(".") for part in name.split("/")) or not path.is_file():
            raise HubError(f"copy holds no {name}", 404)
        if path.stat().st_size > limit:
            raise HubError(f"copy's {name} has more than {limit:,} bytes")
        return path.read_bytes()
