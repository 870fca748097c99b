"""The schema: types, scalars and the executor, put together."""

from functools import cache

from strawberry import Schema
from strawberry.schema.config import StrawberryConfig

from api.graphql.executor.executor import RelationExecutor
from api.graphql.mutation import Mutation
from api.graphql.query import Query
from api.graphql.relation import resolve_attribute
from api.graphql.scalars import SCALARS
from api.graphql.types.benchmark import Benchmark
from api.graphql.types.score import Score
from api.graphql.types.submission import Submission
from api.graphql.types.version import Version


@cache
def build_schema() -> Schema:
    """The schema as it is served; made once."""
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[Benchmark, Score, Submission, Version],
        execution_context_class=RelationExecutor,
        config=StrawberryConfig(default_resolver=resolve_attribute, scalar_map=SCALARS),
    )
