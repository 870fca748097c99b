"""Documents made up from a schema: any selection of any field, small enough to be answered in milliseconds."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
)
from hypothesis import strategies as st

from tests.api.arguments import Arguments, written
from tests.api.known import Known

DEEPEST = 8
MOST_FIELDS = 20
MOST_VALUES = 800
MOST_ALIASES = 24
BUDGETS = (5, 10, 15, 15, 20, 30, 60)  # milliseconds that a document may cost
# What a field costs to answer, in milliseconds of the sample, each time it is met; the others read nothing.
COSTS = {
    "Query.models": 2, "Query.tasks": 2, "Query.benchmarks": 2, "Query.scores": 4, "Query.conflicts": 8,
    "Query.capabilities": 2, "Query.node": 2, "Benchmark.tasks": 3, "Benchmark.versions": 2, "Benchmark.diff": 40,
    "Leaderboard.capabilities": 20, "Leaderboard.entries": 5, "LeaderboardEntry.taskScores": 4,
    "LeaderboardEntry.taskTypeScores": 3, "LeaderboardEntry.capabilityScores": 20, "LeaderboardEntry.taskValues": 4,
    "LeaderboardEntry.rankInterval": 25, "TaskScore.cells": 4, "LanguageBoard.languages": 6,
    "LanguageBoard.entries": 10, "Model.standings": 12, "Model.history": 40, "Model.scores": 5, "Task.scores": 5,
    "Task.subsets": 3, "TaskLeaderboard.entries": 20, "TaskLeaderboardEntry.cells": 12, "TaskLeaderboard.subsets": 8,
    "TaskLeaderboard.splits": 8, "Source.versions": 2, "Source.problems": 2, "LeaderboardDiff.entered": 20,
    "LeaderboardDiff.left": 20, "LeaderboardDiff.changed": 15, "Conflict.scores": 6,
}  # fmt: skip
# The same under a ranking that no store holds ready.
WORKED_OUT = {
    "Leaderboard.entries": 35, "Leaderboard.tasks": 20, "Leaderboard.taskTypes": 20, "Leaderboard.totalModels": 20,
    "LeaderboardEntry.taskScores": 25, "LeaderboardEntry.taskTypeScores": 25, "LeaderboardEntry.taskValues": 25,
}  # fmt: skip
# What is chosen more often than others: what has most below it.
OFTEN = {
    "Query.benchmark": 6, "Query.benchmarks": 2, "Benchmark.leaderboard": 4, "Leaderboard.entries": 8,
    "LeaderboardEntry.taskScores": 3, "Query.node": 2, "Query.model": 2, "Query.task": 2, "Model.standings": 3,
    "Standing.entry": 2, "Benchmark.perLanguage": 2, "Benchmark.diff": 4, "LeaderboardEntry.capabilityScores": 2,
    "LeaderboardEntry.rankInterval": 2, "Task.leaderboard": 3, "TaskLeaderboard.entries": 4, "TaskLeaderboardEntry.cells": 3,
    "TaskScore.cells": 2, "LeaderboardDiff.moved": 3, "LeaderboardDiff.changed": 3,
}  # fmt: skip
# How long a list without a page is about.
LENGTHS = {"Query.languages": 12, "Query.capabilities": 8, "TaskScore.cells": 6, "LanguageBoard.entries": 15}
LENGTH = 4
Type = Any


@dataclass(frozen=True)
class Document:
    """What is asked: text, variables, and the fields in it by type and name."""

    text: str
    variables: dict[str, Any]
    fields: set[str] = field(repr=False)


@dataclass
class Fragment:
    """A named fragment, and what to spread it once more costs."""

    name: str
    condition: str
    text: str
    cost: float
    values: int


@dataclass
class Writer:
    """Writes one document."""

    random: Random
    schema: GraphQLSchema
    arguments: Arguments
    budget: float
    fields: int = MOST_FIELDS
    values: int = MOST_VALUES
    aliases: int = 0
    is_worked_out: bool = False
    fragments: list[Fragment] = field(default_factory=list)
    # The arguments of a field that is answered under its own name: the same all over the document.
    natural: dict[str, tuple[str, int]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def document(self) -> str:
        assert self.schema.query_type is not None
        body = self.selection(self.schema.query_type, 0, 1, LENGTH)
        head = f"query Q({', '.join(self.arguments.declared)}) " if self.arguments.declared else ""
        named = "".join(f"\nfragment {each.name} on {each.condition} {each.text}" for each in self.fragments)
        return f"{head}{body}{named}"

    def selection(self, parent: Type, depth: int, width: int, page: int) -> str:
        """Some fields of a type, of which there are `width`; `page` is how long a list in a connection is."""
        count = self.random.choice([1, 2, 2, 3, 4]) if depth else self.random.choice([1, 1, 2, 3])
        parts = [self._part(parent, depth, width, page) for _ in range(count)]
        return "{ " + " ".join([part for part in parts if part] or ["__typename"]) + " }"

    def _part(self, parent: Type, depth: int, width: int, page: int) -> str:
        way = self.random.random()
        if way < 0.05:
            return "__typename" + self._directive() if self._chance(0.5) else f"{self._alias()}__typename"
        if way < (0.75 if is_abstract_type(parent) else 0.17) and depth < DEEPEST:
            return self._inline(parent, depth, width, page)
        if way < (0.85 if is_abstract_type(parent) else 0.27) and depth < DEEPEST:
            return self._spread(parent, depth, width, page)
        return self._field(parent, depth, width, page)

    def _inline(self, parent: Type, depth: int, width: int, page: int) -> str:
        found = self.random.choice([None, *self._conditions(parent)])
        condition = f" on {found.name}" if found is not None else ""
        inside = self.selection(found if found is not None else parent, depth + 1, width, page)
        return f"...{condition}{self._directive()} {inside}"

    def _spread(self, parent: Type, depth: int, width: int, page: int) -> str:
        names = {each.name for each in self._conditions(parent)}
        known = [each for each in self.fragments if each.condition in names and each.cost * width <= self.budget]
        if known and self._chance(0.5) and self.values > known[0].values * width:
            chosen = self.random.choice(known)
            self.budget -= chosen.cost * width
            self.values -= chosen.values * width
            return f"...{chosen.name}{self._directive()}"
        condition = self.random.choice(self._conditions(parent))
        budget, values = self.budget, self.values
        text = self.selection(condition, depth + 1, width, page)
        cost, count = (budget - self.budget) / width, (values - self.values) // width
        made = Fragment(f"F{len(self.fragments)}", condition.name, text, cost, count)
        self.fragments.append(made)
        return f"...{made.name}{self._directive()}"

    def _conditions(self, parent: Type) -> list[Type]:
        """The types that a fragment within a type can be on."""
        if is_abstract_type(parent):
            return [parent, *self.schema.get_possible_types(parent)]
        return [parent, *parent.interfaces]

    def _field(self, parent: Type, depth: int, width: int, page: int) -> str:
        choices = [name for name in parent.fields if self._affords(parent, name, depth, width, page)]
        if not choices or self.fields <= 0:
            return ""
        objects = [name for name in choices if is_composite_type(get_named_type(parent.fields[name].type))]
        objects = [name for name in objects for _ in range(OFTEN.get(f"{parent.name}.{name}", 1))]
        name = self.random.choice(objects if objects and self._chance(0.5) else choices)
        coordinate, declared = f"{parent.name}.{name}", parent.fields[name]
        self.fields -= 1
        self.asked.add(coordinate)
        self.budget -= self._cost(coordinate) * width
        head, size = self._head(coordinate, name, declared)
        size = page if name in ("nodes", "edges") else size
        below = width * (max(size, 1) if is_list_type(get_nullable_type(declared.type)) else 1)
        self.values -= below
        kind = get_named_type(declared.type)
        if not is_composite_type(kind):
            return head
        before = self.is_worked_out
        self.is_worked_out = before or (coordinate.endswith(".leaderboard") and "(" in head)
        text = f"{head} {self.selection(kind, depth + 1, below, size)}"
        self.is_worked_out = before
        return text

    def _affords(self, parent: GraphQLObjectType, name: str, depth: int, width: int, page: int) -> bool:
        declared = parent.fields[name]
        if depth >= DEEPEST and is_composite_type(get_named_type(declared.type)):
            return False
        length = page if name in ("nodes", "edges") else LENGTHS.get(f"{parent.name}.{name}", LENGTH)
        length = length if is_list_type(get_nullable_type(declared.type)) else 1
        return self._cost(f"{parent.name}.{name}") * width <= self.budget and width * length <= self.values

    def _cost(self, coordinate: str) -> float:
        worked_out = WORKED_OUT.get(coordinate) if self.is_worked_out else None
        return worked_out or COSTS.get(coordinate, 0)

    def _head(self, coordinate: str, name: str, declared: GraphQLField) -> tuple[str, int]:
        """Alias, name, arguments and directives of a field, and how long a list it makes."""
        alias = self._alias() if self.aliases < MOST_ALIASES and self._chance(0.5 if declared.args else 0.2) else ""
        if alias or coordinate not in self.natural:
            asked, length = self._asked(coordinate, declared)
        else:
            asked, length = self.natural[coordinate]
        if not alias:
            self.natural[coordinate] = asked, length
        return f"{alias}{name}{asked}{self._directive()}", length

    def _asked(self, coordinate: str, declared: GraphQLField) -> tuple[str, int]:
        """Arguments as they are written, and how long a list they make."""
        values = self.arguments.of(coordinate, declared)
        asked = ", ".join(f"{key}: {written(value)}" for key, value in values.items())
        size = values.get("first", values.get("last"))
        length = size if isinstance(size, int) and 0 <= size <= LENGTH else LENGTHS.get(coordinate, LENGTH)
        return f"({asked})" if asked else "", length

    def _alias(self) -> str:
        """A name of its own for a field; now and then that of another field."""
        self.aliases += 1
        return self.random.choice(["name: ", "value: "]) if self._chance(0.02) else f"a{self.aliases}: "

    def _directive(self) -> str:
        if self._chance(0.85):
            return ""
        return f" @{self.random.choice(['include', 'skip'])}(if: {written(self.arguments.condition())})"

    def _chance(self, share: float) -> bool:
        return self.random.random() < share


def write_document(random: Random, schema: GraphQLSchema, known: Known) -> Document:
    """A document, seldom of a large budget."""
    arguments = Arguments(random, known)
    writer = Writer(random, schema, arguments, random.choice(BUDGETS))
    return Document(writer.document(), arguments.given, writer.asked)


def documents(schema: GraphQLSchema, known: Known) -> st.SearchStrategy[Document]:
    """Documents over a schema; chosen evenly, so that they are long, and not shrunk."""
    return st.randoms(use_true_random=True).map(lambda random: write_document(random, schema, known))
