"""Rank intervals are what a bootstrap over tasks gives that is worked out slowly, in exact fractions."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse import intervals
from warehouse.intervals import RESAMPLES, TooLarge, draw_counts, interval_places, resample_ranks

Cell = int | None
NOTHING = Fraction(-(10**9))


@st.composite
def boards(draw: st.DrawFn) -> tuple[list[list[Cell]], list[int]]:
    """Few small whole numbers, so that entries tie; and the strata of the tasks."""
    tasks = draw(st.integers(1, 5))
    row = st.lists(st.sampled_from([None, -1, 0, 1, 2, 3]), min_size=tasks, max_size=tasks)
    strata = st.lists(st.sampled_from([7, 2]), min_size=tasks, max_size=tasks)
    return draw(st.lists(row, min_size=1, max_size=6)), draw(strata)


def matrix(board: Sequence[Sequence[float | None]]) -> Any:
    return np.array([[np.nan if value is None else value for value in row] for row in board], dtype=float)


def drawn(strata: Sequence[int]) -> list[list[int]]:
    """How often each task is drawn, by resample."""
    (counts,) = draw_counts(np.array(strata), RESAMPLES)
    return [[int(count) for count in row] for row in counts]


def total(row: Sequence[Cell], weights: Sequence[int], counts: Sequence[int]) -> Fraction:
    return Fraction(sum(count * (value or 0) for value, count in zip(row, counts, strict=True)))


def mean(row: Sequence[Cell], weights: Sequence[int], counts: Sequence[int]) -> Fraction:
    cells = [
        (value, weight * count)
        for value, weight, count in zip(row, weights, counts, strict=True)
        if value is not None and weight * count
    ]
    if not cells:
        return NOTHING
    return Fraction(sum(value * weight for value, weight in cells), sum(weight for _, weight in cells))


def slowly(board: list[list[Cell]], weights: list[int], strata: list[int], score: Any) -> list[list[int]]:
    """Sorted ranks of every entry, one resample after another."""
    ranks: list[list[int]] = [[] for _ in board]
    for counts in drawn(strata):
        scores = [score(row, weights, counts) for row in board]
        for entry, own in enumerate(scores):
            ranks[entry].append(1 + sum(other > own for other in scores))
    return [sorted(found) for found in ranks]


@settings(max_examples=15, deadline=None)
@given(boards())
def test_sums_of_points_rank_as_worked_out_slowly(board: tuple[list[list[Cell]], list[int]]) -> None:
    rows, strata = board
    found = resample_ranks(matrix(rows), strata=strata)
    assert found.tolist() == slowly(rows, [1] * len(strata), strata, total)


@settings(max_examples=15, deadline=None)
@given(boards(), st.lists(st.sampled_from([1, 1, 2, 3, 7]), min_size=5, max_size=5))
def test_weighted_means_of_what_there_is_rank_as_worked_out_slowly(
    board: tuple[list[list[Cell]], list[int]], weights: list[int]
) -> None:
    rows, strata = board
    weights = weights[: len(strata)]
    found = resample_ranks(matrix(rows), np.array(weights, dtype=float), strata)
    assert found.tolist() == slowly(rows, weights, strata, mean)


@settings(max_examples=10, deadline=None)
@given(boards())
def test_means_of_means_by_stratum_rank_as_worked_out_slowly(board: tuple[list[list[Cell]], list[int]]) -> None:
    rows, strata = board
    whole = [[value or 0 for value in row] for row in rows]

    def mean_of_means(row: Sequence[int], weights: Sequence[int], counts: Sequence[int]) -> Fraction:
        parts = [
            [value * count for value, count, each in zip(row, counts, strata, strict=True) if each == stratum]
            for stratum in set(strata)
        ]
        return sum((Fraction(sum(part), len(part)) for part in parts), Fraction(0))

    weights = np.array([1 / strata.count(stratum) for stratum in strata])
    found = resample_ranks(matrix(whole), weights, strata)
    assert found.tolist() == slowly(whole, [], strata, mean_of_means)


@settings(max_examples=20, deadline=None)
@given(boards(), st.randoms(use_true_random=False))
def test_entries_in_another_order_have_the_same_intervals(
    board: tuple[list[list[Cell]], list[int]], random: Any
) -> None:
    values = matrix(board[0])
    order = list(range(len(values)))
    random.shuffle(order)
    for weights in (None, np.ones(values.shape[1])):
        found = resample_ranks(values[order], weights, board[1])
        assert found.tolist() == resample_ranks(values, weights, board[1])[order].tolist()


BOARD = np.random.RandomState(3).random_sample((40, 12)).round(2)  # a stream that numpy has frozen
FIRST = [2, 0, 1, 0, 2, 0, 0, 1, 2, 1, 2, 1]
LAST = [4, 1, 0, 3, 2, 0, 1, 1, 0, 0, 0, 0]
INTERVALS = [(8, 40), (14, 39), (1, 27), (11, 36)]


def test_the_same_board_gives_the_same_ranks_whatever_fits_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    found = resample_ranks(BOARD, np.ones(12))
    monkeypatch.setattr(intervals, "BLOCK_CELLS", 300)
    assert resample_ranks(BOARD, np.ones(12)).tolist() == found.tolist()


def test_the_draws_never_change() -> None:
    """Not with a version of numpy, nor with a machine: intervals that were published can be had again."""
    counts = drawn([0] * 12)
    assert counts[0] == FIRST
    assert counts[-1] == LAST
    found = resample_ranks(BOARD, np.ones(12))
    low, high = interval_places(0.95)
    assert list(zip(found[:4, low].tolist(), found[:4, high].tolist(), strict=True)) == INTERVALS


def test_each_resample_draws_as_many_tasks_as_there_are_from_each_stratum() -> None:
    strata = [5, 1, 5, 5, 1, 9]
    for counts in drawn(strata):
        for stratum in set(strata):
            own = [count for count, each in zip(counts, strata, strict=True) if each == stratum]
            assert sum(own) == len(own)


def test_every_task_is_drawn_about_as_often_as_any_other() -> None:
    often = np.array(drawn([0] * 20)).mean(axis=0)
    assert often == pytest.approx(np.ones(20), abs=0.15)  # standard error: 0.03


def test_an_entry_that_leads_on_every_task_is_first_for_certain() -> None:
    values = np.vstack([BOARD, BOARD.max(axis=0) + 0.01])
    for weights in (None, np.ones(12)):
        assert set(resample_ranks(values, weights)[-1]) == {1}


def test_entries_with_the_same_values_share_their_interval() -> None:
    values = np.vstack([BOARD, BOARD[7]])
    for weights in (None, np.linspace(0.1, 0.9, 12)):
        found = resample_ranks(values, weights)
        assert found[7].tolist() == found[-1].tolist()


def test_equal_means_tie_however_they_are_summed_up() -> None:
    """0.1 x 0.7 + 0.2 x 0.7 + ... is not exactly 0.7 times the sum of the weights."""
    values = matrix([[0.7] * 6, [0.7, None, 0.7, None, 0.7, 0.7], [0.5] * 6, [0.1] * 6])
    found = resample_ranks(values, np.array([0.1, 0.2, 0.3, 0.7, 1e-3, 1 / 3]))
    assert set(found[0]) == {1}
    assert np.mean(found[1] == 1) > 0.95


def test_on_a_single_task_the_interval_is_the_rank() -> None:
    values = matrix([[2.0], [5.0], [2.0], [1.0]])
    for weights in (None, np.ones(1)):
        assert [set(ranks) for ranks in resample_ranks(values, weights).tolist()] == [{2}, {1}, {2}, {4}]


def test_an_entry_without_any_of_the_tasks_drawn_comes_last() -> None:
    values = matrix([[9.0, None], [1.0, 1.0], [0.0, 0.0]])
    ranks = resample_ranks(values, np.ones(2))[0]
    without = sum(counts[0] == 0 for counts in drawn([0, 0]))
    assert 0 < without < RESAMPLES
    assert ranks.tolist() == [1] * (RESAMPLES - without) + [3] * without


def test_a_board_without_entries_or_tasks_has_no_ranks_to_speak_of() -> None:
    assert resample_ranks(np.empty((0, 3)), np.ones(3)).shape == (0, RESAMPLES)
    assert set(resample_ranks(np.empty((2, 0))).ravel().tolist()) == {1}


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e300])
def test_the_size_of_values_and_weights_does_not_matter(scale: float) -> None:
    found = resample_ranks(BOARD * scale, np.full(12, scale))
    assert found.tolist() == resample_ranks(BOARD, np.ones(12)).tolist()


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_more_confidence_is_never_a_narrower_interval(one: float, other: float) -> None:
    (low, high), (wider_low, wider_high) = interval_places(min(one, other)), interval_places(max(one, other))
    assert 0 <= wider_low <= low <= high <= wider_high < RESAMPLES


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.95, 0.99, 0.9999])
def test_bounds_are_quantiles_that_are_ranks_themselves(confidence: float) -> None:
    ranks = np.sort(np.random.RandomState(1).randint(1, 200, RESAMPLES))
    low, high = interval_places(confidence)
    tail = (1 - confidence) / 2
    assert ranks[low] == np.quantile(ranks, tail, method="lower")
    assert ranks[high] == np.quantile(ranks, 1 - tail, method="higher")


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.1, 95.0, float("nan"), float("inf")])
def test_a_confidence_that_is_no_share_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="more than 0 and less than 1"):
        interval_places(confidence)


def test_a_board_that_takes_too_much_memory_is_refused() -> None:
    with pytest.raises(TooLarge, match="10,001 entries on 2 tasks"):
        resample_ranks(np.zeros((10_001, 2)))
