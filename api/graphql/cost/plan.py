"""What of a document decides what it costs, worked out once: variables and data are filled in for each request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.pyutils import Undefined
from graphql.utilities import value_from_ast_untyped

from api.graphql.cost.elements import EACH, ENTERED, Entering
from api.graphql.cost.lists import SIZES
from api.graphql.cost.rankings import ASKED_ONE_BY_ONE, RANKINGS
from api.graphql.cost.scope import Given, Size

PLANNED = 100
META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


@dataclass(slots=True, eq=False)
class Selection:
    """What is selected of one object type: values that are always one each, and all else.

    It is deep where it lists objects: in a list of it, two lengths are multiplied. It is open where it hangs on
    variables.
    """

    leaves: int = 0
    fields: list["Field"] = field(default_factory=list)
    spreads: list[tuple[tuple["Condition", ...], "Selection"]] = field(default_factory=list)
    is_deep: bool = False
    is_open: bool = False

    def close(self) -> None:
        """Find out what it is, when all of it is known."""
        self.is_deep = any(
            each.below and (each.size or each.is_deep or each.is_one_by_one) for each in self.fields
        ) or any(inner.is_deep for _, inner in self.spreads)
        self.is_open = any(each.is_open for each in self.fields) or any(
            conditions or inner.is_open for conditions, inner in self.spreads
        )


@dataclass(slots=True, eq=False)
class Field:
    """One field that counts other than 1: `below` is what is selected of each type its objects may have."""

    key: str
    arguments: "Arguments"
    conditions: tuple["Condition", ...]
    size: Size | None
    is_list: bool
    is_each: bool
    is_one_by_one: bool
    is_deep: bool
    is_open: bool
    below: tuple[tuple[str, Selection], ...]
    enter: Entering | None
    rankings: Size | None


@dataclass(frozen=True, slots=True)
class Condition:
    """An `@include` or `@skip` that hangs on a variable: what its value must be."""

    variable: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a field: values, or syntax that has variables in it."""

    values: Mapping[str, Any]
    open: Mapping[str, ValueNode]

    def read(self, variables: Given) -> Mapping[str, Any]:
        """The arguments that are given and not null."""
        if not self.open:
            return self.values
        return {**self.values, **_given({name: _value(node, variables) for name, node in self.open.items()})}


NO_ARGUMENTS = Arguments({}, {})


@dataclass(frozen=True, eq=False)
class Plan:
    """An operation, and the values of variables that are not given."""

    selection: Selection
    defaults: Given


@dataclass(frozen=True, slots=True)
class Same:
    """A document as a key: the very same object, where its own equality compares all its syntax."""

    document: DocumentNode

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.document is other.document


@lru_cache(PLANNED)
def plan_operation(schema: GraphQLSchema, same: Same, name: str | None) -> Plan | None:
    """The plan of an operation of a valid document; null: there is no such operation."""
    document = same.document
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    asked = [each for each in operations if name is None or (each.name is not None and each.name.value == name)]
    root = schema.get_root_type(asked[0].operation) if asked else None
    if root is None:
        return None
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in asked[0].variable_definitions or ()
        if each.default_value is not None
    }
    return Plan(_Planner(schema, document).select(asked[0].selection_set, root), defaults)


class _Planner:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.known: dict[tuple[int, str], Selection] = {}

    def select(self, node: SelectionSetNode, kind: GraphQLObjectType) -> Selection:
        """What a selection set asks of a type; planned once, however often a fragment is spread."""
        key = (id(node), kind.name)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Selection()
            for each in node.selections:
                self.add(found, each, kind)
            found.close()
        return found

    def add(self, selection: Selection, node: SelectionNode, kind: GraphQLObjectType) -> None:
        conditions = _conditions(node)
        if conditions is None:
            return
        if isinstance(node, FieldNode):
            self.add_field(selection, node, kind, conditions)
            return
        inner: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        if self.applies(inner, kind):
            selection.spreads.append((conditions, self.select(inner.selection_set, kind)))

    def applies(self, node: FragmentDefinitionNode | InlineFragmentNode, kind: GraphQLObjectType) -> bool:
        if node.type_condition is None or node.type_condition.name.value == kind.name:
            return True
        wanted: Any = self.schema.get_type(node.type_condition.name.value)
        return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, kind)

    def add_field(
        self, selection: Selection, node: FieldNode, kind: GraphQLObjectType, conditions: tuple[Condition, ...]
    ) -> None:
        name = node.name.value
        definition: Any = kind.fields.get(name) or META.get(name)
        place = f"{kind.name}.{name}"
        is_leaf = definition is None or is_leaf_type(get_named_type(definition.type))
        if is_leaf and not conditions and place not in SIZES and place not in RANKINGS:
            selection.leaves += 1  # `__typename` among them
            return
        below = () if definition is None else self.below(node, get_named_type(definition.type))
        arguments = _arguments(node)
        selection.fields.append(
            Field(
                key=node.alias.value if node.alias else name,
                arguments=arguments,
                conditions=conditions,
                size=SIZES.get(place),
                is_list=definition is not None and isinstance(get_nullable_type(definition.type), GraphQLList),
                is_each=place in EACH,
                is_one_by_one=place in ASKED_ONE_BY_ONE,
                is_deep=any(inner.is_deep for _, inner in below),
                is_open=bool(arguments.open or conditions) or any(inner.is_open for _, inner in below),
                below=below,
                enter=ENTERED.get(place),
                rankings=RANKINGS.get(place),
            )
        )

    def below(self, node: FieldNode, kind: Any) -> tuple[tuple[str, Selection], ...]:
        if node.selection_set is None:
            return ()
        kinds = self.schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        return tuple((each.name, self.select(node.selection_set, each)) for each in kinds)


def _conditions(node: SelectionNode) -> tuple[Condition, ...] | None:
    """Those that are left open; null: one says no."""
    found = []
    for each in node.directives or ():
        if each.name.value not in ("include", "skip"):
            continue
        wanted = each.name.value == "include"
        value: Any = each.arguments[0].value if each.arguments else None
        if isinstance(value, VariableNode):
            found.append(Condition(value.name.value, wanted))
        elif value.value != wanted:
            return None
    return tuple(found)


def _arguments(node: FieldNode) -> Arguments:
    if not node.arguments:
        return NO_ARGUMENTS
    open_ = {each.name.value: each.value for each in node.arguments if _is_open(each.value)}
    closed = {each.name.value: _value(each.value, {}) for each in node.arguments if each.name.value not in open_}
    return Arguments(_given(closed), open_)


def _is_open(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(_is_open(each) for each in node.values)
    if isinstance(node, ObjectValueNode):
        return any(_is_open(each.value) for each in node.fields)
    return isinstance(node, VariableNode)


def _value(node: ValueNode, variables: Given) -> Any:
    return value_from_ast_untyped(node, dict(variables))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value is not Undefined}
