"""What pages ask for somebody who is signed in: the documents beside the project."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import DocumentNode, parse, print_ast, separate_operations

from tests.pages import OF_PEOPLE
from tests.submissions.archives import make_zip
from tests.submissions.office import PAYLOAD, Office, as_input


@pytest.fixture
def operations(shared: Path) -> dict[str, DocumentNode]:
    file = shared / "queries" / "easi_and_hub.graphql"
    found = {f"{file.stem}:{name}": each for name, each in separate_operations(parse(file.read_text("utf-8"))).items()}
    return {name: found[name] for name in OF_PEOPLE}


def test_they_work_in_one_request_each(office: Office, operations: dict[str, DocumentNode]) -> None:
    submit, review, mine = (print_ast(operations[name]) for name in OF_PEOPLE)
    who, maintainer = office.arrive(), {"Authorization": "Bearer hf_max"}

    sent = {"query": submit, "variables": {"i": {**as_input(PAYLOAD), "evidence": None}}}
    parts = {"operations": json.dumps(sent), "map": '{"file": ["variables.i.evidence"]}'}
    files = {"file": ("a.zip", make_zip(), "application/zip")}
    taken: Any = office.client.post("/graphql", headers=who, data=parts, files=files).json()["data"]["submitEvaluation"]
    assert (taken["__typename"], taken["status"]) == ("Submission", "PENDING")

    shown = office.ask(mine, who)["viewer"]
    assert [each["id"] for each in shown["submissions"]["nodes"]] == [taken["id"]]
    assert shown["submissionLimit"]["remaining"] == 4

    reviewed = office.ask(review, maintainer, id=taken["id"])
    assert reviewed["reviewSubmission"] == {"__typename": "Submission", "id": taken["id"], "status": "APPROVED"}
    assert reviewed["w"] == {"__typename": "NotAllowed"}
