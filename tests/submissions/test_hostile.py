"""Whatever people who are signed in send, it is refused as JSON that gives nothing away, and nothing of it is kept."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st

from api.submissions import service
from tests.submissions import hostile
from tests.submissions.hostile import ARCHIVE, CONTENT_TYPES, MULTIPART, PATHS
from tests.submissions.office import PAYLOAD, SUBMIT, Office

INSIDES = ("Traceback", 'File "', "/api/submissions", "site-packages", "sqlite", "StoredFile(", "0x7f")
few = settings(max_examples=25, deadline=None)
many = settings(max_examples=30, deadline=None)


@pytest.fixture(scope="module", autouse=True)
def unlimited() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(service, "LIMIT", 1_000_000)
        yield


@pytest.fixture(scope="module")
def door(office: Office) -> "Door":
    return Door(office, office.arrive())


class Door:
    """One person's way into the service, which watches over what comes out of it."""

    def __init__(self, office: Office, who: dict[str, str]) -> None:
        self.office, self.who = office, who

    def send(self, method: str, path: str, content: bytes = b"", content_type: str = "", **headers: str) -> Response:
        """The answer, which must be no failure; a submission is there only where it says so."""
        before = self._there()
        typed = {"Content-Type": content_type} if content_type else {}
        answer = self.office.client.request(
            method, path, content=content, headers={**self.who, **typed, **headers}, follow_redirects=False
        )
        self._check(answer)
        if not is_taken(answer):
            assert self._there() == before
        return answer

    def _there(self) -> tuple[Any, ...]:
        return self.office.desk.ledger.submissions.counts(), self.office.kept()

    def _check(self, answer: Response) -> None:
        assert answer.status_code == 200 or 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"].startswith(("application/json", "application/graphql-response+json"))
        told = answer.json()
        assert is_taken(answer) or told.get("errors") or told.get("error") or told["data"] is not None
        told_text = answer.text + str(answer.headers)
        assert not [text for text in (*INSIDES, str(self.office.data_dir)) if text in told_text]


def is_taken(answer: Response) -> bool:
    """Whether something was kept: a submission, or a file that is sent ahead of one."""
    told = answer.json()
    outcome = (told.get("data") or {}).get("submitEvaluation") or {}
    return told.get("success") is True or "url" in told or outcome.get("__typename") == "Submission"


def test_requests_that_are_not_damaged_are_taken(door: Door) -> None:
    assert is_taken(door.send("POST", "/api/submit-with-file", hostile.submission(), MULTIPART))
    assert is_taken(door.send("POST", "/graphql", hostile.mutation(), MULTIPART))
    assert is_taken(door.send("PUT", "/api/blob-upload", hostile.form(("file", ARCHIVE, "a.zip")), MULTIPART))


@many
@given(hostile.damaged(hostile.submission()))
def test_damaged_forms(door: Door, body: bytes) -> None:
    door.send("POST", "/api/submit-with-file", body, MULTIPART)


@many
@given(hostile.payloads())
def test_odd_payloads(door: Door, payload: str) -> None:
    door.send("POST", "/api/submit-with-file/", hostile.submission(payload), MULTIPART)
    answer = door.send("POST", "/api/submit", payload.encode("utf-8", "surrogatepass"), "application/json")
    assert answer.status_code == 400


@few
@given(hostile.damaged(json.dumps({**PAYLOAD, "blobUrl": "/api/blobs/" + "0" * 32, "userId": 1}).encode()))
def test_damaged_json(door: Door, body: bytes) -> None:
    assert door.send("POST", "/api/submit", body, "application/json").status_code == 400


@many
@given(hostile.damaged(ARCHIVE, hostile.BITS_WITHIN))
def test_damaged_archives(door: Door, archive: bytes) -> None:
    by_rest = door.send("POST", "/api/submit-with-file", hostile.submission(archive=archive), MULTIPART)
    by_mutation = door.send("POST", "/graphql", hostile.mutation(archive=archive), MULTIPART)
    assert is_taken(by_rest) == is_taken(by_mutation)
    if not is_taken(by_rest):
        assert by_mutation.json()["data"]["submitEvaluation"]["message"] == by_rest.json()["error"]


@few
@given(hostile.damaged(hostile.form(("file", ARCHIVE, "a.zip"))))
def test_damaged_forms_of_files_sent_ahead(door: Door, body: bytes) -> None:
    door.send("PUT", "/api/blob-upload", body, MULTIPART)


@many
@given(hostile.damaged(hostile.mutation()))
def test_damaged_multipart_requests(door: Door, body: bytes) -> None:
    door.send("POST", "/graphql", body, MULTIPART)


@many
@given(hostile.requests, hostile.places, st.sampled_from(["application/json", "application/graphql-response+json"]))
def test_odd_operations_and_maps(door: Door, request: Any, places: Any, accept: str) -> None:
    door.send("POST", "/graphql", hostile.mutation(request, places), MULTIPART, Accept=accept)


@few
@given(st.dictionaries(hostile.names, hostile.values, max_size=4))
def test_odd_variables_of_a_mutation_without_files(door: Door, variables: dict[str, Any]) -> None:
    for given_as in (variables, {"input": variables}, hostile.operations(variables)["variables"]):
        body = hostile.as_json({"query": SUBMIT, "variables": given_as}).encode()
        assert not is_taken(door.send("POST", "/graphql", body, "application/json"))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("shape", [lambda path: [path], lambda path: path, lambda path: [path, path]])
def test_a_file_is_put_only_where_the_request_has_null(door: Door, path: str, shape: Any) -> None:
    answer = door.send("POST", "/graphql", hostile.mutation(places={"0": shape(path)}), MULTIPART)
    assert is_taken(answer) == (path == PATHS[0] and shape(path) != [path, path])


@pytest.mark.parametrize("place", ["remarks", "modelName", "scores", "modelType", "baseModel"])
def test_a_file_is_no_value_but_of_upload(door: Door, place: str) -> None:
    places = {"0": ["variables.input.evidence", f"variables.input.{place}"]}
    answer = door.send("POST", "/graphql", hostile.mutation(hostile.operations({place: None}), places), MULTIPART)
    assert answer.json()["errors"]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
@pytest.mark.parametrize("path", ["/api/submit-with-file", "/graphql", "/api/blob-upload", "/api/submit"])
def test_odd_content_types(door: Door, path: str, content_type: str) -> None:
    body = hostile.mutation() if path == "/graphql" else hostile.submission()
    door.send("POST", path, body, content_type)


@pytest.mark.parametrize("path", ["/api/submit-with-file", "/graphql", "/api/submit", "/api/auth/token"])
@pytest.mark.parametrize("name", ["X-Anything", "Cookie", "Accept-Language", "Content-Disposition", "Origin", "Host"])
def test_huge_headers(door: Door, path: str, name: str) -> None:
    door.send("POST", path, b"{}", "application/json", **{name: "x=" + "y" * 100_000})


@few
@given(hostile.damaged(json.dumps({"code": "A" * 43}).encode()) | hostile.values.map(hostile.as_json).map(str.encode))
def test_odd_codes_of_a_sign_in(door: Door, body: bytes) -> None:
    assert door.send("POST", "/api/auth/token", body, "application/json").status_code in (400, 401)


IDS = [
    "..",
    "%2e%2e",
    "%00",
    "a%2fb",
    "%ff",
    "%ed%a0%80",
    "WyJTdWJtaXNzaW9uIiwiXHUwMDAwIl0",
    "W10",
    "e30",
    "NQ",
    "A" * 9_000,
]


@pytest.mark.parametrize("id", IDS)
def test_odd_ids_of_evidence(door: Door, id: str) -> None:
    answer = door.office.client.get(f"/api/evidence/{id}", headers=door.who)
    assert answer.status_code == 404
    assert not [text for text in (*INSIDES, str(door.office.data_dir)) if text in answer.text]


@few
@given(st.text(alphabet=st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_id_of_evidence(door: Door, id: str) -> None:
    answer = door.office.client.get(f"/api/evidence/{quote(id, safe='')}", headers=door.who)
    assert answer.status_code == 404


@pytest.mark.parametrize("lines", [b"a" * 40_000_000, hostile.form(*[("x", b"", None)] * 33), b"--edge" * 100_000])
@pytest.mark.parametrize("path", ["/api/submit-with-file", "/graphql", "/api/blob-upload", "/api/submit"])
def test_more_than_may_be_sent(door: Door, path: str, lines: bytes) -> None:
    assert door.send("POST", path, lines, MULTIPART).status_code == 400
