"""What the pages of a site ask is answered, as far as all that they ask for is served."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    validate,
    visit,
)
from graphql import build_schema as parse_schema
from starlette.testclient import TestClient

from api.graphql.schema import build_schema
from tests.asking import ask
from tests.pages import QUERIES, SAMPLE, VERSIONS


class Used(Visitor):
    """The types, fields and arguments that a document uses, as `Type`, `Type.field` and `Type.field(argument:)`."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: set[str] = set()

    def enter(self, node: Any, *_: Any) -> None:
        parent, output, given = self.types.get_parent_type(), self.types.get_type(), self.types.get_input_type()
        self.found |= {get_named_type(each).name for each in (parent, output, given) if each is not None}
        if node.kind == "field" and parent is not None:
            field = f"{parent.name}.{node.name.value}"
            self.found |= {field, *(f"{field}({argument.name.value}:)" for argument in node.arguments or ())}


def declared(schema: GraphQLSchema) -> set[str]:
    """What a schema declares, in the same form."""
    found = {"__typename", *schema.type_map}
    for name, kind in schema.type_map.items():
        for part, field in getattr(kind, "fields", {}).items():
            found |= {f"{name}.{part}", *(f"{name}.{part}({argument}:)" for argument in getattr(field, "args", {}))}
    return found


@pytest.fixture(scope="module")
def contract(shared: Path) -> GraphQLSchema:
    return parse_schema((shared / "contract.graphql").read_text("utf-8"))


@pytest.fixture(scope="module")
def ours() -> GraphQLSchema:
    return parse_schema(build_schema().as_str())


@pytest.mark.parametrize("name", sorted(SAMPLE.operations()))
def test_documents_that_use_only_what_is_served_are_answered(
    client: TestClient, contract: GraphQLSchema, ours: GraphQLSchema, name: str
) -> None:
    document = SAMPLE.operations()[name]
    assert validate(contract, document) == []
    used = Used(TypeInfo(contract))
    visit(document, TypeInfoVisitor(used.types, used))
    later = {each for each in used.found & declared(contract) if each not in declared(ours)}
    if later:
        pytest.skip(f"asks for what is not served yet: {', '.join(sorted(later))}")
    assert validate(ours, document) == []
    versions = [version["id"] for version in ask(client, VERSIONS)["benchmark"]["versions"]["nodes"]]
    answered = ask(client, print_ast(document), **SAMPLE.variables(name, versions))
    assert all(value is not None and value != [] for value in answered.values()), answered


def test_the_documents_are_found(shared: Path) -> None:
    assert shared == QUERIES.parent
    assert len(SAMPLE.operations()) == sum(
        isinstance(definition, OperationDefinitionNode)
        for file in QUERIES.glob("*.graphql")
        for definition in parse(file.read_text("utf-8")).definitions
    )
