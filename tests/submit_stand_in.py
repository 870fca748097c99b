"""A stand-in for the server of the submit page, which answers by the schema for people in any state one may be in.

Cookies say who asks and what they have sent already; names of models say what becomes of a submission.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from graphql import GraphQLSchema, graphql_sync
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.pages.serving import read_pages
from warehouse.easi.facts import read_facts

SIGN_IN = "Your session has expired. Please sign in with HuggingFace again."


class Desk:
    """What one visit finds: its submissions, newest first, and how many more may be sent."""

    def __init__(self, who: str, holds: int) -> None:
        self.who = who
        self.left = 5
        self.submissions = [held(number) for number in range(holds, 0, -1)]
        self.gone = {"s9"}

    def root(self) -> dict[str, Any]:
        """The values of Query and Mutation."""
        return {
            "viewer": None if self.who == "nobody" else self.viewer(),
            "submissions": self.page,
            "submissionPreview": self.preview,
            "submitEvaluation": self.submit,
            "withdrawSubmission": self.withdraw,
            "reviewSubmission": self.review,
        }

    def viewer(self) -> dict[str, Any]:
        reset = None if self.left == 5 else soon()
        limit = {"limit": 5, "remaining": self.left, "windowSeconds": 7200, "resetAt": reset}
        return {
            "id": "v1",
            "name": "ada",
            "avatarUrl": None,
            "isMaintainer": self.who == "maintainer",
            "submissionLimit": limit,
            "submissions": self.page,
        }

    def page(
        self, info: object, first: int = 100, after: str | None = None, status: str | None = None
    ) -> dict[str, Any]:
        found = [each for each in self.submissions if status in (None, each["status"])]
        start = next((place + 1 for place, each in enumerate(found) if each["id"] == after), 0)
        nodes = found[start : start + first]
        end = nodes[-1]["id"] if nodes else None
        return {
            "totalCount": len(found),
            "nodes": nodes,
            "pageInfo": {"hasNextPage": start + first < len(found), "endCursor": end},
        }

    def preview(self, info: object, input: dict[str, Any]) -> dict[str, Any]:
        return preview(input)

    def submit(self, info: object, input: dict[str, Any]) -> dict[str, Any]:
        assert input["evidence"] == "a file"
        name = input["modelName"].removeprefix("stub/")
        if name in ANSWERS:
            self.left -= name == "invalid"
            return ANSWERS[name]
        self.left -= 1
        made = {**held(len(self.submissions) + 1), **input, "status": "PENDING"}
        made["scores"] = [{"variant": None, "subScores": [], **score} for score in input["scores"]]
        self.submissions.insert(0, made)
        return made

    def withdraw(self, info: object, id: str) -> dict[str, Any]:
        return self.decide(id, "WITHDRAWN")

    def decide(self, id: str, status: str) -> dict[str, Any]:
        found = next(each for each in self.submissions if each["id"] == id)
        if id in self.gone:
            return {"__typename": "NotFound", "code": "NOT_FOUND", "message": "There is no such submission."}
        found["status"] = status
        return found

    def review(self, info: object, id: str, decision: str, note: str | None = None) -> dict[str, Any]:
        if decision == "REJECT" and not note:
            return invalid(("note", "A rejection needs a note."))
        found = self.decide(id, {"APPROVE": "APPROVED", "REJECT": "REJECTED"}[decision])
        found.update(reviewNote=note, reviewedBy="ada", reviewedAt=soon())
        return found


def held(number: int) -> dict[str, Any]:
    """One submission: odd ones wait, and the last of a dozen; the second is approved, the others are rejected."""
    waits = number % 2 == 1 or number == 12
    return {
        "__typename": "Submission",
        "id": f"s{number}",
        "status": "PENDING" if waits else "APPROVED" if number == 2 else "REJECTED",
        "modelName": f"org/model-{number}",
        "modelType": "INSTRUCTION",
        "precision": "BFLOAT16",
        "revision": "main",
        "weightType": "ORIGINAL",
        "backend": "VLMEVALKIT",
        "remarks": "made by hand" if number == 5 else None,
        "submittedBy": "ada",
        "submittedAt": "2026-11-20T09:30:00+00:00",
        "reviewedBy": None if waits else "grace",
        "reviewedAt": None if waits else "2026-11-20T12:00:00+00:00",
        "reviewNote": None if waits else "The log of BLINK is missing.",
        "evidenceSha256": sha256(str(number).encode()).hexdigest(),
        "evidenceBytes": 1_234_567,
        "evidenceUrl": f"/api/evidence/s{number}",
        "scores": [
            {"benchmark": "blink", "variant": None, "value": 61.5, "subScores": [{"key": "counting", "value": 0}]}
        ],
        "warnings": [],
    }


def soon() -> str:
    return (datetime.now(UTC) + timedelta(minutes=23)).isoformat()


def invalid(*problems: tuple[str, str]) -> dict[str, Any]:
    told = [{"path": path, "message": text, "code": "WRONG", "blocking": True} for path, text in problems]
    return {"__typename": "SubmissionInvalid", "code": "INVALID", "message": problems[0][1], "problems": told}


ANSWERS: dict[str, dict[str, Any]] = {
    "invalid": invalid(
        ("modelName", 'Model "stub/invalid" was not found on HuggingFace.'),
        ("evidence", "ZIP contains disallowed file types: .exe"),
    ),
    "limited": {
        "__typename": "SubmissionRateLimited",
        "code": "RATE_LIMITED",
        "message": "You've reached the submission limit (5 per 2 hours).",
        "retryAt": soon(),
    },
    "failed": {
        "__typename": "SubmissionFailed",
        "code": "FAILED",
        "message": "Failed to upload your submission to the repository.",
    },
    "signed-out": {"__typename": "NotAuthenticated", "code": "NOT_AUTHENTICATED", "message": SIGN_IN},
}
BROKEN = {
    "garbled": Response("<h1>Bad gateway</h1>", 502, media_type="text/html"),
    "busy": Response("busy", 503, headers={"Retry-After": "7"}),
    "error": JSONResponse({"errors": [{"message": "an internal error"}]}, 500),
}


def preview(sent: dict[str, Any]) -> dict[str, Any]:
    """The rank is always the third; a number out of range is a problem, an incomplete EASI-8 a warning."""
    problems = [
        wrong for place, score in enumerate(sent["scores"]) for wrong in out_of_range(f"scores[{place}]", score)
    ]
    if not problems and {score["benchmark"] for score in sent["scores"]} < set(core()):
        text = "Of the 8 benchmarks of EASI-8 these have no score: SITE (site). It ranks by the mean of the others."
        problems = [{"path": "scores", "code": "INCOMPLETE", "message": text, "blocking": False}]
    if any(problem["blocking"] for problem in problems):
        return {"boards": [], "problems": problems}
    board = {"benchmark": {"name": "EASI-8", "displayName": "EASI-8"}, "rank": 3, "totalModels": 24, "value": 64.5}
    return {"boards": [board], "problems": problems}


def core() -> list[str]:
    return [one.id for one in read_facts().benchmarks.values() if one.core]


def out_of_range(path: str, score: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = [(f"{path}.value", score.get("value"))]
    parts += [(f"{path}.subScores[{at}].value", sub["value"]) for at, sub in enumerate(score.get("subScores") or ())]
    for place, value in parts:
        if value is not None and not -100 <= value <= 100:
            yield {
                "path": place,
                "code": "INVALID_SCORE",
                "message": "The score must be a number from -100 to 100.",
                "blocking": True,
            }


class StandIn:
    """The page's routes, with a GraphQL endpoint that keeps a `Desk` for each visit."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.desks: dict[str, Desk] = {}
        routes = [
            *read_pages(None).routes,
            Route("/graphql", self.answer, methods=["POST"]),
            Route("/api/auth/logout", self.leave, methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)

    async def answer(self, request: Request) -> Response:
        assert request.headers["graphql-require-preflight"] == "1"
        try:
            asked = await read(request)
        except ClientDisconnect:
            return Response(status_code=400)
        name = asked["variables"].get("input", {}).get("modelName", "").removeprefix("stub/")
        if name in BROKEN and asked["operationName"] == "SubmitEvaluation":
            return BROKEN[name]
        desk = self.desk(request.cookies)
        found = graphql_sync(
            self.schema,
            asked["query"],
            desk.root(),
            variable_values=asked["variables"],
            operation_name=asked["operationName"],
        )
        return JSONResponse(found.formatted)

    def desk(self, cookies: dict[str, str]) -> Desk:
        return self.desks.setdefault(cookies["visit"], Desk(cookies["who"], int(cookies["holds"])))

    async def leave(self, request: Request) -> Response:
        self.desk(request.cookies).who = "nobody"
        return PlainTextResponse("")


async def read(request: Request) -> dict[str, Any]:
    """The request of GraphQL in JSON, or in a multipart form, whose file becomes a text."""
    if request.headers["content-type"] == "application/json":
        return dict(await request.json())
    form = await request.form()
    asked = dict(json.loads(str(form["operations"])))
    assert json.loads(str(form["map"])) == {"0": ["variables.input.evidence"]}
    assert asked["variables"]["input"]["evidence"] is None
    asked["variables"]["input"]["evidence"] = "a file" if await form["0"].read() else "nothing"  # type: ignore[union-attr]
    return asked
