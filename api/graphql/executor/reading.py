"""Relations read level by level: one flat statement for all lists of a kind, of however many elements."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from graphql import get_nullable_type, is_list_type, is_non_null_type

from api.engine import Reader
from api.graphql.executor.plan import Field, How, Level
from api.graphql.executor.projector import Source, complete, project, resolve
from api.graphql.executor.values import NULL, Column, Unsure, as_objects, read_column
from api.graphql.relation import Relation, Row, Spread
from warehouse.select import TRUE, Clause, Selection

MOST_DIRECT = 5_000_000  # numbers of keys that are looked up in an array of all of them
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lists:
    """What is listed under the elements of a table: rows in order of the elements, and where those of each are."""

    rows: "Table"
    starts: Places
    ends: Places

    def bounds(self) -> Iterator[tuple[int, int]]:
        """Where the rows of each element begin and end."""
        return zip(self.starts.tolist(), self.ends.tolist(), strict=True)

    def spread(self, places: Spread) -> "Spreading":
        """What is spread of the rows; the list of an element without any is empty."""
        width = self.rows.named(places.width).values()
        return Spreading(
            self.rows.named(places.value).values(),
            np.array(self.rows.named(places.place).values()),
            list(self.bounds()),
            [width[start] if end > start else 0 for start, end in self.bounds()],
        )


@dataclass(frozen=True)
class Spreading:
    """Values and their places; of each element where its own are among them, and how long its list is."""

    values: list[Any]
    places: Places
    bounds: list[tuple[int, int]]
    widths: list[int]

    def lists(self, values: list[Any], nothing: Any) -> list[list[Any]]:
        """The lists, of what was made of the values."""
        held, lists = as_objects(values), list[list[Any]]()
        for (start, end), width in zip(self.bounds, self.widths, strict=True):
            found = np.full(width, nothing, dtype=object)
            found[self.places[start:end]] = held[start:end]
            lists.append(found.tolist())
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
        if field.referred is not None:
            return columns[0].map(partial(_refer, field.metadata["reference"].kind, field.referred))
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
        if field.how is How.SPREAD:
            return self._spread(field)
        if field.below is None:
            raise Unsure
        lists = self.below[field.children.listing]
        written = project(field.below, lists.rows)
        return [written.list(start, end) for start, end in lists.bounds()]

    def _spread(self, field: Field) -> list[str]:
        of_list = get_nullable_type(field.type)
        if not is_list_type(of_list) or is_non_null_type(of_list.of_type):
            raise Unsure
        spreading = self._spreading(field)
        written = complete(of_list.of_type, spreading.values, None)
        return [f"[{','.join(texts)}]" for texts in spreading.lists(written, NULL)]

    def _spreading(self, field: Field) -> Spreading:
        places: Spread = field.metadata["spread"]
        if "children" in field.metadata:
            return self.below[field.children.listing].spread(places)
        place, value = (self.table.column(name).combine_chunks() for name in (places.place, places.value))
        offsets = value.offsets.to_pylist()
        return Spreading(
            read_column(pa.chunked_array([value.flatten()])).values(),
            place.flatten().to_numpy(),
            list(pairwise(offset - offsets[0] for offset in offsets)),
            self.named(places.width).values(),
        )

    def objects(self, levels: Sequence[Level]) -> list[Row]:
        """The elements with what is listed under them, as objects for graphql-core."""
        rows = [Row(self.kind, values, self.origin) for values in self.table.to_pylist()]
        for fields in _by(levels, lambda field: field.name).values() if rows else ():
            for row, listed in zip(rows, self._listed(fields), strict=True):
                row.values[fields[0].name] = listed
        return rows

    def _listed(self, fields: Sequence[Field]) -> list[list[Any]]:
        if fields[0].how is How.SPREAD:
            spreading = self._spreading(fields[0])
            return spreading.lists(spreading.values, None)
        lists = self.below[fields[0].children.listing]
        objects = lists.rows.objects([each.below for each in fields if each.below])
        return [objects[start:end] for start, end in lists.bounds()]


@dataclass(frozen=True)
class Part:
    """How much is kept of what a statement gives: the first `limit` rows; `backward`: it gives the last first.

    It is open where the statement leaves out nothing before and after it, and near where it gives about as many rows,
    in any order.
    """

    limit: int | None = None
    backward: bool = False
    is_open: bool = True
    is_near: bool = False


def read_part(
    reader: Reader, relation: Relation, clause: Clause, levels: Sequence[Level], part: Part
) -> tuple[Table, bool]:
    """A part of the rows of a statement, with all that is listed under them, and whether there is more."""
    table = reader.table(clause).unify_dictionaries()
    more = part.limit is not None and table.num_rows > part.limit
    kept = _near(table, part) if part.is_near else table.slice(0, part.limit)
    if part.backward and not part.is_near:
        kept = kept.take(np.arange(kept.num_rows)[::-1].copy())
    is_whole = part.is_open and not more and relation.selection.where is TRUE
    return _with_lists(reader, relation, kept, levels, is_whole=is_whole), more


def _near(table: pa.Table, part: Part) -> pa.Table:
    keys = table.column("_key0").to_numpy()
    if np.any(keys[1:] < keys[:-1]):
        table = table.take(np.argsort(keys))
    return table.slice(max(0, table.num_rows - (part.limit or 0))) if part.backward else table.slice(0, part.limit)


def select(levels: Iterable[Level]) -> list[str]:
    """What a statement selects for these levels: expressions by name."""
    return _named({name: expression for level in levels for name, expression in level.columns().items()})


def _with_lists(
    reader: Reader, relation: Relation, table: pa.Table, levels: Sequence[Level], *, is_whole: bool
) -> Table:
    below: dict[Hashable, Lists] = {}
    parents = Table(relation.kind, table, relation.origin, below)
    if parents.count:
        for listing, fields in _by(levels, lambda field: field.children.listing).items():
            below[listing] = _read_lists(reader, parents, relation.selection, fields, is_whole=is_whole)
    return parents


def _read_lists(reader: Reader, parents: Table, parent: Selection, fields: Sequence[Field], *, is_whole: bool) -> Lists:
    asked = fields[0].children
    given, keys = parent.below[asked.source], [parents.named(key) for key in asked.keys]
    is_whole = is_whole and parent.own
    where = TRUE if is_whole else _among(asked.keys[0], keys[0])
    source = Selection(given.sql, given.values, where, below=parent.below, own=parent.own)
    levels = [each.below for each in fields if each.how is How.CHILDREN and each.below]
    columns = {name: expression for level in levels for name, expression in level.columns().items()}
    columns |= {name: name for each in fields for name in each.children.columns}
    columns |= {f"_parent{place}": key for place, key in enumerate(asked.keys)}
    columns |= {f"_order{place}": order for place, order in enumerate(asked.order)}
    table = reader.table(source.rows(_named(columns))).unify_dictionaries()
    groups, of_parents = _groups([read_column(table.column(f"_parent{place}")) for place in range(len(keys))], keys)
    table, groups = _in_order(table, groups, [f"_order{place}" for place in range(len(asked.order))])
    rows = _with_lists(reader, Relation(asked.kind, source), table, levels, is_whole=is_whole)
    starts, ends = (np.searchsorted(groups, of_parents, side=side) for side in ("left", "right"))
    return Lists(rows, starts, ends)


def _among(key: str, values: Column) -> Clause:
    among = sorted({value for value in values.known if value is not None})
    return Clause(f"{key} in (select unnest($among))", {"among": among})


def _groups(children: Sequence[Column], parents: Sequence[Column]) -> tuple[Places, Places]:
    """The place of the first parent with the same key: of each child, -1 where there is none, and of each parent."""
    of_children, of_parents = (np.zeros(len(columns[0].places), dtype=np.int64) for columns in (children, parents))
    for child, parent in zip(children, parents, strict=True):
        if len(child.known) == 1 and child.known == parent.known:
            continue  # all have the same
        numbers = {value: number for number, value in enumerate(dict.fromkeys(parent.known))}
        theirs = np.array([numbers.get(value, -1) for value in child.known], dtype=np.int64)[child.places]
        ours = np.array([numbers[value] for value in parent.known], dtype=np.int64)[parent.places]
        of_children = np.where((of_children < 0) | (theirs < 0), -1, of_children * len(numbers) + theirs)
        of_parents = of_parents * len(numbers) + ours
    size = int(max(of_parents.max(), of_children.max(initial=0))) + 1
    if size <= MOST_DIRECT:
        first = np.full(size, -1)
        first[of_parents[::-1]] = np.arange(len(of_parents))[::-1]
        return np.where(of_children < 0, -1, first[of_children]), first[of_parents]
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


def _refer(kind: str, known: Mapping[str, Any], names: list[str | None]) -> list[Row | None]:
    """The elements of those names. Raises `Unsure` where there is none of a name."""
    try:
        return [None if name is None else Row(kind, known[name]) for name in names]
    except KeyError as error:
        raise Unsure from error


def _named(columns: Mapping[str, str]) -> list[str]:
    return [name if name == expression else f"{expression} as {name}" for name, expression in columns.items()]
