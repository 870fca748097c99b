"""Served answers held against plain ones: the same data to the last digit and key, and the same errors."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.testclient import TestClient

from tests.api.plain import Plain

OF_GRAPHQL_CORE = ("GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED")
INTERNAL_CODE = "INTERNAL_SERVER_ERROR"
INTERNAL = "internal error; it is logged under request id "
Error = dict[str, Any]


@dataclass
class Compared:
    """A served application beside the plain answers from the same snapshot, and what they were compared on."""

    client: TestClient
    plain: Plain
    answered: int = 0
    failed: int = 0
    refused: int = 0
    fields: set[str] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def documents(self) -> int:
        return self.answered + self.failed + self.refused

    def check(self, document: str, variables: dict[str, Any], fields: Iterable[str] = ()) -> Any:
        """The body of the served answer, which must be the plain one; `fields` are those the document asks for."""
        body = orjson.dumps({"query": document, "variables": variables})
        answer = orjson.loads(
            self.client.post("/graphql", content=body, headers={"content-type": "application/json"}).content
        )
        given = orjson.loads(body)["variables"]
        expected = self.plain.execute(document, given, valid="data" in answer)
        asked = f"{document}\n{given}"
        known = [described(error) for error in expected.errors or []]
        if expected.data is None and not any("path" in error for error in known):
            assert "data" not in answer, asked
        else:
            assert "data" in answer, asked
            assert orjson.dumps(answer["data"]) == orjson.dumps(_through_json(expected.data)), asked
        self._check_errors(answer, known, document, given)
        self._count(fields, answer)
        return answer

    def _check_errors(self, answer: Any, expected: list[Error], document: str, variables: dict[str, Any]) -> None:
        """The same errors, but for which of several is told that nulled one place: the specification leaves that open.

        Fields are answered side by side, so the order of errors is open too.
        """
        found = sorted((_comparable(error) for error in answer.get("errors", [])), key=_by_path)
        known = sorted((_comparable(error) for error in expected), key=_by_path)
        if found == known:
            return
        whole = self.plain.execute(document, variables, forgiving=True, valid="data" in answer)
        possible = [_comparable(described(error)) for error in whole.errors or []]
        asked = f"{document}\n{variables}\nanswered: {found}\nplain: {known}"
        assert all(error in possible for error in found), asked
        assert len({orjson.dumps(error) for error in found}) == len(found), asked
        assert _nulled(found, answer) == _nulled(known, answer), asked

    def _count(self, fields: Iterable[str], answer: Any) -> None:
        self.codes.update(error["extensions"]["code"] for error in answer.get("errors", []))
        if answer.get("data"):
            self.answered += 1
            self.fields |= set(fields)
        elif "data" in answer:
            self.failed += 1
        else:
            self.refused += 1


def described(error: GraphQLError) -> Error:
    """An error as it is served, its code apart where it has none of its own."""
    found: Error = dict(error.formatted)
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        found |= {"message": INTERNAL, "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
    return dict(orjson.loads(orjson.dumps(found)))


def _comparable(error: Error) -> Error:
    """Without the id of a request, and without the code that is put on an error of graphql-core's own."""
    message, code = error["message"], (error.get("extensions") or {}).get("code")
    masked = message.startswith(INTERNAL)
    before = code == "BAD_USER_INPUT" and error.get("path") is None  # a variable that cannot be used
    if code in (*OF_GRAPHQL_CORE, None) or before or (code == INTERNAL_CODE and not masked):
        code = "of graphql-core"
    message = INTERNAL if masked else message
    return {"message": message, "code": code, "path": error.get("path"), "locations": error.get("locations")}


def _by_path(error: Error) -> str:
    return orjson.dumps([error["path"], error["message"]]).decode()


def _nulled(errors: list[Error], answer: Any) -> set[str]:
    """The places in the data that are null because of errors: where each of them ended up."""
    return {orjson.dumps(_null_place(error["path"] or [], answer.get("data"))).decode() for error in errors}


def _null_place(path: list[str | int], data: Any) -> list[str | int]:
    for depth, key in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[key]
    assert data is None, f"there is an error at {path}, and a value"
    return path


def _through_json(data: Any) -> Any:
    return orjson.loads(orjson.dumps(data))
