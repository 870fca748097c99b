"""Ask a served application by GraphQL, or by HTTP as it comes."""

from typing import Any

from starlette.testclient import TestClient


def send(client: TestClient, query: str, **variables: Any) -> Any:
    """The whole body of an answer."""
    return client.post("/graphql", json={"query": query, "variables": variables}).json()


def ask(client: TestClient, query: str, **variables: Any) -> Any:
    """The `data` of an answer, which must have no errors."""
    body = send(client, query, **variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


def refusal(client: TestClient, query: str, **variables: Any) -> Any:
    """The one error of an answer, which must have one."""
    errors = send(client, query, **variables).get("errors")
    assert errors, "it was answered without an error"
    assert len(errors) == 1, errors
    return errors[0]


def post(client: TestClient, body: Any, accept: str = "*/*") -> Any:
    """The HTTP response to a request of GraphQL."""
    return client.post("/graphql", json=body, headers={"accept": accept})


def media_type(answer: Any) -> str:
    """What a response says its body is, without parameters."""
    return str(answer.headers["content-type"].partition(";")[0])


def code(answer: Any) -> str:
    """The code of the one error in a response."""
    (error,) = answer.json()["errors"]
    return str(error["extensions"]["code"])
