"""What the Hub says of the models that a submission names."""

import asyncio
from dataclasses import dataclass

from api.submissions.lookups import Lookups, Model
from api.submissions.problems import Problem

DERIVED = frozenset({"delta", "adapter"})
MAIN = "main"
HIDDEN = "A private model looks the same from here: make it public first."
MODEL_MISSING = (
    'Model "{name}" was not found on HuggingFace. '
    f"Please verify the model name and ensure it is publicly accessible. {HIDDEN}"
)
LICENSE_MISSING = (
    'Model "{name}" does not have a license set. '
    "Please add a license to your model card on HuggingFace before submitting."
)
BASE_MISSING = f'Base model "{{name}}" was not found on HuggingFace. {HIDDEN}'
REVISION_MISSING = (
    'Revision "{revision}" of model "{name}" was not found on HuggingFace. '
    "Give a branch, a tag or a commit of it, or leave it out."
)


@dataclass(frozen=True)
class ModelFacts:
    """What was found: `sha` is the commit of the revision, null where it was not found, and what is wrong."""

    sha: str | None
    problems: list[Problem]


class ModelChecks:
    """Checks models on one Hub, by what is public there; it belongs to one event loop."""

    def __init__(self, hub_url: str, lookups: Lookups | None = None) -> None:
        self._lookups = lookups or Lookups(hub_url)

    async def close(self) -> None:
        """Close the connections."""
        await self._lookups.close()

    async def check(self, model_name: str, revision: str, weight_type: str, base_model: str | None) -> ModelFacts:
        """Whether model, revision and base model are there for everybody, and the model has a licence.

        The base model counts only for weights that need one, and only where it is given. Problems come in EASI's
        order, an unknown revision last. Raises `Failed` where the Hub does not tell.
        """
        base_name = base_model if weight_type.lower() in DERIVED else None
        model, revised, base = await asyncio.gather(
            self._lookups.find(model_name),
            self._lookups.find(model_name, None if revision == MAIN else revision),
            self._lookups.find(base_name or model_name),
        )
        problems = _model_problems(model_name, model)
        if base_name and base is None:
            problems.append(Problem("baseModel", "BASE_MODEL_NOT_FOUND", BASE_MISSING.format(name=base_name)))
        if model is not None and revised is None:
            text = REVISION_MISSING.format(revision=revision, name=model_name)
            problems.append(Problem("revision", "REVISION_NOT_FOUND", text))
        return ModelFacts(revised.sha if revised else None, problems)


def _model_problems(name: str, model: Model | None) -> list[Problem]:
    if model is None:
        return [Problem("modelName", "MODEL_NOT_FOUND", MODEL_MISSING.format(name=name))]
    if not model.has_license:
        return [Problem("modelName", "LICENSE_MISSING", LICENSE_MISSING.format(name=name))]
    return []
