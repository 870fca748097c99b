"""Boards ranked the slow and obvious way, in exact fractions: what the statements in `sql/rankings` must equal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Exact = Fraction | None
Entity = tuple[str, str | None]  # a model, and the variant of a run


@dataclass(frozen=True)
class Task:
    """A task of a board, with the cells that count."""

    name: str
    type: str | None
    is_public: bool
    splits: tuple[str, ...]
    subsets: tuple[str, ...]
    lower_is_better: bool = False


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
    languages: tuple[str, ...] | None = None


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

    @property
    def rule(self) -> str:
        """How it gives ranks by its own method."""
        if self.method in ("BORDA", "MEAN_SUBSET"):
            return "POINTS"
        return "COMPETITION" if self.ranks_variants else "POSITION"


@dataclass(frozen=True)
class Asked:
    """What a leaderboard is asked for; null: all of them, and as the board does it."""

    method: str | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    models: frozenset[str] | None = None
    tasks: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    least_zero_shot: int | None = None
    common_tasks_only: bool = False


@dataclass
class Standing:
    """One entry of a board; `points` of Borda, all else exact means."""

    entity: Entity
    points: Fraction = Fraction(0)
    points_rank: int = 0
    value: Exact = None
    mean_task: Exact = None
    mean_task_type: Exact = None
    mean_public: Exact = None
    mean_private: Exact = None
    by_task: dict[str, Exact] = field(default_factory=dict)
    by_type: dict[str, Exact] = field(default_factory=dict)


def mean(values: Iterable[Exact]) -> Exact:
    """The mean of those there are; null of none."""
    found = [value for value in values if value is not None]
    return sum(found, Fraction(0)) / len(found) if found else None


def strict_mean(values: Iterable[Exact]) -> Exact:
    """Null of nothing, and as soon as one is null."""
    found = list(values)
    return None if None in found else mean(found)


class Reference:
    """What a board is when it is asked for this way, worked out by definition.

    What is asked decides what is ranked, as if there were nothing else; only the cells that a task needs stay
    those of all models.
    """

    def __init__(self, board: Board, asked: Asked | None = None) -> None:
        self.board = board
        self.asked = asked or Asked()
        self.method = self.asked.method or board.method
        self.rule = board.rule if self.method == board.method else "COMPETITION"
        self.keeps_gaps = board.method == "MEAN_SCORED"
        self.rows = [row for row in board.rows if self._counts(row)]
        self.declared = [task for task in board.tasks if self._is_asked(task)]
        names = {task.name for task in self.declared}
        chosen = {row.model for row in self.rows if self.asked.models is None or row.model in self.asked.models}
        self.percents = {model: self._zero_shot_percent(model, self._met(chosen)) for model in chosen}
        chosen = {model for model in chosen if self._is_clean(model)}
        self.entities = list(
            dict.fromkeys((row.model, row.variant) for row in self.rows if row.model in chosen and row.task in names)
        )
        self.columns = self._met(chosen)
        self.survivors = [entity for entity in self.entities if self._survives(entity)]
        if self.asked.common_tasks_only:
            self.columns = [task for task in self.columns if self._is_common(task)]

    def standings(self) -> list[Standing]:
        """Entries in the order of display."""
        standings = {entity: self._standing(entity) for entity in self.entities}
        self._give_points(standings)
        values = self._values(standings)
        for standing in standings.values():
            standing.value = values(standing)
        return sorted((standings[entity] for entity in self.survivors), key=self.display_key)

    def ranks(self, standings: Sequence[Standing]) -> list[int | None]:
        """Ranks of entries in the order of display, by the rule that holds; none where no task is left."""
        if self.rule == "POINTS" and self.columns:
            return [standing.points_rank for standing in standings]
        if self.rule == "POSITION" and self.columns:
            return [*range(1, len(standings) + 1)]
        values = [standing.value for standing in standings]
        return [None if value is None else values.index(value) + 1 for value in values]

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

    def display_key(self, standing: Standing) -> tuple[Any, ...]:
        """Best first, nulls last; what is equal in the order of the models' source."""
        value = standing.value
        lower = self.method not in ("BORDA", "WIN_RATE") and self._all_lower
        keys = [-value if lower and value is not None else value]
        if "public_private" in self.board.aggregations:
            keys += [standing.mean_public, standing.mean_private]
        model, variant = standing.entity
        place = [each.name for each in self.board.models].index(model)
        return (*((key is None, -(key or 0)) for key in keys), place, variant is not None, variant or "")

    def _counts(self, row: Scored) -> bool:
        task = next((task for task in self.board.tasks if task.name == row.task), None)
        return (
            task is not None
            and row.split in task.splits
            and row.subset in task.subsets
            and (self.board.ranks_variants or row.variant is None)
            and (self.asked.languages is None or not self.asked.languages.isdisjoint(row.languages or ()))
        )

    def _is_asked(self, task: Task) -> bool:
        of_board = task.is_public or not self.board.public_tasks_only
        return of_board and (self.asked.tasks is None or task.name in self.asked.tasks)

    def _met(self, models: Iterable[str]) -> list[Task]:
        """The columns: tasks that one of the models has a row on, or all where a mean is of what is there."""
        chosen = set(models)
        met = {row.task for row in self.rows if row.model in chosen}
        return [task for task in self.declared if self.keeps_gaps or task.name in met]

    def _zero_shot_percent(self, model: str, columns: Sequence[Task]) -> int | None:
        trained_on = self._model(model).trained_on
        if trained_on is None or not columns:
            return None
        met = len({task.name for task in columns} & set(trained_on))
        return int(100 - Fraction(100 * met, len(columns)))

    def _is_clean(self, model: str) -> bool:
        least, percent = self.asked.least_zero_shot, self.percents[model]
        return least is None or (percent is not None and percent >= least)

    def _survives(self, entity: Entity) -> bool:
        scores = [self._task_score(entity, task.name) for task in self.columns]
        return self.keeps_gaps or any(score is not None for score in scores)

    def _is_common(self, task: Task) -> bool:
        scores = [self._task_score(entity, task.name) for entity in self.survivors]
        return bool(scores) and None not in scores

    def _standing(self, entity: Entity) -> Standing:
        tasks = {row.task for row in self._of(entity)}
        every = {task.name: self._task_score(entity, task.name) for task in self.columns}
        average = strict_mean if self.asked.languages is None else mean
        types = {
            kind: average(every[task.name] for task in self.columns if task.type == kind)
            for kind in dict.fromkeys(task.type for task in self.columns)
            if kind is not None
        }
        return Standing(
            entity,
            mean_task=average(every.values()),
            mean_task_type=average(types.values()),
            mean_public=strict_mean(every[task.name] for task in self.columns if task.is_public),
            mean_private=strict_mean(every[task.name] for task in self.columns if not task.is_public),
            by_task={name: value for name, value in every.items() if name in tasks},
            by_type={
                kind: value
                for kind, value in types.items()
                if any(task.type == kind and task.name in tasks for task in self.columns)
            },
        )

    def _values(self, standings: Mapping[Entity, Standing]) -> Callable[[Standing], Exact]:
        """What is ranked by; strict under a filter of languages too."""
        shares = self._shares()
        return {
            "BORDA": lambda standing: standing.points if self.columns else None,
            "MEAN_TASK": self._mean_task,
            "MEAN_PUBLIC_PRIVATE": self._mean_task,
            "MEAN_SCORED": lambda standing: mean(self._scores(standing)),
            "MEAN_TASK_TYPE": self._mean_task_type,
            "MEAN_SUBSET": self._mean_subset,
            "WEIGHTED": self._weighted,
            "WIN_RATE": lambda standing: mean(share.get(standing.entity) for share in shares),
        }[self.method]

    def _scores(self, standing: Standing) -> list[Exact]:
        return [standing.by_task.get(task.name) for task in self.columns]

    def _mean_task(self, standing: Standing) -> Exact:
        return strict_mean(self._scores(standing))

    def _mean_task_type(self, standing: Standing) -> Exact:
        types: dict[str, list[Exact]] = {}
        for task in self.columns:
            if task.type is not None:
                types.setdefault(task.type, []).append(standing.by_task.get(task.name))
        return strict_mean(strict_mean(values) for values in types.values())

    def _mean_subset(self, standing: Standing) -> Exact:
        return strict_mean(self._subset_score(standing.entity, *pair) for pair in self._subsets(standing.entity))

    def _weighted(self, standing: Standing) -> Exact:
        """Every value as often as its task weighs."""
        weights = {task.name: self.asked.weights.get(task.name, 0) for task in self.declared}
        return strict_mean(standing.by_task.get(name) for name, weight in weights.items() for _ in range(weight))

    def _shares(self) -> list[dict[Entity, Fraction]]:
        """Of every column, the share of the other ranked entries that each beats; who is alone beats no one."""
        found = []
        for task in self.columns:
            values = {entity: self._task_score(entity, task.name) for entity in self.survivors}
            known = {entity: self._directed(value, task) for entity, value in values.items() if value is not None}
            if len(known) > 1:
                found.append({entity: self._share(value, list(known.values())) for entity, value in known.items()})
        return found

    def _share(self, value: Fraction, values: list[Fraction]) -> Fraction:
        beaten = sum(other < value for other in values)
        tied = values.count(value) - 1
        return (beaten + Fraction(tied, 2)) / (len(values) - 1)

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
        names = {task.name for task in self.columns}
        return list(dict.fromkeys((row.task, row.subset) for row in self._of(entity) if row.task in names))

    def _raw(self, entity: Entity, task: str) -> Exact:
        return mean(Fraction(row.value) for row in self._of(entity) if row.task == task and row.value is not None)

    def _of(self, entity: Entity) -> list[Scored]:
        return [row for row in self.rows if (row.model, row.variant) == entity]

    def _model(self, name: str) -> Model:
        return next(model for model in self.board.models if model.name == name)

    def _give_points(self, standings: Mapping[Entity, Standing]) -> None:
        """Of every partition, as many points as models come after; what is tied shares them. Then ranks 1, 2, 2, 4."""
        for votes in self._partitions():
            for entity, own in votes.items():
                better = sum(other > own for other in votes.values())
                tied = sum(other == own for other in votes.values())
                standings[entity].points += len(self.survivors) - (better + Fraction(tied + 1, 2))
        for standing in standings.values():
            standing.points_rank = 1 + sum(other.points > standing.points for other in standings.values())

    def _partitions(self) -> list[dict[Entity, Fraction]]:
        """The values that are compared, task by task; by the method of subsets, subset by subset."""
        found = []
        for task in self.columns:
            for subset in task.subsets if self.method == "MEAN_SUBSET" else (None,):
                values = {
                    entity: self._raw(entity, task.name)
                    if subset is None
                    else self._subset_score(entity, task.name, subset)
                    for entity in self.entities
                }
                found.append(
                    {entity: self._directed(value, task) for entity, value in values.items() if value is not None}
                )
        return found

    def _directed(self, value: Fraction, task: Task) -> Fraction:
        return -value if task.lower_is_better else value

    @property
    def _all_lower(self) -> bool:
        """Whether the smallest mean is the best."""
        return bool(self.columns) and all(task.lower_is_better for task in self.columns)
