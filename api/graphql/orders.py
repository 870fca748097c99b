"""What `orderBy` arguments take, and the sort keys they become."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from api.graphql.enums import (
    BenchmarkOrderField,
    LeaderboardOrderField,
    ModelOrderField,
    OrderDirection,
    ScoreOrderField,
    TaskOrderField,
)
from api.graphql.errors import bad_input
from warehouse.select import Order

MOST_KEYS = 8
_DIRECTION = "Which way; unknown values come last either way."

MODEL_KEYS = {
    "NAME": "name",
    "TYPE": "model_types[1]",
    "PARAMETERS": "parameters",
    "RELEASE_DATE": "release_date::varchar",
    "EMBEDDING_DIMENSION": "embedding_dimension",
    "MAX_TOKENS": "max_tokens",
    "OPENNESS": "openness_score",
}
BENCHMARK_KEYS = {
    "NAME": "name",
    "MODEL_COUNT": "model_count",
    "TASK_COUNT": "task_count",
    "LANGUAGE_COUNT": "len(languages)",
}
TASK_KEYS = {
    "NAME": "name",
    "TYPE": "type",
    "METRIC": "metric",
    "MODEL_COUNT": "model_count",
    "BENCHMARK_COUNT": "benchmark_count",
    "LANGUAGE_COUNT": "len(languages)",
}
SCORE_KEYS = {"VALUE": "value", "MODEL": "model::varchar", "TASK": "task::varchar"}
ENTRY_KEYS = {
    "RANK": "rank",
    "NAME": "model::varchar",
    "MEAN_TASK": "mean_task",
    "MEAN_TASK_TYPE": "mean_task_type",
    "MEAN_PUBLIC": "mean_public",
    "MEAN_PRIVATE": "mean_private",
    "ZERO_SHOT": "zero_shot_percent",
    "PARAMETERS": "parameters",
    "RELEASE_DATE": "release_date::varchar",
    "OPENNESS": "openness_score",
}


@strawberry.input(description="How to sort models.")
class ModelOrder:
    field: ModelOrderField = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to sort benchmarks.")
class BenchmarkOrder:
    field: BenchmarkOrderField = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to sort tasks.")
class TaskOrder:
    field: TaskOrderField = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to sort scores.")
class ScoreOrder:
    field: ScoreOrderField = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(one_of=True, description="One column of a leaderboard.")
class LeaderboardOrderBy:
    field: strawberry.Maybe[LeaderboardOrderField] = strawberry.field(
        description="A column that every leaderboard has."
    )
    task: strawberry.Maybe[str] = strawberry.field(description="The score on this task.")
    task_type: strawberry.Maybe[str] = strawberry.field(description="The mean over the tasks of this type.")


@strawberry.input(description="How to sort the entries of a leaderboard.")
class LeaderboardOrder:
    by: LeaderboardOrderBy = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How much a task counts.")
class TaskWeight:
    task: str = strawberry.field(description="Name of the task.")
    weight: float = strawberry.field(description="Its weight, 0 or more; tasks that are not named weigh 0.")


def order_keys(orders: Sequence[Any] | None, keys: Mapping[str, str], *last: Order) -> tuple[Order, ...]:
    """Sort keys in the order asked for, and those of `last` that make the order total."""
    asked = orders or []
    if len(asked) > MOST_KEYS:
        raise bad_input(f"`orderBy` has {len(asked)} keys: it may have {MOST_KEYS}")
    chosen = [Order(keys[each.field.value], each.direction is OrderDirection.DESC) for each in asked]
    return (*chosen, *last)
