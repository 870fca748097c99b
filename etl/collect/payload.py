"""What is sent beside the archive: the ten fields of EASI's submission."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from etl.collect.collected import Collected
from warehouse.easi.facts import Facts

KEYS = (
    "modelName", "modelType", "precision", "revision", "weightType", "baseModel", "backend", "remarks", "scores",
    "subScores",
)  # fmt: skip
TEXTS = KEYS[:8]
MOST_SCORES = 1_000


class PayloadProblem(Exception):
    """What is wrong with a payload, all of it."""


@dataclass(frozen=True)
class Payload:
    """A payload with all its keys, in EASI's order; what is not known is an empty text."""

    fields: Mapping[str, Any]

    @classmethod
    def of(cls, collected: Collected, about: Mapping[str, str], *, core: Facts | None = None) -> "Payload":
        """What was collected, with what is said of the model; with `core` only the eight benchmarks of EASI-8."""
        found = sorted(collected.found, key=lambda each: each.id)
        kept = [each for each in found if core is None or is_core(core, each.id)]
        scores = {each.id: each.value for each in kept}
        subs = {each.id: dict(each.subs) for each in kept if each.subs}
        return cls(_ordered({**about, "backend": collected.backend, "scores": scores, "subScores": subs}))

    @classmethod
    def read(cls, text: str, about: Mapping[str, str]) -> "Payload":
        """A payload as JSON; what `about` says goes before what stands in it. Raises `PayloadProblem`."""
        try:
            raw = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise PayloadProblem(f"it is not JSON: {error}") from None
        if not isinstance(raw, dict):
            raise PayloadProblem("it is not a JSON object")
        unknown = sorted(set(raw) - set(KEYS))
        if unknown:
            raise PayloadProblem(f"it has unknown keys ({', '.join(unknown[:5])}); those known are {', '.join(KEYS)}")
        payload = cls(_ordered({**raw, **about}))
        if wrong := payload.problems():
            raise PayloadProblem("; ".join(wrong))
        return payload

    def problems(self) -> list[str]:
        """What would be refused, or cannot be sent."""
        texts = [f"`{key}` is not a text" for key in TEXTS if not isinstance(self.fields[key], str)]
        return texts or [*self._unsaid(), *self._wrong_scores()]

    def missing(self, facts: Facts) -> list[str]:
        """Names of EASI-8's benchmarks without a score; a judged variant counts."""
        scored = {facts.resolve(name)[0] for name, value in self.fields["scores"].items() if value is not None}
        return [each.name for each in facts.benchmarks.values() if each.core and each.id not in scored]

    def dump(self, indent: int | None = None) -> str:
        """As JSON in ASCII. Raises ValueError for a number that JSON does not have."""
        return json.dumps(self.fields, indent=indent, allow_nan=False)

    def _unsaid(self) -> list[str]:
        needs = {"modelName": "--model-name", "modelType": "--model-type", "precision": "--precision"}
        unsaid = [f"`{key}` is empty: give it, or {option}" for key, option in needs.items() if not self.fields[key]]
        name = self.fields["modelName"]
        return unsaid + ([f"`modelName` is {name!r}: it must be like org/name"] if name and "/" not in name else [])

    def _wrong_scores(self) -> list[str]:
        scores, subs = self.fields["scores"], self.fields["subScores"]
        if not isinstance(scores, dict) or not isinstance(subs, dict):
            return ["`scores` and `subScores` must be objects"]
        flat = [*scores.items(), *((f"{name}.{key}", value) for name, key, value in _each_sub(subs))]
        wrong = [f"`{name}` is neither a finite number nor null" for name, value in flat if not _is_score(value)][:5]
        none = all(value is None for value in scores.values())
        return wrong + (["`scores` has no score that is not null"] if none else []) + _too_many(scores)


def is_core(facts: Facts, id: str) -> bool:  # noqa: A002 the field's name
    """Whether a score counts for EASI-8, as itself or as a judged variant."""
    known = facts.benchmarks.get(facts.resolve(id)[0])
    return known is not None and known.core


def _ordered(fields: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {**dict.fromkeys(TEXTS, ""), "scores": {}, "subScores": {}}
    return {key: defaults[key] if fields.get(key) is None else fields[key] for key in KEYS}


def _each_sub(subs: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Each sub-score; a map of them that is none stands as one that is wrong."""
    return [
        (name, key, value)
        for name, some in subs.items()
        for key, value in (some.items() if isinstance(some, dict) else [("*", "no object")])
    ]


def _is_score(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _too_many(scores: Mapping[str, Any]) -> list[str]:
    return [f"`scores` has more than {MOST_SCORES:,} entries"] if len(scores) > MOST_SCORES else []


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"it holds {constant}, which JSON does not have; write null for what was not evaluated")
