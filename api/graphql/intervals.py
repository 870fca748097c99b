"""Rank intervals of entries: a board is resampled once a request, when the first of them is asked for."""

import asyncio

from api.graphql.context import Context
from api.graphql.errors import bad_input
from api.graphql.rankings import Board
from warehouse.intervals import TooLarge
from warehouse.uncertainty import Resampled, resample, resampled_cells

RESAMPLED = "resampled"


async def find_interval(
    board: Board, model: str, variant: str | None, confidence: float, context: Context
) -> tuple[int, int] | None:
    """Best and worst rank of an entry; null where it has no value. Raises `RequestError`."""
    if not 0 < confidence < 1:
        raise bad_input(f"`confidence` is {confidence:g}: it must be more than 0 and less than 1, as 0.95 is")
    if RESAMPLED not in board.memo:
        board.memo[RESAMPLED] = asyncio.ensure_future(_resample(board, context))
    resampled: Resampled = await board.memo[RESAMPLED]
    return resampled.interval(model, variant, confidence)


async def _resample(board: Board, context: Context) -> Resampled:
    cells = await context.arrow(resampled_cells(board.ranking))
    try:
        return await context.engine.pool.run(lambda _: resample(board.ranking, cells))
    except TooLarge as error:
        raise bad_input(f"{error}: ask for fewer `models` or `tasks`") from None
