"""What the arguments of a leaderboard mean: the ranking they ask for, and how its parts are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.graphql.enums import RankingMethod
from api.graphql.errors import bad_input
from api.graphql.filters import IntWhere, ModelWhere, TaskWhere, condition
from api.graphql.orders import TaskWeight
from api.ids import read_id
from warehouse.rankings import LATEST, Ranking, own_rule
from warehouse.select import Clause, Names
from warehouse.snapshot import Dimensions
from warehouse.statements import names, statement

MOST_LANGUAGES = 1_000
MOST_WEIGHTS = 5_000
MOST_WEIGHT = 1_000_000
STORED = frozenset(path.removeprefix("queries/") for path in names("queries"))
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """The arguments of a leaderboard."""

    method: RankingMethod | None = None
    weights: Sequence[TaskWeight] | None = None
    as_of: datetime | None = None
    version: str | None = None
    models: ModelWhere | None = None
    zero_shot_percent: IntWhere | None = None
    tasks: TaskWhere | None = None
    common_tasks_only: bool = False
    languages: Sequence[str] | None = None


@dataclass(frozen=True)
class Board:
    """A benchmark ranked one way. What the store holds ready of it is read there, all else is worked out."""

    row: dict[str, Any]
    ranking: Ranking
    version: dict[str, Any] | None
    is_stored: bool

    def read(self, name: str, values: Row | None = None) -> Clause:
        """The statement of that name, in `queries` where the store holds its answer, else in `rankings`."""
        if self.is_stored and name in STORED:
            return Clause(statement(f"queries/{name}"), {"benchmark": self.row["name"], **(values or {})})
        return self.ranking.statement(name, values)

    def lists(self) -> dict[str, Clause]:
        """The statements of what is listed under an entry."""
        cells = {"benchmarks": [self.row["name"]], "at": self.ranking.at}
        return {
            "task_scores": self.read("shown_task_scores"),
            "task_types": self.read("shown_task_types"),
            "capability_scores": self.read("capability_scores"),
            "cells": Clause(statement("queries/cells"), cells),
        }


def read_board(row: dict[str, Any], question: Question, known: Dimensions) -> Board:
    """The board that is asked for. Raises `RequestError` for arguments that make no sense for it."""
    at = read_time(row, question.as_of, question.version, known)
    rules = known.rules_of(row["name"], at) or row
    own, method = rules["default_method"], _method(question, rules["default_method"])
    ranking = Ranking(
        benchmarks=(row["name"],),
        method=method,
        rule=own_rule(own, ranks_variants=rules["ranks_variants"]) if method == own else "COMPETITION",
        at=at,
        models=None if question.models is None else condition(question.models, Names()),
        tasks=None if question.tasks is None else condition(question.tasks, Names()),
        zero_shot=None if question.zero_shot_percent is None else question.zero_shot_percent.about("percent", Names()),
        languages=read_languages(question.languages, known),
        weights=_weights(question.weights or (), row, known, at),
        common_tasks_only=question.common_tasks_only,
    )
    plain = Ranking((row["name"],), own, own_rule(own, ranks_variants=rules["ranks_variants"]))
    return Board(row, ranking, known.version_at(row["source"], at), ranking == plain)


def read_time(row: Row, as_of: datetime | None, version: str | None, known: Dimensions) -> datetime:
    """The time of the state of a board's source that is asked for; LATEST for the newest."""
    if as_of is not None and version is not None:
        raise bad_input("give `asOf` or `version`, not both")
    if version is not None:
        as_of = read_version(version, row["source"], known)["published_at"]
    if as_of is None:
        return LATEST
    as_of = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    moments = known.moments.get(row["source"], [])
    passed = [moment for moment in moments if moment <= as_of]
    if not passed:
        return as_of
    return LATEST if len(passed) == len(moments) else passed[-1]


def read_version(version: str, source: str | None, known: Dimensions) -> dict[str, Any]:
    """The version with that id, of that source. Raises `RequestError` where there is none."""
    kind, key = read_id(version) or ("", [])
    found = known.find_version(key[0], key[1]) if kind == "Version" and len(key) == 2 else None
    if found is None:
        raise bad_input(f"{version[:80]!r} is the id of no version: `versions` lists those there are, with ids")
    if source is not None and found["source"] != source:
        raise bad_input(
            f"{found['label']} is a version of {found['source']}, and the board is of {source}: "
            "take one of its `versions`"
        )
    return found


def read_languages(asked: Sequence[str] | None, known: Dimensions) -> tuple[str, ...] | None:
    """The codes that are meant by codes or names. Raises `RequestError` for one that means none."""
    if asked is None:
        return None
    if len(asked) > MOST_LANGUAGES:
        raise bad_input(f"`languages` has {len(asked):,} entries: it may have {MOST_LANGUAGES:,}")
    unknown = [name for name in asked if name not in known.codes]
    if unknown:
        raise bad_input(f"there is no language {unknown[0][:80]!r}: `languages` lists codes and names")
    return tuple(sorted({code for name in asked for code in known.codes[name]}))


def _method(question: Question, own: str) -> str:
    weighted = RankingMethod.WEIGHTED
    if question.weights is None:
        if question.method is weighted:
            raise bad_input("the method WEIGHTED needs `weights`")
        return str(question.method.value) if question.method else own
    if not question.weights:
        raise bad_input("`weights` is empty: weigh at least one task")
    if question.method not in (None, weighted):
        raise bad_input(f"`weights` go with the method WEIGHTED, not {question.method.value}")
    return str(weighted.value)


def _weights(asked: Sequence[TaskWeight], row: Row, known: Dimensions, at: datetime) -> dict[str, float]:
    if not asked:
        return {}
    if len(asked) > MOST_WEIGHTS:
        raise bad_input(f"`weights` has {len(asked):,} entries: it may have {MOST_WEIGHTS:,}")
    declared = known.declared_tasks(row["name"], at)
    weights: dict[str, float] = {}
    for each in asked:
        if each.task not in declared:
            raise bad_input(f"{row['name']} has no task {each.task[:80]!r} to weigh: `tasks` lists them")
        if each.task in weights:
            raise bad_input(f"{each.task} is weighed twice: give each task one weight")
        if not 0 <= each.weight <= MOST_WEIGHT:
            raise bad_input(f"the weight of {each.task} is {each.weight}: it may be 0 to {MOST_WEIGHT:,}")
        weights[each.task] = each.weight
    if not any(weights.values()):
        raise bad_input("all weights are 0: give at least one task more")
    return weights
