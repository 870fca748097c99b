"""Values of generated arguments, written as literals or given as variables."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    Undefined,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from tests.api.known import DAYS, TIMES, WRONG, Known

ODD = 0.02
DEEPEST = 2
PAGED = ("first", "last", "after", "before")


class Name(str):
    """What is written without quotes: a value of an enumeration, or a variable."""

    __slots__ = ()


class Variable(Name):
    """A variable in place of a value."""

    __slots__ = ()


@dataclass
class Arguments:
    """Makes values of arguments, and keeps the variables that it made."""

    random: Random
    known: Known
    odd: float = ODD  # how often a value is of the wrong kind or unknown
    declared: list[str] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)

    def of(self, coordinate: str, declared: GraphQLField) -> dict[str, Any]:
        """Values of some of a field's arguments; a page is always small."""
        values = self.beside_page(coordinate, declared)
        if "first" in declared.args:
            sorted_so = "cursor" if values.get("orderBy") else f"cursor of {coordinate}"
            for name, value in self._page(declared.args, sorted_so).items():
                values[name] = self._perhaps_variable(declared.args[name].type, value)
        return values

    def beside_page(self, coordinate: str, declared: GraphQLField) -> dict[str, Any]:
        """The same, without those that say which page."""
        return {
            name: self._argument(coordinate, name, argument)
            for name, argument in declared.args.items()
            if name not in PAGED and (_is_needed(argument) or self.chance(0.2))
        }

    def condition(self) -> Any:
        """The value of `if` in a directive."""
        value = self.chance(0.7)
        return self._variable("Boolean!", value) if self.chance(0.3) else value

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _argument(self, coordinate: str, name: str, argument: GraphQLArgument) -> Any:
        value = self._value(argument.type, coordinate, name, 0)
        return self._perhaps_variable(argument.type, value)

    def _perhaps_variable(self, kind: Any, value: Any) -> Any:
        if self.chance(0.75) or _holds_variable(value):
            return value
        return self._variable(str(kind), value)

    def _page(self, declared: Mapping[str, Any], cursor: str) -> dict[str, Any]:
        """A few elements from the start or the end, now and then within cursors, seldom what is refused."""
        backward = "last" in declared
        size = self.random.randint(0, 4)
        if self.chance(self.odd):
            size = self.random.choice([-1, 5_001, 5_000])
        page: dict[str, Any] = {"last" if backward and self.chance(0.3) else "first": size}
        if backward and self.chance(self.odd):
            page = {"first": 2, "last": 2}
        likely = 0.4 if cursor in self.known.texts else 0.02
        for bound in ("after", "before"):
            if bound in declared and self.chance(likely):
                page[bound] = None if self.chance(0.1) else self._text(cursor if likely > 0.02 else "cursor")
        return page

    def _variable(self, kind: str, value: Any) -> Variable:
        """A new variable of that value, given as it is or as a default."""
        name = f"v{len(self.declared)}"
        default = ""
        if self.chance(0.3):
            default = f" = {written(value)}"
        if not default or self.chance(0.3):
            self.given[name] = "nonsense" if self.chance(self.odd) else plainly(value)
        self.declared.append(f"${name}: {kind}{default}")
        return Variable(f"${name}")

    def _value(self, kind: Any, owner: str, name: str, depth: int) -> Any:
        """A value of an input type; `owner` and `name` say what it is given to."""
        if not is_non_null_type(kind) and self.chance(self.odd):
            return None
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            if self.chance(0.1):
                return self._value(kind.of_type, owner, name, depth)  # a single value stands for a list of one
            return [self._value(kind.of_type, owner, name, depth) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind, owner, name, depth)
        if isinstance(kind, GraphQLEnumType):
            return Name(self.random.choice([*kind.values] * 20 + ["NO_SUCH"]))
        if self.chance(self.odd):
            return self.random.choice(["nonsense", 1.5, -1, True])
        return self._scalar(kind.name, owner, name)

    def _object(self, kind: GraphQLInputObjectType, owner: str, name: str, depth: int) -> dict[str, Any]:
        """Some fields of an input type. Conditions such as StringWhere are about what they are given to."""
        needed = [each for each, found in kind.fields.items() if is_non_null_type(found.type)]
        nested = {"and", "or", "not"} if depth >= DEEPEST else set()
        free = [each for each in kind.fields if each not in nested]
        count = 1 if kind.is_one_of else self.random.choice([1, 1, 1, 2, 3])
        chosen = [*needed, *self.random.sample(free, min(count, len(free)))]
        about = kind.name in ("StringWhere", "ListWhere")
        values = {}
        for each in dict.fromkeys(chosen):
            at, told = (owner, name) if about else (kind.name, each)
            value = self._value(kind.fields[each].type, at, told, depth + 1)
            if self.chance(0.1) and not _holds_variable(value) and not kind.is_one_of:
                value = self._variable(str(kind.fields[each].type), value)
            values[each] = value
        return values

    def _scalar(self, kind: str, owner: str, name: str) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "Boolean": lambda: self.chance(0.5),
            "Int": lambda: self.random.choice([0, 1, 2, 50, 100, 768, 1024, -1, 2**31 - 1]),
            "BigInt": lambda: self.random.choice([0, 10**8, 7 * 10**9, 2**53, -1]),
            "Float": lambda: self.random.choice([0.5, 0.95, 0, 1, 2.5, 50.0, 1e300, -1]),
            "DateTime": lambda: self.random.choice(TIMES),
            "Date": lambda: self.random.choice(DAYS),
            "ID": lambda: self._text("id" if name == "id" else "version"),
            "String": lambda: self._text(self.known.meant(owner, name)),
        }
        return makers[kind]()

    def _text(self, meaning: str) -> str:
        texts = self.known.texts[meaning]
        return self.random.choice(WRONG) if not texts or self.chance(self.odd) else self.random.choice(texts)


def written(value: Any) -> str:
    """A value as it stands in a document."""
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def plainly(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {name: plainly(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plainly(each) for each in value]
    return str(value) if isinstance(value, Name) else value


def _is_needed(argument: GraphQLArgument) -> bool:
    return is_non_null_type(argument.type) and argument.default_value is Undefined


def _holds_variable(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(_holds_variable(each) for each in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, Variable)
