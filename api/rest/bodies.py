"""Bodies of requests, read within bounds; what cannot be read is refused with EASI's texts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.requests import Request

from api.submissions.problems import Invalid, Problem
from api.uploads import BadForm, Form, FormBounds, read_form

MOST_BODY = 2_000_000  # bytes of JSON
NOT_MULTIPART = "Invalid request. Expected multipart form data."
BAD_PAYLOAD = "Invalid submission payload."


@asynccontextmanager
async def open_form(request: Request, folder: Path) -> AsyncIterator[Form]:
    """The form that a request holds, with its files in a folder meanwhile. Raises `Invalid`."""
    try:
        form = await read_form(request.headers.get("content-type", ""), request.stream(), folder, FormBounds())
    except BadForm as error:
        text = f"{NOT_MULTIPART} {str(error)[:1].upper()}{str(error)[1:]}"
        raise Invalid([Problem("", "NOT_MULTIPART", text)]) from None
    async with form:
        yield form


async def read_body(request: Request) -> str:
    """The body as text. Raises `Invalid`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise _bad(f"It is larger than {MOST_BODY:,} bytes.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise _bad("It is not UTF-8.") from None


def _bad(why: str) -> Invalid:
    return Invalid([Problem("payload", "PAYLOAD_INVALID", f"{BAD_PAYLOAD} {why}")])
