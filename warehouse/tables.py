"""Every canonical table, once: columns, types, units and descriptions."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

TEXT = pa.string()
WHOLE = pa.int64()
REAL = pa.float64()
FLAG = pa.bool_()
MOMENT = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
TEXTS = pa.list_(pa.string())
SQL_TYPES = {
    TEXT: "varchar", WHOLE: "bigint", REAL: "double", FLAG: "boolean", MOMENT: "timestamptz", DAY: "date",
    TEXTS: "varchar[]",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column. `enum` names the ENUM type that a low-cardinality string is stored as."""

    name: str
    type: pa.DataType
    description: str
    enum: str | None = None


@dataclass(frozen=True)
class Table:
    """One table. `key` tells two rows of one state apart; `order` is how it is stored.

    A historied table carries `source`, `valid_from` and `valid_to`, and an unchanged row is stored once:
    `renewed` columns then take their newest value, `kept` ones the value of the first version.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    historied: bool = False
    renewed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(column.name, column.type) for column in self.columns])

    @property
    def declared(self) -> str:
        """Its columns as `create table` declares them, texts as texts."""
        return ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def rows(self, rows: list[dict[str, Any]]) -> pa.Table:
        """Rows as an Arrow table of this schema; a column that a row leaves out is null.

        Raises ValueError for a column the table has not, ArrowInvalid or ArrowTypeError for a wrong value.
        """
        unknown = {name for row in rows for name in row} - set(self.names)
        if unknown:
            raise ValueError(f"{self.name} has no column {', '.join(sorted(unknown))}")
        return pa.Table.from_pylist(rows, schema=self.schema)


SCORES = Table(
    "scores",
    "What a model scored on one cell (task, split, subset), as published by one source.",
    (
        Column("source_model", TEXT, "The model's name in the source.", "source_model_name"),
        Column("model_revision", TEXT, "Revision of the model that was evaluated."),
        Column("variant", TEXT, "What makes this another run of the same model; null: the plain run.", "variant_name"),
        Column("task", TEXT, "Name of the task.", "task_name"),
        Column("split", TEXT, "Part of the dataset, such as test.", "split_name"),
        Column("subset", TEXT, "Part of the task: a language, a category, or `default`.", "subset_name"),
        Column("metric", TEXT, "What was measured.", "metric_name"),
        Column("occurrence", WHOLE, "0, or 1, 2, ... where a source repeats one cell of one run."),
        Column("value", REAL, "The score as published, in the task's unit; null: no usable number."),
        Column("standard_error", REAL, "Standard error of the value, in its unit."),
        Column("sample_count", WHOLE, "Number of samples behind the value."),
        Column("languages", TEXTS, "Language codes as the source lists them, repeats included."),
        Column("trained_on", FLAG, "Whether the model's training data holds the task; null: undeclared."),
        Column("verified", FLAG, "Whether the source vouches for the value; null: it does not say."),
        Column("source_rank", WHOLE, "The source's own rank of this row in its default view; 1 is best."),
        Column("dataset_revision", TEXT, "Revision of the dataset."),
        Column("provenance_name", TEXT, "Who or what the value was taken from."),
        Column("provenance_path", TEXT, "File of the source that holds the row."),
        Column("provenance_url", TEXT, "Page of the evidence."),
        Column("provenance_revision", TEXT, "Revision of the file."),
        Column("evaluated_at", MOMENT, "When the evaluation ran or was published."),
        Column("tool", TEXT, "Evaluation tool, with its version where known."),
        Column("submitted_by", TEXT, "Who submitted it."),
        Column("pull_request", WHOLE, "Number of the open pull request it comes from; null: none is open."),
        Column("notes", TEXT, "The source's remarks."),
        Column("derived_from", TEXT, "Source whose evidence this row repeats; null: evidence of its own."),
        Column(
            "status",
            TEXT,
            "PENDING: nobody has reviewed it yet; SUPERSEDED: a newer one of its source counts; null: it counts.",
        ),
        Column("counts_for", TEXT, "Another source on whose boards it counts where that has no value; null: none."),
        Column("place", WHOLE, "The row's place in its source; sums are made in this order."),
    ),
    key=("source_model", "model_revision", "variant", "task", "split", "subset", "metric", "occurrence"),
    order=("task", "model", "place"),
    historied=True,
    renewed=("place",),
    kept=("provenance_path", "provenance_revision"),
)

CAPABILITIES = Table(
    "capabilities",
    "Which capability labels a subset of a task stands for, by the capability map of a version.",
    (
        Column("task", TEXT, "Name of the task.", "task_name"),
        Column("subset", TEXT, "Subset of the task.", "subset_name"),
        Column("label", TEXT, "Capability label, such as mm; null: the map has the subset without any."),
        Column("name", TEXT, "What the label stands for, such as Metric Measurement."),
        Column("place", WHOLE, "Place in the map."),
    ),
    key=("task", "subset", "label"),
    order=("task", "subset", "label"),
    historied=True,
    renewed=("place",),
)

BENCHMARK_TASKS = Table(
    "benchmark_tasks",
    "The tasks a benchmark declares; its cells are every split with every subset.",
    (
        Column("benchmark", TEXT, "Name of the benchmark.", "benchmark_name"),
        Column("task", TEXT, "Name of the task.", "task_name"),
        Column("place", WHOLE, "The task's place on the benchmark."),
        Column("splits", TEXTS, "Splits that count."),
        Column("subsets", TEXTS, "Subsets that count."),
        Column("languages", TEXTS, "Languages of those subsets."),
    ),
    key=("benchmark", "task"),
    order=("benchmark", "place"),
    historied=True,
)

MODELS = Table(
    "models",
    "Every model, once, under its canonical name: the Hub id where one is known.",
    (
        Column("name", TEXT, "Canonical name."),
        Column("organization", TEXT, "Who made it: the part of a Hub id before the slash."),
        Column("display_name", TEXT, "Name for people."),
        Column("url", TEXT, "The model's page."),
        Column("citation", TEXT, "BibTeX entry."),
        Column("parameters", WHOLE, "Total number of parameters."),
        Column("active_parameters", WHOLE, "Parameters used for one token."),
        Column("embedding_dimension", WHOLE, "Size of the embedding; the largest where several are offered."),
        Column("max_tokens", WHOLE, "Longest input in tokens; null: unknown or unlimited."),
        Column("unlimited_tokens", FLAG, "Whether the input may be of any length."),
        Column("memory_mb", REAL, "Memory of the weights in MB."),
        Column("license", TEXT, "Licence name or address."),
        Column("open_weights", FLAG, "Whether the weights can be downloaded."),
        Column("openness_score", WHOLE, "How many of the six openness criteria hold, 0 to 6."),
        Column("open_license", FLAG, "Openness: the licence is open."),
        Column("open_training_code", FLAG, "Openness: the training code is public."),
        Column("open_training_data", FLAG, "Openness: the training data is public."),
        Column("has_paper", FLAG, "Openness: there is a paper."),
        Column("has_model_card", FLAG, "Openness: there is a model card."),
        Column("training_code", TEXT, "Address of the training code."),
        Column(
            "training_data", TEXT, "Address of the training data, or `true` where only its being public is declared."
        ),
        Column("release_date", DAY, "Day of release."),
        Column("model_types", TEXTS, "Kinds of model, such as dense or late-interaction."),
        Column("modalities", TEXTS, "Input modalities."),
        Column("languages", TEXTS, "Languages it is made for."),
        Column("frameworks", TEXTS, "Libraries that run it."),
        Column("instruction_tuned", FLAG, "Whether it takes instructions."),
        Column("adapted_from", TEXT, "Model it was made from."),
        Column("superseded_by", TEXT, "Model that replaces it."),
        Column("training_datasets", TEXTS, "Declared training data; null: undeclared, empty: none."),
        Column(
            "trained_on",
            TEXTS,
            "training_datasets with those of its ancestors and all similar tasks; null: undeclared.",
        ),
        Column("place", WHOLE, "Place in its source's list; ties are shown in this order."),
    ),
    key=("name",),
    order=("name",),
)

TASKS = Table(
    "tasks",
    "What models are scored on.",
    (
        Column("name", TEXT, "Name, unique over all sources."),
        Column("display_name", TEXT, "Name for people."),
        Column("description", TEXT, "What it measures."),
        Column("url", TEXT, "Page about it."),
        Column("citation", TEXT, "BibTeX entry."),
        Column("type", TEXT, "Kind of task, such as Retrieval."),
        Column("simplified_type", TEXT, "The kind in a coarser grouping."),
        Column("languages", TEXTS, "Languages it covers."),
        Column("domains", TEXTS, "Domains of its texts."),
        Column("modalities", TEXTS, "Modalities."),
        Column("metric", TEXT, "Main metric."),
        Column("unit", TEXT, "FRACTION (0 to 1), PERCENT (0 to 100) or POINTS; null: nobody declares one."),
        Column("lower_is_better", FLAG, "Whether a smaller value ranks higher."),
        Column("dataset", TEXT, "Hub id of the dataset."),
        Column("dataset_revision", TEXT, "Revision of the dataset."),
        Column("license", TEXT, "Licence of the dataset."),
        Column("is_public", FLAG, "Whether the data is public."),
        Column("date_from", DAY, "First day of the data's period."),
        Column("date_to", DAY, "Last day of the data's period."),
        Column("annotations_creators", TEXT, "How annotations were made."),
        Column("sample_creation", TEXT, "How samples were made."),
        Column("dialects", TEXTS, "Dialects."),
        Column("descriptive_statistics", TEXT, "Statistics of the data as a JSON object."),
        Column("splits", TEXTS, "Splits in use."),
        Column("place", WHOLE, "Place in its source's list."),
    ),
    key=("name",),
    order=("name",),
)

TASK_SUBSETS = Table(
    "task_subsets",
    "The subsets of a task.",
    (
        Column("task", TEXT, "Name of the task."),
        Column("subset", TEXT, "Name of the subset."),
        Column("languages", TEXTS, "Languages of the subset."),
        Column("declared", FLAG, "Whether the task declares it; false: only scores have it."),
        Column("place", WHOLE, "Place in the task."),
    ),
    key=("task", "subset"),
    order=("task", "place"),
)

BENCHMARKS = Table(
    "benchmarks",
    "Boards that rank models.",
    (
        Column("name", TEXT, "Name, unique over all sources."),
        Column("display_name", TEXT, "Name for people."),
        Column("aliases", TEXTS, "Other names it answers to."),
        Column("icon", TEXT, "Address of an icon."),
        Column("description", TEXT, "What it measures."),
        Column("url", TEXT, "Page about it."),
        Column("citation", TEXT, "BibTeX entry."),
        Column("in_menu", FLAG, "Whether the menu shows it."),
        Column("language_view", TEXTS, "Languages of its per-language table; null: it has none."),
        Column("aggregations", TEXTS, "Which aggregates its source shows."),
        Column("default_method", TEXT, "How its source ranks (RankingMethod)."),
        Column("show_zero_shot", FLAG, "Whether its source shows the zero-shot column."),
        Column("superseded_by", TEXTS, "Benchmarks that replace it."),
        Column("public_tasks_only", FLAG, "Whether private tasks stay off the board."),
        Column("ranks_variants", FLAG, "Whether each variant of a model is an entry of its own."),
        Column("place", WHOLE, "Place in its source's list."),
    ),
    key=("name",),
    order=("place", "name"),
)

LANGUAGES = Table(
    "languages",
    "Language codes and their names.",
    (
        Column("code", TEXT, "ISO 639-3 code, with the script after a dash where the source gives it."),
        Column("name", TEXT, "English name."),
    ),
    key=("code",),
    order=("code",),
)

MENU = Table(
    "menu",
    "The tree in which boards are offered, one row an entry.",
    (
        Column("path", TEXTS, "Names of the entry and those above it, outermost first."),
        Column("description", TEXT, "What the entry holds."),
        Column("open", FLAG, "Whether it is shown unfolded."),
        Column("benchmarks", TEXTS, "Boards directly in it."),
        Column("place", WHOLE, "Place in the tree, in reading order."),
    ),
    key=("path",),
    order=("place",),
)

MODEL_ALIASES = Table(
    "model_aliases",
    "The names a model has in the sources, and how each was matched.",
    (
        Column("source", TEXT, "Source that uses the name."),
        Column("name", TEXT, "The name there."),
        Column("model", TEXT, "Canonical name."),
        Column("match", TEXT, "EXACT, CURATED or NORMALIZED."),
    ),
    key=("source", "name"),
    order=("source", "name"),
)

SOURCES = Table(
    "sources",
    "What was loaded.",
    (
        Column("name", TEXT, "Name of the source."),
        Column("uri", TEXT, "Where it was read."),
        Column("revision", TEXT, "Its revision: a commit, or a hash of what was read."),
        Column("loaded_at", MOMENT, "When its newest state was loaded."),
        Column("files", WHOLE, "Files read."),
    ),
    key=("name",),
    order=("name",),
)

VERSIONS = Table(
    "versions",
    "One state of one source each; valid_from and valid_to of other tables are these times.",
    (
        Column("source", TEXT, "Name of the source."),
        Column("published_at", MOMENT, "Time of the state, unique within its source."),
        Column("label", TEXT, "Name of the state."),
        Column("revision", TEXT, "Revision it was read from."),
    ),
    key=("source", "published_at"),
    order=("source", "published_at"),
)

PROBLEMS = Table(
    "problems",
    "What a source held that could not be loaded.",
    (
        Column("source", TEXT, "Name of the source."),
        Column("path", TEXT, "File, row or address."),
        Column("message", TEXT, "What is wrong and what became of it."),
    ),
    key=("source", "path", "message"),
    order=("source", "path"),
)

DESCRIBED = (MODELS, TASKS, TASK_SUBSETS, BENCHMARKS, LANGUAGES, MENU)
