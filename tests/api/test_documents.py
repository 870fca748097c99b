"""What the pages of a site ask is answered."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    print_ast,
    validate,
)
from graphql import build_schema as parse_schema
from starlette.testclient import TestClient

from api.graphql.schema import build_schema
from tests.asking import ask
from tests.pages import OF_PEOPLE, QUERIES, SAMPLE, VERSIONS


@pytest.fixture(scope="module")
def contract(shared: Path) -> GraphQLSchema:
    return parse_schema((shared / "contract.graphql").read_text("utf-8"))


@pytest.fixture(scope="module")
def ours() -> GraphQLSchema:
    return parse_schema(build_schema().as_str())


@pytest.mark.parametrize("name", sorted(SAMPLE.operations()))
def test_what_pages_ask_is_answered(
    client: TestClient, contract: GraphQLSchema, ours: GraphQLSchema, name: str
) -> None:
    document = SAMPLE.operations()[name]
    assert validate(contract, document) == []
    assert validate(ours, document) == []
    versions = [version["id"] for version in ask(client, VERSIONS)["benchmark"]["versions"]["nodes"]]
    answered = ask(client, print_ast(document), **SAMPLE.variables(name, versions))
    assert all(value is not None and value != [] for value in answered.values()), answered


def test_the_documents_are_found(shared: Path) -> None:
    assert shared == QUERIES.parent
    assert len(SAMPLE.operations()) + len(OF_PEOPLE) == sum(
        isinstance(definition, OperationDefinitionNode)
        for file in QUERIES.glob("*.graphql")
        for definition in parse(file.read_text("utf-8")).definitions
    )
