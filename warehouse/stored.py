"""The tables of a published snapshot: the canonical ones, and what is worked out from them."""

from dataclasses import replace

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
VARIANT = Column("variant", TEXT, "What makes this another run of the same model; null: the plain run.")


def _with(table: Table, *extra: Column, first: tuple[Column, ...] = ()) -> Table:
    return replace(table, columns=(*first, *table.columns, *extra))


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
    key=("cell",),
    order=("cell",),
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

FROM_KNOWN = (
    MODEL_ALIASES,
    replace(
        _with(
            SCORES,
            SOURCE,
            *VALIDITY,
            Column("shares_cell", FLAG, "Whether the model has another score on the same cell."),
            first=(Column("seq", WHOLE, "Dense row number in stored order, from 1."), MODEL),
        ),
        order=(),
    ),
    MODELS,
    _with(
        TASKS,
        Column("sources", TEXTS, "Sources that score it."),
        Column("model_count", WHOLE, "Models with a score on every declared split and subset."),
        Column("benchmark_count", WHOLE, "Benchmarks that hold it."),
    ),
    TASK_SUBSETS,
    _with(
        BENCHMARKS,
        Column("source", TEXT, "Source that declares it; only its scores count."),
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
    _with(CAPABILITIES, SOURCE, *VALIDITY),
    LANGUAGES,
    MENU,
    SOURCES,
    VERSIONS,
    PROBLEMS,
)
RANKED = (LEADERBOARD_ENTRIES, LEADERBOARD_TASKS, LEADERBOARD_TASK_SCORES, LEADERBOARD_TASK_TYPE_SCORES)
STORED = (*FROM_KNOWN, *RANKED)
