"""Relations read level by level: one flat statement for all lists of a kind, of however many elements."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from api.graphql.executor.engine import Reader
from api.graphql.executor.plan import Field, How, Level
from api.graphql.executor.projector import Source, complete, project, resolve
from api.graphql.executor.values import Column, Unsure, read_column
from api.graphql.relation import Relation, Row, Spread
from warehouse.select import Clause, Selection

Places = npt.NDArray[np.int64]


class Ready:
    """A list under a row, by the name it is answered under: completed where it could be, else as rows."""

    __slots__ = ("completed", "rows")

    def __init__(self, completed: Mapping[str, Any], rows: list[Row]) -> None:
        self.completed = completed
        self.rows = rows


@dataclass(frozen=True)
class Lists:
    """What is listed under the elements of a table: rows in order of the elements, and where those of each are."""

    rows: "Table"
    starts: Places
    ends: Places

    def bounds(self) -> Iterator[tuple[int, int]]:
        """Where the rows of each element begin and end."""
        return zip(self.starts.tolist(), self.ends.tolist(), strict=True)

    def spread(self, places: Spread) -> list[list[Any]]:
        """Values at their places, one list an element; it is empty where the element has none."""
        place, value, width = (self.rows.named(name).values() for name in (places.place, places.value, places.width))
        lists: list[list[Any]] = []
        for start, end in self.bounds():
            found: list[Any] = [None] * (width[start] if end > start else 0)
            for row in range(start, end):
                found[place[row]] = value[row]
            lists.append(found)
        return lists


class Table(Source):
    """Elements of one type as they were read, with the lists under them."""

    def __init__(self, kind: str, table: pa.Table, origin: Any, below: Mapping[Hashable, Lists]) -> None:
        self.kind = kind
        self.count = table.num_rows
        self.table = table
        self.origin = origin
        self.below = below
        self._read: dict[str, Column] = {}

    def named(self, name: str) -> Column:
        """The column of that name."""
        if name not in self._read:
            self._read[name] = read_column(self.table.column(name))
        return self._read[name]

    def column(self, field: Field) -> Column:
        return self.named(field.name)

    def computed(self, field: Field) -> Column:
        names = list(field.reads)
        columns = [self.named(name) for name in names]
        if len(columns) == 1 and columns[0].codes is not None:
            rows = [Row(self.kind, {names[0]: value}, self.origin) for value in columns[0].known]
            return Column(resolve(field, rows), columns[0].codes)
        rows = [
            Row(self.kind, dict(zip(names, values, strict=True)), self.origin)
            for values in zip(*(column.values() for column in columns), strict=True)
        ]
        return Column(resolve(field, rows))

    def same(self, field: Field) -> "Table | None":
        if field.how is not How.EMBEDDED or field.below is None:
            return None
        same = Table(field.below.kind, self.table, self.origin, self.below)
        same._read = self._read
        return same

    def lists(self, field: Field) -> list[str]:
        if not self.count:
            return []
        lists = self.below[field.children.listing]
        if field.how is How.SPREAD:
            return complete(field.type, lists.spread(field.metadata["spread"]), None)
        if field.below is None:
            raise Unsure
        written = project(field.below, lists.rows)
        return [written.list(start, end) for start, end in lists.bounds()]

    def rows(self, levels: Sequence[Level]) -> list[Row]:
        """The elements for graphql-core to complete; lists under them are completed already where they can be."""
        rows = [Row(self.kind, values, self.origin) for values in self.table.to_pylist()]
        for fields in _by(levels, lambda field: field.name).values() if rows else ():
            for row, listed in zip(rows, self._listed(fields), strict=True):
                row.values[fields[0].name] = listed
        return rows

    def _listed(self, fields: Sequence[Field]) -> Iterable[Any]:
        """What is listed under each element by a field that is selected under these names."""
        lists = self.below[fields[0].children.listing]
        if fields[0].how is How.SPREAD:
            return lists.spread(fields[0].metadata["spread"])
        completed = {each.response: found for each in fields if (found := self._completed(each)) is not None}
        waiting = [each.below for each in fields if each.response not in completed and each.below]
        rows = lists.rows.rows(waiting) if waiting else []
        return [
            Ready({response: orjson.Fragment(texts[place]) for response, texts in completed.items()}, rows[start:end])
            for place, (start, end) in enumerate(lists.bounds())
        ]

    def _completed(self, field: Field) -> list[str] | None:
        if field.below is None or not field.below.is_plain:
            return None
        try:
            return self.lists(field)
        except Unsure:
            return None


@dataclass(frozen=True)
class Part:
    """How much is kept of what a statement gives: the first `limit` rows; `backward`: it gives the last first."""

    limit: int | None = None
    backward: bool = False


def read_part(
    reader: Reader, relation: Relation, clause: Clause, levels: Sequence[Level], part: Part
) -> tuple[Table, bool]:
    """A part of the rows of a statement, with all that is listed under them, and whether there is more."""
    table = reader.table(clause).unify_dictionaries()
    more = part.limit is not None and table.num_rows > part.limit
    kept = table.slice(0, part.limit)
    if part.backward:
        kept = kept.take(np.arange(kept.num_rows)[::-1].copy())
    return _with_lists(reader, relation, kept, levels), more


def select(levels: Iterable[Level]) -> list[str]:
    """What a statement selects for these levels: expressions by name."""
    return _named({name: expression for level in levels for name, expression in level.columns().items()})


def _with_lists(reader: Reader, relation: Relation, table: pa.Table, levels: Sequence[Level]) -> Table:
    below: dict[Hashable, Lists] = {}
    parents = Table(relation.kind, table, relation.origin, below)
    if parents.count:
        for listing, fields in _by(levels, lambda field: field.children.listing).items():
            below[listing] = _read_lists(reader, parents, relation.selection, fields)
    return parents


def _read_lists(reader: Reader, parents: Table, parent: Selection, fields: Sequence[Field]) -> Lists:
    asked = fields[0].children
    given, keys = parent.below[asked.source], [parents.named(key) for key in asked.keys]
    among = sorted({value for value in keys[0].known if value is not None})
    where = Clause(f"{asked.keys[0]} in (select unnest($among))", {"among": among})
    source = Selection(given.sql, given.values, where, below=parent.below)
    levels = [each.below for each in fields if each.how is How.CHILDREN and each.below]
    columns = {name: expression for level in levels for name, expression in level.columns().items()}
    columns |= {name: name for each in fields for name in each.children.columns}
    columns |= {f"_parent{place}": key for place, key in enumerate(asked.keys)}
    columns |= {f"_order{place}": order for place, order in enumerate(asked.order)}
    table = reader.table(source.rows(_named(columns))).unify_dictionaries()
    groups, of_parents = _groups([read_column(table.column(f"_parent{place}")) for place in range(len(keys))], keys)
    table, groups = _in_order(table, groups, [f"_order{place}" for place in range(len(asked.order))])
    rows = _with_lists(reader, Relation(asked.kind, source), table, levels)
    starts, ends = (np.searchsorted(groups, of_parents, side=side) for side in ("left", "right"))
    return Lists(rows, starts, ends)


def _groups(children: Sequence[Column], parents: Sequence[Column]) -> tuple[Places, Places]:
    """The place of the first parent with the same key: of each child, -1 where there is none, and of each parent."""
    of_children, of_parents = (np.zeros(len(columns[0].places), dtype=np.int64) for columns in (children, parents))
    for child, parent in zip(children, parents, strict=True):
        numbers = {value: number for number, value in enumerate(dict.fromkeys(parent.known))}
        theirs = np.array([numbers.get(value, -1) for value in child.known], dtype=np.int64)[child.places]
        ours = np.array([numbers[value] for value in parent.known], dtype=np.int64)[parent.places]
        of_children = np.where((of_children < 0) | (theirs < 0), -1, of_children * len(numbers) + theirs)
        of_parents = of_parents * len(numbers) + ours
    keys, first, same = np.unique(of_parents, return_index=True, return_inverse=True)
    places = np.minimum(np.searchsorted(keys, of_children), len(keys) - 1)
    return np.where(keys[places] == of_children, first[places], -1), first[same]


def _in_order(table: pa.Table, groups: Places, order: Sequence[str]) -> tuple[pa.Table, Places]:
    """Rows and their groups, by group and then in the declared order, of groups that there are."""
    if _is_in_order(table, groups, order):
        return table, groups
    keys = {"group": pa.array(groups), **{name: _sortable(table.column(name)) for name in order}}
    places = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return table.take(places), groups[places.to_numpy()]


def _is_in_order(table: pa.Table, groups: Places, order: Sequence[str]) -> bool:
    """Whether rows stand as they should, as those that are stored do; false where that takes long to tell."""
    column = table.column(order[0])
    if len(order) > 1 or not pa.types.is_integer(column.type) or column.null_count:
        return False
    values = column.to_numpy()
    later, same = groups[1:] > groups[:-1], groups[1:] == groups[:-1]
    return bool(np.all(later | (same & (values[1:] >= values[:-1]))))


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _by(levels: Sequence[Level], key: Callable[[Field], Hashable]) -> dict[Hashable, list[Field]]:
    """The fields of levels that list something, together where they have the same key."""
    found: dict[Hashable, list[Field]] = {}
    for level in levels:
        for each in level.lists():
            found.setdefault(key(each), []).append(each)
    return found


def _named(columns: Mapping[str, str]) -> list[str]:
    return [name if name == expression else f"{expression} as {name}" for name, expression in columns.items()]
