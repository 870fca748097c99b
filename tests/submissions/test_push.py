"""What waits in the ledger comes to the Hub once each, whatever fails on the way."""

import asyncio
import hashlib
import json
import logging
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.submissions.push import Pusher
from tests.accounts.site import empty_ledger
from tests.hub import FakeHub, Repo
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import Entry, Evidence, Person, PushState, Submission, SubmittedScore

pytest_plugins = ("tests.hub.fixtures",)

REQUESTS = "lab/requests"
TOKEN = "hf_SecretOfThePusher"
AT = datetime(2026, 11, 20, 10, 30, 5, 123456, tzinfo=UTC)
ARCHIVE = b"PK\x03\x04 as if it were an archive"
STEPS = [
    r"^/api/datasets/lab/requests/revision",
    r"^/api/datasets/lab/requests/paths-info",
    r"^/api/datasets/lab/requests/preupload",
    r"objects/batch",
    r"^/lfs/",
    r"objects/verify",
    r"^/api/datasets/lab/requests/commit/",
]
ENTRY = Entry(
    model_name="org/model",
    model_type="instruction",
    precision="bfloat16",
    revision="main",
    weight_type="original",
    base_model=None,
    backend="vlmevalkit",
    remarks=None,
    scores=(
        SubmittedScore("vsi_bench", "vsi_bench", None, 61.5, (("object_counting", 70.25), ("room_size", None))),
        SubmittedScore("blink", "blink", None, None),
    ),
    model_sha="a" * 40,
)


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Folder:
    """Archives in one folder, by their SHA-256."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open_path(self, sha256: str) -> Path | None:
        file = self.path / sha256
        return file if file.is_file() else None

    def put(self, content: bytes) -> Evidence:
        sha256 = hashlib.sha256(content).hexdigest()
        (self.path / sha256).write_bytes(content)
        return Evidence(sha256, len(content))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    (tmp_path / "ledger.db").write_bytes(empty_ledger())
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", clock)
    yield ledger
    ledger.close()


@pytest.fixture
def archives(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def requests(hub: FakeHub) -> Repo:
    """A private dataset to which the token may write."""
    repo = hub.add_dataset(REQUESTS, {"README.md": "Requests"}, private=True)
    hub.add_person(TOKEN, "bot")
    hub.let_write(TOKEN, repo)
    return repo


@pytest.fixture
def pusher(ledger: Ledger, archives: Folder, hub: FakeHub) -> Pusher:
    return Pusher(ledger, archives, REQUESTS, hub.url, TOKEN, silence=5)


def add(ledger: Ledger, archives: Folder, number: int = 1, entry: Entry = ENTRY, user: str = "ann") -> Submission:
    archive = ARCHIVE + str(number).encode()
    return ledger.submissions.add(
        Submission(f"{number:032x}", entry, archives.put(archive), Person("1", user), AT, f"{number:064x}"), push=True
    )


def pushed(repo: Repo) -> list[str]:
    """The titles of commits after the first."""
    return [commit.title for commit in repo.commits[1:]]


def retry(pusher: Pusher, clock: Clock) -> bool:
    """Try again when the wait and any lease are over."""
    clock.ahead += timedelta(hours=1)
    return pusher.push_next()


def assert_pushed_once(repo: Repo, ledger: Ledger, number: int = 1) -> None:
    assert len(pushed(repo)) == 1
    found = ledger.submissions.find(f"{number:032x}")
    assert found is not None
    assert (found.push_state, found.push_commit) == (PushState.PUSHED, repo.commits[-1].sha)
    assert ledger.pushes.waiting() == 0


def test_a_submission_is_one_commit_of_record_and_archive(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher
) -> None:
    add(ledger, archives)
    assert pusher.push_next()
    assert not pusher.push_next()
    assert_pushed_once(requests, ledger)
    assert pushed(requests) == ["Add org/model submission by ann"]
    files = requests.commits[-1].files
    folder = f"ann/model_bfloat16_Original_2026-11-20T10-30-05-123_{1:032x}"
    assert set(files) == {"README.md", f"{folder}/results.json", f"{folder}/results.zip"}
    assert files[f"{folder}/results.zip"] == ARCHIVE + b"1"
    assert json.loads(files[f"{folder}/results.json"]) == {
        "user_id": "ann",
        "model_id": "org/model",
        "base_model": None,
        "model_sha": "a" * 40,
        "model_dtype": "bfloat16",
        "weight_type": "Original",
        "backend": "vlmevalkit",
        "model_type": "instruction",
        "submit_time": "2026-11-20T10:30:05Z",
        "remarks": "Submitted via EASI Leaderboard",
        "config": {},
        "results": {"vsi_bench": 61.5, "blink": None},
        "sub_scores": {"vsi_bench": {"object_counting": 70.25, "room_size": None}},
    }
    assert [request for request in hub.requests if "xet" in request.target] == []
    assert [request.token for request in hub.requests if request.path.startswith("/lfs/")] == [None]


def test_numbers_that_are_none_are_null(
    requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ledger, archives)
    claim = ledger.pushes.claim
    odd = (SubmittedScore("blink", "blink", None, float("nan"), (("a", float("inf")),)),)

    def claimed(lease: timedelta) -> Submission | None:
        found = claim(lease)
        return found and replace(found, entry=replace(ENTRY, scores=odd, remarks="\ud800 é", backend=""))

    monkeypatch.setattr(ledger.pushes, "claim", claimed)
    assert pusher.push_next()
    record = json.loads(next(body for path, body in requests.commits[-1].files.items() if path.endswith(".json")))
    assert record["results"] == {"blink": None}
    assert record["sub_scores"] == {"blink": {"a": None}}
    assert record["backend"] == "others"
    assert record["remarks"] == "\ud800 é"


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_is_made_good_by_the_next_try(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, clock: Clock, step: str
) -> None:
    for number, status in enumerate([500, 429, 307]):
        submission = add(ledger, archives, number)
        headers = {"Location": f"{hub.url}/elsewhere", "Retry-After": "100000"}
        fault = hub.fail(step, status, headers=headers, times=1)
        start = time.monotonic()
        assert pusher.push_next()
        assert time.monotonic() - start < 3
        assert fault.times == 0
        assert str(status) in (ledger.pushes.last_error(submission.id) or "")
        assert (len(pushed(requests)), ledger.pushes.waiting()) == (number, 1)
        assert not pusher.push_next()
        assert retry(pusher, clock)
        assert (len(pushed(requests)), ledger.pushes.waiting()) == (number + 1, 0)
    assert hub.asked("/elsewhere") == []


@pytest.mark.parametrize("step", STEPS)
def test_garbage_at_a_step_is_made_good_by_the_next_try(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, clock: Clock, step: str
) -> None:
    bodies = [b"<html>", b'{"files": 1, "objects": [{}], "sha": 5}']
    for number, body in enumerate(bodies):
        add(ledger, archives, number)
        hub.fail(step, 200, body=body, times=1)
        assert pusher.push_next()
        if ledger.pushes.waiting():
            assert retry(pusher, clock)
        assert (len(pushed(requests)), ledger.pushes.waiting()) == (number + 1, 0)


@pytest.mark.parametrize(
    "loss",
    [
        {"status": 504},
        {"status": 200, "body": b"<html>"},
        {"status": 200, "headers": {"content-length": "100"}},  # the connection ends before the answer does
        {"status": 200, "body": b'{"success": true, "commitOid": 7, "commitUrl": 8}'},
        {"delay": 1.0, "status": 200},
    ],
    ids=["gateway timeout", "garbage", "dropped", "odd", "timeout"],
)
def test_a_commit_whose_answer_is_lost_is_found_and_not_made_again(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, clock: Clock, loss: dict[str, Any]
) -> None:
    add(ledger, archives)
    pusher = Pusher(ledger, archives, REQUESTS, hub.url, TOKEN, silence=0.5)
    hub.fail(STEPS[-1], times=1, after=True, **loss)
    assert pusher.push_next()
    assert ledger.pushes.waiting() == 1
    made = requests.commits[-1].sha
    requests.commit({"README.md": "Another commit, after ours"}, title="Add a word")
    assert retry(pusher, clock)
    assert pushed(requests) == ["Add org/model submission by ann", "Add a word"]
    found = ledger.submissions.find(f"{1:032x}")
    assert found is not None
    assert found.push_commit == made


def test_a_crash_between_commit_and_ledger_does_not_push_twice(
    requests: Repo,
    ledger: Ledger,
    archives: Folder,
    pusher: Pusher,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(ledger, archives)

    def crash(submission_id: str, commit: str) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(ledger.pushes, "done", crash)
        with pytest.raises(SystemExit):
            pusher.push_next()
    assert retry(pusher, clock)
    assert_pushed_once(requests, ledger)


KILLED = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from api.submissions.push import Pusher
from warehouse.ledger.ledger import Ledger

folder, name, endpoint, token = sys.argv[1:]

class Folder:
    def open_path(self, sha256):
        return Path(folder, sha256)

ledger = Ledger(f"sqlite:///{folder}/ledger.db")
ledger.pushes.done = lambda submission_id, commit: os.kill(os.getpid(), signal.SIGKILL)
Pusher(ledger, Folder(), name, endpoint, token).push_next()
"""


def test_a_process_that_is_killed_after_the_commit_leaves_it_to_be_found(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, clock: Clock
) -> None:
    add(ledger, archives)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(archives.path), REQUESTS, hub.url, TOKEN], check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(pushed(requests)) == 1
    assert not pusher.push_next()
    assert retry(pusher, clock)
    assert_pushed_once(requests, ledger)


def test_two_workers_push_each_submission_once(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, clock: Clock
) -> None:
    for number in range(6):
        add(ledger, archives, number)
    start = threading.Barrier(2)

    def work() -> None:
        worker = Pusher(ledger, archives, REQUESTS, hub.url, TOKEN)
        start.wait()
        while worker.push_next():
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock.ahead += timedelta(hours=1)
    work_left = Pusher(ledger, archives, REQUESTS, hub.url, TOKEN)
    while work_left.push_next():
        pass
    assert len(pushed(requests)) == 6
    assert len({path for path in requests.commits[-1].files if path.endswith(".zip")}) == 6
    assert ledger.pushes.waiting() == 0


def test_a_worker_that_comes_late_cannot_push_what_another_pushed(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, clock: Clock
) -> None:
    """Its lease ran out while its commit was on the way; the commit is refused when it arrives."""
    add(ledger, archives)
    hub.fail(STEPS[-1], delay=0.4, times=1)
    late = threading.Thread(target=pusher.push_next)
    late.start()
    while not hub.asked("/commit/"):
        time.sleep(0.01)
    clock.ahead += timedelta(hours=1)
    assert Pusher(ledger, archives, REQUESTS, hub.url, TOKEN).push_next()
    late.join()
    assert_pushed_once(requests, ledger)


def test_commits_of_others_in_between_are_given_way_to(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher
) -> None:
    add(ledger, archives)
    hub.fail(STEPS[-1], 412, times=2)
    assert pusher.push_next()
    assert_pushed_once(requests, ledger)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_an_operator_must_mend_is_tried_slowly_and_told_loudly(
    hub: FakeHub,
    requests: Repo,
    ledger: Ledger,
    archives: Folder,
    pusher: Pusher,
    clock: Clock,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    add(ledger, archives)
    hub.fail(STEPS[2], status)
    assert pusher.push_next()
    assert [record.levelname for record in caplog.records if record.name == "standings.push"] == ["ERROR"]
    assert f"{status}" in caplog.text
    clock.ahead += timedelta(minutes=9)
    assert not pusher.push_next()
    hub.faults.clear()
    assert retry(pusher, clock)
    assert_pushed_once(requests, ledger)


def test_a_token_that_may_only_read_pushes_nothing(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, clock: Clock
) -> None:
    add(ledger, archives)
    hub.people[TOKEN]["auth"]["accessToken"]["role"] = "read"
    assert pusher.push_next()
    assert ledger.pushes.last_error(f"{1:032x}") == "the Hub answered 403"
    assert pushed(requests) == []


def test_an_archive_that_is_lost_or_damaged_is_not_pushed(
    requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher
) -> None:
    lost, damaged = add(ledger, archives, 1), add(ledger, archives, 2)
    (archives.path / lost.evidence.sha256).unlink()
    (archives.path / damaged.evidence.sha256).write_bytes(b"other bytes")
    assert pusher.push_next()
    assert pusher.push_next()
    assert ledger.pushes.last_error(lost.id) == "its archive is not in the data directory"
    assert ledger.pushes.last_error(damaged.id) == "its archive in the data directory is damaged"
    assert pushed(requests) == []


def test_a_hub_that_is_down_or_silent_is_left_after_a_short_time(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, clock: Clock
) -> None:
    add(ledger, archives)
    down = Pusher(ledger, archives, REQUESTS, "http://127.0.0.1:9", TOKEN)
    assert down.push_next()
    clock.ahead += timedelta(hours=1)
    silent = Pusher(ledger, archives, REQUESTS, hub.url, TOKEN, silence=0.2)
    hub.fail(STEPS[4], delay=2.0, times=1)
    start = time.monotonic()
    assert silent.push_next()
    clock.ahead += timedelta(hours=1)
    dripping = Pusher(ledger, archives, REQUESTS, hub.url, TOKEN, seconds=0.5)
    hub.fail(STEPS[2], 200, body=b" " * 1000, drip=0.05, times=1)
    assert dripping.push_next()
    assert time.monotonic() - start < 3
    assert pushed(requests) == []
    assert retry(silent, clock)
    assert_pushed_once(requests, ledger)


HOSTILE = ["../../x", "..", ".git", "a/b\\c", "a\nb", "", "..." * 50, "x" * 5_000, "\u202e\ud800é", "C:", "%2e%2e"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_leads_out_of_the_folder(requests: Repo, ledger: Ledger, archives: Folder, text: str) -> None:
    from api.submissions.record import folder, message

    entry = replace(ENTRY, model_name=f"org/{text}", precision=text, weight_type=text)
    submission = replace(add(ledger, archives), entry=entry, submitted_by=Person("1", text), id=f"{1:032x}")
    user, name = folder(submission).split("/")
    for part in (user, name):
        assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", part)
        assert ".." not in part
        assert len(part) < 500
    assert name.endswith(f"_{1:032x}")
    assert message(submission).isprintable()
    assert len(message(submission)) <= 300


def test_hostile_names_are_pushed_all_the_same(
    requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher
) -> None:
    entry = replace(ENTRY, precision="../../x", model_name="org/.git")
    add(ledger, archives, entry=entry, user="../é\n")
    assert pusher.push_next()
    assert_pushed_once(requests, ledger)
    assert all(path == "README.md" or path.startswith("-") for path in requests.commits[-1].files)


@pytest.mark.parametrize(
    "fault", [{"status": 500, "body": TOKEN.encode()}, {"status": 200, "headers": {"content-length": "9"}}]
)
def test_neither_token_nor_addresses_are_told(
    hub: FakeHub,
    requests: Repo,
    ledger: Ledger,
    archives: Folder,
    pusher: Pusher,
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    for number, step in enumerate(STEPS):
        submission = add(ledger, archives, number)
        hub.fail(step, times=1, **fault)
        assert pusher.push_next()
        told.append(ledger.pushes.last_error(submission.id) or "")
    own = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("standings"))
    assert own.count("was not pushed") == len(STEPS) == len(list(filter(None, told)))
    assert TOKEN not in caplog.text + repr(pusher) + repr(vars(pusher))
    for text in (own, *told):
        assert not re.search(r"https?:|127\.0\.0\.1|localhost|/api/|signature", text)
    louder = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not any(signature in record.getMessage() for record in louder for signature in hub.signatures.values())


def test_a_hub_that_wants_the_token_elsewhere_does_not_get_it(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher
) -> None:
    submission = add(ledger, archives)
    elsewhere = hub.url.replace("127.0.0.1", "localhost")
    action = {"upload": {"href": f"{elsewhere}/lfs/x"}, "verify": {"href": f"{elsewhere}/take"}}
    objects = [{"oid": submission.evidence.sha256, "size": submission.evidence.size, "actions": action}]
    hub.fail("objects/batch", 200, body=json.dumps({"objects": objects}).encode())
    hub.fail("^/lfs/x", 200)
    assert pusher.push_next()
    assert hub.asked("/lfs/x")
    assert hub.asked("/take") == []
    assert "another host" in (ledger.pushes.last_error(submission.id) or "")


def test_what_cannot_be_a_token_is_refused_without_being_told(ledger: Ledger, archives: Folder) -> None:
    with pytest.raises(ValueError, match="token") as refusal:
        Pusher(ledger, archives, REQUESTS, "http://127.0.0.1:9", "hf_secret\n")
    assert "hf_secret" not in str(refusal.value)


async def test_a_running_pusher_pushes_what_comes_and_survives_failures(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, failing = ledger.pushes.claim, [True]

    def claimed(lease: timedelta) -> Submission | None:
        if failing:
            failing.pop()
            raise RuntimeError(TOKEN)
        return claim(lease)

    monkeypatch.setattr(ledger.pushes, "claim", claimed)
    monkeypatch.setattr("api.submissions.push.LONGEST_REST", 0.05)
    stop = asyncio.Event()
    running = asyncio.create_task(pusher.run(stop))
    add(ledger, archives)
    await until(lambda: len(pushed(requests)) == 1)
    await asyncio.sleep(0.1)
    add(ledger, archives, 2)
    await asyncio.to_thread(pusher.wake)
    await until(lambda: len(pushed(requests)) == 2)
    stop.set()
    await asyncio.wait_for(running, 2)
    pusher.wake()


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_a_pusher_that_is_stopped_ends_with_the_request_it_is_at(
    hub: FakeHub, requests: Repo, ledger: Ledger, archives: Folder, pusher: Pusher, clock: Clock, is_cancelled: bool
) -> None:
    submission = add(ledger, archives)
    hub.fail("objects/batch", delay=0.3, times=1)
    stop = asyncio.Event()
    running = asyncio.create_task(pusher.run(stop))
    await until(lambda: bool(hub.asked("objects/batch")))
    if is_cancelled:
        running.cancel()
    else:
        stop.set()
    await asyncio.wait({running}, timeout=2)
    assert running.done()
    await until(lambda: "stopped" in (ledger.pushes.last_error(submission.id) or ""))
    assert hub.asked("/commit/") == []
    again = Pusher(ledger, archives, REQUESTS, hub.url, TOKEN)
    assert await asyncio.to_thread(retry, again, clock)
    assert_pushed_once(requests, ledger)


async def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so() and time.monotonic() < end:  # noqa: ASYNC110 what is waited for happens in another thread
        await asyncio.sleep(0.01)
    assert is_so()
