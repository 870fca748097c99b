"""The schema: what the file says, what the contract asks for, and that everything is described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, is_introspection_type, is_specified_scalar_type
from graphql import build_schema as parse
from graphql.utilities import find_breaking_changes

from api.graphql.schema import build_schema

FILE = Path(__file__).parents[2] / "schema.graphql"


@pytest.fixture(scope="module")
def sdl() -> str:
    return build_schema().as_str()


@pytest.fixture(scope="module")
def ours(sdl: str) -> GraphQLSchema:
    return parse(sdl)


@pytest.fixture(scope="module")
def contract(shared: Path) -> GraphQLSchema:
    return parse((shared / "contract.graphql").read_text("utf-8"))


def coordinates(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """Everything of ours in a schema that can be described: `Type`, `Type.field`, `Type.field(argument:)`."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind
        for part, field in {**getattr(kind, "fields", {}), **getattr(kind, "values", {})}.items():
            yield f"{name}.{part}", field
            for argument, declared in getattr(field, "args", {}).items():
                yield f"{name}.{part}({argument}:)", declared


def test_the_file_is_the_schema_that_is_served(sdl: str) -> None:
    assert FILE.read_text("utf-8") == sdl + "\n", "write it anew: standings schema > schema.graphql"


def test_everything_is_described(ours: GraphQLSchema) -> None:
    assert [name for name, found in coordinates(ours) if not (found.description or "").strip()] == []


def test_what_is_served_is_as_the_contract_says(contract: GraphQLSchema, ours: GraphQLSchema) -> None:
    assert [change.description for change in find_breaking_changes(contract, ours)] == []


def test_all_of_the_contract_is_served(contract: GraphQLSchema, ours: GraphQLSchema) -> None:
    served = {name for name, _ in coordinates(ours)}
    assert [name for name, _ in coordinates(contract) if name not in served] == []
