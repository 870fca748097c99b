"""Curated facts about boards: what nobody declares where a program could read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import yaml

DEFAULT_METRIC = "score"


@dataclass(frozen=True)
class Facts:
    """Unit, metric and direction of a board, as its documentation says."""

    unit: str | None = None
    metric: str = DEFAULT_METRIC
    lower_is_better: bool | None = None


def curated() -> dict[str, Facts]:
    """The facts of `units.yaml`, by dataset or `dataset#task`."""
    return read_facts(files(__package__).joinpath("units.yaml").read_text("utf-8"))


def read_facts(text: str) -> dict[str, Facts]:
    held: dict[str, dict[str, object]] = yaml.safe_load(text) or {}
    return {board: _facts(board, dict(fact)) for board, fact in held.items()}


def facts_of(board: str, facts: Mapping[str, Facts]) -> Facts:
    """Those of the board, else those of its dataset."""
    return facts.get(board) or facts.get(board.partition("#")[0]) or Facts()


def _facts(board: str, fact: dict[str, object]) -> Facts:
    if not fact.pop("reason", None):
        raise ValueError(f"units.yaml gives no reason for {board}")
    return Facts(**fact)  # type: ignore[arg-type]
