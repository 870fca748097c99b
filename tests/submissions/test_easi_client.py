"""EASI's own client, as it sends by `requests` and reads what comes back, against a real server."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from api.app import create_app
from api.settings import Settings
from tests.hub import LoopbackHub
from tests.submissions.archives import make_zip
from tests.submissions.office import MODEL, PAYLOAD, payload

TIMEOUT = 120
TOKEN = "hf_scripts"


@pytest.fixture(scope="module")
def port(own_hub: LoopbackHub, sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where uvicorn serves the sample, in a thread of this process."""
    data_dir = tmp_path_factory.mktemp("client") / "data"
    shutil.copytree(sample_dir, data_dir, ignore=shutil.ignore_patterns("ledger", "evidence", "*.parquet"))
    own_hub.hub.add_person(TOKEN, "scripts")
    own_hub.hub.add_model(MODEL, {}, cardData={"license": "mit"})
    app = create_app(Settings(data_dir=data_dir, hub_url=own_hub.hub.url))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(TIMEOUT)


def submit(port: int, tmp_path: Path, given: dict[str, Any], token: str | None = TOKEN) -> str:
    """What EASI's tool prints at its end."""
    archive = tmp_path / "easi_results.zip"
    archive.write_bytes(make_zip())
    with archive.open("rb") as file:
        answer = requests.post(
            f"http://127.0.0.1:{port}/api/submit-with-file/",
            headers={"Authorization": f"Bearer {token}", "Host": "easi.lmms-lab.com"},
            data={"payload": json.dumps(given)},
            files={"zipFile": (archive.name, file, "application/zip")},
            timeout=TIMEOUT,
        )
    try:
        told = answer.json()
    except ValueError:
        told = {}
    if answer.ok and told.get("success"):
        return "Submission: Submitted successfully"
    return f"Submission failed: HTTP {answer.status_code}: {told.get('error') or answer.text[:200]}"


def test_easis_client_submits(port: int, tmp_path: Path) -> None:
    assert submit(port, tmp_path, PAYLOAD) == "Submission: Submitted successfully"


def test_unset_texts_come_empty_and_stand_for_the_defaults(port: int, tmp_path: Path) -> None:
    bare = payload(revision="", weightType="", baseModel="", remarks="", subScores={})
    assert submit(port, tmp_path, bare) == "Submission: Submitted successfully"


def test_easis_client_reads_why_it_was_refused(port: int, tmp_path: Path) -> None:
    said = submit(port, tmp_path, payload(modelName="nobody/Nothing"))
    assert said.startswith('Submission failed: HTTP 400: Model "nobody/Nothing" was not found on HuggingFace.')
    said = submit(port, tmp_path, PAYLOAD, token="hf_expired")
    assert said == "Submission failed: HTTP 401: Your session has expired. Please sign in with HuggingFace again."
    nan = payload(scores={"spar_bench": float("nan")})
    assert submit(port, tmp_path, nan).startswith("Submission failed: HTTP 400: Invalid submission payload.")


def test_a_body_without_its_length_is_taken(port: int) -> None:
    body = requests.Request(
        "POST", "http://127.0.0.1", data={"payload": json.dumps(PAYLOAD)}, files={"zipFile": ("a.zip", make_zip())}
    ).prepare()
    chunks = iter([body.body[:100], body.body[100:]])  # type: ignore[index]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": body.headers["Content-Type"]}
    answer = requests.post(
        f"http://127.0.0.1:{port}/api/submit-with-file", data=chunks, headers=headers, timeout=TIMEOUT
    )
    assert answer.json()["success"] is True
