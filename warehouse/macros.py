"""Boards by name in SQL: as they stand, and as they stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from warehouse.rankings import OWN, Ranking
from warehouse.select import PARAMETER
from warehouse.statements import heading, read

NAMED_BOARDS = (
    "(select list(name::varchar) from benchmarks where name::varchar = board or list_contains(aliases, board))"
)
ANY = Ranking(("one", "another"), OWN, OWN, at=datetime.min.replace(tzinfo=UTC))  # an alias may name more than one
ARGUMENTS = {"benchmarks": NAMED_BOARDS, "at": "moment", "lenient": "false"}


@dataclass(frozen=True)
class Macro:
    """A table macro: its name, its parameters, what it is for, and its statement."""

    name: str
    parameters: tuple[str, ...]
    meaning: str
    sql: str


def macros() -> Iterator[Macro]:
    """Every macro of a snapshot."""
    yield Macro("leaderboard", ("board",), heading("macros/leaderboard"), read("macros/leaderboard"))
    at = f"with entries as (\n{_entries_at()}\n)\n{read('macros/leaderboard_at')}"
    yield Macro("leaderboard_at", ("board", "moment"), heading("macros/leaderboard_at"), at)


def _entries_at() -> str:
    """The ranking of boards by their own methods, with the parameters of the macro for those of the statement."""
    return PARAMETER.sub(lambda found: ARGUMENTS[found[1]], ANY.entries().sql)
