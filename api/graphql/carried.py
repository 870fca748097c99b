"""The snapshot that a request's cursors belong to, known before any of it runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from api.graphql.cursors import read_owner, shorten
from api.graphql.errors import RequestError

BOUNDS = ("after", "before")
MOST_NAMED = 3


def find_snapshot(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
) -> str | None:
    """The snapshot that the cursors of a query belong to, as they say; null where it has none.

    It is null for a mutation, which works on the newest snapshot. Raises `RequestError` where the cursors are of
    several snapshots.
    """
    if operation.operation is not OperationType.QUERY:
        return None
    owners = {read_owner(cursor) for cursor in _cursors(document, operation, variables or {})}
    return _only(sorted(owner for owner in owners if owner is not None))


def _only(owners: list[str]) -> str | None:
    if len(owners) > 1:
        named = ", ".join(shorten(owner) for owner in owners[:MOST_NAMED])
        raise RequestError(
            "BAD_CURSOR",
            f"the cursors belong to several snapshots ({named}), and one request is answered from one: "
            "ask in several requests",
        )
    return owners[0] if owners else None


def _cursors(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Iterator[str]:
    """The texts given to `after` and `before` anywhere in an operation."""
    given = {
        **{each.variable.name.value: _text(each.default_value, {}) for each in operation.variable_definitions or ()},
        **variables,
    }
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    within: list[Any] = [operation]
    while within:
        each = within.pop()
        if isinstance(each, FragmentSpreadNode):
            each = fragments.pop(each.name.value, None)  # each once: they may spread one another
        if isinstance(each, FieldNode):
            bounds = [
                _text(given_to.value, given) for given_to in each.arguments or () if given_to.name.value in BOUNDS
            ]
            yield from (bound for bound in bounds if isinstance(bound, str))
        if each is not None and each.selection_set is not None:
            within.extend(each.selection_set.selections)


def _text(value: ValueNode | None, variables: Mapping[str, Any]) -> Any:
    if isinstance(value, VariableNode):
        return variables.get(value.name.value)
    return value.value if isinstance(value, StringValueNode) else None
