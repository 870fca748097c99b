"""Documents read once, and their operations run: parsed, validated, counted, and executed by graphql-core."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    parse,
    specified_rules,
)
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import validate_document

from api.graphql.context import Context
from api.graphql.cost import count_cost, refuse
from api.graphql.errors import RequestError
from api.graphql.executor.executor import RelationExecutor
from api.graphql.nesting import BoundsRule
from api.observing.record import step

MOST_TOKENS = 2_000
MOST_DOCUMENTS = 100
LONG = 4_000  # characters; what is longer is checked beside the event loop
RULES = (*specified_rules, BoundsRule)


@dataclass(frozen=True)
class Document:
    """A document as it was read: null where it is none, and what is wrong with it."""

    syntax: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one. Raises `RequestError` where it is not there."""
        definitions = self.syntax.definitions if self.syntax else ()
        operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
        found = [each for each in operations if name is None or (each.name is not None and each.name.value == name)]
        if not operations:
            raise RequestError("OPERATION_NOT_FOUND", "the document has no operation: write `query { ... }`")
        if not found:
            raise RequestError("OPERATION_NOT_FOUND", f"the document has no operation named {str(name)[:80]!r}")
        if len(found) > 1:
            message = "the document has several operations: say which by `operationName`"
            raise RequestError("OPERATION_NOT_FOUND", message)
        return found[0]


class Operations:
    """Reads documents of a schema and runs their operations; `most_cost` is what one may cost."""

    def __init__(self, schema: Schema, most_cost: int) -> None:
        self._schema: GraphQLSchema = schema._schema  # noqa: SLF001 - Strawberry has no other way to graphql-core's schema
        self._most_cost = most_cost
        self._read = lru_cache(MOST_DOCUMENTS)(lambda text: read_document(self._schema, text))

    async def read(self, text: str) -> Document:
        """A document, parsed and validated once however often it is asked."""
        return await asyncio.to_thread(self._read, text) if len(text) > LONG else self._read(text)

    def read_now(self, text: str) -> Document:
        """The same, while the caller waits."""
        return self._read(text)

    async def run(
        self, document: Document, name: str | None, variables: Mapping[str, Any] | None, context: Context
    ) -> ExecutionResult:
        """The outcome of an operation, or what is wrong with its document. Raises `RequestError` for its cost."""
        if document.syntax is None or document.errors:
            return ExecutionResult(None, list(document.errors))
        given = dict(variables or {})
        cost = count_cost(self._schema, document.syntax, name, given, context.dimensions)
        context.extensions["cost"] = {"requested": int(cost.values), "limit": self._most_cost}
        refuse(cost, self._most_cost)
        found = execute(
            self._schema,
            document.syntax,
            variable_values=given,
            operation_name=name,
            context_value=context,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type] # it guards no type, and is faster
            executor_class=RelationExecutor,
        )
        return found if isinstance(found, ExecutionResult) else await found


def read_document(schema: GraphQLSchema, text: str) -> Document:
    """A document with all that is wrong with it."""
    try:
        with step("parse"):
            syntax = parse(text, max_tokens=MOST_TOKENS, allow_empty_selection_sets=False)
    except GraphQLError as error:
        return Document(None, _coded([error], "GRAPHQL_PARSE_FAILED"))
    with step("validate"):
        errors = validate_document(schema, syntax, RULES)
    return Document(syntax, _coded(errors, "GRAPHQL_VALIDATION_FAILED"))


def _coded(errors: list[GraphQLError], code: str) -> tuple[GraphQLError, ...]:
    for error in errors:
        error.extensions = {"code": code, **(error.extensions or {})}
    return tuple(errors)
