"""Boards ranked the slow and obvious way, in exact fractions: what the statements in `sql/rankings` must equal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Exact = Fraction | None
Entity = tuple[str, str | None]  # a model, and the variant of a run


@dataclass(frozen=True)
class Task:
    """A task of a board, with the cells that count."""

    name: str
    type: str
    is_public: bool
    splits: tuple[str, ...]
    subsets: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """A row of scores; `source_model` is one of the names of `model`."""

    model: str
    variant: str | None
    task: str
    split: str
    subset: str
    value: float | None
    source_model: str


@dataclass(frozen=True)
class Model:
    """A model in the order of its source; `trained_on` is null where nothing is declared."""

    name: str
    trained_on: tuple[str, ...] | None


@dataclass(frozen=True)
class Board:
    """A board, its models in the order of their source, and its scores in theirs."""

    name: str
    method: str
    tasks: tuple[Task, ...]
    models: tuple[Model, ...]
    rows: tuple[Scored, ...]
    aggregations: tuple[str, ...] = ()
    public_tasks_only: bool = False
    ranks_variants: bool = False
    lower_is_better: bool = False


@dataclass
class Standing:
    """One entry of a board; `points` of Borda, all else exact means."""

    entity: Entity
    points: Fraction = Fraction(0)
    borda_rank: int = 0
    mean_task: Exact = None
    mean_scored: Exact = None
    mean_task_type: Exact = None
    mean_subset: Exact = None
    mean_public: Exact = None
    mean_private: Exact = None
    by_task: dict[str, Exact] = field(default_factory=dict)
    by_type: dict[str, Exact] = field(default_factory=dict)


def mean(values: Iterable[Fraction]) -> Exact:
    """Null of nothing."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found) if found else None


def strict_mean(values: Iterable[Exact]) -> Exact:
    """Null of nothing, and as soon as one is null."""
    found = list(values)
    return None if None in found else mean(value for value in found if value is not None)


class Reference:
    """What a board is, worked out by definition."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.cells = {
            (task.name, split, subset) for task in board.tasks for split in task.splits for subset in task.subsets
        }
        self.rows = [
            row
            for row in board.rows
            if (row.task, row.split, row.subset) in self.cells and (board.ranks_variants or row.variant is None)
        ]
        met = {row.task for row in self.rows}
        self.columns = [
            task
            for task in board.tasks
            if (task.is_public or not board.public_tasks_only) and (task.name in met or board.method == "MEAN_SCORED")
        ]
        self.entities = list(dict.fromkeys((row.model, row.variant) for row in self.rows))

    def standings(self) -> list[Standing]:
        """Entries in the order of display."""
        found = [self._standing(entity) for entity in self.entities]
        survivors = [standing for standing in found if self._survives(standing)]
        self._give_points(found, len(survivors))
        return sorted(survivors, key=self._display_key)

    def value(self, standing: Standing) -> Exact:
        """What the board ranks by."""
        return {
            "BORDA": standing.points,
            "MEAN_SCORED": standing.mean_scored,
            "MEAN_TASK_TYPE": standing.mean_task_type,
            "MEAN_PUBLIC_PRIVATE": standing.mean_task,
            "MEAN_SUBSET": standing.mean_subset,
        }[self.board.method]

    def ranks(self, standings: Sequence[Standing]) -> list[int | None]:
        """Borda ranks share places; boards with variants too, without a rank for no value; others count."""
        if self.board.method in ("BORDA", "MEAN_SUBSET"):
            return [standing.borda_rank for standing in standings]
        if not self.board.ranks_variants:
            return [*range(1, len(standings) + 1)]
        values = [self.value(standing) for standing in standings]
        return [None if value is None else values.index(value) + 1 for value in values]

    def zero_shot_percent(self, model: str) -> int | None:
        trained_on = self._model(model).trained_on
        if trained_on is None:
            return None
        met = len({task.name for task in self.columns} & set(trained_on))
        return int(100 - Fraction(100 * met, len(self.columns)))

    def trained_on_tasks(self, entity: Entity) -> list[str] | None:
        """Tasks of the board that the entry has rows on and its model was trained on."""
        trained_on = self._model(entity[0]).trained_on
        if trained_on is None:
            return None
        scored = {row.task for row in self._of(entity)}
        return [task.name for task in self.columns if task.name in trained_on and task.name in scored]

    def model_count(self) -> int:
        """Models with a score on every declared task, however many of its cells they lack."""
        names = {task.name for task in self.board.tasks}
        tasks: dict[str, set[str]] = {}
        for row in self.rows:
            if row.value is not None:
                tasks.setdefault(row.model, set()).add(row.task)
        return sum(found == names for found in tasks.values())

    def _standing(self, entity: Entity) -> Standing:
        tasks = {row.task for row in self._of(entity)}
        by_task = {task.name: self._task_score(entity, task.name) for task in self.columns if task.name in tasks}
        every = {task.name: by_task.get(task.name) for task in self.columns}
        types = dict.fromkeys(task.type for task in self.columns)
        by_type = {kind: strict_mean(every[task.name] for task in self.columns if task.type == kind) for kind in types}
        return Standing(
            entity,
            mean_task=strict_mean(every.values()),
            mean_scored=mean(value for value in every.values() if value is not None),
            mean_task_type=strict_mean(by_type.values()),
            mean_subset=strict_mean(self._subset_score(entity, *pair) for pair in self._subsets(entity)),
            mean_public=strict_mean(every[task.name] for task in self.columns if task.is_public),
            mean_private=strict_mean(every[task.name] for task in self.columns if not task.is_public),
            by_task=by_task,
            by_type={
                kind: value
                for kind, value in by_type.items()
                if any(task.type == kind and task.name in by_task for task in self.columns)
            },
        )

    def _survives(self, standing: Standing) -> bool:
        scores = standing.by_task.values()
        return bool(scores) if self.board.method == "MEAN_SCORED" else any(score is not None for score in scores)

    def _task_score(self, entity: Entity, task: str) -> Exact:
        """The mean of its scores; null where a cell that anyone has is missing."""
        scored = {(row.subset, row.split) for row in self.rows if row.task == task and row.value is not None}
        required = len({subset for subset, _ in scored}) * len({split for _, split in scored})
        have = {(row.subset, row.split) for row in self._of(entity) if row.task == task and row.value is not None}
        return self._raw(entity, task) if len(have) >= required else None

    def _subset_score(self, entity: Entity, task: str, subset: str) -> Exact:
        needed = {row.split for row in self.rows if row.task == task and row.value is not None}
        own = [row for row in self._of(entity) if (row.task, row.subset) == (task, subset) and row.value is not None]
        return mean(Fraction(row.value or 0) for row in own) if {row.split for row in own} >= needed else None

    def _subsets(self, entity: Entity) -> list[tuple[str, str]]:
        return list(dict.fromkeys((row.task, row.subset) for row in self._of(entity)))

    def _raw(self, entity: Entity, task: str) -> Exact:
        return mean(Fraction(row.value) for row in self._of(entity) if row.task == task and row.value is not None)

    def _of(self, entity: Entity) -> list[Scored]:
        return [row for row in self.rows if (row.model, row.variant) == entity]

    def _model(self, name: str) -> Model:
        return next(model for model in self.board.models if model.name == name)

    def _give_points(self, standings: Sequence[Standing], survivors: int) -> None:
        """Of every partition, as many points as models come after; what is tied shares them. Then ranks 1, 2, 2, 4."""
        for votes in self._partitions():
            for standing in standings:
                if (own := votes.get(standing.entity)) is not None:
                    better = sum(self._directed(other) > self._directed(own) for other in votes.values())
                    tied = sum(other == own for other in votes.values())
                    standing.points += survivors - (better + Fraction(tied + 1, 2))
        for standing in standings:
            standing.borda_rank = 1 + sum(other.points > standing.points for other in standings)

    def _partitions(self) -> list[dict[Entity, Fraction]]:
        """The values that are compared, task by task; on a board of subsets, subset by subset."""
        keys = [(task.name, None) for task in self.columns]
        if self.board.method == "MEAN_SUBSET":
            keys = list(dict.fromkeys((row.task, row.subset) for row in self.rows))  # type: ignore[misc]
        found = []
        for task, subset in keys:
            values = {
                entity: self._raw(entity, task) if subset is None else self._subset_score(entity, task, subset)
                for entity in self.entities
                if subset is None or (task, subset) in self._subsets(entity)
            }
            found.append({entity: value for entity, value in values.items() if value is not None})
        return found

    def _directed(self, value: Fraction) -> Fraction:
        return -value if self.board.lower_is_better else value

    def _display_key(self, standing: Standing) -> tuple[Any, ...]:
        """Best first, nulls last; what is equal in the order of the models' source."""
        shown = "public_private" in self.board.aggregations
        value = self.value(standing)
        keys = [None if value is None else self._directed(value)]
        keys += [standing.mean_public, standing.mean_private] if shown else []
        model, variant = standing.entity
        place = [each.name for each in self.board.models].index(model)
        return (*((key is None, -(key or 0)) for key in keys), place, variant is not None, variant or "")
