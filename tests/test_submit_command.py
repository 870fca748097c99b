"""Sending a submission by the command: what goes over the wire, what is tried again, and how it ends."""

import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import Result
from starlette.types import Receive, Scope, Send

from api.commands.delivery import Parcel, Server, Watcher, deliver
from etl.access import Waits
from tests.running import Run

pytest_plugins = ("tests.running",)

TOKEN = "hf_madeupfortests"
PAYLOAD = {
    "modelName": "small-lab/Tiny-1B", "modelType": "instruction", "precision": "bfloat16", "revision": "main",
    "weightType": "", "baseModel": "", "backend": "vlmevalkit", "remarks": "für Élise", "scores": {"blink": 50.5},
    "subScores": {"blink": {"counting": None}},
}  # fmt: skip
START_SECONDS = 10.0


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def parts(self) -> list[tuple[dict[str, str], bytes]]:
        """Headers (in lower case) and body of each part, in order."""
        boundary = self.headers["content-type"].removeprefix("multipart/form-data; boundary=")
        first, *parts, last = self.body.split(f"--{boundary}".encode())
        assert (first, last) == (b"", b"--\r\n")
        split = (part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n") for part in parts)
        return [
            (dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")), body) for head, _, body in split
        ]


@dataclass
class Recorder:
    """A server that records what arrives, and answers as told: (status, headers, body), None breaks off."""

    answers: list[tuple[int, dict[str, str], bytes] | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def answer(self, body: object, status: int = 200, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, headers, raw))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append(Request(scope["path"], headers, body))
        answer = self.answers.pop(0)
        status, more_headers, said = answer or (200, {}, b"{")
        length = len(said) if answer else 100
        raw = {"content-length": str(length), **more_headers}
        start = [(name.encode(), value.encode()) for name, value in raw.items()]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": said, "more_body": answer is None})


@pytest.fixture(scope="module")
def running() -> Iterator[Recorder]:
    recorder = Recorder()
    settings = uvicorn.Config(
        recorder, host="127.0.0.1", port=0, log_level="critical", lifespan="off", loop="asyncio", http="h11",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    recorder.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield recorder
    server.should_exit = True
    thread.join(START_SECONDS)


@pytest.fixture
def server(running: Recorder) -> Recorder:
    running.answers.clear()
    running.requests.clear()
    return running


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "results of mine.zip", 200_000)


def write_archive(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Tiny-1B/results.csv", b"x" * size)
    return path


Submit = Callable[..., Result]


@pytest.fixture
def submit(run: Run, server: Recorder, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Submit:
    """Runs the command on a payload; tries follow each other at once."""
    monkeypatch.setattr("api.commands.submit.WAITS", Waits(silence=5, answer=5, attempts=5, first=0.001, longest=0.002))
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)

    def invoke(payload: object = PAYLOAD, *words: object, url: str = server.url, **variables: str) -> Result:
        file = tmp_path / "payload.json"
        file.write_text(payload if isinstance(payload, str) else json.dumps(payload))
        result = run("submit", file, archive, "--url", url, *words, **{"HF_TOKEN": TOKEN, **variables})
        assert TOKEN not in result.output
        return result

    return invoke


def sent(server: Recorder) -> dict[str, Any]:
    """The payload of the only request."""
    (request,) = server.requests
    payload: dict[str, Any] = json.loads(request.parts()[0][1])
    return payload


def test_what_goes_over_the_wire_is_what_easis_client_sends(submit: Submit, server: Recorder, archive: Path) -> None:
    server.answer({"success": True, "submissionId": "sub_1"})

    result = submit()

    assert result.exit_code == 0, result.output
    assert f"small-lab/Tiny-1B was submitted to {server.url} as submission sub_1." in result.output
    (request,) = server.requests
    assert request.path == "/api/submit-with-file/"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-length"] == str(len(request.body))
    assert "transfer-encoding" not in request.headers
    assert re.fullmatch(r"multipart/form-data; boundary=[0-9a-f]+", request.headers["content-type"])
    (head, payload), (zip_head, content) = request.parts()
    assert head == {"content-disposition": 'form-data; name="payload"'}
    assert zip_head == {
        "content-disposition": 'form-data; name="zipfile"; filename="easi_results.zip"', "content-type": "application/zip",
    }  # fmt: skip
    assert b'name="zipFile"' in request.body
    assert json.loads(payload) == PAYLOAD
    assert list(json.loads(payload)) == list(PAYLOAD)
    assert rb"f\u00fcr \u00c9lise" in payload
    assert content == archive.read_bytes()


def test_options_fill_what_the_payload_lacks(submit: Submit, server: Recorder) -> None:
    server.answer({"success": True})
    words = ["--model-name", "small-lab/Tiny-1B", "--model-type", "RL", "--precision", "int8", "--revision", "v2"]
    words += ["--weight-type", "Adapter", "--base-model", "small-lab/Base", "--backend", "lmms-eval", "--remarks", "hm"]

    result = submit({"scores": {"blink": 1}}, *words)

    assert result.exit_code == 0, result.output
    assert sent(server) == {
        "modelName": "small-lab/Tiny-1B", "modelType": "rl", "precision": "int8", "revision": "v2",
        "weightType": "Adapter", "baseModel": "small-lab/Base", "backend": "lmmseval", "remarks": "hm",
        "scores": {"blink": 1}, "subScores": {},
    }  # fmt: skip


def test_an_option_goes_before_the_payload(submit: Submit, server: Recorder) -> None:
    server.answer({"success": True})
    assert submit({**PAYLOAD, "baseModel": None}, "--revision", "v2").exit_code == 0
    assert sent(server)["revision"] == "v2"
    assert sent(server)["baseModel"] == ""


def test_what_is_missing_of_easi_8_is_told_before_sending(submit: Submit, server: Recorder) -> None:
    server.answer({"success": True})
    result = submit({**PAYLOAD, "scores": {"blink_gpt-4o-1120": 1, "site": None, "vsi_bench": 0}})
    assert result.exit_code == 0
    missing = "MMSI-Bench, MindCube-Tiny, ViewSpatial, SITE, 3DSRBench, EmbSpatial"
    assert f"Warning: of EASI-8 these have no score: {missing}." in result.stderr


@pytest.mark.parametrize("status", [400, 401, 413, 429, 500, 503])
def test_a_refusal_is_exit_code_1_with_the_servers_words_and_no_second_try(
    submit: Submit, server: Recorder, status: int
) -> None:
    server.answer({"success": False, "error": "Please select a model type."}, status)
    result = submit()
    assert result.exit_code == 1
    assert f"HTTP {status}: Please select a model type." in result.output
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"success": False, "error": "no"}, "HTTP 200: no"),
        ({"error": 5}, 'HTTP 200: {"error": 5}'),
        ([1], "HTTP 200: [1]"),
        (b"<html>\x1b[31mhello</html>", "HTTP 200: <html> [31mhello</html>"),
        (b"[" * 100_000, "HTTP 200: " + "[" * 200 + "\n"),
        (b"\xff" * 2**21, "HTTP 200: "),
    ],
)
def test_a_reply_without_success_is_a_failure(submit: Submit, server: Recorder, body: object, words: str) -> None:
    server.answer(body)
    result = submit()
    assert result.exit_code == 1
    assert words in result.output
    assert "\x1b" not in result.output


def test_a_refusing_status_is_a_refusal_whatever_the_reply_says(submit: Submit, server: Recorder) -> None:
    server.answer({"success": True}, 400)
    result = submit()
    assert result.exit_code == 1
    assert "HTTP 400" in result.output


def test_a_redirect_is_not_followed(submit: Submit, server: Recorder) -> None:
    server.answer(b"", 307, location="https://elsewhere.example/api?token=1")
    result = submit()
    assert result.exit_code == 1
    assert "HTTP 307: redirects to https://elsewhere.example/api, which is not followed" in result.output
    assert len(server.requests) == 1


def test_a_broken_connection_is_tried_again_with_all_of_it(submit: Submit, server: Recorder) -> None:
    server.answers += [None, None]
    server.answer({"success": True})

    result = submit()

    assert result.exit_code == 0, result.output
    assert "try 2 of 5" in result.stderr
    assert "try 3 of 5" in result.stderr
    first, *others = [[body for _, body in request.parts()] for request in server.requests]
    assert others == [first, first]


def test_five_tries_are_made(submit: Submit, server: Recorder) -> None:
    server.answers += [None] * 6
    result = submit()
    assert result.exit_code == 1
    assert "tried 5 times" in result.output
    assert len(server.requests) == 5


def test_a_server_that_is_not_there_is_exit_code_1(submit: Submit) -> None:
    result = submit(url="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "could not be reached (ConnectError); tried 5 times" in result.output


def test_between_tries_the_wait_doubles_up_to_its_bound(
    server: Recorder, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers += [None] * 4
    server.answer({"success": True})
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    watcher = Watcher(lambda sent: None, lambda number, failure: None)
    deliver(Server(server.url, TOKEN), Parcel("{}", archive), watcher)
    assert [seconds for seconds in slept if seconds >= 1] == [5, 10, 20, 40]


def test_progress_reaches_the_size_of_the_archive(server: Recorder, archive: Path) -> None:
    server.answer({"success": True})
    seen: list[int] = []
    watcher = Watcher(seen.append, lambda number, failure: None)
    deliver(Server(server.url, TOKEN), Parcel("{}", archive), watcher)
    assert len(seen) > 3
    assert sorted(seen) == seen
    assert seen[-1] == archive.stat().st_size


def test_progress_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from api.commands.submit import watching

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with watching(1000) as watcher:
        watcher.sent(500)
    assert "sending" in terminal.getvalue()


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("{", "it is not JSON"),
        ('{"scores": {"blink": NaN}}', "it holds NaN"),
        ('{"scores": {"blink": -Infinity}}', "it holds -Infinity"),
        ('{"scores": ' + "[" * 100_000, "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ({**PAYLOAD, "model_name": "x"}, "unknown keys (model_name)"),
        ({**PAYLOAD, "modelName": "Tiny-1B"}, "it must be like org/name"),
        ({**PAYLOAD, "modelName": ""}, "`modelName` is empty: give it, or --model-name"),
        ({**PAYLOAD, "modelType": ""}, "`modelType` is empty: give it, or --model-type"),
        ({**PAYLOAD, "precision": None}, "`precision` is empty: give it, or --precision"),
        ({**PAYLOAD, "remarks": 5}, "`remarks` is not a text"),
        ({**PAYLOAD, "scores": {}}, "no score that is not null"),
        ({**PAYLOAD, "scores": {"blink": None}}, "no score that is not null"),
        ({**PAYLOAD, "scores": [1]}, "must be objects"),
        ({**PAYLOAD, "scores": {"blink": True}}, "`blink` is neither a finite number nor null"),
        (json.dumps(PAYLOAD).replace("50.5", "1e400"), "`blink` is neither a finite number nor null"),
        ({**PAYLOAD, "subScores": {"blink": {"counting": "5"}}}, "`blink.counting` is neither"),
        ({**PAYLOAD, "subScores": {"blink": 5}}, "`blink.*` is neither"),
        ({**PAYLOAD, "scores": {str(number): 1 for number in range(1001)}}, "more than 1,000"),
        (" " * (4 * 2**20 + 1), "larger than"),
    ],
)  # fmt: skip
def test_a_payload_that_would_be_refused_is_wrong_use_and_nothing_is_sent(
    submit: Submit, server: Recorder, payload: object, words: str
) -> None:
    result = submit(payload)
    assert result.exit_code == 2, result.output
    assert words in " ".join(result.output.split())
    assert server.requests == []


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_an_archive_that_is_none_is_wrong_use(submit: Submit, server: Recorder, archive: Path, content: bytes) -> None:
    archive.write_bytes(content)
    result = submit()
    assert result.exit_code == 2
    assert "is not a zip" in result.output
    assert server.requests == []


def test_an_archive_above_20_mib_is_wrong_use(submit: Submit, server: Recorder, archive: Path) -> None:
    write_archive(archive, 20 * 2**20)
    result = submit()
    assert result.exit_code == 2
    assert "where at most 20,971,520 are taken" in result.output
    assert server.requests == []


def test_an_archive_that_is_not_there_is_wrong_use(submit: Submit, archive: Path) -> None:
    archive.unlink()
    assert submit().exit_code == 2


@pytest.mark.parametrize(
    "url",
    ["http://leaderboard.example", "http://127.0.0.1.example", "ftp://127.0.0.1", "https://me:pass@leaderboard.example", "https://", "here"],
)  # fmt: skip
def test_a_token_is_not_sent_by_plain_http_nor_to_an_odd_address(submit: Submit, url: str) -> None:
    result = submit(url=url)
    assert result.exit_code == 2
    assert "--url" in result.output


def test_a_proxy_does_not_see_what_is_meant_for_this_machine(submit: Submit, server: Recorder) -> None:
    server.answer({"success": True})
    assert submit(PAYLOAD, HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9").exit_code == 0


def test_without_hf_token_the_hubs_login_is_used(
    submit: Submit, server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = submit(PAYLOAD, HF_TOKEN="")
    assert missing.exit_code == 2
    assert "set HF_TOKEN, or sign in by `hf auth login`" in missing.output

    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_ofthelogin")
    server.answer({"success": True})
    assert submit(PAYLOAD, HF_TOKEN="").exit_code == 0
    assert server.requests[0].headers["authorization"] == "Bearer hf_ofthelogin"


def test_a_token_that_is_none_is_wrong_use_and_not_shown(submit: Submit, server: Recorder) -> None:
    result = submit(PAYLOAD, HF_TOKEN="hf_with\nnewline")
    assert result.exit_code == 2
    assert "newline" not in result.output
    assert server.requests == []


def test_the_token_is_not_in_a_repr() -> None:
    assert TOKEN not in repr(Server("https://leaderboard.example", TOKEN))


def test_the_address_can_be_given_in_the_environment(
    run: Run, submit: Submit, server: Recorder, archive: Path, tmp_path: Path
) -> None:
    server.answer({"success": True})
    (tmp_path / "payload.json").write_text(json.dumps(PAYLOAD))
    assert run("submit", "payload.json", archive, STANDINGS_URL=server.url, HF_TOKEN=TOKEN).exit_code == 0
    assert len(server.requests) == 1
