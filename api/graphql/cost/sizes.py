"""Elements that a selection is read of, as far as they are known before, and how long their lists are."""

from collections.abc import Iterable
from math import ceil
from typing import Any

from api.graphql.cost.lengths import Lengths, measure
from warehouse.rankings import LATEST
from warehouse.snapshot import Dimensions

MOST_KEPT = 20_000


class Among:
    """Elements of one type of which `count` are read, nobody knows which: one that is named, or some of many."""

    def __init__(self, sizes: "Sizes", kind: str, names: tuple[str, ...], count: int) -> None:
        self.sizes = sizes
        self.kind = kind
        self.names = names
        self.count = max(0, min(count, len(names)))
        self._means: dict[str, float] = {}

    @property
    def name(self) -> str | None:
        """Its name; null: there are several."""
        return self.names[0] if len(self.names) == 1 else None

    def mean(self, part: str) -> float:
        """Mean length of their lists of that name; of some, those of the longest."""
        found = self._means.get(part)
        if found is None:
            found = self._means[part] = self._mean(self.sizes.lengths(self.kind, part))
        return found

    def _mean(self, lengths: Lengths) -> float:
        longest = sorted((lengths.get(name, 0) for name in self.names), reverse=True)[: self.count]
        return sum(longest) / self.count if self.count else 0


class Sizes:
    """Lengths of all lists, by type, list and name; each worked out when it is first asked for."""

    def __init__(self, known: Dimensions) -> None:
        self.known = known
        self.costs: dict[Any, Any] = {}
        self._lengths: dict[tuple[str, str], Lengths] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._among: dict[tuple[Any, ...], Among] = {}

    @classmethod
    def of(cls, known: Dimensions) -> "Sizes":
        """Those of a snapshot, the same as long as it is read."""
        found: Sizes | None = known.memo.get(cls)
        if found is None:
            found = known.memo[cls] = cls(known)
        return found

    def one(self, kind: str, name: Any) -> Among | None:
        """The element of that name or alias; null: there is none."""
        if not isinstance(name, str):
            return None
        found = self._among.get((kind, name))
        if found is None:
            row = getattr(self.known, TABLES[kind]).find(name)
            found = None if row is None else self._keep((kind, row["name"]), kind, (row["name"],), 1)
        return found

    def some(self, kind: str, count: float) -> Among:
        """Some of all there are."""
        names = self.names(kind)
        kept = max(0, min(int(count), len(names)))
        return self._among.get((kind, kept)) or self._keep((kind, kept), kind, names, kept)

    def among(self, kind: str, names: Iterable[str], count: float) -> Among:
        """Some of those with these names."""
        known = self.lengths(kind, "self")
        found = tuple(name for name in dict.fromkeys(names) if name in known)
        key = (kind, found, ceil(count))
        return self._among.get(key) or self._keep(key, kind, found, ceil(count))

    def tasks_of(self, boards: Among) -> Among:
        """The tasks of a board; of several, as many as those have at most."""
        if boards.name is None:
            return self.some("Task", boards.mean("tasks"))
        key = ("tasks", boards.name)
        tasks = () if key in self._among else tuple(self.known.declared_tasks(boards.name, LATEST))
        return self._among.get(key) or self._keep(key, "Task", tasks, len(tasks))

    def boards_of(self, tasks: Among, count: float) -> Among:
        """Some of the boards that hold any of these tasks."""
        key = ("boards", tasks, ceil(count))
        found = self._among.get(key)
        if found is None:
            held = (self.known.boards_of_task.get(task, ()) for task in tasks.names)
            names = tuple(dict.fromkeys(board for boards in held for board in boards))
            found = self._keep(key, "Benchmark", names, ceil(count))
        return found

    def names(self, kind: str) -> tuple[str, ...]:
        """Names of all there are."""
        found = self._names.get(kind)
        if found is None:
            found = self._names[kind] = tuple(self.lengths(kind, "self"))
        return found

    def lengths(self, kind: str, part: str) -> Lengths:
        """Length of the list of that name of each element; `self`: 1."""
        found = self._lengths.get((kind, part))
        if found is None:
            found = self._lengths[kind, part] = measure(self.known, kind, part)
        return found

    def _keep(self, key: tuple[Any, ...], kind: str, names: tuple[str, ...], count: int) -> Among:
        if len(self._among) > MOST_KEPT:
            self._among.clear()
        found = self._among[key] = Among(self, kind, names, count)
        return found


TABLES = {"Model": "models", "Task": "tasks", "Benchmark": "benchmarks"}
