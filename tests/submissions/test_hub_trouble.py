"""When the Hub is in trouble, nobody is turned away for it, nothing waits for long, and what was taken is pushed."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.accounts.tokens import Tokens
from api.hub import Hub
from api.submissions import push
from api.submissions.ids import read_submission_id
from api.submissions.lookups import Lookups
from tests.hub import LoopbackHub, Repo
from tests.submissions.office import PAYLOAD, PUSHER, REQUESTS, Office, as_input, open_office, payload

WHOAMI, MODELS, COMMITS = "^/api/whoami-v2", "^/api/models/", "/commit/"
BOUND = 0.2  # seconds that a slow Hub is given for one answer here
LATE = 3 * BOUND
SLOW = ("silent", "dripping")
LIMITED = {"Retry-After": "30"}
WINDOW = {"RateLimit": '"api";r=0;t=40'}
TRUNCATED = {"content-length": "1000"}

TROUBLES: dict[str, dict[str, Any]] = {
    "failing": {"status": 500},
    "down for maintenance": {"status": 503, "headers": LIMITED},
    "limiting": {"status": 429, "headers": LIMITED},
    "limiting by its window": {"status": 429, "headers": WINDOW},
    "limiting without a word": {"status": 429},
    "garbage": {"status": 200, "body": b"<html>oops"},
    "not an object": {"status": 200, "body": b"[]"},
    "nobody": {"status": 200, "body": b"{}"},
    "too much": {"status": 200, "body": b'{"id": "' + b"x" * 3_000_000},
    "deep": {"status": 200, "body": b"[" * 100_000},
    "no text": {"status": 200, "body": b"\xff\xfe\x00"},
    "redirecting elsewhere": {"status": 302, "headers": {"Location": "http://127.0.0.1:9/login"}},
    "redirecting nowhere": {"status": 302},
    "dropped": {"status": 200, "body": b'{"id', "headers": TRUNCATED},
    "silent": {"status": 200, "delay": LATE},
    "dripping": {"status": 200, "body": b" " * 1000, "drip": 0.05},
}
SAYS_WHEN = {"limiting": 30, "limiting by its window": 40}


@pytest.fixture(scope="module")
def running(
    own_hub: LoopbackHub, requests_repo: Repo, sample_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    data_dir = tmp_path_factory.mktemp("trouble") / "data"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(push, "SOONEST", 0.05)
        patched.setattr(push, "LONGEST_REST", 0.1)
        patched.setattr(push, "LOOK_SECONDS", 0.05)
        with open_office(own_hub.hub, sample_dir, data_dir, requests_repo=REQUESTS, hub_token=PUSHER) as office:
            yield office


@pytest.fixture
def office(running: Office) -> Iterator[Office]:
    """The service as if just started: it has not met any trouble yet."""
    ask_anew(running)
    yield running
    running.hub.faults.clear()
    wait_until_pushed(running)


def ask_anew(office: Office, trouble: str = "") -> None:
    """Forget what the Hub said, and have little patience where it is slow."""
    office.hub.faults.clear()
    seconds = BOUND if trouble in SLOW else 5.0
    office.desk.accounts.tokens = Tokens(Hub(office.hub.url, seconds))
    office.desk.models._lookups = Lookups(office.hub.url, seconds, waits=() if trouble in SLOW else (0.01,))


def wait_until_pushed(office: Office) -> None:
    deadline = time.monotonic() + 10
    while office.desk.ledger.pushes.waiting():
        assert time.monotonic() < deadline, "it is not pushed"
        time.sleep(0.01)


def remaining(office: Office, who: dict[str, str]) -> int:
    left: int = office.ask("{ viewer { submissionLimit { remaining } } }", who)["viewer"]["submissionLimit"][
        "remaining"
    ]
    return left


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_who_asks_is_no_refusal_of_a_token(office: Office, trouble: str) -> None:
    who, kept = office.arrive(), office.kept()
    ask_anew(office, trouble)
    office.hub.fail(WHOAMI, **TROUBLES[trouble])
    start = time.monotonic()
    sent, told = office.send(who), office.client.get("/api/auth/me", headers=who)
    asked = office.client.post("/graphql", headers=who, json={"query": "{ viewer { name } }"})
    assert time.monotonic() - start < 4
    assert [answer.status_code for answer in (sent, told, asked)] == [503, 503, 503]
    assert sent.json()["error"].startswith("HuggingFace cannot be asked who you are right now.")
    assert asked.json()["errors"][0]["extensions"]["code"] == "HUB_UNAVAILABLE"
    for answer in (sent, told, asked):
        assert 0 < int(answer.headers["Retry-After"]) <= SAYS_WHEN.get(trouble, 10)
    if trouble in SAYS_WHEN:
        assert int(sent.headers["Retry-After"]) == SAYS_WHEN[trouble]
    by_mutation = office.mutate(who)
    assert (by_mutation["__typename"], by_mutation["code"]) == ("SubmissionFailed", "HUB_UNAVAILABLE")
    ask_anew(office)
    assert remaining(office, who) == 5
    assert office.kept() == kept


def test_who_is_known_already_is_known_while_the_hub_is_down(office: Office) -> None:
    who = office.arrive()
    assert office.client.get("/api/auth/me", headers=who).status_code == 200
    office.hub.fail(WHOAMI, 500)
    assert office.send(who).status_code == 200


def test_when_the_hub_is_back_so_is_everybody(office: Office) -> None:
    who = office.arrive()
    office.hub.fail(WHOAMI, 502, times=1)
    assert office.send(who).status_code == 503
    assert office.send(who).status_code == 200


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_model_is_not_taken_for_a_missing_model(office: Office, trouble: str) -> None:
    who, kept = office.arrive(), office.kept()
    ask_anew(office, trouble)
    assert office.client.get("/api/auth/me", headers=who).status_code == 200
    office.hub.fail(MODELS, **TROUBLES[trouble])
    start = time.monotonic()
    by_rest, by_mutation = office.send(who), office.mutate(who)
    assert time.monotonic() - start < 4
    assert (by_rest.status_code, by_rest.json()["code"]) == (503, "HUB_UNAVAILABLE")
    assert (by_mutation["__typename"], by_mutation["code"]) == ("SubmissionFailed", "HUB_UNAVAILABLE")
    assert by_mutation["message"] == by_rest.json()["error"]
    assert "not found" not in by_rest.text
    if trouble in SAYS_WHEN:
        assert SAYS_WHEN[trouble] - 2 <= int(by_rest.headers["Retry-After"]) <= SAYS_WHEN[trouble]
    ask_anew(office)
    assert remaining(office, who) == 3
    assert office.ask("{ viewer { submissions { totalCount } } }", who)["viewer"]["submissions"]["totalCount"] == 0
    assert office.kept() == kept


def test_what_is_wrong_by_itself_is_told_whatever_the_hub_says(office: Office) -> None:
    who = office.arrive()
    assert office.client.get("/api/auth/me", headers=who).status_code == 200
    office.hub.fail(MODELS, 500)
    assert office.send(who, payload(modelName="x", modelType="x")).status_code == 400
    assert office.mutate(who, as_input(payload(scores={})))["__typename"] == "SubmissionInvalid"
    by_rest, by_mutation = office.send(who, archive=b"no archive"), office.mutate(who, archive=b"no archive")
    assert by_rest.json()["error"] == by_mutation["message"] == "File is not a valid ZIP archive."


@pytest.mark.parametrize(
    "trouble", ["failing", "limiting without a word", "garbage", "redirecting elsewhere", "dropped"]
)
def test_trouble_with_the_push_is_not_the_senders_and_is_made_good(
    office: Office, requests_repo: Repo, trouble: str
) -> None:
    who = office.arrive()
    faults = dict(TROUBLES[trouble])
    if "headers" in faults and faults["headers"] is not TRUNCATED:
        faults["headers"] = {**faults["headers"], "Retry-After": "0"}
    fault = office.hub.fail(COMMITS, times=2, **faults)
    sent = office.take(who)
    wait_until_pushed(office)
    assert fault.times == 0
    assert push_state(office, sent) == "PUSHED"
    assert_pushed_once(office, requests_repo)


def push_state(office: Office, id: str) -> Any:
    return office.ask("query($id: ID!) { submission(id: $id) { pushState } }", id=id)["submission"]["pushState"]


def assert_pushed_once(office: Office, repo: Repo) -> None:
    name = f"person-{office.people}"
    assert len([each for each in repo.commits if each.title.endswith(f" by {name}")]) == 1
    assert len({path.split("/")[1] for path in repo.commits[-1].files if path.startswith(f"{name}/")}) == 1


def test_a_push_that_waits_shows_that_it_waits_and_is_not_made_twice(office: Office, requests_repo: Repo) -> None:
    office.hub.fail(COMMITS, 504, after=True, times=1)
    office.hub.fail("/preupload/", 500)
    sent = office.take(office.arrive())
    time.sleep(0.3)
    assert push_state(office, sent) == "WAITING"
    office.hub.faults.pop()
    wait_until_pushed(office)
    assert_pushed_once(office, requests_repo)


def test_one_that_is_withdrawn_while_it_waits_is_not_pushed(office: Office, requests_repo: Repo) -> None:
    office.hub.fail("/preupload/", 403)  # which is not tried again at once, so that nobody is at it
    who = office.arrive()
    sent = office.take(who)
    deadline = time.monotonic() + 10
    while office.desk.ledger.pushes.last_error(read_submission_id(sent) or "") is None:
        assert time.monotonic() < deadline, "it was not tried"
        time.sleep(0.01)
    withdrawn = office.ask(
        "mutation($id: ID!) { withdrawSubmission(id: $id) { ... on Submission { status pushState } } }", who, id=sent
    )
    assert withdrawn["withdrawSubmission"] == {"status": "WITHDRAWN", "pushState": "LOCAL"}
    office.hub.faults.clear()
    time.sleep(0.3)
    assert [each for each in requests_repo.commits if each.title.endswith(f" by person-{office.people}")] == []


@pytest.mark.parametrize("trouble", ["failing", "garbage", "dropped", "limiting"])
def test_no_token_is_told_or_kept_whatever_goes_wrong(
    office: Office, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    caplog.set_level(logging.DEBUG)
    good, bad = office.arrive(f"SecretOf{trouble}"), {"Authorization": "Bearer hf_SecretOfNobody"}
    answers = [office.send(good), office.send(bad), office.post_multipart(bad, as_input(PAYLOAD))]
    wait_until_pushed(office)
    ask_anew(office)
    for place in (WHOAMI, MODELS, COMMITS, "/preupload/"):
        office.hub.fail(place, times=1, **TROUBLES[trouble])
        answers += [office.send(good, payload(remarks=place)), office.send(bad), office.send(good)]
    answers += [office.client.get("/api/auth/me", headers=who) for who in (good, bad)]
    assert {answer.status_code for answer in answers} >= {200, 401, 503}
    told = [answer.text + str(answer.headers) for answer in answers] + [caplog.text]
    secrets = "hf_SecretOf", "SecretOfNobody", "SecretOfThePusher"
    assert [text for text in told if any(secret in text for secret in secrets)] == []
    assert len(caplog.records) > 20
    files = [file for file in office.data_dir.rglob("*") if file.is_file()]
    assert office.ledger_url or any("ledger" in str(file) for file in files)
    for file in files:
        assert not any(secret.encode() in file.read_bytes() for secret in secrets), file
