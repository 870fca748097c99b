"""The schema: types, scalars, limits and the executor, put together."""

from collections.abc import Iterator

from graphql import ASTValidationRule, ExecutionResult, GraphQLError, OperationDefinitionNode
from strawberry import Schema
from strawberry.extensions import (
    AddValidationRules,
    MaxTokensLimiter,
    ParserCache,
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.graphql.errors import RequestError
from api.graphql.executor.executor import RelationExecutor
from api.graphql.nesting import BoundsRule
from api.graphql.query import Query
from api.graphql.relation import resolve_attribute
from api.graphql.scalars import SCALARS
from api.graphql.types.benchmark import Benchmark
from api.graphql.types.score import Score
from api.graphql.types.version import Version

MOST_TOKENS = 4_000
CACHED_DOCUMENTS = 100


class StandingsSchema(Schema):
    """A schema whose errors are logged where they are answered, with the id of their request."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: `api.graphql.http` logs."""


class SomethingSelected(SchemaExtension):
    """Refuses `{}` where fields are selected, as the specification does; graphql-core would take it."""

    def on_operation(self) -> Iterator[None]:
        """Parse accordingly."""
        # Strawberry's type of the options lacks this one of graphql-core.
        self.execution_context.parse_options["allow_empty_selection_sets"] = False  # type: ignore[typeddict-unknown-key]
        yield


class OneOperation(SchemaExtension):
    """Refuses several operations of which none is named; Strawberry would run the first."""

    def on_execute(self) -> Iterator[None]:
        """Answer with the error in place of running anything."""
        document = self.execution_context.graphql_document
        operations = (
            [each for each in document.definitions if isinstance(each, OperationDefinitionNode)] if document else []
        )
        if len(operations) > 1 and self.execution_context.context.operation_name is None:
            error = RequestError(
                "OPERATION_NOT_FOUND", "the document has several operations: say which by `operationName`"
            )
            self.execution_context.result = ExecutionResult(data=None, errors=[error])
        yield


def build_schema() -> Schema:
    """The schema as it is served."""
    # One set of rules for all requests: the cache of validated documents is keyed by them.
    rules: list[type[ASTValidationRule]] = [BoundsRule]
    return StandingsSchema(
        query=Query,
        types=[Benchmark, Score, Version],
        execution_context_class=RelationExecutor,
        config=StrawberryConfig(default_resolver=resolve_attribute, scalar_map=SCALARS),
        extensions=[
            lambda: AddValidationRules(rules),
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
            SomethingSelected,
            lambda: ParserCache(maxsize=CACHED_DOCUMENTS),
            lambda: ValidationCache(maxsize=CACHED_DOCUMENTS),
            OneOperation,
        ],
    )
