"""Chance-adjusted accuracy (CAA): what is right beyond guessing, as a share of what guessing leaves to gain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One answered question: by how much it is above chance (negative: below), and by how much it could be."""

    categories: tuple[str, ...]
    gained: float
    possible: float


def adjusted(
    questions: Iterable[Question], subs: Mapping[str, str], empty: float | None
) -> tuple[float | None, dict[str, float | None]]:
    """CAA in percent over all questions, and over those of each category (by the key of its sub-score).

    A category without questions is null; where there is nothing to gain, the CAA is `empty`.
    """
    asked = list(questions)
    by_category = {key: [each for each in asked if category in each.categories] for key, category in subs.items()}
    return _ratio(asked, empty), {key: _ratio(some, empty) for key, some in by_category.items()}


def _ratio(questions: list[Question], empty: float | None) -> float | None:
    if not questions:
        return None
    gained = sum(question.gained for question in questions)
    possible = sum(question.possible for question in questions)
    return round(100 * gained / possible, 4) if possible else empty
