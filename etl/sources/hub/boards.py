"""Where boards come from: the Hub itself, or a saved copy of its answers."""

from datetime import datetime
from typing import Any, Protocol

from etl.client import HubError, decode


class Stale(HubError):
    """The Hub failed; `kept` is what it answered last."""

    def __init__(self, error: HubError, kept: bytes) -> None:
        super().__init__(str(error), error.status, passing=error.passing)
        self.kept = kept


class Boards(Protocol):
    """The Hub's answers, decoded but not judged. Every method raises `HubError`."""

    site: str
    """Address below which datasets and models have their pages."""

    def at(self) -> datetime:
        """Time of the answers (UTC, whole seconds)."""

    def datasets(self) -> list[Any]:
        """What the Hub says of each official benchmark dataset."""

    def declaration(self, dataset: str) -> bytes:
        """The dataset's `eval.yaml`. Raises `Stale` where an earlier one is known."""

    def board(self, dataset: str, task: str | None, *, whole: bool) -> list[Any]:
        """The rows of one task (None: the first), whole or as the Hub shows them by default.

        Raises `Stale` where earlier ones are known.
        """

    def model(self, name: str) -> dict[str, Any] | None:
        """What the Hub says of a model; None where there is none to see."""

    def close(self) -> None:
        """Give back what is open."""


def as_rows(body: bytes) -> list[Any]:
    """A JSON list. Raises HubError for anything else."""
    rows = decode(body)
    if not isinstance(rows, list):
        raise HubError("answered something that is not a list of rows", passing=True)
    return rows
