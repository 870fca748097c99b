"""A server that runs the documents it trusts and no others."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.graphql.cost import MOST_COST
from api.graphql.http import execution
from api.graphql.http.trusted import WrongDocuments, read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from api.settings import Settings
from tests.asking import code

BOARD = "query Board($name: String!) { benchmark(name: $name) { name } }"
SNAPSHOT = "{ warehouse { snapshot } }"
OTHER = "{ __typename }"
NAMES = {"name": "EASI-8"}
ANSWER = {"benchmark": {"name": "EASI-8"}}
OPERATIONS = Operations(build_schema(), MOST_COST)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def apq(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}


def manifest(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": list(operations), **more}


def write(folder: Path, content: Any) -> Path:
    file = folder / "documents.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


@pytest.fixture(scope="module")
def client(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a server that trusts two documents, and remembers no answer."""
    file = write(tmp_path_factory.mktemp("trusted"), {"board-page": BOARD, digest(SNAPSHOT): SNAPSHOT})
    with TestClient(create_app(Settings(data_dir=sample_dir, trusted_documents=file, cache_mb=0))) as client:
        yield client


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": "board-page"},
        {"documentId": f"sha256:{digest(BOARD)}"},
        {"query": BOARD},
        {"query": BOARD, "documentId": "board-page"},
        {"query": BOARD, "documentId": f"sha256:{digest(BOARD)}"},
        {"query": BOARD, "extensions": apq(BOARD)},
        {"extensions": apq(BOARD)},
    ],
    ids="+".join,
)
def test_a_trusted_document_runs_by_its_id_or_its_text(client: TestClient, asked: dict[str, Any]) -> None:
    assert client.post("/graphql", json={**asked, "variables": NAMES}).json()["data"] == ANSWER
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    read = client.get("/graphql", params={**parameters, "variables": json.dumps(NAMES)})
    assert read.json()["data"] == ANSWER
    assert read.headers["cache-control"].startswith("public")


def test_an_id_may_be_the_sha256_alone(client: TestClient) -> None:
    for name in (digest(SNAPSHOT), f"sha256:{digest(SNAPSHOT)}"):
        assert client.get("/graphql", params={"documentId": name}).json()["data"]["warehouse"]


@pytest.mark.parametrize(
    "asked",
    [
        {"query": OTHER},
        {"query": f"{BOARD} "},
        {"query": OTHER, "extensions": apq(OTHER)},
        {"query": OTHER, "documentId": "board-page"},
        {"extensions": apq(OTHER)},
        {"documentId": "other-page"},
        {"documentId": f"sha256:{digest(OTHER)}"},
        {"documentId": digest(BOARD)},
        {"query": "{"},
    ],
)
def test_anything_else_is_refused_before_it_is_looked_at(
    client: TestClient, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution.Execution, "run", None)
    for accept in ("application/json", "application/graphql-response+json"):
        answer = client.post("/graphql", json=asked, headers={"accept": accept})
        assert (answer.status_code, code(answer)) == (403, "DOCUMENT_NOT_TRUSTED")
        assert answer.headers["cache-control"] == "no-store"


def test_a_text_and_an_id_of_two_trusted_documents_are_refused(client: TestClient) -> None:
    answer = client.post("/graphql", json={"query": SNAPSHOT, "documentId": "board-page"})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


def test_no_document_is_told_to_a_server_that_trusts_some(client: TestClient) -> None:
    client.post("/graphql", json={"query": OTHER, "extensions": apq(OTHER)})
    assert code(client.post("/graphql", json={"extensions": apq(OTHER)})) == "DOCUMENT_NOT_TRUSTED"


def test_apollos_manifest_is_read(sample_dir: Path, tmp_path: Path) -> None:
    operation = {"id": digest(BOARD), "name": "Board", "type": "query", "body": BOARD}
    file = write(tmp_path, manifest(operation, {"id": "snapshot", "body": SNAPSHOT}))
    with TestClient(create_app(Settings(data_dir=sample_dir, trusted_documents=file))) as client:
        by_apollo = client.post("/graphql", json={"extensions": apq(BOARD), "variables": NAMES})
        assert by_apollo.json()["data"] == ANSWER
        assert client.post("/graphql", json={"documentId": "snapshot"}).json()["data"]["warehouse"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "it is not JSON"),
        ([BOARD], "it must be an object of documents by id"),
        ({"board": 1}, "document `board` has no text"),
        ({"board": None}, "document `board` has no text"),
        ({"": BOARD}, "document 1 has no id"),
        (manifest(format="relay"), "format apollo-persisted-query-manifest, version 1"),
        (manifest(version=2), "format apollo-persisted-query-manifest, version 1"),
        (manifest({"body": BOARD}), "document 1 has no id"),
        (manifest({"id": "a", "body": BOARD}, "b"), "document 2 has no id"),
        (manifest({"id": "a"}), "document `a` has no text"),
        (manifest({"id": "a", "body": BOARD}, {"id": "a", "body": OTHER}), "document `a` is there twice"),
        ({digest(BOARD): OTHER}, f"document `{digest(BOARD)}` has another text"),
        ({f"sha256:{digest(BOARD)}": OTHER}, f"that of its text is `sha256:{digest(OTHER)}`"),
        ({"sha256:abc": OTHER}, "document `sha256:abc` has another text"),
        ({"good": OTHER, "bad": "{"}, "document `bad` cannot run: Syntax Error: Expected Name, found <EOF>. (line 1, column 2)"),
        ({"bad": "{\n  nothing }"}, "document `bad` cannot run: Cannot query field 'nothing'"),
        ({"bad": ""}, "document `bad` cannot run: Syntax Error"),
        ({"bad": "{ warehouse {} }"}, "document `bad` cannot run: Syntax Error"),
        ({"deep": "{ menu " + "{ children " * 30 + "{ name }" + "}" * 31}, "document `deep` cannot run"),
        ({"wide": "{" + " ".join(f"a{number}: __typename" for number in range(100)) + "}"}, "document `wide` cannot run"),
        ({"long": "{" + " __typename" * 5_000 + "}"}, "document `long` cannot run"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_one_line_that_names_it_and_the_document(
    tmp_path: Path, content: Any, says: str
) -> None:
    file = write(tmp_path, content)
    with pytest.raises(WrongDocuments) as caught:
        read_trusted(file, OPERATIONS)
    assert str(caught.value).startswith(f"{file}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongDocuments, match="nowhere.json: it cannot be read: No such file"):
        read_trusted(tmp_path / "nowhere.json", OPERATIONS)


def test_one_text_may_have_several_names(tmp_path: Path) -> None:
    read_trusted(write(tmp_path, manifest({"id": "a", "body": BOARD}, {"id": "b", "body": BOARD})), OPERATIONS)
