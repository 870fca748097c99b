"""What an operation costs, known before any SQL runs, and the limit on it. docs/cost.md says how it is counted."""

from api.graphql.cost.limit import MOST_COST, count_cost, refuse

__all__ = ["MOST_COST", "count_cost", "refuse"]
