"""Decoding JSON from outside: numbers in any spelling, repeated keys told, hostile depth and size refused."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from etl.sources.easi.findings import Findings, Refused, shown

LONGEST_NAME = 256
LONGEST_NOTES = 2000
# Control characters, line separators and halves of surrogate pairs; joiners and unusual blanks are names' own.
UNNAMEABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Number:
    """A score as found: a finite number or an explicit null."""

    value: float | None


def decode(content: bytes, findings: Findings) -> Any:
    """The value of a JSON file; every number is a float, NaN and Infinity among them. Raises `Refused`."""
    repeated: dict[str, None] = {}

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                repeated[key] = None
            found[key] = value
        return found

    try:
        value = json.loads(content.decode("utf-8-sig"), parse_int=float, object_pairs_hook=mapping)
    except RecursionError as error:
        raise Refused("is nested too deeply; it was left out") from error
    except ValueError as error:
        raise Refused(f"is not JSON ({error}); it was left out") from error
    for key in repeated:
        findings.add(f"repeats the key {shown(key)} in one object; the last one was read")
    return value


def number(value: object) -> Number | None:
    """A score, or None where the value is none: a boolean, text, a list, NaN, Infinity."""
    if value is None:
        return Number(None)
    return Number(value) if isinstance(value, float) and math.isfinite(value) else None


def name(value: object) -> str | None:
    """Text that can name something: 1 to `LONGEST_NAME` characters on one line, blanks around it cut."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if 0 < len(text) <= LONGEST_NAME and not UNNAMEABLE.search(text) else None


def notes(unknown: dict[str, Any]) -> str | None:
    """What a source says beside its scores, as a JSON object; None where it is empty, too long or not JSON."""
    try:
        text = json.dumps(unknown, allow_nan=False, ensure_ascii=True)
    except (ValueError, RecursionError):
        return None
    return text if unknown and len(text) <= LONGEST_NOTES else None
