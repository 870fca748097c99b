"""How far ranks hang on the tasks a board happens to have: a bootstrap over tasks.

The tasks are drawn anew, with replacement, as many as there are; the entries are ranked by what was drawn, ties sharing
the best rank; and that `RESAMPLES` times over. All sums are of whole numbers that doubles hold exactly, and draws are
taken from the bits of a generator whose stream is fixed, so every machine comes to the same ranks.
"""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
SEED = 20_260_501
MOST_CELLS = 10_000_000  # entries times tasks, or times resamples
BLOCK_CELLS = 2_000_000  # entries times resamples, or tasks times resamples, in memory at a time
NOTHING = -4.0  # below every score, which are from -1 to 1
EXACT_BITS = 52  # sums up to 2 to that are exact in a double
TIE = 2.0**-36  # what differs by no more than this part of the largest there can be is a tie

Reals = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int32]


class TooLarge(Exception):
    """A board with more than `MOST_CELLS` entries times tasks, or times resamples."""


def resample_ranks(values: Reals, weights: Reals | None = None, strata: npt.ArrayLike | None = None) -> Wholes:
    """Ranks of each entry (row) in all resamples, sorted: entries x `RESAMPLES`, 1 is best.

    `values` are entries x tasks, more is better, NaN is nothing. With `weights` (0 or more; entries x tasks, or one a
    task) a mean of what an entry has ranks it, last where it has nothing of what was drawn; without them the sum does.
    Tasks are drawn within their `strata` (one whole number a task); by default all are of one. Raises `TooLarge`.
    """
    entries, tasks = values.shape
    if max(entries, 1) * max(tasks, RESAMPLES) > MOST_CELLS:
        raise TooLarge(f"{entries:,} entries on {tasks:,} tasks are more than rank intervals are worked out for")
    board = _Sums(values) if weights is None else _Means(values, np.broadcast_to(weights, values.shape))
    groups = np.zeros(tasks, dtype=np.int64) if strata is None else np.asarray(strata)
    ranks = np.empty((entries, RESAMPLES), dtype=np.int32)
    done = 0
    for counts in draw_counts(groups, max(1, BLOCK_CELLS // max(entries, tasks, 1))):
        ranks[:, done : done + len(counts)] = _ranks(board.scores(counts)).T
        done += len(counts)
    ranks.sort(axis=1)
    return ranks


def interval_places(confidence: float) -> tuple[int, int]:
    """Where the bounds of an interval stand among the sorted ranks of an entry, from 0.

    They leave at most (1 - confidence) / 2 of the others outside on either side: quantiles that are ranks themselves,
    the lower one rounded down and the upper one up. Raises ValueError for a confidence that is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence is {confidence:g}: it must be more than 0 and less than 1")
    low = math.floor((1 - confidence) / 2 * (RESAMPLES - 1))
    return low, RESAMPLES - 1 - low


def draw_counts(strata: npt.NDArray[np.int64], block: int) -> Iterator[Reals]:
    """How often each task is drawn: resamples x tasks, at most `block` resamples at a time; always the same ones."""
    tasks = len(strata)
    order = np.argsort(strata, kind="stable")
    _, starts, sizes = np.unique(strata[order], return_index=True, return_counts=True)
    first = np.repeat(starts, sizes).astype(np.uint64)
    size = np.repeat(sizes, sizes).astype(np.uint64)
    bits = np.random.PCG64(SEED)  # numpy keeps the stream of its bits; those of its distributions may change
    for start in range(0, RESAMPLES, block):
        rows = min(block, RESAMPLES - start)
        raw = bits.random_raw(rows * tasks).reshape(rows, tasks) >> np.uint64(32)
        drawn = order[first + (raw * size >> np.uint64(32))]
        cells = drawn + np.arange(rows)[:, None] * tasks
        yield np.bincount(cells.ravel(), minlength=rows * tasks).reshape(rows, tasks).astype(np.float64)


class _Sums:
    """Sums of values; of points, that is."""

    def __init__(self, values: Reals) -> None:
        self.values, _ = _whole(np.nan_to_num(values))

    def scores(self, counts: Reals) -> Reals:
        """Resamples x entries, from -1 to 1."""
        return np.ldexp(counts @ self.values.T, -EXACT_BITS)


class _Means:
    """Weighted means of the values there are."""

    def __init__(self, values: Reals, weights: Reals) -> None:
        held = np.where(np.isnan(values), 0.0, weights)
        held = held / (held.max(initial=0.0) or 1.0)
        known = np.nan_to_num(values)
        self.weighted, bits = _whole(held * known)
        self.weights, weight_bits = _whole(held)
        _, exponent = np.frexp(np.abs(known).max(initial=0.0))
        self.shift = weight_bits - bits - int(exponent)

    def scores(self, counts: Reals) -> Reals:
        """Resamples x entries, from -1 to 1; below all where nothing was drawn that the entry has."""
        weights = counts @ self.weights.T
        means = np.ldexp((counts @ self.weighted.T) / np.where(weights > 0, weights, 1.0), self.shift)
        return np.where(weights > 0, means, NOTHING)


def _whole(values: Reals) -> tuple[Reals, int]:
    """Values times a power of two, and which, as whole numbers so small that a resample's sum of them is exact."""
    _, exponent = np.frexp(np.abs(values).max(initial=0.0))
    bits = EXACT_BITS - max(values.shape[1] - 1, 0).bit_length() - int(exponent)
    return np.rint(np.ldexp(values, bits)), bits


def _ranks(scores: Reals) -> Wholes:
    """Ranks 1, 2, 2, 4 within each row, 1 for the largest."""
    order = np.argsort(-scores, axis=1)
    best_first = np.take_along_axis(scores, order, axis=1)
    places = np.zeros(scores.shape, dtype=np.int32)
    below = best_first[:, :-1] - best_first[:, 1:] > TIE
    places[:, 1:] = np.where(below, np.arange(1, max(scores.shape[1], 1), dtype=np.int32), 0)
    np.maximum.accumulate(places, axis=1, out=places)
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, places + 1, axis=1)
    return ranks
