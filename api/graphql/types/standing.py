"""A model's entries on all boards."""

import datetime
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from api.graphql.context import Context
from api.graphql.filters import BenchmarkWhere, condition
from api.graphql.rankings import Board, Question, read_board
from api.graphql.relation import Element, Relation, Row, column, computed, embedded, reads, refers
from api.graphql.types.leaderboard import LeaderboardEntry
from warehouse.rankings import Ranking
from warehouse.select import TRUE, Clause, Names, Order, Selection, union
from warehouse.statements import statement

if TYPE_CHECKING:
    from api.graphql.types.benchmark import Benchmark


@strawberry.type(description="Where a model stands on one board.")
class Standing(Element):
    benchmark: Annotated["Benchmark", strawberry.lazy("api.graphql.types.benchmark")] = refers(
        "Benchmark", "The board."
    )

    total_models: int = column("How many entries the board has.")

    @computed(description="The model's entry there.", metadata={**embedded(), **reads("benchmark")})
    def entry(self) -> LeaderboardEntry:
        return Row("LeaderboardEntry", self.values, self.origin[self["benchmark"]])  # type: ignore[return-value]


async def read_standings(
    context: Context, model: str, where: BenchmarkWhere | None, as_of: datetime.datetime | None
) -> Relation:
    """The entries of a model on the boards that fulfil a condition, best rank first."""
    known = context.dimensions
    question = Question(as_of=as_of)
    names = await _names(context, model, where)
    boards = {row["name"]: read_board(row, question, known) for row in known.benchmarks if row["name"] in names}
    parts = _Parts(model, list(boards.values()))
    entries = parts.read("standings", "standings")
    order = (Order("rank"), Order("benchmark::varchar"), Order("position"))
    return Relation("Standing", Selection(entries.sql, entries.values, order=order, below=parts.lists()), boards)


async def _names(context: Context, model: str, where: BenchmarkWhere | None) -> set[str]:
    """The boards that fulfil the condition and ever had a task that the model has a score on."""
    chosen = condition(where, Names()) if where is not None else TRUE
    found = await context.rows(
        f"{statement('queries/boards_of_model')} and name in (select name from benchmarks where {chosen.sql})",
        {"model": model, **chosen.values},
    )
    return {row["name"] for row in found}


class _Parts:
    """Statements over several boards: one over all that the store holds ready, one for all of a time and method."""

    def __init__(self, model: str, boards: Sequence[Board]) -> None:
        self.model = model
        self.stored = [str(board.row["name"]) for board in boards if board.is_stored]
        self.all = _batches([board.ranking for board in boards])
        self.computed = _batches([board.ranking for board in boards if not board.is_stored])
        self.at = self.all[0].at if self.all else None

    def read(self, stored: str, ranked: str) -> Clause:
        """The rows of a statement in `queries` and of one in `rankings`, for the boards of either kind."""
        ready = {"model": self.model, "benchmarks": self.stored}
        return union(
            [
                Clause(statement(f"queries/{stored}"), ready),
                *(ranking.statement(ranked, {"model": self.model}) for ranking in self.computed),
            ]
        )

    def lists(self) -> dict[str, Clause]:
        """The statements of what is listed under an entry."""
        none = Ranking((), "MEAN_SCORED", "POSITION")
        scores = statement("queries/cells")
        return {
            "task_scores": self.read("standing_task_scores", "shown_task_scores"),
            "task_types": self.read("standing_task_types", "shown_task_types"),
            "capability_scores": union([ranking.statement("capability_scores") for ranking in self.all or [none]]),
            "cells": union(
                [
                    Clause(scores, {"benchmarks": list(ranking.benchmarks), "at": ranking.at})
                    for ranking in self.all or [none]
                ]
            ),
        }


def _batches(rankings: Sequence[Ranking]) -> list[Ranking]:
    """Rankings of one time and method as one."""

    def key(ranking: Ranking) -> tuple[Any, ...]:
        return (ranking.at, ranking.method, ranking.rule)

    return [
        Ranking(tuple(name for ranking in group for name in ranking.benchmarks), method, rule, at)
        for (at, method, rule), group in groupby(sorted(rankings, key=key), key)
    ]
