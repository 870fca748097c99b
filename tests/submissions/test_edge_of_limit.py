"""Two processes of one server count tries exactly, push each submission once, and write no token anywhere."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.hub import LoopbackHub, Repo
from tests.serving import PROJECT, Server
from tests.submissions.archives import make_zip
from tests.submissions.office import PAYLOAD, PUSHER, REQUESTS, SUBMIT, as_input, payload

THREADS = 20
SECONDS = 20.0


class Watched(Server):
    """A server whose output is kept in a file."""

    def __init__(self, data_dir: Path, output: Path, **environment: str) -> None:
        super().__init__(data_dir, 2, **environment)
        self.output = output
        self.data_dir = data_dir
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.output.open("wb") as file:
            self._process = subprocess.Popen(
                self._command, cwd=PROJECT, env=self._environment, stdout=file, stderr=subprocess.STDOUT
            )


@pytest.fixture(scope="module")
def server(
    own_hub: LoopbackHub, requests_repo: Repo, sample_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("edge")
    data_dir = folder / "data"
    shutil.copytree(sample_dir, data_dir, ignore=shutil.ignore_patterns("ledger", "evidence", "*.parquet"))
    settings = {
        "STANDINGS_HUB_URL": own_hub.hub.url,
        "STANDINGS_REQUESTS_REPO": REQUESTS,
        "STANDINGS_HUB_TOKEN": PUSHER,
    }
    with Watched(data_dir, folder / "output", **settings) as running:
        yield running


class Client:
    """One connection of one person."""

    def __init__(self, server: Watched, token: str) -> None:
        self.url = server.url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, query: str) -> Any:
        answer = self.session.post(f"{self.url}/graphql", json={"query": query}, timeout=SECONDS)
        return answer.json()["data"]

    def send(self, given: dict[str, Any]) -> requests.Response:
        parts, files = {"payload": json.dumps(given)}, {"zipFile": ("a.zip", make_zip())}
        return self.session.post(f"{self.url}/api/submit-with-file/", data=parts, files=files, timeout=SECONDS)

    def mutate(self, given: dict[str, Any]) -> requests.Response:
        variables = {"input": {**as_input(given), "evidence": None}}
        parts = {
            "operations": json.dumps({"query": SUBMIT, "variables": variables}),
            "map": '{"0": ["variables.input.evidence"]}',
        }
        return self.session.post(f"{self.url}/graphql", data=parts, files={"0": ("a.zip", make_zip())}, timeout=SECONDS)


def connect(own_hub: LoopbackHub, server: Watched, name: str, count: int) -> list[Client]:
    """Connections of somebody new, to both processes: each of them has asked the Hub who that is."""
    token = f"hf_SecretOf{name}"
    own_hub.hub.add_person(token, name)
    clients: list[Client] = []
    deadline = time.monotonic() + SECONDS
    while len(clients) < count or len(asked_about(own_hub, token)) < 2:
        assert time.monotonic() < deadline, "all connections lead to one process"
        clients.append(Client(server, token))
        clients[-1].ask("{ viewer { name } }")
    return clients[-count:]


def asked_about(own_hub: LoopbackHub, token: str) -> list[Any]:
    return [each for each in own_hub.hub.asked("/api/whoami-v2") if each.token == token]


def at_once(work: list[Callable[[], requests.Response]]) -> list[requests.Response]:
    """What comes of all of it, begun by as many threads at the same time."""
    start = threading.Barrier(len(work))
    answers: list[requests.Response] = []

    def run(each: Callable[[], requests.Response]) -> None:
        start.wait()
        answers.append(each())

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(work)
    return answers


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it has not come to that"
        time.sleep(0.01)


def verdict(answer: requests.Response) -> str:
    """What became of a submission, whichever door it went by."""
    told = answer.json()
    if "data" in told:
        return str(told["data"]["submitEvaluation"]["__typename"])
    return {200: "Submission", 429: "SubmissionRateLimited"}[answer.status_code]


def test_of_twenty_at_once_by_both_doors_exactly_five_are_taken(own_hub: LoopbackHub, server: Watched) -> None:
    clients = connect(own_hub, server, "eager", THREADS)
    given = [payload(remarks=f"try {number}") for number in range(THREADS)]
    doors = [client.send if number % 2 else client.mutate for number, client in enumerate(clients)]
    answers = at_once([partial(door, one) for door, one in zip(doors, given, strict=True)])
    assert Counter(map(verdict, answers)) == {"Submission": 5, "SubmissionRateLimited": 15}
    for answer in answers:
        assert_says_when(answer)
    viewer = clients[0].ask("{ viewer { submissionLimit { remaining } submissions { totalCount } } }")["viewer"]
    assert viewer == {"submissionLimit": {"remaining": 0}, "submissions": {"totalCount": 5}}


def assert_says_when(answer: requests.Response) -> None:
    """A refusal says when the next try is taken."""
    if answer.status_code == 429:
        assert 7_000 < int(answer.headers["Retry-After"]) <= 7_200
    elif verdict(answer) == "SubmissionRateLimited":
        told = datetime.fromisoformat(answer.json()["data"]["submitEvaluation"]["retryAt"])
        assert timedelta(seconds=7_000) < told - datetime.now(UTC) <= timedelta(hours=2)


def test_the_same_submission_sent_five_times_at_once_is_one(own_hub: LoopbackHub, server: Watched) -> None:
    clients = connect(own_hub, server, "hasty", 5)
    answers = at_once([partial(client.send, PAYLOAD) for client in clients])
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.json()["submissionId"] for answer in answers}) == 1
    assert clients[0].ask("{ viewer { submissions { totalCount } } }") == {"viewer": {"submissions": {"totalCount": 1}}}


def test_two_processes_push_each_submission_once(own_hub: LoopbackHub, server: Watched, requests_repo: Repo) -> None:
    clients = connect(own_hub, server, "busy", 5)
    at_once([partial(client.send, payload(remarks=f"{number}")) for number, client in enumerate(clients)])
    wait_for(lambda: read_push_states(clients[0]) == ["PUSHED"] * 5)
    assert len([each for each in requests_repo.commits if each.title.endswith(" by busy")]) == 5
    assert len({path.split("/")[1] for path in requests_repo.commits[-1].files if path.startswith("busy/")}) == 5


def read_push_states(client: Client) -> list[str]:
    nodes = client.ask("{ viewer { submissions { nodes { pushState } } } }")["viewer"]["submissions"]["nodes"]
    return [node["pushState"] for node in nodes]


@pytest.mark.parametrize("path", ["/api/submit-with-file/", "/graphql", "/api/blob-upload"])
def test_a_connection_that_breaks_off_leaves_nothing(own_hub: LoopbackHub, server: Watched, path: str) -> None:
    token = "hf_SecretOf" + path.replace("/", "-")
    own_hub.hub.add_person(token, "leaver")
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 900000\r\n"
    part = '--b\r\nContent-Disposition: form-data; name="zipFile"; filename="a.zip"\r\n\r\nPK\x03\x04'
    request = f"{head}Content-Type: multipart/form-data; boundary=b\r\n\r\n{part}{'x' * 200_000}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(request.encode())
        wait_for(lambda: incoming(server) != [])
    wait_for(lambda: incoming(server) == [])


def incoming(server: Watched) -> list[Path]:
    return list((server.data_dir / "evidence" / "incoming").glob("*"))


def test_no_token_is_in_what_the_server_writes(own_hub: LoopbackHub, server: Watched) -> None:
    good, bad = connect(own_hub, server, "careful", 1)[0], Client(server, "hf_SecretOfNobody")
    answers = [good.send(PAYLOAD), good.mutate(payload(modelName="x")), bad.send(PAYLOAD), bad.mutate(PAYLOAD)]
    answers += [bad.session.get(f"{server.url}/api/auth/me"), good.session.get(f"{server.url}/api/auth/me")]
    assert [answer.status_code for answer in answers] == [200, 200, 401, 200, 401, 200]
    for answer in answers:
        assert "SecretOf" not in answer.text + str(answer.headers)
    written = [file for file in [server.output, *server.data_dir.rglob("*")] if file.is_file()]
    assert any("ledger" in str(file) for file in written)
    assert [file for file in written if b"SecretOf" in file.read_bytes()] == []
