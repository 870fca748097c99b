"""What every field of a submission must be, with EASI's texts where EASI checks it too.

Enumerations are taken in any case and "" as not sent, for so EASI's client sends them. Model types and precisions that
EASI does not list are refused, where EASI takes any text; a backend it does not list is `others`.
"""

import re
from dataclasses import dataclass

from api.submissions.drafts import Draft
from api.submissions.problems import Problem
from api.submissions.scores import MOST_PROBLEMS, read_scores
from warehouse.easi.facts import Facts
from warehouse.ledger.records import Entry, SubmittedScore

MODEL_TYPES = frozenset({"pretrained", "finetuned", "instruction", "rl"})
PRECISIONS = frozenset({"bfloat16", "float16", "float32", "int8"})
WEIGHT_TYPES = frozenset({"original", "delta", "adapter"})
BASED_TYPES = frozenset({"delta", "adapter"})
BACKENDS = frozenset({"vlmevalkit", "lmmseval", "others"})
LONGEST_NAME = 200
LONGEST_REVISION = 200
LONGEST_REMARKS = 10_000
CORE = "EASI-8"

NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
NOT_IN_A_REVISION = ("..", "//", "/.", "./")
# Control characters but tabs and line ends, halves of surrogate pairs, and marks that turn the direction of the text.
NOT_IN_REMARKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

MODEL_NAME = Problem(
    "modelName", "INVALID_MODEL_NAME", "A valid model name in the format 'organization/model-name' is required."
)
MODEL_TYPE = Problem(
    "modelType",
    "INVALID_MODEL_TYPE",
    "Please select a model type (pretrained, finetuned, instruction, or rl).",
)
PRECISION = Problem(
    "precision", "INVALID_PRECISION", "Please select a precision (bfloat16, float16, float32, or int8)."
)
BASE_MODEL = Problem(
    "baseModel",
    "INVALID_BASE_MODEL",
    "The base model must be named in the format 'organization/model-name', or be left out with Original weights.",
)
REVISION_PROBLEM = Problem(
    "revision",
    "INVALID_REVISION",
    "The revision must be a branch, tag or commit of the model's repository: "
    f"at most {LONGEST_REVISION} letters, digits and . _ / - as git allows them.",
)
WEIGHT_TYPE = Problem("weightType", "INVALID_WEIGHT_TYPE", "The weight type must be Original, Delta or Adapter.")
BACKEND = Problem("backend", "INVALID_BACKEND", "The backend must be a text: vlmevalkit, lmmseval or others.")
REMARKS = Problem(
    "remarks",
    "INVALID_REMARKS",
    f"Remarks must be a text of at most {LONGEST_REMARKS:,} characters, without control characters.",
)


@dataclass(frozen=True)
class Held:
    """The benchmarks on which a model has a score already; on those of `own` it is EASI's."""

    benchmarks: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()


def check(draft: Draft, facts: Facts) -> tuple[Entry | None, list[Problem]]:
    """The entry that a draft makes, or everything that is wrong with it, in EASI's order and then by field."""
    model_name = _read_name(draft.model_name)
    model_type = _choose(draft.model_type, MODEL_TYPES)
    precision = _choose(draft.precision, PRECISIONS)
    weight_type = _choose(draft.weight_type, WEIGHT_TYPES, "original")
    base_model, wrong_base = _read_base(draft.base_model, weight_type)
    revision = _read_revision(draft.revision)
    backend = _read_backend(draft.backend)
    remarks, wrong_remarks = _read_remarks(draft.remarks)
    scores, wrong_scores = read_scores(draft, facts)
    easi = ((model_name, MODEL_NAME), (model_type, MODEL_TYPE), (precision, PRECISION))
    ours = ((revision, REVISION_PROBLEM), (weight_type, WEIGHT_TYPE), (backend, BACKEND))
    problems = [*_missing(easi), *wrong_base, *_missing(ours), *wrong_remarks, *wrong_scores]
    if problems:
        return None, problems[:MOST_PROBLEMS]
    return Entry(model_name, model_type, precision, revision, weight_type, base_model, backend, remarks, scores), []


def check_model_name(value: object) -> list[Problem]:
    """What is wrong with the name of a model alone."""
    return [] if _read_name(value) else [MODEL_NAME]


def warnings(entry: Entry, facts: Facts, held: Held | None = None) -> list[Problem]:
    """What is remarked on an entry that is taken all the same: which scores of EASI-8 the model lacks with it.

    Where it is known what the model has, also which scores will not count.
    """
    held = held or Held()
    return [*check_kept(entry.scores, facts, held), *check_completeness(entry.scores, facts, held)]


def check_kept(scores: tuple[SubmittedScore, ...], facts: Facts, held: Held) -> list[Problem]:
    """A warning that names the benchmarks on which EASI has a value of its own, which stays."""
    sent = [score.benchmark for score in scores if score.value is not None and score.variant is None]
    kept = [name for name in sent if name in held.own]
    if not kept:
        return []
    names = ", ".join(f"{facts.benchmarks[name].name} ({name})" if name in facts.benchmarks else name for name in kept)
    text = f"EASI has a value of its own for this model, which stays and counts instead of yours: {names}."
    return [Problem("scores", "KEPT", text, blocking=False)]


def check_completeness(scores: tuple[SubmittedScore, ...], facts: Facts, held: Held) -> list[Problem]:
    """A warning that names what of EASI-8 is missing. Judged and other variants do not count, and it says so."""
    core = next(board.benchmarks for board in facts.boards if board.name == CORE)
    evaluated = [score for score in scores if score.value is not None]
    plain = {score.benchmark for score in evaluated if score.variant is None} | held.benchmarks
    missing = [facts.benchmarks[name] for name in core if name not in plain]
    if not missing:
        return []
    names = ", ".join(f"{benchmark.name} ({benchmark.id})" for benchmark in missing)
    text = f"Of the {len(core)} benchmarks of {CORE} these have no score: {names}. It ranks by the mean of the others."
    absent = {benchmark.id for benchmark in missing}
    judged = ", ".join(score.id for score in evaluated if score.benchmark in absent)
    if judged:
        text += f" Variants are kept, but {CORE} ranks plain runs only: {judged}."
    return [Problem("scores", "INCOMPLETE", text, blocking=False)]


def _missing(read: tuple[tuple[str, Problem], ...]) -> list[Problem]:
    return [problem for value, problem in read if not value]


def _read_name(value: object) -> str:
    """A model's name on the Hub, or "" where it is none."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not NAME.fullmatch(value):
        return ""
    return "" if {".", ".."} & set(value.split("/")) else value


def _choose(value: object, choices: frozenset[str], default: str = "") -> str:
    """The choice that is meant, or "" where it is none of them."""
    if value is None or value == "":
        return default
    chosen = value.lower() if isinstance(value, str) else ""
    return chosen if chosen in choices else ""


def _read_base(value: object, weight_type: str) -> tuple[str | None, list[Problem]]:
    name, is_sent = _read_name(value), value is not None and value != ""
    if name:
        return name, []
    if weight_type in BASED_TYPES:
        text = f"Base model is required when using {weight_type.title()} weights."
        more = " Name it in the format 'organization/model-name'." if is_sent else ""
        return None, [Problem("baseModel", "BASE_MODEL_REQUIRED", text + more)]
    return None, [BASE_MODEL] if is_sent else []


def _read_revision(value: object) -> str:
    if value is None or value == "":
        return "main"
    if not isinstance(value, str) or len(value) > LONGEST_REVISION or not REVISION.fullmatch(value):
        return ""
    is_ref = not any(part in value for part in NOT_IN_A_REVISION) and not value.endswith(("/", ".", ".lock"))
    return value if is_ref else ""


def _read_backend(value: object) -> str:
    if value is None or value == "":
        return "others"
    if not isinstance(value, str):
        return ""
    return _choose(value.replace("-", "").replace("_", ""), BACKENDS) or "others"


def _read_remarks(value: object) -> tuple[str | None, list[Problem]]:
    if value is None or value == "":
        return None, []
    if not isinstance(value, str) or len(value) > LONGEST_REMARKS or NOT_IN_REMARKS.search(value):
        return None, [REMARKS]
    return value if value.strip() else None, []
