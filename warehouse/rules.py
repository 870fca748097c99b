"""The tables of how boards rank, by version, and which described table each is taken from."""

from warehouse.tables import BENCHMARK_TASKS, CAPABILITIES, FLAG, SCORES, TEXT, TEXTS, WHOLE, Column, Table

BENCHMARK_RULES = Table(
    "benchmark_rules",
    "How each board ranks, by version.",
    (
        Column("benchmark", TEXT, "Name of the benchmark.", "benchmark_name"),
        Column("default_method", TEXT, "How its source ranks (RankingMethod)."),
        Column("aggregations", TEXTS, "Which aggregates its source shows."),
        Column("public_tasks_only", FLAG, "Whether private tasks stay off the board."),
        Column("ranks_variants", FLAG, "Whether each variant of a model is an entry of its own."),
    ),
    key=("benchmark",),
    order=("benchmark",),
    historied=True,
)

TASK_RULES = Table(
    "task_rules",
    "How each task counts on a board, by version.",
    (
        Column("task", TEXT, "Name of the task.", "task_name"),
        Column("type", TEXT, "Kind of task, such as Retrieval.", "task_type_name"),
        Column("is_public", FLAG, "Whether the data is public."),
        Column("lower_is_better", FLAG, "Whether a smaller value ranks higher."),
    ),
    key=("task",),
    order=("task",),
    historied=True,
)

MODEL_TRAINING = Table(
    "model_training",
    "What each model was trained on, by version.",
    (
        Column("source_model", TEXT, "The model's name in the source."),
        Column(
            "trained_on",
            TEXTS,
            "Declared training data with that of its ancestors and all similar tasks; null: undeclared.",
        ),
        Column("place", WHOLE, "Place in its source's list; ties are shown in this order."),
    ),
    key=("source_model",),
    order=("source_model",),
    historied=True,
)

RULES = {
    "benchmarks": (BENCHMARK_RULES, {"name": "benchmark"}),
    "tasks": (TASK_RULES, {"name": "task"}),
    "models": (MODEL_TRAINING, {"name": "source_model"}),
}
HISTORIED = (SCORES, CAPABILITIES, BENCHMARK_TASKS, BENCHMARK_RULES, TASK_RULES, MODEL_TRAINING)
