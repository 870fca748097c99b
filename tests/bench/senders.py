"""People who submit results in the soak, and the maintainer who decides on them."""

import json
import threading
from random import Random
from typing import Any

import httpx2

from tests.bench.clients import Act, Site, Wrong, data
from tests.hub import FakeHub
from tests.submissions.archives import make_zip

MODEL, REQUESTS, PUSHER = "lab/Model-1", "lab/requests", "hf_pusher"
MAINTAINER, MAINTAINER_ID = "hf_maintainer", "b" * 24
EACH = 5  # submissions of one person before they are refused
REVIEW = """
mutation ($id: ID!, $decision: ReviewDecision!) {
  reviewSubmission(id: $id, decision: $decision) { __typename ... on Submission { status } }
}
"""
WITHDRAW = "mutation ($id: ID!) { withdrawSubmission(id: $id) { __typename ... on Submission { status } } }"


def fill(hub: FakeHub) -> None:
    """The model, the dataset that submissions go to, and who may decide."""
    hub.add_model(MODEL, {}, cardData={"license": "mit"})
    hub.add_person(MAINTAINER, "max", id=MAINTAINER_ID)
    hub.add_person(PUSHER, "pusher")
    hub.let_write(PUSHER, hub.add_dataset(REQUESTS, {}, private=True))


class Senders:
    """Everybody who sends; `taken` are the ids of submissions that the server said it has."""

    def __init__(self, site: Site, hub: FakeHub) -> None:
        self.taken: list[str] = []
        self._site = site
        self._hub = hub
        self._waiting: list[tuple[str, str]] = []
        self._people = 0
        self._lock = threading.Lock()

    def submitting(self) -> Act:
        """One person after the other, each until they are refused."""
        sent, token = [EACH + 1], [""]

        def act(client: httpx2.Client, random: Random) -> None:
            if sent[0] > EACH:
                sent[0], token[0] = 0, self._arrive()
            sent[0] += 1
            self._send(client, token[0], random, is_last=sent[0] > EACH)

        return act

    def deciding(self, client: httpx2.Client, random: Random) -> None:
        """Approve, reject, or let who sent it withdraw it."""
        with self._lock:
            if not self._waiting:
                return
            token, submission = self._waiting.pop(random.randrange(len(self._waiting)))
        what = random.choice(("APPROVE", "APPROVE", "REJECT", "WITHDRAW"))
        if what == "WITHDRAW":
            found = data(client, WITHDRAW, {"id": submission}, Authorization=f"Bearer {token}")["withdrawSubmission"]
        else:
            variables = {"id": submission, "decision": what}
            found = data(client, REVIEW, variables, Authorization=f"Bearer {MAINTAINER}")["reviewSubmission"]
        if found["__typename"] != "Submission":
            raise Wrong(json.dumps(found))
        self._site.tally.add("decision", found["status"].lower())

    def _arrive(self) -> str:
        with self._lock:
            self._people += 1
            token = f"hf_person{self._people}"
            self._hub.add_person(token, f"person-{self._people}")
        return token

    def _send(self, client: httpx2.Client, token: str, random: Random, *, is_last: bool) -> None:
        files: dict[str, Any] = {
            "payload": (None, json.dumps(_payload(random))),
            "zipFile": ("easi_results.zip", make_zip(), "application/zip"),
        }
        answer = client.post("/api/submit-with-file/", files=files, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == 200:
            with self._lock:
                self.taken.append(answer.json()["submissionId"])
                self._waiting.append((token, answer.json()["submissionId"]))
            self._site.tally.add("submission", "taken")
        elif answer.status_code == 429:
            self._site.tally.add("submission", "refused: too many")
        else:
            raise Wrong(f"{answer.status_code}: {answer.text[:300]}")
        if is_last and answer.status_code == 200 and not self._was_cut():
            raise Wrong(f"{EACH + 1} submissions of one person were taken")

    def _was_cut(self) -> bool:
        """Whether any submission broke off, and so may not have counted."""
        return self._site.tally.counts["submission", "cut off by a kill"] > 0


def _payload(random: Random) -> dict[str, Any]:
    return {
        "modelName": MODEL, "modelType": "instruction", "precision": "bfloat16", "revision": "main",
        "weightType": "Original", "baseModel": "", "backend": "vlmevalkit", "remarks": "",
        "scores": {"vsi_bench": round(random.uniform(0, 100), 4), "blink": None}, "subScores": {},
    }  # fmt: skip
