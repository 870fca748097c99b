"""A submission as EASI keeps it in a dataset: a folder, a record, a commit message."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from warehouse.ledger.records import Submission

LONGEST_PART = 96
LONGEST_MESSAGE = 300
REMARKS = "Submitted via EASI Leaderboard"
BACKEND = "others"
NAMELESS = "unnamed"


def folder(submission: Submission) -> str:
    """The path of its own that a submission always has, of two plain names."""
    entry, at = submission.entry, submission.submitted_at.astimezone(UTC)
    stamp = f"{at:%Y-%m-%dT%H-%M-%S}-{at.microsecond // 1000:03d}"
    parts = [entry.model_name.rpartition("/")[2], entry.precision, entry.weight_type.capitalize()]
    named = "_".join([*map(_plain, parts), stamp, _plain(submission.id)])
    return f"{_plain(submission.submitted_by.name)}/{named}"


def message(submission: Submission) -> str:
    """The first line of its commit."""
    text = f"Add {submission.entry.model_name} submission by {submission.submitted_by.name}"
    return "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_MESSAGE]


def record(submission: Submission) -> bytes:
    """Its JSON, as EASI writes it: scores in percent by benchmark id, null where not evaluated."""
    entry = submission.entry
    content = {
        "user_id": submission.submitted_by.name,
        "model_id": entry.model_name,
        "base_model": entry.base_model,
        "model_sha": entry.model_sha or entry.revision,
        "model_dtype": entry.precision,
        "weight_type": entry.weight_type.capitalize(),
        "backend": entry.backend or BACKEND,
        "model_type": entry.model_type,
        "submit_time": _seconds(submission.submitted_at),
        "remarks": entry.remarks or REMARKS,
        "config": {},
        "results": {score.id: _number(score.value) for score in entry.scores},
        "sub_scores": {
            score.id: {key: _number(value) for key, value in score.sub_scores}
            for score in entry.scores
            if score.sub_scores
        },
    }
    return _encoded(content)


def _encoded(content: dict[str, Any]) -> bytes:
    # In ASCII, for a lone surrogate in somebody's remarks could not be written otherwise.
    return json.dumps(content, indent=2, allow_nan=False).encode("ascii") + b"\n"


def _seconds(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _plain(text: str) -> str:
    """A text as one name in a path: no separator, no `..`, nothing hidden."""
    kept = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._-]", "-", text))
    return kept[:LONGEST_PART].strip(".") or NAMELESS
