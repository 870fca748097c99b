"""Adds up what a planned operation costs, from the innermost selections outwards."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, NamedTuple

from api.graphql.cost.elements import about
from api.graphql.cost.plan import Condition, Field, Plan, Selection
from api.graphql.cost.rankings import RANKING
from api.graphql.cost.scope import Place, Scope
from api.graphql.cost.sizes import Sizes

MOST_COUNTED = 10**15  # further than this nobody counts, and JSON holds it
ROUNDING = 1e-6  # what sums of means are off by
MOST_STEPS = 5_000  # then boards are no more told apart: each costs as much as the dearest could
MOST_KEPT = 10_000  # counts that hang on no variable, for the next request


class Cost(NamedTuple):
    """Values of one element, what statements cost that run once for a whole list, and the path to the dearest part."""

    values: float
    once: float = 0
    path: tuple[str, ...] = ()


class Counter:
    """One count. The same selection in the same place is counted once, so that fragments cannot multiply the work."""

    def __init__(self, plan: Plan, variables: Mapping[str, Any] | None, sizes: Sizes) -> None:
        self.plan = plan
        self.variables = {**plan.defaults, **(variables or {})}
        self.sizes = sizes
        self.known: dict[tuple[Selection, Scope], Cost] = {}
        self.steps = 0

    def count(self) -> Cost:
        """The cost of the operation."""
        if len(self.sizes.costs) > MOST_KEPT:
            self.sizes.costs.clear()
        cost = self._select(self.plan.selection, Scope())
        return cost._replace(values=ceil(min(cost.values, MOST_COUNTED) - ROUNDING))

    def _select(self, selection: Selection, scope: Scope) -> Cost:
        if not selection.fields and not selection.spreads:
            return Cost(selection.leaves)
        known = self.known if selection.is_open else self.sizes.costs
        found: Cost | None = known.get((selection, scope))
        if found is None:
            self.steps += 1
            found = known[selection, scope] = self._add(selection, scope)
        return found

    def _add(self, selection: Selection, scope: Scope) -> Cost:
        values, once, most = float(selection.leaves), 0.0, 0.0
        path: tuple[str, ...] = ()
        for part in self._parts(selection, scope):
            values += part.values
            once += part.once
            if part.values + part.once > most:
                most, path = part.values + part.once, part.path
        return Cost(values, once, path)

    def _parts(self, selection: Selection, scope: Scope) -> Iterable[Cost]:
        for field in selection.fields:
            if self._holds(field.conditions):
                yield self._field(field, scope)
        for conditions, inner in selection.spreads:
            if self._holds(conditions):
                yield self._select(inner, scope)

    def _holds(self, conditions: Iterable[Condition]) -> bool:
        return all(bool(self.variables.get(each.variable)) == each.wanted for each in conditions)

    def _field(self, field: Field, scope: Scope) -> Cost:
        place = Place(scope, field.arguments.read(self.variables), self.sizes)
        cost = self._value(field, place)
        once = cost.once + (RANKING * field.rankings(place) if field.rankings else 0)
        path = (field.key, *cost.path)
        return Cost(cost.values + once, 0, path) if field.is_one_by_one else Cost(cost.values, once, path)

    def _value(self, field: Field, place: Place) -> Cost:
        if field.size is not None:
            length = field.size(place)
            if not field.below:
                return Cost(1 + length)
            place = place._replace(scope=place.scope._replace(many=length), length=length)
        if not field.below:
            return Cost(1)
        inner = field.enter(place) if field.enter else place.scope
        if inner is None:
            return Cost(1)
        if field.is_each and field.is_deep:
            return self._each(field, inner)
        one = self._dearest(field, inner)
        return Cost(1 + (place.length * (1 + one.values) if field.is_list else one.values), one.once, one.path)

    def _each(self, field: Field, scope: Scope) -> Cost:
        """A list of boards, of those that may be in it the dearest ones."""
        boards = scope.subject
        if boards is None or not boards.count:
            return Cost(1)
        self.steps += len(boards.names)
        if self.steps > MOST_STEPS:
            one = self._dearest(field, Scope(self.sizes.some(boards.kind, 1), stored=scope.stored))
            return Cost(1 + boards.count * (1 + one.values), one.once, one.path)
        among = [self.sizes.one(boards.kind, name) for name in boards.names]
        found = [self._dearest(field, Scope(each, stored=scope.stored)) for each in among]
        found = sorted(found, key=lambda cost: -cost.values)[: boards.count]
        return Cost(1 + sum(1 + each.values for each in found), max(each.once for each in found), found[0].path)

    def _dearest(self, field: Field, scope: Scope) -> Cost:
        """One object: of the type that is known, else of the one that costs most."""
        kind = scope.subject.kind if scope.subject else None
        chosen = [each for each in field.below if each[0] == kind] or field.below
        found = [self._select(inner, about(scope, name, self.sizes)) for name, inner in chosen]
        return max(found, key=lambda cost: cost.values + cost.once)
