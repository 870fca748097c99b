"""The ranking of models on one task, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from api.graphql.connections import After, Before, Connection, First, Last
from api.graphql.context import Context
from api.graphql.errors import bad_input
from api.graphql.filters import ModelWhere, condition
from api.graphql.rankings import read_time
from api.graphql.relation import Connection as ConnectionOf
from api.graphql.relation import Element, Page, Relation, Row, children, column, computed, refers
from api.graphql.types.version import Version
from warehouse.select import TRUE, Clause, Names, Order, Selection
from warehouse.statements import statement
from warehouse.task_rankings import TaskRanking

if TYPE_CHECKING:
    from api.graphql.types.leaderboard import CellScore
    from api.graphql.types.model import Model
    from api.graphql.types.task import Task

MOST_PARTS = 5_000
MOST_LISTED = 10


@dataclass(frozen=True)
class TaskBoard:
    """A task ranked one way."""

    row: dict[str, Any]
    ranking: TaskRanking
    version: dict[str, Any] | None


@strawberry.type(description="One model on a task's leaderboard.")
class TaskLeaderboardEntry(Element):
    rank: int | None = column("Place on the leaderboard, 1 is best; ties stand by name.")

    model: Annotated["Model", strawberry.lazy("api.graphql.types.model")] = refers("Model", "The model.")

    variant: str | None = column("What makes this another run of the same model; null: the plain run.")
    value: float | None = column(
        "Mean over the subsets, of each the best over its splits; null: it lacks a cell that another model has."
    )
    scored: int = column("Cells (subset and split) it has a score on.")
    expected: int = column("Cells it needs for a value: every subset with every split of the leaderboard.")
    cells: list[Annotated["CellScore", strawberry.lazy("api.graphql.types.leaderboard")]] = strawberry.field(
        description="Its score on each cell, the best where it has several; by subset and split.",
        metadata=children("CellScore", "cells", ("model", "variant"), order=("subset_place", "split_place")),
    )
    trained_on: bool | None = column(
        "Whether the model itself lists the task among its training datasets; null: it lists none."
    )


@strawberry.type(
    description="A ranking of models by their scores on one task, those of the source that describes it; rows without "
    "a value come last."
)
class TaskLeaderboard:
    board: strawberry.Private[TaskBoard]

    @computed(description="The task that is ranked.")
    def task(self) -> Annotated["Task", strawberry.lazy("api.graphql.types.task")]:
        return Row("Task", self.board.row)  # type: ignore[return-value]

    @computed(description="The state of the task's source that is ranked; null: there was none yet.")
    def version(self) -> Version | None:
        return Row("Version", self.board.version) if self.board.version else None  # type: ignore[return-value]

    @computed(description="The subsets that count: those any model has a score on.")
    async def subsets(self, info: strawberry.Info[Context]) -> list[str]:
        return await self._parts("task_board_subsets", "subset", info.context)

    @computed(description="The splits that count: those any model has a score on.")
    async def splits(self, info: strawberry.Info[Context]) -> list[str]:
        return await self._parts("task_board_splits", "split", info.context)

    @computed(description="The entries, best first. `where` chooses rows; ranks stay those of the whole leaderboard.")
    def entries(
        self,
        where: Annotated[ModelWhere | None, strawberry.argument(description="Which models to show.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TaskLeaderboardEntry]:
        chosen: Clause = TRUE
        if where is not None:
            chosen = condition(where, Names())
            chosen = Clause(f"model in (select name from models where {chosen.sql})", chosen.values)
        entries, cells = self.board.ranking.entries(), self.board.ranking.statement("task_board_cells")
        selection = Selection(entries.sql, entries.values, chosen, (Order("position"),), {"cells": cells}, own=True)
        return ConnectionOf(Relation("TaskLeaderboardEntry", selection, self.board), Page(first, after, last, before))  # type: ignore[return-value]

    @computed(description="The statement that ranks the task; it runs on the published DuckDB file.")
    def sql(self) -> str:
        return self.board.ranking.entries().sql

    @computed(description="Values of the statement's parameters.")
    def sql_parameters(self) -> JSON:
        return JSON(dict(self.board.ranking.entries().values))

    async def _parts(self, name: str, column: str, context: Context) -> list[str]:
        asked = self.board.ranking.statement(name)
        rows = await context.rows(asked.sql, asked.values)
        return [row[column] for row in sorted(rows, key=lambda row: row["place"])]


async def read_task_board(
    row: dict[str, Any],
    context: Context,
    as_of: datetime | None,
    models: ModelWhere | None,
    subsets: Sequence[str] | None,
    splits: Sequence[str] | None,
) -> TaskLeaderboard:
    """The leaderboard of a task that is asked for. Raises `RequestError` for parts that the task has not."""
    asked = {name: names for name, names in (("subsets", subsets), ("splits", splits)) if names is not None}
    await _check(row["name"], asked, context)
    at = read_time(row, as_of, None, context.dimensions)
    ranking = TaskRanking(
        row["name"],
        row["source"],
        at,
        None if models is None else condition(models, Names()),
        None if subsets is None else tuple(subsets),
        None if splits is None else tuple(splits),
    )
    return TaskLeaderboard(board=TaskBoard(row, ranking, context.dimensions.version_at(row["source"], at)))


async def _check(task: str, asked: dict[str, Sequence[str]], context: Context) -> None:
    for part, names in asked.items():
        if len(names) > MOST_PARTS:
            raise bad_input(f"`{part}` has {len(names):,} entries: it may have {MOST_PARTS:,}")
    if not any(asked.values()):
        return
    rows = await context.rows(statement("queries/task_parts"), {"task": task})
    for part, names in asked.items():
        known = sorted(row["name"] for row in rows if row["part"] == part)
        unknown = sorted(set(names) - set(known))
        if unknown:
            raise bad_input(f"{task} has no {part.removesuffix('s')} {unknown[0][:80]!r}: {_listed(part, known)}")


def _listed(part: str, known: Sequence[str]) -> str:
    if not known:
        return f"leave out `{part}`, it has none"
    if len(known) > MOST_LISTED:
        return f"it has {', '.join(known[:MOST_LISTED])} and {len(known) - MOST_LISTED:,} more; see the task's `{part}`"
    return f"it has {', '.join(known)}"
