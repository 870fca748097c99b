"""What changed between versions: a model's place over time, and a board at two times."""

import datetime
from collections.abc import Mapping
from typing import Any

import strawberry

from api.graphql.context import Context
from api.graphql.errors import RequestError, bad_input
from api.graphql.rankings import Board, Question, read_board
from api.graphql.relation import Relation, Row, computed
from api.graphql.types.leaderboard import LeaderboardEntry, select_entries
from api.graphql.types.model import Model
from api.graphql.types.task import Task
from api.graphql.types.version import Version
from warehouse.select import Clause
from warehouse.statements import statement

MOST_STATES = 500
MOST_CHANGES = 100_000
Key = tuple[str, str | None]


@strawberry.type(description="Where a model stood on a board in one version of the board's source.")
class HistoryPoint:
    version: Version = strawberry.field(description="The version.")
    variant: str | None = strawberry.field(
        description="What makes it another run of the model; null: the plain run. Of several the best ranked is here."
    )
    rank: int | None = strawberry.field(description="Its rank then; null: it had no value.")
    value: float | None = strawberry.field(description="What the board ranked by then.")


@strawberry.type(description="A model whose rank is another.")
class RankMove:
    model: Model = strawberry.field(description="The model.")
    variant: str | None = strawberry.field(description="What makes it another run of the model; null: the plain run.")
    from_rank: int | None = strawberry.field(description="Rank in the version compared from; null: it had no value.")
    to_rank: int | None = strawberry.field(description="Rank in the version compared to; null: it has no value.")


@strawberry.type(description="A score that is another, of a model that both versions rank.")
class ScoreChange:
    model: Model = strawberry.field(description="The model.")
    variant: str | None = strawberry.field(description="What makes it another run of the model; null: the plain run.")
    task: Task = strawberry.field(description="The task.")
    subset: str = strawberry.field(description="Subset of the task.")
    split: str = strawberry.field(description="Split of the dataset.")
    from_: float | None = strawberry.field(
        name="from", description="The value in the version compared from; null: it had none."
    )
    to: float | None = strawberry.field(description="The value in the version compared to; null: it has none.")


@strawberry.type(description="What changed on a board between two versions of its source.")
class LeaderboardDiff:
    before: strawberry.Private[Board]
    after: strawberry.Private[Board]
    # Entries of both by model and variant, in order of display.
    old: strawberry.Private[Mapping[Key, Mapping[str, Any]]]
    new: strawberry.Private[Mapping[Key, Mapping[str, Any]]]

    @computed(name="from", description="The version compared from.")
    def from_(self) -> Version:
        return Row("Version", self.before.version or {})  # type: ignore[return-value]

    @computed(description="The version compared to.")
    def to(self) -> Version:
        return Row("Version", self.after.version or {})  # type: ignore[return-value]

    @computed(description="Entries that only the version compared to has, in its order.")
    def entered(self) -> list[LeaderboardEntry]:
        return _entries(self.after, [key for key in self.new if key not in self.old])

    @computed(description="Entries that only the version compared from has, in its order.")
    def left(self) -> list[LeaderboardEntry]:
        return _entries(self.before, [key for key in self.old if key not in self.new])

    @computed(description="Models with another rank, in the order of the version compared to.")
    def moved(self, info: strawberry.Info[Context]) -> list[RankMove]:
        known = info.context.dimensions.models.rows
        return [
            RankMove(
                model=Row("Model", known[key[0]]),  # type: ignore[arg-type]
                variant=key[1],
                from_rank=self.old[key]["rank"],
                to_rank=entry["rank"],
            )
            for key, entry in self.new.items()
            if key in self.old and self.old[key]["rank"] != entry["rank"]
        ]

    @computed(
        description="Scores on the board's tasks that differ, sub-scores among them, of the models that both versions "
        "rank; by model, task, subset and split."
    )
    async def changed(self, info: strawberry.Info[Context]) -> list[ScoreChange]:
        known = info.context.dimensions
        rows = await _changes(self, info.context)
        return [
            ScoreChange(
                model=Row("Model", known.models.rows[row["model"]]),  # type: ignore[arg-type]
                variant=row["variant"],
                task=Row("Task", known.tasks.rows[row["task"]]),  # type: ignore[arg-type]
                subset=row["subset"],
                split=row["split"],
                from_=row["from"],
                to=row["to"],
            )
            for row in rows
        ]


async def read_history(context: Context, model: str, benchmark: str) -> list[HistoryPoint]:
    """Where a model stood on a board in each version that has it there, oldest first."""
    known = context.dimensions
    row = known.benchmarks.find(benchmark)
    if row is None:
        raise bad_input(f"there is no benchmark {benchmark[:80]!r}: `benchmarks` lists them")
    edges = await context.rows(statement("queries/board_edges"), {"benchmark": row["name"], "source": row["source"]})
    states = _states(known.versions.get(row["source"], []), [found["edge"] for found in edges])
    points = []
    for versions in states[-MOST_STATES:]:
        entry = await _best(context, read_board(row, Question(as_of=versions[0]["published_at"]), known), model)
        if entry is not None:
            points += [HistoryPoint(version=Row("Version", version), **entry) for version in versions]  # type: ignore[arg-type]
    return points


async def read_diff(context: Context, row: dict[str, Any], before: str, after: str) -> LeaderboardDiff:
    """What changed on a board between the versions with these ids."""
    boards = [read_board(row, Question(version=version), context.dimensions) for version in (before, after)]
    old, new = [await _ranks(context, board) for board in boards]
    return LeaderboardDiff(before=boards[0], after=boards[1], old=old, new=new)


def _states(versions: list[dict[str, Any]], edges: list[datetime.datetime]) -> list[list[dict[str, Any]]]:
    """Versions in runs in which nothing that ranks the board changed."""
    changed = set(edges)
    states: list[list[dict[str, Any]]] = []
    for version in versions:
        if version["published_at"] in changed or not states:
            states.append([])
        states[-1].append(version)
    return states


async def _best(context: Context, board: Board, model: str) -> dict[str, Any] | None:
    entries = board.read("shown_entries")
    found = await context.rows(
        f"select variant::varchar as variant, rank, value from ({entries.sql}) as entries "
        "where model::varchar = $of_model order by rank nulls last, variant nulls first limit 1",
        {**entries.values, "of_model": model},
    )
    return found[0] if found else None


async def _ranks(context: Context, board: Board) -> dict[Key, dict[str, Any]]:
    entries = board.read("shown_entries")
    found = await context.rows(
        f"select model::varchar as model, variant::varchar as variant, rank from ({entries.sql}) as entries "
        "order by position",
        entries.values,
    )
    return {(entry["model"], entry["variant"]): entry for entry in found}


def _entries(board: Board, keys: list[Key]) -> list[LeaderboardEntry]:
    values = {"models": [model for model, _ in keys], "variants": [variant or "" for _, variant in keys]}
    among = Clause(
        "(model::varchar, coalesce(variant::varchar, '')) in (select (unnest($models), unnest($variants)))", values
    )
    return Relation("LeaderboardEntry", select_entries(board, among), board)  # type: ignore[return-value]


async def _changes(diff: LeaderboardDiff, context: Context) -> list[dict[str, Any]]:
    board = diff.after.row
    values = {
        "benchmark": board["name"],
        "source": board["source"],
        "before": diff.before.ranking.at,
        "after": diff.after.ranking.at,
        "most": MOST_CHANGES + 1,
    }
    rows = await context.rows(
        f"select * from ({statement('queries/score_changes')}) as changes "
        "order by model, variant nulls first, task, subset, split limit $most",
        values,
    )
    if len(rows) > MOST_CHANGES:
        raise RequestError(
            "TOO_LARGE", f"more than {MOST_CHANGES:,} scores differ: compare versions that are nearer to each other"
        )
    return [row for row in rows if (row["model"], row["variant"]) in diff.old.keys() & diff.new.keys()]
