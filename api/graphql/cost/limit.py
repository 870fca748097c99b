"""The limit on what an operation may cost, checked before anything is read."""

from collections.abc import Iterator

from graphql import DocumentNode, ExecutionResult, GraphQLSchema
from strawberry.extensions import SchemaExtension

from api.graphql.cost.count import MOST_COUNTED, Cost, Counter
from api.graphql.cost.plan import Same, plan_operation
from api.graphql.cost.scope import Given
from api.graphql.cost.sizes import Sizes
from api.graphql.errors import RequestError
from warehouse.snapshot import Dimensions

MOST_COST = 2_000_000


class CostLimit(SchemaExtension):
    """Refuses an operation that costs more than it may, and tells what each costs in the request's `extensions`."""

    def __init__(self, most_cost: int = MOST_COST) -> None:
        super().__init__()
        self.most_cost = most_cost

    def on_execute(self) -> Iterator[None]:
        """Answer with the error in place of running anything."""
        asked = self.execution_context
        if asked.result is None and asked.graphql_document is not None:
            try:
                cost = count_cost(
                    asked.schema._schema,  # noqa: SLF001 - Strawberry has no other way to the schema of graphql-core
                    asked.graphql_document,
                    asked.operation_name,
                    asked.variables,
                    asked.context.dimensions,
                )
            except RecursionError:
                cost = Cost(MOST_COUNTED)
            counted = int(cost.values)
            asked.context.extensions["cost"] = {"requested": counted, "limit": self.most_cost}
            if counted > self.most_cost:
                asked.result = ExecutionResult(data=None, errors=[_refusal(cost, counted, self.most_cost)])
        yield


def count_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: str | None, variables: Given | None, known: Dimensions
) -> Cost:
    """What an operation of a valid document costs on a snapshot, in values."""
    plan = plan_operation(schema, Same(document), operation)
    return Cost(0) if plan is None else Counter(plan, variables, Sizes.of(known)).count()


def _refusal(cost: Cost, counted: int, most: int) -> RequestError:
    where = f", the dearest part is `{'.'.join(cost.path)}`" if cost.path else ""
    return RequestError(
        "TOO_COSTLY",
        f"the operation costs {counted:,} and may cost {most:,}{where}: ask for shorter pages (`first`), "
        "fewer fields, or fewer boards at once, in several requests",
    )
