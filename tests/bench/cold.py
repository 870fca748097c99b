"""A whole leaderboard worked out anew: against plain Strawberry, and against its bare statements."""

import gc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from api.app import create_app
from api.settings import Settings
from tests.bench import bare
from tests.bench.application import Application
from tests.bench.frames import at_best_depth
from tests.bench.inputs import Inputs
from tests.bench.pairs import take_turns
from tests.bench.plain import create_plain
from tests.bench.questions import leaderboard
from tests.bench.results import Result
from tests.bench.stores import board_store, full_store, large_store

FASTER_THAN_PLAIN = (15.0, 30.0)
OF_BARE = (2.5, 1.5)
LARGE = "large table"


def cold_boards(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """The board that the rules are about."""
    data = board_store(inputs, folder)
    return [_against_plain(data, inputs.board, ""), *_against_bare(data, inputs.board, "")]


def cold_full_board(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """A board on which every model has every task: 500 x 131, made up."""
    data, board = full_store(inputs, folder)
    where = ", 500 x 131 without gaps"
    return [_against_plain(data, board, where), *_against_bare(data, board, where)]


def cold_large(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """The same board in a store of many more rows."""
    return _against_bare(large_store(inputs, folder), inputs.board, f", {LARGE}")


@contextmanager
def serving(data: Path) -> Iterator[Application]:
    """Our application in this process, without caches."""
    with Application(create_app(Settings(data_dir=data, cache_mb=0))) as ours:
        yield ours


@contextmanager
def settled() -> Iterator[None]:
    """What is there stays: the collector of garbage does not look at it within the context."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _against_plain(data: Path, board: str, where: str) -> Result:
    question = leaderboard(board)
    with serving(data) as ours, Application(create_plain(data, board)) as plain:
        answer = ours.data(question)
        if answer != plain.data(question):
            raise RuntimeError(f"the answers about {board} differ")
        body = question.body
        with settled():
            reference = at_best_depth(lambda: plain.ask(body))
            pairs = take_turns(lambda: ours.ask(body), reference, seconds=8, apart=True)
        more = {"bytes": len(ours.ask(body)), "reference_pages": median(pairs.pages), **size(answer)}
    return pairs.higher(f"cold leaderboard{where}: faster than plain Strawberry", *FASTER_THAN_PLAIN, **more)


def _against_bare(data: Path, board: str, where: str) -> list[Result]:
    question = leaderboard(board)
    body = question.body
    must, aim = OF_BARE if LARGE not in where else (None, None)
    with serving(data) as ours, closing(bare.connect(data)) as connection:
        answer = ours.answer(question)
        reference = bare.Bare(connection, bare.leaderboard(board), answer)
        with settled():
            pairs = take_turns(lambda: ours.ask(body), reference.run, apart=True)
        more = {"pieces": reference.pieces(), **size(orjson.loads(answer)["data"])}
    return [pairs.lower(f"cold leaderboard{where} / bare SQL and orjson", must, aim, **more)]


def size(data: Any) -> dict[str, int]:
    """How many entries and task scores an answer has."""
    entries = data["benchmark"]["leaderboard"]["entries"]["nodes"]
    return {"entries": len(entries), "scores": sum(len(entry["taskScores"]) for entry in entries)}
