"""The limit on what an operation may cost, checked before anything is read."""

from graphql import DocumentNode, GraphQLSchema

from api.graphql.cost.count import MOST_COUNTED, Cost, Counter
from api.graphql.cost.plan import Same, plan_operation
from api.graphql.cost.scope import Given
from api.graphql.cost.sizes import Sizes
from api.graphql.errors import RequestError
from warehouse.snapshot import Dimensions

MOST_COST = 2_000_000


def count_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: str | None, variables: Given | None, known: Dimensions
) -> Cost:
    """What an operation of a valid document costs on a snapshot, in values."""
    try:
        plan = plan_operation(schema, Same(document), operation)
        return Cost(0) if plan is None else Counter(plan, variables, Sizes.of(known)).count()
    except RecursionError:
        return Cost(MOST_COUNTED)


def refuse(cost: Cost, most: int) -> None:
    """Raise `RequestError` for a cost that is more than it may be."""
    counted = int(cost.values)
    if counted > most:
        where = f", the dearest part is `{'.'.join(cost.path)}`" if cost.path else ""
        raise RequestError(
            "TOO_COSTLY",
            f"the operation costs {counted:,} and may cost {most:,}{where}: ask for shorter pages (`first`), "
            "fewer fields, or fewer boards at once, in several requests",
        )
