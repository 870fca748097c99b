"""EASI's endpoints for submitting, in the order of checks and with the texts its clients know."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from api.rest.bodies import open_form, read_body
from api.rest.routes import Handler, both
from api.submissions.blobs import Blobs
from api.submissions.drafts import read_payload
from api.submissions.ids import read_submission_id, write_submission_id
from api.submissions.problems import Failed, Forbidden, Invalid, NotSignedIn, Problem, RateLimited, Refusal, Unknown
from api.submissions.service import NO_EVIDENCE, NOT_FOUND, Submissions, Taken
from api.submissions.visit import Visit
from warehouse.ledger.records import Person

NO_PAYLOAD = "Missing submission payload."
STATUSES: dict[type[Refusal], int] = {Invalid: 400, NotSignedIn: 401, Forbidden: 403, Unknown: 404, RateLimited: 429}
Work = Callable[[Request, Person], Awaitable[Response]]


class Submitting:
    """The endpoints; `blobs` are files sent ahead of their submission."""

    def __init__(self, submissions: Submissions, blobs: Blobs) -> None:
        self.submissions = submissions
        self.blobs = blobs

    def routes(self) -> list[Route]:
        """All of them, each with and without its last slash."""
        return [
            *both("/api/submit-with-file", {"POST": self.submits(self.submit_with_file, succeeds=True)}),
            *both("/api/submit", {"POST": self.submits(self.submit, succeeds=True)}),
            *both("/api/blob-upload", dict.fromkeys(("PUT", "POST"), self.submits(self.upload, succeeds=False))),
            *both("/api/evidence/{id}", {"GET": self.evidence}),
        ]

    def submits(self, work: Work, *, succeeds: bool) -> Handler:
        """What comes before anything is read: configuration, who asks, a slot. `succeeds`: answers have `success`."""

        async def answer(request: Request) -> Response:
            visit = Visit(self.submissions, request.scope)
            try:
                self.submissions.check_configuration()
                person = await visit.signed_in()
                await self.submissions.take_slot(person)
                return await work(request, person)
            except Refusal as refusal:
                return refuse(refusal, {"success": False} if succeeds else {})

        return answer

    async def submit_with_file(self, request: Request, person: Person) -> Response:
        """A form of `payload` (JSON) and `zipFile`, in any order."""
        async with open_form(request, self.submissions.evidence.temporary) as form:
            payload, file = form.first("payload"), form.first("zipFile")
            if payload is None or payload.text is None:
                raise invalid("payload", "PAYLOAD_REQUIRED", NO_PAYLOAD)
            draft = read_payload(payload.text)
            if file is None or file.file is None:
                raise Invalid([NO_EVIDENCE])
            return accept(await self.submissions.submit(person, draft, file.file))

    async def submit(self, request: Request, person: Person) -> Response:
        """The payload as JSON, with the address of a file that was sent ahead as `blobUrl`."""
        text = await read_body(request)
        draft = read_payload(text)
        address: Any = json.loads(text).get("blobUrl")
        file = await asyncio.to_thread(self.blobs.open, address, person) if isinstance(address, str) else None
        if file is None:
            raise Invalid([NO_EVIDENCE])
        try:
            return accept(await self.submissions.submit(person, draft, file))
        finally:
            file.path.unlink(missing_ok=True)

    async def upload(self, request: Request, person: Person) -> Response:
        """A form of `file`, which is kept for an hour."""
        async with open_form(request, self.submissions.evidence.temporary) as form:
            part = form.first("file")
            if part is None or part.file is None:
                raise Invalid([NO_EVIDENCE])
            await self.submissions.check_evidence(part.file)
            return JSONResponse({"url": await asyncio.to_thread(self.blobs.put, part.file, person)})

    async def evidence(self, request: Request) -> Response:
        """The evidence of a submission, as a download for who sent it and for maintainers."""
        visit = Visit(self.submissions, request.scope)
        try:
            viewer = await visit.signed_in()
            name = read_submission_id(request.path_params["id"])
            found = await self.submissions.find(viewer, name) if name else None
            if found is None or not self.submissions.may_see_all(viewer, found):
                raise Unknown(NOT_FOUND)
            path = self.submissions.evidence.open_path(found.evidence.sha256)
            if path is None:
                raise Failed("The evidence is not on this server.", "EVIDENCE_GONE")
        except Refusal as refusal:
            return refuse(refusal, {})
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        return FileResponse(
            path, media_type="application/zip", filename=f"{found.evidence.sha256[:16]}.zip", headers=headers
        )


def accept(taken: Taken) -> Response:
    """A submission was taken."""
    told: dict[str, Any] = {"success": True, "submissionId": write_submission_id(taken.submission.id)}
    if taken.warnings:
        told["warnings"] = [each.message for each in taken.warnings]
    return JSONResponse(told)


def refuse(refusal: Refusal, more: dict[str, Any]) -> Response:
    """Why something was refused: the first reason as EASI gives it, and all of them beside it."""
    status = refusal.status if isinstance(refusal, Failed) else STATUSES[type(refusal)]
    told: dict[str, Any] = {**more, "error": refusal.message, "code": refusal.code}
    headers = {"Cache-Control": "no-store"}
    if isinstance(refusal, Invalid):
        told["problems"] = [{"path": p.path, "code": p.code, "message": p.message} for p in refusal.problems]
    if isinstance(refusal, RateLimited):
        headers["Retry-After"] = str(refusal.seconds)
    if isinstance(refusal, Failed) and refusal.retry_seconds:
        headers["Retry-After"] = str(refusal.retry_seconds)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(told, status, headers)


def invalid(path: str, code: str, message: str) -> Invalid:
    return Invalid([Problem(path, code, message)])
