"""What an operation costs, known before any SQL runs, and the limit on it. docs/cost.md says how it is counted."""

from api.graphql.cost.limit import MOST_COST, CostLimit, count_cost

__all__ = ["MOST_COST", "CostLimit", "count_cost"]
