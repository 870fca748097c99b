"""What the scores of a submission must be: EASI takes anything, here they are numbers in percent under usable names."""

from collections.abc import Iterator, Sequence

from api.submissions.drafts import Draft, DraftScore, shown
from api.submissions.problems import Problem
from warehouse.easi.facts import Facts
from warehouse.ledger.records import SubmittedScore

MOST_SCORES = 200
MOST_SUB_SCORES = 200
MOST_PROBLEMS = 100  # that are told at once
LONGEST_NAME = 128
LOWEST, HIGHEST = -100, 100
HEADLINE = "default"  # as the store names it
NAMES = f"1 to {LONGEST_NAME} printable characters without blanks around them"
NUMBERS = f"a number from {LOWEST} to {HIGHEST}, in percent, or null where it was not evaluated"


def read_scores(draft: Draft, facts: Facts) -> tuple[tuple[SubmittedScore, ...], list[Problem]]:
    """The scores that a draft has, or everything that is wrong with them. At least one must not be null."""
    problems = list(draft.misshapen)
    if len(draft.scores) > MOST_SCORES:
        text = f"Scores on {len(draft.scores):,} benchmarks were sent; at most {MOST_SCORES} are taken."
        return (), [*problems, Problem("scores", "TOO_MANY_SCORES", text)]
    seen: set[str] = set()
    for place, score in enumerate(draft.scores):
        problems += _wrong(f"scores[{place}]", score, facts, seen)
    if not problems and all(score.value is None for score in draft.scores):
        problems.append(Problem("scores", "NO_SCORES", "At least one score that is not null is required."))
    return (() if problems else tuple(_read(score, facts) for score in draft.scores)), problems


def _wrong(path: str, score: DraftScore, facts: Facts, seen: set[str]) -> Iterator[Problem]:
    name = _full_id(score)
    if not _is_name(score.id) or score.id in facts.board_names:
        text = f"{shown(score.id)} cannot be the id of a benchmark: use {NAMES}, and no board's name."
        yield Problem(f"{path}.benchmark", "INVALID_BENCHMARK", text)
    elif (_has_variant(score) and not _is_name(score.variant)) or not _is_name(name):
        text = f"{shown(score.variant)} cannot be the variant of {shown(score.id)}: use {NAMES}, with the benchmark's."
        yield Problem(f"{path}.variant", "INVALID_VARIANT", text)
    elif name in seen:
        yield Problem(f"{path}.benchmark", "REPEATED_BENCHMARK", f"{shown(name)} is there more than once.")
    else:
        seen.add(name)
    if not _is_score(score.value):
        yield Problem(f"{path}.value", "INVALID_SCORE", f"The score on {shown(name)} must be {NUMBERS}.")
    yield from _wrong_sub_scores(path, name, score.sub_scores)


def _wrong_sub_scores(path: str, name: str, sub_scores: Sequence[tuple[object, object]]) -> Iterator[Problem]:
    if len(sub_scores) > MOST_SUB_SCORES:
        text = f"{shown(name)} has {len(sub_scores):,} sub-scores; at most {MOST_SUB_SCORES} are taken."
        yield Problem(f"{path}.subScores", "TOO_MANY_SUB_SCORES", text)
        return
    seen: set[str] = set()
    for place, (key, value) in enumerate(sub_scores):
        where, what = f"{path}.subScores[{place}]", f"{shown(key)} of {shown(name)}"
        if not isinstance(key, str) or not _is_name(key) or key == HEADLINE:
            text = f"{what} cannot be the key of a sub-score: use {NAMES}, and not {HEADLINE!r}."
            yield Problem(f"{where}.key", "INVALID_KEY", text)
        elif key in seen:
            yield Problem(f"{where}.key", "REPEATED_KEY", f"{what} is there more than once.")
        else:
            seen.add(key)
        if not _is_score(value):
            yield Problem(f"{where}.value", "INVALID_SCORE", f"The sub-score {what} must be {NUMBERS}.")


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable() and value == value.strip()


def _is_score(value: object) -> bool:
    """Whether it is a score. Python takes a boolean for a number; NaN and infinities are outside of every range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value is None
    return LOWEST <= value <= HIGHEST


def _full_id(score: DraftScore) -> str:
    """The id as EASI writes it, which names benchmark and variant in one."""
    return f"{score.id}_{score.variant}" if _has_variant(score) else str(score.id)


def _has_variant(score: DraftScore) -> bool:
    return score.variant is not None and score.variant != ""


def _read(score: DraftScore, facts: Facts) -> SubmittedScore:
    """A score that is right. What was sent apart stays apart, where the id does not name a known variant by itself."""
    name = _full_id(score)
    benchmark, variant = facts.resolve(name)
    if variant is None and _has_variant(score):
        benchmark, variant = str(score.id), str(score.variant)
    sub_scores = tuple((str(key), _number(value)) for key, value in score.sub_scores)
    return SubmittedScore(name, benchmark, variant, _number(score.value), sub_scores)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
