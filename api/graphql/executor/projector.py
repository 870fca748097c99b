"""From columns to the answer: JSON text, an element at a time, with the fields in the order in which they are selected.

A leaderboard has tens of thousands of elements and few different values in most columns: texts of values are made once
and joined, which takes half the time of building dictionaries and writing them.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from graphql import GraphQLFloat, GraphQLOutputType, get_nullable_type, is_leaf_type, is_list_type, is_non_null_type

from api.graphql.executor.plan import Field, How, Level
from api.graphql.executor.values import NOTHING, NULL, Column, Numbers, Unsure, write_leaves
from api.graphql.relation import Row


class Source:
    """Elements of one type, as many as `count`. What it does not have is left to graphql-core."""

    count: int

    def column(self, field: Field) -> Column:
        """The values of a field that has no resolver."""
        raise Unsure(field.name)

    def computed(self, field: Field) -> Column:
        """What the resolver of a field answers."""
        raise Unsure(field.name)

    def lists(self, field: Field) -> list[str]:
        """One list an element as JSON, of a field that reads rows of another statement."""
        raise Unsure(field.name)

    def same(self, field: Field) -> "Source | None":  # noqa: ARG002 - it has no such field
        """As many elements of another type, where the field is of what stands in the same rows."""
        return None


class Written:
    """Elements as JSON in parts, as many for each, so that a list of them is one joining of many short texts."""

    def __init__(self, count: int, columns: Sequence[tuple[str, list[str]]], end: str) -> None:
        self._count = count
        self._end = end
        self._between = f"{end},"
        self._width = 2 * len(columns)
        self._parts = [""] * (count * self._width)
        for place, (before, texts) in enumerate(columns):
            self._parts[2 * place :: self._width] = [before if place else self._between + before] * count
            self._parts[2 * place + 1 :: self._width] = texts

    def list(self, start: int = 0, stop: int | None = None) -> str:
        """Some of them as a JSON list, all by default."""
        stop = self._count if stop is None else stop
        return self._joined(start, stop, "[", "]") if stop > start else "[]"

    def each(self) -> Sequence[str]:
        """One text each."""
        return [self._joined(place, place + 1) for place in range(self._count)]

    def _joined(self, start: int, stop: int, before: str = "", after: str = "") -> str:
        if not self._width:
            return before + ",".join([self._end] * (stop - start)) + after
        parts = self._parts[start * self._width : stop * self._width]
        parts[0] = before + parts[0][len(self._between) :]
        parts.append(self._end + after)
        return "".join(parts)


def project(level: Level, source: Source) -> Written:
    """The elements of a plain level as JSON. Raises `Unsure` where graphql-core might answer otherwise."""
    columns, end = _columns(level, source, "")
    return Written(source.count, columns, end)


def _columns(level: Level, source: Source, before: str) -> tuple[list[tuple[str, list[str]]], str]:
    """What stands before each value and the values themselves, one an element, and what stands at the end."""
    columns: list[tuple[str, list[str]]] = []
    before += "{"
    for place, field in enumerate(level.fields):
        before += f'{"," if place else ""}"{field.response}":'
        same = source.same(field)
        if same is not None and field.below is not None:
            within, before = _columns(field.below, same, before)
            columns += within
        else:
            columns.append((before, _texts(level, field, source)))
            before = ""
    return columns, before + "}"


def _texts(level: Level, field: Field, source: Source) -> list[str]:
    """One completed value an element."""
    if field.how is How.TYPENAME:
        return [f'"{level.kind}"'] * source.count
    if field.how in (How.CHILDREN, How.SPREAD):
        return source.lists(field)
    column = source.column(field) if field.how is How.COLUMN else source.computed(field)
    if isinstance(column, Numbers):
        return complete_numbers(field.type, column)
    return column.map(lambda known: complete(field.type, known, field.below)).values()


def complete_numbers(expected: GraphQLOutputType | None, numbers: Numbers) -> list[str]:
    """As `complete`, and faster where they are real numbers that stay as they are."""
    written = numbers.written() if get_nullable_type(expected) is GraphQLFloat else None
    if written is None or (is_non_null_type(expected) and numbers.array.null_count):
        return complete(expected, numbers.known, None)
    return written


def complete(expected: GraphQLOutputType | None, values: list[Any], below: Level | None) -> list[str]:
    """Values completed as their type wants it, all together, as JSON."""
    if is_non_null_type(expected):
        completed = complete(expected.of_type, values, below)
        if NULL in completed:
            raise Unsure
        return completed
    if is_list_type(expected):
        return _complete_lists(expected.of_type, values, below)
    if is_leaf_type(expected):
        return write_leaves(expected, values)
    if below is None:
        raise Unsure
    rest = iter(project(below, Items(below.kind, [value for value in values if value is not None])).each())
    return [NULL if value is None else next(rest) for value in values]


def _complete_lists(inner: GraphQLOutputType, values: list[Any], below: Level | None) -> list[str]:
    if below is not None and values and not isinstance(values[0], list | NOTHING):
        return [project(below, source).list() for source in values]
    if not all(value is None or isinstance(value, list) for value in values):
        raise Unsure
    rest = iter(complete(inner, list(chain.from_iterable(filter(None, values))), below))
    return [NULL if value is None else f"[{','.join(islice(rest, len(value)))}]" for value in values]


class Items(Source):
    """Elements that are in memory: rows, or objects of the type."""

    def __init__(self, kind: str, items: Sequence[Any]) -> None:
        self.count = len(items)
        self.items = items
        self.rows = {type(item) for item in items} <= {Row}
        kinds = {item.kind for item in items} if self.rows else {_kind(item) for item in items}
        if not kinds <= {kind}:
            raise Unsure

    def column(self, field: Field) -> Column:
        name = field.name
        try:
            if self.rows:
                return Column([item.values[name] for item in self.items])
            return Column([item.values[name] if type(item) is Row else getattr(item, name) for item in self.items])
        except (KeyError, AttributeError) as error:
            raise Unsure from error

    def computed(self, field: Field) -> Column:
        return Column(resolve(field, self.items))

    def lists(self, field: Field) -> list[str]:
        return complete(field.type, self.column(field).known, field.below)


def resolve(field: Field, rows: Iterable[Any]) -> list[Any]:
    """What a field's resolver makes of rows. Raises `Unsure` where it raises."""
    function = field.resolve
    if function is None:
        raise Unsure
    try:
        return [function(row) for row in rows]
    except Exception as error:  # whatever it is, graphql-core is to say it
        raise Unsure from error


def _kind(item: Any) -> Any:
    """Name of the type of a row or an object; null: it is neither."""
    if type(item) is Row:
        return item.kind
    definition = getattr(type(item), "__strawberry_definition__", None)
    return None if definition is None else definition.name
