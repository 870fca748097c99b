"""The tables of a published snapshot: the canonical ones, and what is worked out from them."""

from dataclasses import replace

from warehouse.rules import BENCHMARK_RULES, MODEL_TRAINING, TASK_RULES
from warehouse.tables import (
    BENCHMARK_TASKS,
    BENCHMARKS,
    CAPABILITIES,
    FLAG,
    LANGUAGES,
    MENU,
    MODEL_ALIASES,
    MODELS,
    MOMENT,
    PROBLEMS,
    REAL,
    SCORES,
    SOURCES,
    TASK_SUBSETS,
    TASKS,
    TEXT,
    TEXTS,
    VERSIONS,
    WHOLE,
    Column,
    Table,
)

VALIDITY = (
    Column("valid_from", MOMENT, "Time of the first version of its source that has this row."),
    Column("valid_to", MOMENT, "Time of the first version after it that has not; null: it is current."),
)
SOURCE = Column("source", TEXT, "Name of the source that says so.", "source_name")
MODEL = Column("model", TEXT, "Canonical name of the model.", "model_name")
BENCHMARK = Column("benchmark", TEXT, "Name of the benchmark.", "benchmark_name")
TASK = Column("task", TEXT, "Name of the task.", "task_name")
VARIANT = Column("variant", TEXT, "What makes this another run of the same model; null: the plain run.", "variant_name")


def _with(table: Table, *extra: Column, first: tuple[Column, ...] = ()) -> Table:
    return replace(table, columns=(*first, *table.columns, *extra))


CELLS = Table(
    "cells",
    "Every cell (task, split, subset) that a score or a board has.",
    (
        Column("cell", WHOLE, "Number of the cell, from 1."),
        TASK,
        Column("split", TEXT, "Part of the dataset, such as test.", "split_name"),
        Column("subset", TEXT, "Part of the task: a language, a category, or `default`.", "subset_name"),
    ),
    key=("cell",),
    order=("cell",),
)

LANGUAGE_SETS = Table(
    "language_sets",
    "The lists of languages that scores have, each once.",
    (
        Column("language_set", WHOLE, "Number of the list, from 1."),
        Column("languages", TEXTS, "Language codes as the source lists them, repeats included."),
    ),
    key=("language_set",),
    order=("language_set",),
)
LANGUAGE_SET = Column("language_set", WHOLE, "Number of its languages in language_sets; null: the source names none.")

SCORED_CELLS = Table(
    "scored_cells",
    "The cells that any model has a value on, and when.",
    (
        SOURCE,
        Column("cell", WHOLE, "Number of the cell."),
        Column("is_variant", FLAG, "Whether it is the score of a variant, not of the plain run."),
        LANGUAGE_SET,
        *VALIDITY,
    ),
    key=("source", "cell", "is_variant", "language_set", "valid_from", "valid_to"),
    order=("cell", "source", "is_variant", "language_set", "valid_from", "valid_to"),
)

CELL_LANGUAGES = Table(
    "cell_languages",
    "The lists of languages that scores on each cell have, in any version.",
    (
        Column("source", TEXT, "Source on whose boards the scores count.", "source_name"),
        Column("cell", WHOLE, "Number of the cell."),
        Column("language_set", WHOLE, "Number of their languages in language_sets."),
    ),
    key=("source", "cell", "language_set"),
    order=("cell", "source", "language_set"),
)

BENCHMARK_CELLS = Table(
    "benchmark_cells",
    "The cells (task, split, subset) a benchmark declares.",
    (
        Column("cell", WHOLE, "Number of the cell."),
        BENCHMARK,
        TASK,
        Column("split", TEXT, "Split that counts.", "split_name"),
        Column("subset", TEXT, "Subset that counts.", "subset_name"),
        Column("place", WHOLE, "The task's place on the benchmark."),
        *VALIDITY,
    ),
    key=("benchmark", "cell", "valid_from"),
    order=("benchmark", "place", "cell", "valid_from"),
)

BOARD_TASK_SCORES = Table(
    "board_task_scores",
    "What each model has on each task of every board as it stands, whether the board ranks it or not.",
    (
        BENCHMARK,
        TASK,
        MODEL,
        VARIANT,
        Column("raw", REAL, "Mean over the cells that the model has; null: none has a number."),
        Column("value", REAL, "Mean over the cells; null: a cell that others have is missing."),
        Column("trained_on", FLAG, "Whether the model's training data holds the task; null: undeclared."),
        Column("subsets", WHOLE, "Subsets of the task that the model has."),
        Column("subset_mean", REAL, "Mean over the means of those subsets; null: one of them lacks a split."),
    ),
    key=("benchmark", "task", "model", "variant"),
    order=("benchmark", "task", "model", "variant"),
)

LEADERBOARD_ENTRIES = Table(
    "leaderboard_entries",
    "Every board as it stands, ranked by its own method.",
    (
        BENCHMARK,
        Column("position", WHOLE, "Place in the order of display, from 1."),
        Column("rank", WHOLE, "Rank by the board's own rule; ties may share one."),
        MODEL,
        VARIANT,
        Column("value", REAL, "What the board ranks by."),
        Column("mean_task", REAL, "Mean over all tasks; null: one is missing."),
        Column(
            "mean_task_type", REAL, "Mean over the means of the task types; null: one is missing or it is not shown."
        ),
        Column("mean_public", REAL, "Mean over the public tasks, on boards that show it."),
        Column("mean_private", REAL, "Mean over the private tasks, on boards that show it."),
        Column("zero_shot_percent", WHOLE, "Percent of the tasks that are not in the training data; null: undeclared."),
        Column("scored", WHOLE, "Tasks with a score."),
        Column("expected", WHOLE, "Tasks on the board."),
        Column("trained_on_tasks", TEXTS, "Tasks of the board in the training data; null: undeclared."),
    ),
    key=("benchmark", "position"),
    order=("benchmark", "position"),
)

LEADERBOARD_TASKS = Table(
    "leaderboard_tasks",
    "The task columns of every board as it stands.",
    (BENCHMARK, TASK, Column("place", WHOLE, "Place among the columns, from 0.")),
    key=("benchmark", "task"),
    order=("benchmark", "place"),
)

LEADERBOARD_TASK_SCORES = Table(
    "leaderboard_task_scores",
    "The task scores behind every board, for the entries that have any on the task.",
    (
        BENCHMARK,
        Column("position", WHOLE, "Position of the entry."),
        Column("place", WHOLE, "Place of the task among the columns, from 0."),
        MODEL,
        VARIANT,
        TASK,
        Column("value", REAL, "Mean over the cells; null: a cell that others have is missing."),
        Column("trained_on", FLAG, "Whether the model's training data holds the task; null: undeclared."),
    ),
    key=("benchmark", "position", "place"),
    order=("benchmark", "position", "place"),
)

LEADERBOARD_TASK_TYPE_SCORES = Table(
    "leaderboard_task_type_scores",
    "The means over the tasks of one type behind every board.",
    (
        BENCHMARK,
        Column("position", WHOLE, "Position of the entry."),
        Column("place", WHOLE, "Place of the task type, from 0."),
        MODEL,
        VARIANT,
        Column("task_type", TEXT, "Type of the tasks.", "task_type_name"),
        Column("value", REAL, "Mean over the tasks of the type; null: one is missing."),
    ),
    key=("benchmark", "position", "place"),
    order=("benchmark", "position", "place"),
)

STORED_SCORES = replace(
    SCORES,
    columns=(
        Column("seq", WHOLE, "Dense row number in stored order, from 1."),
        MODEL,
        *(LANGUAGE_SET if column.name == "languages" else column for column in SCORES.columns),
        SOURCE,
        *VALIDITY,
        Column("cell", WHOLE, "Number of its task, split and subset in cells."),
        Column("shares_cell", FLAG, "Whether the model has another score on the cell, of whatever source and version."),
    ),
    order=(),
)

PENDING_SCORES = replace(
    STORED_SCORES,
    name="pending_scores",
    description="Scores that were submitted and wait for review: they count nowhere. `seq` goes on after `scores`.",
)

GUEST_SCORES = Table(
    "guest_scores",
    "Scores that count on the boards of another source than their own, and when: while that has no value there.",
    (
        Column("seq", WHOLE, "Number of the score in scores."),
        Column("counts_for", TEXT, "Source on whose boards it counts.", "source_name"),
        Column("counts_from", MOMENT, "From when on it counts there."),
        Column("counts_to", MOMENT, "From when on it counts there no more; null: it still does."),
        MODEL,
        VARIANT,
        TASK,
        Column("cell", WHOLE, "Number of its task, split and subset in cells."),
        LANGUAGE_SET,
        Column("value", REAL, "The score as published, in the task's unit."),
        Column("trained_on", FLAG, "Whether the model's training data holds the task; null: undeclared."),
        Column("shares_cell", FLAG, "Whether the model has another score on the cell, of whatever source and version."),
    ),
    key=("seq", "counts_from"),
    order=("seq", "counts_from"),
)

FROM_KNOWN = (
    MODEL_ALIASES,
    CELLS,
    LANGUAGE_SETS,
    STORED_SCORES,
    PENDING_SCORES,
    GUEST_SCORES,
    SCORED_CELLS,
    CELL_LANGUAGES,
    MODELS,
    _with(
        TASKS,
        Column(
            "source", TEXT, "Source that describes it; on the task's leaderboard count its scores and its guest_scores."
        ),
        Column("sources", TEXTS, "Sources that score it."),
        Column("model_count", WHOLE, "Models with a score on every declared split and subset."),
        Column("benchmark_count", WHOLE, "Benchmarks that hold it."),
    ),
    TASK_SUBSETS,
    _with(
        BENCHMARKS,
        Column("source", TEXT, "Source that declares it; its scores and its guest_scores count."),
        Column("languages", TEXTS, "Languages of its tasks."),
        Column("task_types", TEXTS, "Types of its tasks."),
        Column("simplified_task_types", TEXTS, "Simplified types of its tasks."),
        Column("domains", TEXTS, "Domains of its tasks."),
        Column("modalities", TEXTS, "Modalities of its tasks."),
        Column("unit", TEXT, "Unit of all its tasks; null: they differ or one declares none."),
        Column("model_count", WHOLE, "Models with a score on every task it declares."),
        Column("task_count", WHOLE, "Tasks it declares."),
    ),
    _with(BENCHMARK_TASKS, SOURCE, *VALIDITY),
    BENCHMARK_CELLS,
    _with(BENCHMARK_RULES, SOURCE, *VALIDITY),
    _with(TASK_RULES, SOURCE, *VALIDITY),
    _with(MODEL_TRAINING, SOURCE, *VALIDITY, first=(MODEL,)),
    _with(CAPABILITIES, SOURCE, *VALIDITY),
    LANGUAGES,
    MENU,
    SOURCES,
    VERSIONS,
    PROBLEMS,
)
RANKED = (
    BOARD_TASK_SCORES,
    LEADERBOARD_ENTRIES,
    LEADERBOARD_TASKS,
    LEADERBOARD_TASK_SCORES,
    LEADERBOARD_TASK_TYPE_SCORES,
)
STORED = (*FROM_KNOWN, *RANKED)
