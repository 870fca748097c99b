"""The way of EASI's page: the archive first, then the rest as JSON with the address that the archive got."""

import os
import threading
import time
from typing import Any

import pytest
from httpx2 import Response

from api.submissions.blobs import LASTS, Blobs
from tests.submissions.archives import make_zip
from tests.submissions.office import PAYLOAD, Office, payload

NO_ZIP = "Evaluation results zip file is required."
Who = dict[str, str]


def upload(office: Office, who: Who, archive: bytes | None = None) -> Response:
    file = ("a.zip", make_zip() if archive is None else archive, "application/zip")
    return office.client.put("/api/blob-upload", headers=who, files={"file": file})


def address_of(office: Office, who: Who) -> str:
    return str(upload(office, who).json()["url"])


def submit(office: Office, who: Who, address: Any, **changed: Any) -> Response:
    return office.client.post("/api/submit/", headers=who, json=payload(**changed, blobUrl=address))


def remaining(office: Office, who: Who) -> int:
    asked = office.ask("{ viewer { submissionLimit { remaining } } }", who)
    return int(asked["viewer"]["submissionLimit"]["remaining"])


def ahead(office: Office) -> list[str]:
    return [name for name in office.kept() if "/ahead/" in name]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_an_archive_is_sent_ahead_of_its_submission(office: Office, method: str, slash: str) -> None:
    who = office.arrive()
    sent = office.client.request(
        method, f"/api/blob-upload{slash}", headers=who, files={"file": ("a.zip", make_zip(), "application/zip")}
    )
    assert sent.json().keys() == {"url"}
    told = office.client.post(f"/api/submit{slash}", headers=who, json={**PAYLOAD, "blobUrl": sent.json()["url"]})
    assert told.json()["success"] is True
    found = office.ask("query($id: ID!) { submission(id: $id) { evidenceUrl } }", who, id=told.json()["submissionId"])
    assert office.client.get(found["submission"]["evidenceUrl"], headers=who).content == make_zip()


def test_who_the_page_says_it_is_does_not_count(office: Office) -> None:
    who, other = office.arrive("ida"), office.arrive("eve")
    told = submit(office, who, address_of(office, who), userId=office.person_id("eve"), userName="eve").json()
    query = "query($id: ID!) { submission(id: $id) { submittedBy remarks } }"
    assert office.ask(query, who, id=told["submissionId"])["submission"]["submittedBy"] == "ida"
    assert remaining(office, other) == 5


def test_both_requests_spend_a_slot_and_so_do_those_that_are_refused(office: Office) -> None:
    who = office.arrive()
    address = address_of(office, who)
    assert remaining(office, who) == 4
    assert submit(office, who, address).status_code == 200
    assert remaining(office, who) == 3
    assert submit(office, who, "/api/blobs/nothing").status_code == 400
    assert upload(office, who, b"no archive").status_code == 400
    assert remaining(office, who) == 1
    assert office.client.put("/api/blob-upload", headers=who).status_code == 400
    limited = upload(office, who)
    assert (limited.status_code, limited.json().keys() >= {"error", "code"}) == (429, True)
    assert 0 < int(limited.headers["Retry-After"]) <= 7_200


@pytest.mark.parametrize(
    "shape",
    [
        lambda own: f"http://evil.example{own}",
        lambda own: f"//evil.example{own}",
        lambda own: f"https://testserver{own}",
        lambda own: f"file://{own}",
        lambda own: own.replace("/api/blobs/", "/api/blobs/../blobs/"),
        lambda own: own.replace("/api/blobs/", "/api/blobs/../ahead/"),
        lambda own: own.rpartition("/")[2],
        lambda own: f"{own}.zip",
        lambda own: f"{own}\0",
        lambda own: f"{own}?x",
        lambda own: own.upper(),
        lambda own: own[:-1],
        lambda own: "/api/blobs/*",
        lambda own: "/api/blobs/" + "0" * 32,
        lambda own: "../../etc/passwd",
        lambda own: "/etc/passwd",
        lambda own: "",
        lambda own: None,
        lambda own: 5,
        lambda own: [own],
        lambda own: {"url": own},
        lambda own: own + "x" * 100_000,
    ],
)
def test_an_address_that_was_not_given_out_leads_nowhere(office: Office, shape: Any) -> None:
    who = office.arrive()
    own = address_of(office, who)
    answer = submit(office, who, shape(own))
    assert (answer.status_code, answer.json()["error"]) == (400, NO_ZIP)
    assert office.hub.asked("evil") == []
    assert remaining(office, who) == 3
    assert submit(office, who, own).status_code == 200


def test_what_somebody_else_has_sent_ahead_cannot_be_used(office: Office) -> None:
    ida, eve = office.arrive(), office.arrive()
    address = address_of(office, ida)
    assert submit(office, eve, address).json()["error"] == NO_ZIP
    assert submit(office, ida, address).status_code == 200


def test_what_was_sent_too_long_ago_is_gone(office: Office) -> None:
    who = office.arrive()
    there = ahead(office)
    address = address_of(office, who)
    (mine,) = set(ahead(office)) - set(there)
    long_ago = time.time() - LASTS - 1
    os.utime(office.data_dir / mine, (long_ago, long_ago))
    assert submit(office, who, address).json()["error"] == NO_ZIP
    upload(office, who)
    assert mine not in ahead(office)


def test_a_server_that_starts_removes_what_is_too_old(office: Office) -> None:
    who = office.arrive()
    address_of(office, who)
    long_ago = time.time() - LASTS - 1
    for name in ahead(office):
        os.utime(office.data_dir / name, (long_ago, long_ago))
    office.desk.sweep()
    assert ahead(office) == []


def test_it_may_be_sent_again_after_a_mistake_and_after_a_lost_answer(office: Office) -> None:
    who = office.arrive()
    address = address_of(office, who)
    assert submit(office, who, address, modelName="x").status_code == 400
    first, again = submit(office, who, address), submit(office, who, address)
    assert first.json()["submissionId"] == again.json()["submissionId"]
    found = office.ask("{ viewer { submissions { totalCount } } }", who)
    assert found["viewer"]["submissions"]["totalCount"] == 1


def test_the_same_sent_several_times_at_once_is_one(office: Office) -> None:
    who = office.arrive()
    address, before = address_of(office, who), len(ahead(office))
    answers: list[Response] = []
    threads = [threading.Thread(target=lambda: answers.append(submit(office, who, address))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["submissionId"] for answer in answers}) == 1
    assert len(ahead(office)) == before


def test_no_archive_and_no_form_are_kept(office: Office) -> None:
    kept = office.kept()
    no_archive = upload(office, office.arrive(), b"this is text")
    assert (no_archive.status_code, no_archive.json()["error"]) == (400, "File is not a valid ZIP archive.")
    nobody = upload(office, {})
    assert (nobody.status_code, nobody.json().keys() & {"success", "error"}) == (401, {"error"})
    assert office.kept() == kept


def test_a_file_that_vanishes_meanwhile_is_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    who = office.arrive()
    address = address_of(office, who)
    monkeypatch.setattr(Blobs, "_is_old", lambda blobs, path: path.unlink())
    assert submit(office, who, address).json()["error"] == NO_ZIP
