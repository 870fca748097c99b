"""Models as a canonical table: from the catalogue, else from the model_meta.json beside the results."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import pyarrow as pa

from etl.source import ModelHint
from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.described import day, license_of
from etl.sources.mteb.entries import ModelEntry
from warehouse import tables

HUB_ID = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
# Keys of model_meta.json by the catalogue's, oldest spelling last. Not `memory_usage`, whose unit nobody declares.
SPELLINGS = {
    "embed_dim": ("embed_dim", "embedding_dimension"),
    "open_weights": ("open_weights", "open_source"),
    "use_instructions": ("use_instructions", "use_instuctions"),
    "n_active_parameters": ("n_active_parameters", "n_active_parameters_override"),
}
AS_THEY_ARE = (
    "release_date",
    "n_parameters",
    "memory_usage_mb",
    "license",
    "public_training_code",
    "public_training_data",
    "framework",
    "reference",
    "languages",
    "modalities",
    "model_type",
    "adapted_from",
    "superseded_by",
    "citation",
)

Meta = Mapping[str, Any]


def describe(catalogue: Catalogue, met: Iterable[str], metas: Mapping[str, Meta]) -> pa.Table:
    """MODELS: the catalogue's models, then those that only results hold, by what their model_meta.json says."""
    known = {model.name for model in catalogue.models}
    others = [from_meta(name, metas.get(name, {})) for name in sorted(set(met) - known)]
    rows = [_row(model, place, catalogue) for place, model in enumerate([*catalogue.models, *others])]
    return tables.MODELS.rows(rows)


def hints(names: Iterable[str]) -> list[ModelHint]:
    """Hints of identity: mteb names a model by its Hub id, where the name can be one."""
    return [ModelHint(name, name if HUB_ID.fullmatch(name) else None) for name in names]


def trained_on(catalogue: Catalogue, metas: Mapping[str, Meta]) -> dict[str, frozenset[str] | None]:
    """What each model has been trained on; null: undeclared."""
    others = {name: from_meta(name, meta) for name, meta in metas.items()}
    models = {**others, **{model.name: model for model in catalogue.models}}
    closures = {name: catalogue.trained_on(model) for name, model in models.items()}
    return {name: None if tasks is None else frozenset(tasks) for name, tasks in closures.items()}


def from_meta(name: str, meta: Meta) -> ModelEntry:
    """A model as the catalogue would have it; a field of an unexpected type is left out."""
    raw = {key: meta.get(key) for key in AS_THEY_ARE}
    raw.update({key: _first(meta, spellings) for key, spellings in SPELLINGS.items()})
    raw["max_tokens"], raw["max_tokens_infinite"] = _max_tokens(meta.get("max_tokens"))
    raw["training_datasets"] = _names(meta.get("training_datasets"))
    if raw["n_active_parameters"] is None:
        raw["n_active_parameters"] = _difference(meta.get("n_parameters"), meta.get("n_embedding_parameters"))
    if raw["model_type"] is None and meta.get("is_cross_encoder") is True:
        raw["model_type"] = ["cross-encoder"]
    return msgspec.convert({"name": name, **dict(_usable(raw))}, ModelEntry)


def _usable(raw: Meta) -> Iterator[tuple[str, Any]]:
    for key, value in raw.items():
        try:
            json.dumps(value, ensure_ascii=False).encode()
            msgspec.convert({"name": "", key: value}, ModelEntry)
        except (msgspec.ValidationError, UnicodeError):
            continue
        yield key, value


def _first(meta: Meta, keys: Iterable[str]) -> Any:
    return next((meta[key] for key in keys if meta.get(key) is not None), None)


def _max_tokens(value: Any) -> tuple[Any, bool]:
    if isinstance(value, float) and not math.isfinite(value):
        return None, value == math.inf
    return value, False


def _names(value: Any) -> Any:
    """Training data is a list of names, or an object with names as its keys."""
    return list(value) if isinstance(value, dict) else value


def _difference(total: Any, part: Any) -> int | None:
    return total - part if type(total) is type(part) is int else None


def _row(model: ModelEntry, place: int, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": model.name,
        "organization": model.name.split("/")[0] if "/" in model.name else None,
        "display_name": model.name.rsplit("/", 1)[-1],
        "url": model.reference,
        "citation": model.citation,
        "parameters": model.n_parameters,
        "active_parameters": model.n_active_parameters,
        "embedding_dimension": _largest(model.embed_dim),
        "max_tokens": _whole(model.max_tokens),
        "unlimited_tokens": bool(model.max_tokens_infinite),
        "memory_mb": _finite(model.memory_usage_mb),
        "license": license_of(model.license),
        "training_code": model.public_training_code,
        "training_data": _training_data(model.public_training_data),
        "release_date": day(model.release_date),
        "model_types": model.model_type or [],
        "modalities": model.modalities or [],
        "languages": model.languages or [],
        "frameworks": model.framework or [],
        "instruction_tuned": model.use_instructions,
        "adapted_from": model.adapted_from,
        "superseded_by": model.superseded_by,
        "training_datasets": model.training_datasets,
        "trained_on": catalogue.trained_on(model),
        "place": place,
        **_openness(model),
    }


def _openness(model: ModelEntry) -> dict[str, Any]:
    holds = (model.openness or {}).get
    return {
        "open_weights": holds("open weights") if model.open_weights is None else model.open_weights,
        "openness_score": model.openness_score,
        "open_license": holds("open license"),
        "open_training_code": holds("open training code"),
        "open_training_data": holds("open training data"),
        "has_paper": holds("paper"),
        "has_model_card": holds("model card"),
    }


def _largest(dimension: int | list[int] | None) -> int | None:
    return max(dimension, default=None) if isinstance(dimension, list) else dimension


def _whole(value: float | None) -> int | None:
    return int(value) if value is not None and value.is_integer() and 0 <= value < 2**63 else None


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _training_data(value: str | bool | None) -> str | None:
    return "true" if value is True else value or None
