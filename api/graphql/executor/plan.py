"""What is selected of the elements of a list, and how each field of it comes to its values."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, partial
from typing import Any, Protocol

from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo, get_named_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from api.graphql.relation import Children, Columns, Reference

TYPENAME = "__typename"
DECLARED = GraphQLCoreConverter.DEFINITION_BACKREF


class How(Enum):
    """Where the values of a field come from."""

    TYPENAME = "the name of the element's type"
    COLUMN = "a column"
    EMBEDDED = "the same row, as an element of another type"
    CHILDREN = "rows of another statement, given to the rows they belong to"
    SPREAD = "values of such rows, each at its place in a list"
    COMPUTED = "a function of some columns"
    FOREIGN = "what only graphql-core can complete: it takes arguments, waits, or has many types"


RESOLVED = (How.COMPUTED, How.EMBEDDED)


@dataclass(frozen=True)
class Field:
    """One selected field: under which name it is answered, its own name, its type, and what is selected of it.

    `resolve` is its resolver as a function of the row alone; `referred` are the elements that its column names.
    """

    response: str
    name: str
    how: How
    type: GraphQLOutputType | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    resolve: Callable[[Any], Any] | None = None
    referred: Mapping[str, Any] | None = None
    below: "Level | None" = None

    @property
    def shape(self) -> Hashable:
        return (self.response, self.name, self.below.shape if self.below else None)

    @property
    def children(self) -> Children:
        """The list it reads, where it reads one."""
        found: Children = self.metadata["children"]
        return found

    @property
    def reads(self) -> Mapping[str, str]:
        """The expressions that its resolver reads, by the name they have in a row."""
        declared: Columns = self.metadata.get("columns", Columns({}))
        return declared.expressions


@dataclass(frozen=True)
class Level:
    """What is selected of the elements of one type."""

    kind: str
    fields: tuple[Field, ...]

    @cached_property
    def shape(self) -> Hashable:
        """What the answer's form hangs on: aliases and order, with directives and fragments resolved."""
        return (self.kind, tuple(each.shape for each in self.fields))

    @cached_property
    def is_plain(self) -> bool:
        """Whether all of it, lists below lists too, can be projected."""
        return not any(
            each.how is How.FOREIGN or (each.below is not None and not each.below.is_plain) for each in self.fields
        )

    def columns(self) -> dict[str, str]:
        """The expressions that its fields read, by the name they have in a row."""
        wanted: dict[str, str] = {}
        for each in self.fields:
            if each.how is How.COLUMN and "column" in each.metadata:
                wanted[each.name] = each.metadata["column"] or each.name
            wanted.update(each.reads)
            if each.how is How.EMBEDDED and each.below:
                wanted.update(each.below.columns())
        return wanted

    def lists(self) -> Iterator[Field]:
        """The fields that read rows of another statement."""
        for each in self.fields:
            if "children" in each.metadata:
                yield each
            elif each.how is How.EMBEDDED and each.below:
                yield from each.below.lists()


class Selecting(Protocol):
    """The part of graphql-core's executor that says what is selected."""

    schema: Any
    context_value: Any

    def collect_subfields(self, return_type: GraphQLObjectType, field_details_list: FieldDetailsList, /) -> Any: ...

    def build_resolve_info(
        self, field_def: Any, field_nodes: Any, parent_type: Any, path: Any, /
    ) -> GraphQLResolveInfo[Any]: ...


class Planner:
    """Plans levels from what graphql-core collects, each once a request."""

    def __init__(self, executor: Selecting) -> None:
        self._executor = executor
        self._levels: dict[tuple[str, int], tuple[FieldDetailsList, Level]] = {}

    def level(self, element: GraphQLObjectType, details: FieldDetailsList) -> Level:
        """What a field's selection asks of its elements."""
        key = (element.name, id(details))  # the details are kept beside it, so that no others get their id
        if key not in self._levels:
            fields = [
                self._field(element, response, found) for response, found in self.selected(element, details).items()
            ]
            self._levels[key] = (details, Level(element.name, tuple(fields)))
        return self._levels[key][1]

    def selected(self, element: GraphQLObjectType, details: FieldDetailsList) -> dict[str, FieldDetailsList]:
        """The fields by the name they are answered under: fragments, directives and merging are graphql-core's work."""
        found: dict[str, FieldDetailsList] = self._executor.collect_subfields(element, details).grouped_field_set
        return found

    def _field(self, element: GraphQLObjectType, response: str, details: FieldDetailsList) -> Field:
        node = details[0].node
        if node.name.value == TYPENAME:
            return Field(response, TYPENAME, How.TYPENAME)
        known = element.fields[node.name.value]
        definition: StrawberryField = known.extensions[DECLARED]
        named = get_named_type(known.type)
        how = _how(definition, known, named)
        below = self.level(named, details) if is_object_type(named) and how is not How.FOREIGN else None
        resolver = definition.base_resolver if how in RESOLVED else None
        resolve = self._bound(resolver, definition, element, response, details) if resolver else None
        reference: Reference | None = definition.metadata.get("reference")
        referred = None if reference is None else reference.known(self._executor.context_value.dimensions)
        return Field(response, definition.python_name, how, known.type, definition.metadata, resolve, referred, below)

    def _bound(
        self,
        resolver: StrawberryResolver[Any],
        definition: StrawberryField,
        element: GraphQLObjectType,
        response: str,
        details: FieldDetailsList,
    ) -> Callable[[Any], Any]:
        """A resolver as a function of the row alone."""
        if resolver.info_parameter is None:
            return resolver
        known = element.fields[details[0].node.name.value]
        raw = self._executor.build_resolve_info(
            known, [each.node for each in details], element, Path(None, response, element.name)
        )
        return partial(resolver, **{resolver.info_parameter.name: Info(_raw_info=raw, _field=definition)})


def _how(definition: StrawberryField, known: Any, named: Any) -> How:
    metadata, resolver = definition.metadata, definition.base_resolver
    if known.args or (resolver is not None and resolver.is_async) or not _is_sure(named):
        return How.FOREIGN
    if "spread" in metadata:
        return How.SPREAD
    if "children" in metadata:
        return How.CHILDREN
    if metadata.get("embedded"):
        return How.EMBEDDED
    return How.COLUMN if resolver is None else How.COMPUTED


def _is_sure(named: Any) -> bool:
    """Whether a value of that type cannot be of another."""
    return not hasattr(named, "resolve_type")
