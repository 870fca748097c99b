"""The shapes of the catalogue's files: a struct an entry, whose fields but the name may be null or missing."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

Whole = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Dataset(Struct):
    """Where a task's data is."""

    path: str | None = None
    revision: str | None = None


class TaskEntry(Struct):
    """One task of tasks.json."""

    name: str
    type: str | None = None
    simplified_type: str | None = None
    modalities: list[str] | None = None
    eval_splits: list[str] | None = None
    hf_subsets: list[str] | None = None
    subset_languages: dict[str, list[str]] | None = None
    languages: list[str] | None = None
    main_score: str | None = None
    domains: list[str] | None = None
    dataset: Dataset | None = None
    license: str | None = None
    is_public: bool | None = None
    description: str | None = None
    reference: str | None = None
    citation: str | None = None
    date: list[str | None] | None = None
    annotations_creators: str | None = None
    dialect: list[str] | None = None
    sample_creation: str | None = None
    n_samples: dict[str, Any] | None = None


class BenchmarkTask(Struct):
    """A task as one benchmark uses it."""

    name: str
    eval_splits: list[str] | None = None
    hf_subsets: list[str] | None = None
    languages: list[str] | None = None


class BenchmarkEntry(Struct):
    """One benchmark of benchmarks.json; `kind` is the class that ranks it."""

    name: str
    order: int | None = None
    display_name: str | None = None
    kind: str | None = msgspec.field(default=None, name="class")
    aliases: list[str] | None = None
    description: str | None = None
    reference: str | None = None
    citation: str | None = None
    icon: str | None = None
    language_view: str | list[str] | None = None
    superseded_by: str | list[str] | None = None
    aggregations: list[str] | None = None
    show_zero_shot: bool | None = None
    filters_is_public: bool | None = None
    display_on_leaderboard: bool | None = None
    tasks: list[BenchmarkTask] | None = None


class ModelEntry(Struct):
    """One model of models.json, memory in MB. `training_datasets_closure` may be left out, to be worked out."""

    name: str
    release_date: str | None = None
    n_parameters: Whole | None = None
    n_active_parameters: Whole | None = None
    memory_usage_mb: float | None = None
    max_tokens: float | None = None
    max_tokens_infinite: bool | None = None
    embed_dim: Whole | list[Whole] | None = None
    license: str | None = None
    open_weights: bool | None = None
    public_training_code: str | None = None
    public_training_data: str | bool | None = None
    framework: list[str] | None = None
    reference: str | None = None
    use_instructions: bool | None = None
    languages: list[str] | None = None
    modalities: list[str] | None = None
    model_type: list[str] | None = None
    training_datasets: list[str] | None = None
    training_datasets_closure: list[str] | msgspec.UnsetType | None = msgspec.UNSET
    adapted_from: str | None = None
    superseded_by: str | None = None
    citation: str | None = None
    openness: dict[str, bool | None] | None = None
    openness_score: Whole | None = None


class MenuEntry(Struct):
    """An entry of menu.json; a child that names a `benchmark` is a board, any other an entry of its own."""

    name: str | None = None
    benchmark: str | None = None
    description: str | None = None
    open: bool | None = None
    children: "list[MenuEntry] | None" = None
