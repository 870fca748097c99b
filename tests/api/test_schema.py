"""The schema: what the file says, what the contract asks for, and that everything is described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import BreakingChangeType, GraphQLSchema, is_introspection_type, is_specified_scalar_type
from graphql import build_schema as parse
from graphql.utilities import find_breaking_changes

from api.graphql.schema import build_schema

FILE = Path(__file__).parents[2] / "schema.graphql"
REMOVED = (BreakingChangeType.TYPE_REMOVED, BreakingChangeType.FIELD_REMOVED, BreakingChangeType.ARG_REMOVED)

# What of the contract is not served yet, by what brings it. What is served leaves this list and never comes back.
LATER = {
    "submissions": """
        Upload Mutation Viewer SubmissionLimit Submission SubmittedScore SubmittedSubScore SubmissionPreview
        PreviewBoard SubmitEvaluationResult SubmissionResult Problem SubmissionInvalid SubmissionRateLimited
        SubmissionFailed NotAuthenticated NotAllowed NotFound SubmissionProblem SubmitEvaluationInput
        SubmissionPreviewInput SubmittedScoreInput SubmittedSubScoreInput SubmissionModelType Precision WeightType Backend SubmissionStatus
        ReviewDecision SubmissionEdge SubmissionConnection
        Query.viewer Query.submission Query.submissions Query.submissionPreview
    """,
}


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
    changes = find_breaking_changes(contract, ours)
    assert [change.description for change in changes if change.type not in REMOVED] == []


def test_nothing_that_was_served_is_missing(contract: GraphQLSchema, ours: GraphQLSchema) -> None:
    served = {name for name, _ in coordinates(ours)}
    missing = [name for name, _ in coordinates(contract) if name not in served]
    for stage, names in LATER.items():
        print(f"still missing, for {stage}:", *(name for name in missing if _within(name, names.split())))  # noqa: T201
    later = [name for names in LATER.values() for name in names.split()]
    assert [name for name in missing if not _within(name, later)] == []


def test_nothing_that_is_served_is_called_missing(contract: GraphQLSchema, ours: GraphQLSchema) -> None:
    later = {name for names in LATER.values() for name in names.split()}
    assert sorted(later & {name for name, _ in coordinates(ours)}) == []
    assert sorted(later - {name for name, _ in coordinates(contract)}) == []


def _within(name: str, names: list[str]) -> bool:
    """Whether a coordinate, its field or its type is among the names."""
    field = name.partition("(")[0]
    return not {name, field, field.partition(".")[0]}.isdisjoint(names)
