"""What was sent, as it was sent: nothing of it is checked yet."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from api.submissions.problems import Invalid, Problem

LONGEST_PAYLOAD = 2_000_000
LONGEST_SHOWN = 60
INVALID = "Invalid submission payload."
SCORES_SHAPE = 'Scores must be an object of benchmark ids, each with a number or null: {"vsi_bench": 50.3}.'
SUB_SCORES_SHAPE = (
    "Sub-scores must be an object of benchmark ids, each with an object of keys with numbers or null: "
    '{"mindcube_tiny": {"among_accuracy": 37.5}}.'
)


@dataclass(frozen=True)
class DraftScore:
    """One score as it was sent. Where `variant` is not null, `id` is the benchmark's alone."""

    id: object
    variant: object = None
    value: object = None
    sub_scores: tuple[tuple[object, object], ...] = ()


@dataclass(frozen=True)
class Draft:
    """What was sent; null and "" stand for what was not. `misshapen` is what of the scores could not even be read."""

    model_name: object = None
    model_type: object = None
    precision: object = None
    revision: object = None
    weight_type: object = None
    base_model: object = None
    backend: object = None
    remarks: object = None
    scores: tuple[DraftScore, ...] = ()
    misshapen: tuple[Problem, ...] = ()


class _Refused(Exception):
    """JSON that is none, or none that is taken. Where the text is not empty it says what EASI would let pass."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(text)
        self.problem = Problem("payload", code, f"{INVALID} {text}".strip())


def read_payload(text: str) -> Draft:
    """The draft in EASI's JSON, in which unknown keys are ignored. Raises `Invalid` where that is no JSON object."""
    try:
        payload = _parse(text)
    except _Refused as error:
        raise Invalid([error.problem]) from None
    scores, misshapen = _scores(payload.get("scores"), payload.get("subScores"))
    return Draft(
        model_name=payload.get("modelName"),
        model_type=payload.get("modelType"),
        precision=payload.get("precision"),
        revision=payload.get("revision"),
        weight_type=payload.get("weightType"),
        base_model=payload.get("baseModel"),
        backend=payload.get("backend"),
        remarks=payload.get("remarks"),
        scores=scores,
        misshapen=misshapen,
    )


def shown(value: object) -> str:
    """A value from outside, short and in ASCII, for the text of a problem."""
    if not isinstance(value, str | int | float | None):
        return "a list or an object"
    text = ascii(value[:LONGEST_SHOWN] if isinstance(value, str) else value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _parse(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_PAYLOAD:
        raise _Refused("PAYLOAD_TOO_LONG", f"It is longer than {LONGEST_PAYLOAD:,} characters.")
    try:
        payload = json.loads(text, object_pairs_hook=_object, parse_float=_float, parse_constant=_refuse_constant)
        json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _Refused("PAYLOAD_NOT_UNICODE", "It holds half of a surrogate pair, which is no character.") from None
    except (ValueError, RecursionError):
        raise _Refused("PAYLOAD_NOT_JSON") from None
    if not isinstance(payload, dict):
        raise _Refused("PAYLOAD_NOT_AN_OBJECT")
    return payload


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Refused("PAYLOAD_REPEATS_A_KEY", f"The key {shown(key)} is there more than once in one object.")
        found[key] = value
    return found


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _Refused("PAYLOAD_NOT_FINITE", f"The number {shown(text)} is too large for any score.")
    return value


def _refuse_constant(_: str) -> NoReturn:
    raise _Refused("PAYLOAD_NOT_FINITE")


def _scores(headlines: object, sub_scores: object) -> tuple[tuple[DraftScore, ...], tuple[Problem, ...]]:
    """Headlines in their order, then sub-scores that have none. A part that is missing or "" is empty."""
    misshapen = []
    if headlines is not None and not isinstance(headlines, dict):
        misshapen.append(Problem("scores", "SCORES_NOT_AN_OBJECT", SCORES_SHAPE))
    values = headlines if isinstance(headlines, dict) else {}
    nested = {} if sub_scores in (None, "") else sub_scores
    if not isinstance(nested, dict) or not all(isinstance(each, dict | None) for each in nested.values()):
        misshapen.append(Problem("scores", "SUB_SCORES_NOT_AN_OBJECT", SUB_SCORES_SHAPE))
        nested = {}
    return _joined(values, nested), tuple(misshapen)


def _joined(values: Mapping[str, object], nested: Mapping[str, Mapping[str, object] | None]) -> tuple[DraftScore, ...]:
    ids = [*values, *(each for each in nested if each not in values)]
    return tuple(DraftScore(each, None, values.get(each), tuple((nested.get(each) or {}).items())) for each in ids)
