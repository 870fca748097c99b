"""Rank intervals of entries: a board is resampled when the first of them is asked for, for all that are."""

from functools import partial

from api.engine import Reader
from api.graphql.context import Context
from api.graphql.errors import bad_input
from api.graphql.rankings import Board
from warehouse.intervals import TooLarge
from warehouse.rankings import Ranking
from warehouse.uncertainty import Resampled, resample, resampled_cells


async def find_interval(
    board: Board, model: str, variant: str | None, confidence: float, context: Context
) -> tuple[int, int] | None:
    """Best and worst rank of an entry; null where it has no value. Raises `RequestError`."""
    if not 0 < confidence < 1:
        raise bad_input(f"`confidence` is {confidence:g}: it must be more than 0 and less than 1, as 0.95 is")
    key = ("resampled", repr(board.ranking))
    try:
        resampled = await context.engine.remembered(
            context.snapshot, key, partial(_resample, ranking=board.ranking), Resampled.size
        )
    except TooLarge as error:
        raise bad_input(f"{error}: ask for fewer `models` or `tasks`") from None
    return resampled.interval(model, variant, confidence)


def _resample(reader: Reader, ranking: Ranking) -> Resampled:
    return resample(ranking, reader.table(resampled_cells(ranking)))
