"""Withdrawing, reviewing, and who may see what of a submission."""

from typing import Any

import pytest

from tests.submissions.office import PAYLOAD, Office, as_input

MAX = {"Authorization": "Bearer hf_max"}
WITHDRAW = "mutation($id: ID!) { withdrawSubmission(id: $id) { __typename ... on Submission { status } ... on Problem { code message } } }"
REVIEW = """mutation($id: ID!, $decision: ReviewDecision!, $note: String) {
  reviewSubmission(id: $id, decision: $decision, note: $note) {
    __typename ... on Submission { status reviewedBy reviewNote } ... on Problem { code message }
    ... on SubmissionInvalid { problems { path } }
  }
}"""
SEE = "query($id: ID!) { submission(id: $id) { status modelName submittedBy evidenceSha256 remarks reviewNote evidenceUrl } node(id: $id) { id } }"
LIST = (
    "query($status: SubmissionStatus) { submissions(status: $status, first: 5000) { totalCount nodes { id status } } }"
)
STRANGER: dict[str, str] = {}


def review(office: Office, who: dict[str, str], name: str, decision: str, note: str | None = None) -> Any:
    return office.ask(REVIEW, who, id=name, decision=decision, note=note)["reviewSubmission"]


def withdraw(office: Office, who: dict[str, str], name: str) -> Any:
    return office.ask(WITHDRAW, who, id=name)["withdrawSubmission"]


def test_only_its_owner_withdraws_a_submission_and_once(office: Office) -> None:
    who, other = office.arrive(), office.arrive()
    name = office.take(who)
    assert withdraw(office, STRANGER, name)["__typename"] == "NotAuthenticated"
    assert withdraw(office, other, name)["__typename"] == "NotAllowed"
    assert withdraw(office, MAX, name)["__typename"] == "NotAllowed"
    assert withdraw(office, who, name) == {"__typename": "Submission", "status": "WITHDRAWN"}
    assert withdraw(office, who, name)["__typename"] == "SubmissionInvalid"
    assert withdraw(office, other, name)["__typename"] == "NotFound"


@pytest.mark.parametrize(
    "name", ["", "nonsense", "WyJNb2RlbCIsIngiXQ", "WyJTdWJtaXNzaW9uIiwieCJd", "WyJTdWJtaXNzaW9uIiw1XQ"]
)
def test_what_is_no_submission_is_not_found(office: Office, name: str) -> None:
    assert withdraw(office, office.arrive(), name)["__typename"] == "NotFound"
    assert review(office, MAX, name, "APPROVE")["__typename"] == "NotFound"
    assert office.ask(SEE, id=name)["submission"] is None


def test_only_maintainers_review_and_may_change_their_mind(office: Office) -> None:
    who = office.arrive()
    name = office.take(who)
    assert review(office, STRANGER, name, "APPROVE")["__typename"] == "NotAuthenticated"
    assert review(office, who, name, "APPROVE")["__typename"] == "NotAllowed"
    approved = review(office, MAX, name, "APPROVE", "well done")
    assert approved == {
        "__typename": "Submission",
        "status": "APPROVED",
        "reviewedBy": "max",
        "reviewNote": "well done",
    }
    assert review(office, MAX, name, "APPROVE")["__typename"] == "SubmissionInvalid"
    assert review(office, MAX, name, "REJECT")["status"] == "REJECTED"
    assert review(office, MAX, name, "APPROVE")["status"] == "APPROVED"
    assert withdraw(office, who, name)["status"] == "WITHDRAWN"
    assert review(office, MAX, name, "APPROVE")["__typename"] == "SubmissionInvalid"


def test_every_decision_is_a_row_of_the_audit(office: Office) -> None:
    who = office.arrive()
    name = office.take(who)
    review(office, MAX, name, "REJECT", "no")
    review(office, MAX, name, "APPROVE")
    withdraw(office, who, name)
    from api.submissions.ids import read_submission_id

    rows = office.desk.ledger.submissions.decisions(read_submission_id(name) or "")
    assert [row.action for row in rows] == ["SUBMITTED", "REJECTED", "APPROVED", "WITHDRAWN"]
    assert [row.person_name for row in rows][1:3] == ["max", "max"]
    assert rows[1].note == "no"


def test_a_note_has_a_bound(office: Office) -> None:
    name = office.take(office.arrive())
    refused = review(office, MAX, name, "APPROVE", "x" * 2_001)
    assert refused["problems"] == [{"path": "note"}]


def test_what_is_pending_or_approved_is_public_but_for_remarks_notes_and_evidence(office: Office) -> None:
    who, other = office.arrive(), office.arrive()
    name = office.take(who, remarks="for maintainers")
    review(office, MAX, name, "APPROVE", "a note")
    for asker in (STRANGER, other):
        seen = office.ask(SEE, asker, id=name)
        assert seen["submission"]["status"] == "APPROVED"
        assert seen["node"] == {"id": name}
        assert [seen["submission"][part] for part in ("remarks", "reviewNote", "evidenceUrl")] == [None, None, None]
    for asker in (who, MAX):
        seen = office.ask(SEE, asker, id=name)["submission"]
        assert (seen["remarks"], seen["reviewNote"]) == ("for maintainers", "a note")
        answer = office.client.get(seen["evidenceUrl"], headers=asker)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-store"
    assert office.client.get(f"/api/evidence/{name}", headers=other).status_code == 404
    assert office.client.get(f"/api/evidence/{name}").status_code == 401


@pytest.mark.parametrize("ending", ["REJECTED", "WITHDRAWN"])
def test_what_is_rejected_or_withdrawn_is_for_owner_and_maintainers(office: Office, ending: str) -> None:
    who, other = office.arrive(), office.arrive()
    name = office.take(who)
    if ending == "REJECTED":
        review(office, MAX, name, "REJECT")
    else:
        withdraw(office, who, name)
    for asker in (STRANGER, other):
        assert office.ask(SEE, asker, id=name) == {"submission": None, "node": None}
        assert name not in [each["id"] for each in office.ask(LIST, asker)["submissions"]["nodes"]]
        assert office.ask(LIST, asker, status=ending)["submissions"]["totalCount"] == 0
    for asker in (who, MAX):
        assert office.ask(SEE, asker, id=name)["submission"]["status"] == ending
        assert name in [each["id"] for each in office.ask(LIST, asker, status=ending)["submissions"]["nodes"]]


def test_a_new_submission_is_seen_at_once_though_answers_are_kept(office: Office) -> None:
    query = "{ submissions(first: 1) { nodes { id } } }"
    office.ask(query)
    name = office.take(office.arrive())
    assert office.ask(query)["submissions"]["nodes"] == [{"id": name}]


def test_pages_of_submissions_are_walked(office: Office) -> None:
    who = office.arrive()
    names = [office.take(who, remarks=f"run {n}") for n in range(4)]
    query = """query($after: String) { viewer { submissions(first: 3, after: $after) {
        totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
    first = office.ask(query, who)["viewer"]["submissions"]
    second = office.ask(query, who, after=first["pageInfo"]["endCursor"])["viewer"]["submissions"]
    assert [each["id"] for each in first["nodes"] + second["nodes"]] == names[::-1]
    assert [each["node"]["id"] for each in first["edges"]] == [each["id"] for each in first["nodes"]]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert first["totalCount"] == second["totalCount"] == 4


@pytest.mark.parametrize(
    "arguments", ["first: -1", "first: 5001", 'after: "nonsense"', 'after: "WyJTdWJtaXNzaW9uIiwieCJd"']
)
def test_a_page_that_is_none_is_refused(office: Office, arguments: str) -> None:
    answer = office.client.post("/graphql", json={"query": f"{{ submissions({arguments}) {{ totalCount }} }}"}).json()
    assert answer["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "NOT_FOUND")


def test_a_bad_bearer_is_told_and_is_never_nobody(office: Office) -> None:
    answer = office.client.post(
        "/graphql", json={"query": "{ viewer { name } }"}, headers={"Authorization": "Bearer hf_no"}
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"


def test_a_preview_keeps_nothing(office: Office) -> None:
    kept, total = office.kept(), office.ask(LIST)["submissions"]["totalCount"]
    query = 'query { submissionPreview(input: { modelName: "x", scores: [{ benchmark: "site", value: 101 }] }) { boards { rank } problems { path blocking } } }'
    told = office.ask(query)["submissionPreview"]
    assert told["boards"] == []
    assert [each["path"] for each in told["problems"]] == ["modelName", "scores[0].value"]
    assert (office.kept(), office.ask(LIST)["submissions"]["totalCount"]) == (kept, total)


def test_a_preview_tells_which_values_stay_easis_own(office: Office) -> None:
    """What the model has already is not missing."""
    query = """
      query($model: String!) {
        submissionPreview(input: {modelName: $model, scores: [{benchmark: "embspatial", value: 99.5}]}) {
          boards { benchmark { name } value }
          problems { path code message blocking }
        }
      }
    """
    told = office.ask(query, model="sample-lab/Sample-VL-7B")["submissionPreview"]
    values = {each["benchmark"]["name"]: each["value"] for each in told["boards"]}
    assert values["embspatial"] not in (None, 99.5)
    (stays,) = told["problems"]
    assert (stays["path"], stays["code"], stays["blocking"]) == ("scores", "KEPT", False)
    assert stays["message"].endswith("EmbSpatial (embspatial).")
    (missing,) = office.ask(query, model="sample-lab/Nobody-Knows")["submissionPreview"]["problems"]
    assert missing["code"] == "INCOMPLETE"


def test_one_person_has_so_many_uploads_under_way(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    who = office.arrive()
    monkeypatch.setattr("api.submissions.service.MOST_UPLOADS", 0)
    answer = office.post_multipart(who, as_input(PAYLOAD))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.json()["errors"][0]["extensions"]["code"] == "BUSY"
    monkeypatch.undo()
    assert office.mutate(who)["__typename"] == "Submission"
