"""Each check of EASI's, by REST in its order and with its texts, and by GraphQL with the same verdict."""

import json
from typing import Any

import pytest

from tests.submissions.archives import Entry, forge_directory, forge_zip, make_zip
from tests.submissions.office import PAYLOAD, Office, as_input, payload

NAME = "A valid model name in the format 'organization/model-name' is required."
TYPE = "Please select a model type (pretrained, finetuned, instruction, or rl)."
PRECISION = "Please select a precision (bfloat16, float16, float32, or int8)."
BAD = "Invalid submission payload."
NO_ZIP = "File is not a valid ZIP archive."
PATHS = "ZIP contains invalid file paths."
TYPES = "ZIP contains disallowed file types"
EXPANDED = "ZIP decompressed size exceeds 100 MB limit."


def test_a_good_submission_is_taken(office: Office) -> None:
    answer = office.send(office.arrive())
    assert answer.status_code == 200
    assert answer.json()["success"] is True
    assert answer.json()["submissionId"]


@pytest.mark.parametrize("path", ["/api/submit-with-file", "/api/submit-with-file/"])
def test_it_answers_with_and_without_the_last_slash(office: Office, path: str) -> None:
    assert office.send(office.arrive(), path=path).json()["success"] is True


FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"modelName": "no-slash"}, NAME, "modelName"),
    ({"modelName": ""}, NAME, "modelName"),
    ({"modelName": "lab/../x"}, NAME, "modelName"),
    ({"modelName": "lab/.."}, NAME, "modelName"),
    ({"modelName": "../../x"}, NAME, "modelName"),
    ({"modelName": "lab/Model-1\n"}, NAME, "modelName"),
    ({"modelName": "lab/Modèle"}, NAME, "modelName"),
    (
        {"modelName": "nobody/Nothing"},
        'Model "nobody/Nothing" was not found on HuggingFace. Please verify',
        "modelName",
    ),
    ({"modelName": "lab/Unlicensed"}, 'Model "lab/Unlicensed" does not have a license set. Please add', "modelName"),
    ({"weightType": "Delta"}, "Base model is required when using Delta weights.", "baseModel"),
    ({"weightType": "Adapter", "baseModel": ""}, "Base model is required when using Adapter weights.", "baseModel"),
    (
        {"weightType": "Adapter", "baseModel": "no/Base"},
        'Base model "no/Base" was not found on HuggingFace.',
        "baseModel",
    ),
    ({"scores": {}}, "", "scores"),
    ({"scores": {"vsi_bench": None}, "subScores": {}}, "", "scores"),
    ({"scores": {"vsi_bench": 100.5}}, "", "scores[0].value"),
    ({"scores": {"vsi_bench": -100.5}}, "", "scores[0].value"),
    ({"scores": {"x" * 129: 1}, "subScores": {}}, "", "scores[0].benchmark"),
    ({"scores": {f"b{n}": 1 for n in range(201)}, "subScores": {}}, "", "scores"),
    ({"revision": "../main"}, "", "revision"),
    ({"remarks": "x" * 1_000_000}, "", "remarks"),
]


@pytest.mark.parametrize(("changed", "text", "path"), FIELDS)
def test_a_wrong_field_is_refused_alike_by_both_doors(office: Office, changed: Any, text: str, path: str) -> None:
    if ("models", "lab/Unlicensed") not in office.hub.repos:
        office.hub.add_model("lab/Unlicensed", {}, cardData={})
    sent = payload(**changed)
    by_rest = office.send(office.arrive(), sent)
    assert by_rest.status_code == 400
    assert by_rest.json()["success"] is False
    assert by_rest.json()["error"].startswith(text)
    if len(json.dumps(sent)) > 900_000:
        return  # more than a GraphQL request may have
    by_mutation = office.mutate(office.arrive(), as_input(sent))
    assert by_mutation["__typename"] == "SubmissionInvalid"
    assert by_mutation["message"] == by_rest.json()["error"]
    assert [each["path"] for each in by_mutation["problems"]] == [each["path"] for each in by_rest.json()["problems"]]
    assert path in [each["path"] for each in by_mutation["problems"]]


REST_ONLY: list[tuple[Any, str]] = [
    (payload(modelType=""), TYPE),
    (payload(modelType=...), TYPE),
    (payload(modelType="foo"), TYPE),
    (payload(precision=""), PRECISION),
    (payload(precision="fp4"), PRECISION),
    (payload(modelName=5), NAME),
    (payload(scores={"vsi_bench": True}), "The score on 'vsi_bench' must be a number"),
    (payload(scores={"vsi_bench": "50"}), "The score on 'vsi_bench' must be a number"),
    (payload(scores=[1]), "Scores must be an object"),
    ("", BAD),
    ("null", BAD),
    ("[]", BAD),
    ('"x"', BAD),
    ("{", BAD),
    (json.dumps(payload(scores={"vsi_bench": float("nan")})), BAD),
    (json.dumps(PAYLOAD).replace("88.5", "1e400"), BAD),
    (json.dumps(PAYLOAD).replace("88.5", "-Infinity"), BAD),
    ('{"modelName": "lab/Model-1", "modelName": "lab/Other"}', BAD),
    ("[" * 100_000, BAD),
    (json.dumps(payload(remarks="\ud800")), BAD),
]


@pytest.mark.parametrize(("sent", "text"), REST_ONLY, ids=lambda value: str(value)[:30])
def test_what_graphql_cannot_even_say_is_refused_by_rest(office: Office, sent: Any, text: str) -> None:
    answer = office.send(office.arrive(), sent)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(text)


ARCHIVES: list[tuple[str, bytes, str]] = [
    ("nothing", b"", NO_ZIP),
    ("no zip", b"hello, this is text", NO_ZIP),
    ("a zip behind something", b"#!/bin/sh\n" + make_zip(), NO_ZIP),
    ("a zip cut off", make_zip()[:-30], NO_ZIP),
    ("a way up", forge_zip(Entry(b"../a.csv")), PATHS),
    ("an absolute path", forge_zip(Entry(b"/a.csv")), PATHS),
    ("a drive", forge_zip(Entry(b"C:\\a.csv")), PATHS),
    ("a control character", forge_zip(Entry(b"a\x1b.csv")), PATHS),
    ("a link", forge_zip(Entry(b"a.csv", mode=0o120777)), "ZIP contains"),
    ("a password", forge_zip(Entry(b"a.csv", flags=1)), f"{NO_ZIP} 'a.csv' is encrypted"),
    ("a name twice", forge_zip(Entry(b"a.csv"), Entry(b"a.csv")), "ZIP contains"),
    ("a declared bomb", forge_zip(Entry(b"a.csv", declared=200_000_000)), EXPANDED),
    ("a bomb that lies", forge_zip(Entry(b"a.csv", content=bytes(101 * 2**20), declared=10)), EXPANDED),
    ("a wrong kind", make_zip({"m/a.exe": b"x", "m/b.dll": b"x", "m/c.csv": b"x"}), f"{TYPES}: .dll, .exe"),
    ("no kind", make_zip({"m/readme": b"x"}), f"{TYPES}: (no extension)"),
    ("a dotted folder", make_zip({"m.v1/readme": b"x"}), f"{TYPES}: .v1/readme"),
    ("too many entries", forge_directory(20_000), f"{NO_ZIP} At most 10,000 entries"),
    ("too large", b"PK\x03\x04" + bytes(20 * 2**20), "ZIP file exceeds 20 MB limit."),
]


@pytest.mark.parametrize(("archive", "text"), [each[1:] for each in ARCHIVES], ids=[each[0] for each in ARCHIVES])
def test_a_wrong_archive_is_refused_alike_by_both_doors(office: Office, archive: bytes, text: str) -> None:
    kept = office.kept()
    by_rest = office.send(office.arrive(), archive=archive)
    assert by_rest.status_code == 400
    assert by_rest.json()["error"].startswith(text)
    by_mutation = office.mutate(office.arrive(), archive=archive)
    assert by_mutation["message"] == by_rest.json()["error"]
    assert by_mutation["problems"][0]["path"] == "evidence"
    assert office.kept() == kept


def test_every_file_type_of_the_list_is_taken_in_any_case(office: Office) -> None:
    kinds = [
        "json",
        "jsonl",
        "csv",
        "tsv",
        "txt",
        "log",
        "parquet",
        "arrow",
        "npy",
        "pkl",
        "xlsx",
        "yaml",
        "yml",
        "xml",
        "md",
        "html",
        "pdf",
        "py",
        "sh",
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
    ]
    files = {f"m/{n}.{kind.upper() if n % 2 else kind}": b"x" for n, kind in enumerate(kinds)}
    assert office.send(office.arrive(), archive=make_zip(files)).status_code == 200


def test_the_first_problem_in_easis_order_is_told_first_and_all_are_told(office: Office) -> None:
    answer = office.send(office.arrive(), payload(modelName="x", modelType="", precision=""), b"text").json()
    assert answer["error"] == NO_ZIP
    assert [each["path"] for each in answer["problems"]] == ["evidence", "modelName", "modelType", "precision"]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"files": {"zipFile": ("a.zip", make_zip())}}, "Missing submission payload."),
        (
            {"files": {"zipFile": ("a.zip", make_zip()), "payload": ("p.json", json.dumps(PAYLOAD))}},
            "Missing submission payload.",
        ),
        ({"files": {"payload": (None, json.dumps(PAYLOAD))}}, "Evaluation results zip file is required."),
        (
            {"files": {"payload": (None, json.dumps(PAYLOAD)), "zipFile": (None, "text")}},
            "Evaluation results zip file is required.",
        ),
        ({"json": PAYLOAD}, "Invalid request. Expected multipart form data."),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, "Invalid request. Expected multipart"),
        (
            {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            "Invalid request. Expected",
        ),
    ],
)
def test_a_form_without_its_parts_is_refused(office: Office, parts: dict[str, Any], text: str) -> None:
    headers = {**office.arrive(), **parts.pop("headers", {})}
    answer = office.client.post("/api/submit-with-file/", headers=headers, **parts)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(text)


def test_parts_may_come_in_any_order_with_others_beside_them_and_the_first_payload_counts(office: Office) -> None:
    files = [
        ("zipFile", ("a.zip", make_zip())),
        ("more", (None, "x")),
        ("payload", (None, json.dumps(PAYLOAD))),
        ("payload", (None, "not read")),
    ]
    assert office.client.post("/api/submit-with-file/", headers=office.arrive(), files=files).json()["success"] is True


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer hf_nobody"}, {"Authorization": "Bearer hf_jwt_x"}],
)
def test_who_is_not_known_is_refused_alike_by_both_doors(office: Office, headers: dict[str, str]) -> None:
    kept = office.kept()
    answer = office.send(headers)
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("Your session has expired. Please sign in with HuggingFace again.")
    by_mutation = office.mutate(headers)
    assert by_mutation["__typename"] == "NotAuthenticated"
    assert by_mutation["message"] == answer.json()["error"]
    assert office.kept() == kept


def test_a_browser_reads_what_other_methods_there_are(office: Office) -> None:
    got = office.client.get("/api/submit-with-file/")
    assert (got.status_code, got.headers["allow"], got.json()["success"]) == (405, "POST, OPTIONS", False)
    assert office.client.options("/api/submit-with-file").headers["allow"] == "POST, OPTIONS"


def test_the_sixth_try_in_two_hours_is_refused_and_refused_ones_count(office: Office) -> None:
    who = office.arrive()
    for _ in range(5):
        assert office.send(who, payload(modelName="x")).status_code == 400
    answer = office.send(who)
    assert answer.status_code == 429
    assert (
        answer.json()["error"]
        == "You've reached the submission limit (5 per 2 hours). Please try again in 120 minutes."
    )
    assert 0 < int(answer.headers["retry-after"]) <= 7200
    by_mutation = office.mutate(who)
    assert by_mutation["__typename"] == "SubmissionRateLimited"
    assert by_mutation["message"] == answer.json()["error"]
    assert office.ask("{ viewer { submissionLimit { limit remaining windowSeconds } } }", who)["viewer"] == {
        "submissionLimit": {"limit": 5, "remaining": 0, "windowSeconds": 7200}
    }


def test_unknown_and_rejudged_benchmarks_are_kept_as_they_came(office: Office) -> None:
    who = office.arrive()
    name = office.take(
        who, scores={"blink_gpt-4o-1120": 40.5, "mystery_bench": 3}, subScores={"blink_gpt-4o-1120": {"iq_test": 0}}
    )
    found = office.ask(
        "query($id: ID!) { submission(id: $id) { scores { benchmark variant value subScores { key value } } } }",
        id=name,
    )
    assert found["submission"]["scores"] == [
        {"benchmark": "blink", "variant": "gpt-4o-1120", "value": 40.5, "subScores": [{"key": "iq_test", "value": 0}]},
        {"benchmark": "mystery_bench", "variant": None, "value": 3, "subScores": []},
    ]


def test_a_submission_that_lacks_some_of_easi_8_is_taken_with_a_warning_that_names_them(office: Office) -> None:
    taken = office.mutate(office.arrive())
    assert taken["__typename"] == "Submission"
    (warning,) = taken["warnings"]
    assert warning["code"] == "INCOMPLETE"
    assert "MMSI-Bench (mmsi_bench)" in warning["message"]
    assert "VSI-Bench" not in warning["message"]


def test_the_same_submission_sent_again_is_the_same_one(office: Office) -> None:
    who = office.arrive()
    assert office.send(who).json()["submissionId"] == office.send(who).json()["submissionId"]
