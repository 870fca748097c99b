"""A service that takes submissions, beside a loopback Hub, with people who come by either door."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.submissions.opening import Desk
from tests.hub import FakeHub
from tests.submissions.archives import make_zip
from tests.warehouse.ledgers import POSTGRES, postgres_schema

MODEL = "lab/Model-1"
REQUESTS = "lab/requests"
PUSHER = "hf_SecretOfThePusher"
PAYLOAD: dict[str, Any] = {
    "modelName": MODEL,
    "modelType": "instruction",
    "precision": "bfloat16",
    "revision": "main",
    "weightType": "Original",
    "baseModel": "",
    "backend": "vlmevalkit",
    "remarks": "",
    "scores": {"vsi_bench": 88.5, "site": -3.25, "blink": None},
    "subScores": {"vsi_bench": {"object_counting": 61.25}},
}
SUBMIT = """
mutation Submit($input: SubmitEvaluationInput!) {
  submitEvaluation(input: $input) {
    __typename
    ... on Submission { id status warnings { code message } }
    ... on Problem { code message }
    ... on SubmissionInvalid { problems { path code message blocking } }
    ... on SubmissionRateLimited { retryAt }
  }
}
"""
SUBMITTED = """
  id status modelName modelType precision revision weightType baseModel backend remarks submittedBy reviewedBy reviewNote
  evidenceSha256 evidenceBytes evidenceUrl pushState scores { benchmark variant value subScores { key value } }
"""


@dataclass
class Office:
    """The running service."""

    client: TestClient
    hub: FakeHub
    data_dir: Path
    desk: Desk
    ledger_url: str | None = None
    people: int = field(default=0)

    def arrive(self, name: str | None = None, **profile: Any) -> dict[str, str]:
        """Somebody new with a token of the Hub: the headers of their requests."""
        self.people += 1
        name = name or f"person-{self.people}"
        self.hub.add_person(f"hf_{name}", name, **profile)
        return {"Authorization": f"Bearer hf_{name}"}

    def person_id(self, name: str) -> str:
        return str(self.hub.people[f"hf_{name}"]["id"])

    def send(
        self,
        who: dict[str, str],
        payload: Any = PAYLOAD,
        archive: bytes | None = None,
        path: str = "/api/submit-with-file/",
    ) -> Response:
        """As EASI's client sends it. A payload that is no object is sent as it is."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        file = ("easi_results.zip", make_zip() if archive is None else archive, "application/zip")
        return self.client.post(path, headers=who, data={"payload": text}, files={"zipFile": file})

    def mutate(self, who: dict[str, str], given: Any = None, archive: bytes | None = None) -> dict[str, Any]:
        """The same as a mutation; its outcome."""
        answer = self.post_multipart(who, given or as_input(PAYLOAD), archive)
        assert answer.status_code == 200, answer.text
        outcome: dict[str, Any] = answer.json()["data"]["submitEvaluation"]
        return outcome

    def post_multipart(self, who: dict[str, str], given: Any, archive: bytes | None = None) -> Response:
        operations = {"query": SUBMIT, "variables": {"input": {**given, "evidence": None}}}
        file = ("evidence.zip", make_zip() if archive is None else archive, "application/zip")
        parts = {"operations": json.dumps(operations), "map": '{"0": ["variables.input.evidence"]}'}
        return self.client.post("/graphql", headers=who, data=parts, files={"0": file})

    def ask(self, query: str, who: dict[str, str] | None = None, **variables: Any) -> Any:
        """The data of a request without errors."""
        answer = self.client.post("/graphql", headers=who or {}, json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def take(self, who: dict[str, str], **changed: Any) -> str:
        """The id of a submission that was taken."""
        answer = self.send(who, payload(**changed))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["submissionId"])

    def kept(self) -> list[str]:
        """The files of evidence, and what is left in other folders beside them."""
        return sorted(
            str(path.relative_to(self.data_dir)) for path in (self.data_dir / "evidence").rglob("*") if path.is_file()
        )


def payload(**changed: Any) -> dict[str, Any]:
    """The payload with some of it changed; what is `...` is left out."""
    merged = {**deepcopy(PAYLOAD), **changed}
    return {name: value for name, value in merged.items() if value is not ...}


def as_input(sent: dict[str, Any]) -> dict[str, Any]:
    """A payload as the input of the mutation."""
    scores = [
        {
            "benchmark": name,
            "value": value,
            "subScores": [{"key": key, "value": part} for key, part in sent.get("subScores", {}).get(name, {}).items()],
        }
        for name, value in sent["scores"].items()
    ]
    upper = {name: sent[name].upper() for name in ("modelType", "precision", "weightType", "backend")}
    plain = {name: sent[name] for name in ("modelName", "revision", "baseModel", "remarks")}
    return {**plain, **upper, "scores": scores}


@contextmanager
def some_ledger() -> Iterator[str | None]:
    """URL of a ledger in PostgreSQL where there is one for tests; null: the service's own, in SQLite."""
    if POSTGRES in os.environ:
        yield from postgres_schema()
    else:
        yield None


@contextmanager
def open_office(hub: FakeHub, store: Path, data_dir: Path, **settings: Any) -> Iterator[Office]:
    """The service on a copy of a data directory, with one model on the Hub."""
    if not data_dir.exists():
        shutil.copytree(store, data_dir, ignore=shutil.ignore_patterns("ledger", "evidence", "*.parquet"))
    if ("models", MODEL) not in hub.repos:
        hub.add_model(MODEL, {}, cardData={"license": "apache-2.0"})
    with some_ledger() if "ledger_url" not in settings else nullcontext(settings.pop("ledger_url")) as ledger_url:
        app = create_app(Settings(data_dir=data_dir, hub_url=hub.url, ledger_url=ledger_url, **settings))
        with TestClient(app, base_url="https://testserver") as client:
            yield Office(client, hub, data_dir, app.state.desk, ledger_url)
