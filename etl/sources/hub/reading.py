"""One board, read: its rows, which of them the Hub shows by default, and what each run is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etl.client import HubError
from etl.source import Problem
from etl.sources.hub.boards import Boards, Stale, as_rows
from etl.sources.hub.catalog import Board
from etl.sources.hub.rows import Key, Row, read_rows
from etl.sources.hub.units import Facts
from etl.sources.hub.variants import name_variants

NO_BOARD = (400, 404, 410, 422)
REFUSED = (401, 403)


@dataclass(frozen=True)
class Reading:
    """The rows of a board in its order. `ranks` holds the Hub's ranks of the rows of its default view.

    A board that could not be read this time (`is_read` false) has the rows of the last time, where those are known.
    """

    board: Board
    facts: Facts
    is_read: bool
    rows: tuple[Row, ...]
    ranks: Mapping[Key, int | None]
    variants: Mapping[Key, str | None]
    lower_is_better: bool


@dataclass(frozen=True)
class View:
    """The rows of a board as they came: now, or the last time it could be read."""

    entries: list[Any]
    is_read: bool = True


def read_board(source: Boards, board: Board, facts: Facts, problems: list[Problem]) -> Reading:
    """Read a board; a Problem says what of it could not be read."""
    whole = _view(source, board, problems, whole=True)
    shown = _view(source, board, problems, whole=False) if whole.entries else whole
    rows = read_rows(whole.entries, board.name, problems)
    ranks = {row.key: row.rank for row in read_rows(shown.entries, board.name, [])}
    is_read = whole.is_read and shown.is_read
    lower = facts.lower_is_better
    lower = any(row.lower_is_better for row in rows) if lower is None else lower
    return Reading(board, facts, is_read, tuple(rows), ranks, name_variants(rows, ranks, lower), lower)


def _view(source: Boards, board: Board, problems: list[Problem], *, whole: bool) -> View:
    """One view of a board: empty where there is no such board."""
    path = board.name if whole else f"{board.name} (default view)"
    try:
        return View(source.board(board.dataset, board.task, whole=whole))
    except HubError as error:
        if error.status in NO_BOARD:
            if not whole or error.status != 404:
                problems.append(Problem(path, f"the Hub {error}; it was read as empty"))
            return View([])
        advice = "; set the token of an account that has access" if error.status in REFUSED else ""
        problems.append(Problem(path, f"the Hub {error}; the board's rows stay as they were{advice}"))
        return View(as_rows(error.kept) if isinstance(error, Stale) else [], is_read=False)
