"""What a resolver answers instead of objects: which rows, in which order, on which page.

A field of a type is declared once, with its description and with where its value comes from: a column of the
element's source, several columns that a resolver reads, or children that are read for all elements at once.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import strawberry

from warehouse.select import Selection

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Columns:
    """Expressions over the source, by the name they have in a `Row`."""

    expressions: Mapping[str, str]


@dataclass(frozen=True)
class Children:
    """A list under each element, read in one statement for all of them.

    `source` is a name in the parents' `Selection.below`. It is asked for the rows whose first key is among the
    parents', and each row is given to the parent whose `keys` equal the row's own. `columns` are read whatever is
    selected.
    """

    kind: str
    source: str
    keys: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def listing(self) -> Hashable:
        """What decides the rows: fields of one listing read them together."""
        return (self.kind, self.source, self.keys, self.order)


@dataclass(frozen=True)
class Spread:
    """Columns that become a list of values: each value stands at its place, null where there is none.

    They are of children, a value a row, or of the rows themselves, lists of values and of their places.
    """

    place: str
    value: str
    width: str


@dataclass(frozen=True)
class Reference:
    """Elements of a dimension in memory, which a column names."""

    kind: str
    name: str

    def known(self, dimensions: Any) -> Mapping[str, Any]:
        """All of them by name."""
        found: Mapping[str, Any] = getattr(dimensions, f"{self.kind.lower()}s").rows
        return found


class Row:
    """One element of a relation, or of a dimension: its type's name, values by name, and what it was read from."""

    __slots__ = ("kind", "origin", "values")

    def __init__(self, kind: str, values: dict[str, Any], origin: Any = None) -> None:
        self.kind = kind
        self.values = values
        self.origin = origin

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Element:
    """Base of the types whose elements are rows: a resolver's `self` is a `Row`."""

    if TYPE_CHECKING:
        kind: str
        values: dict[str, Any]
        origin: Any

        def __getitem__(self, name: str) -> Any: ...


@dataclass(frozen=True)
class Relation:
    """Rows that are elements of the type called `kind`, as a list; `origin` is given to each."""

    kind: str
    selection: Selection
    origin: Any = None


@dataclass(frozen=True)
class Page:
    """Which part of a connection: as in the Relay specification; null `first` and `last`: all of it."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True)
class Connection:
    """A relation a page at a time."""

    relation: Relation
    page: Page = field(default_factory=Page)


def column(description: str, expression: str | None = None, **options: Any) -> Any:
    """A field whose value is a column, by default the one of its own name."""
    return strawberry.field(description=description, metadata={"column": expression}, **options)


def computed(*, description: str, metadata: dict[str, Any] | None = None, name: str | None = None) -> Callable[[F], F]:
    """A field whose value a function works out; `metadata` says what it reads."""
    return cast("Callable[[F], F]", strawberry.field(description=description, metadata=metadata, name=name))


def reads(*names: str, **expressions: str) -> dict[str, Any]:
    """Metadata of a field whose resolver reads these columns of its row."""
    return {"columns": Columns({**{name: name for name in names}, **expressions})}


def refers(kind: str, description: str, name: str | None = None) -> Any:
    """A field whose value is a model, task or benchmark; a column has its name, by default that of the type."""
    reference = Reference(kind, name or kind.lower())

    def resolve(self: Any, info: strawberry.Info[Any]) -> Any:
        return Row(kind, reference.known(info.context.dimensions)[self[reference.name]])

    return strawberry.field(
        resolver=resolve, description=description, metadata={"reference": reference, **reads(reference.name)}
    )


def embedded() -> dict[str, Any]:
    """Metadata of a field whose value is an element of another type that stands in the same row."""
    return {"embedded": True}


def children(
    kind: str,
    source: str,
    keys: tuple[str, ...],
    order: tuple[str, ...],
    columns: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Metadata of a field that lists children. A resolver of it finds the list in its row under the field's name."""
    return {"children": Children(kind, source, keys, order, columns), **reads(*keys)}


def spread(kind: str, source: str, keys: tuple[str, ...], place: str, value: str, width: str) -> dict[str, Any]:
    """Metadata of a field that lists the values of children. A resolver of it finds the children as above."""
    below = children(kind, source, keys, (place,), (place, value, width))
    return {**below, "spread": Spread(place, value, width)}


def resolve_attribute(source: Any, name: str) -> Any:
    """The value of a field without a resolver."""
    return source.values[name] if isinstance(source, Row) else getattr(source, name)
