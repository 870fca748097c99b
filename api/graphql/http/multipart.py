"""A request with files, by the GraphQL multipart request specification: `operations`, `map`, then the files."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
from starlette.types import Receive

from api.disconnects import Gone
from api.refused import Refused
from api.submissions.problems import Failed, Refusal
from api.submissions.visit import Visit
from api.uploads import BadForm, Form, FormBounds, StoredFile, read_form

MULTIPART = "multipart/form-data"
MOST_FILES = 10
DEEPEST = 10
MOST_UNKEPT = 2_000_000  # bytes that are read of who is not signed in
UNKEPT = StoredFile(Path(), 0, "", b"")  # stands for a file of a caller who is not signed in
SPECIFIED = "send `operations` (the request, with null for each file), then `map`, then the files"


async def read_multipart(content_type: str, receive: Receive, visit: Visit) -> Form:
    """The parts of a request. What a caller who is not signed in sends is not kept. Raises `Refused` and `Gone`."""
    submissions, stream = visit.submissions, _chunks(receive)
    folder = submissions.evidence.temporary
    try:
        person = await visit.person()
    except Refusal:
        person = None  # the resolver says why
    try:
        if person is None:
            bounds = FormBounds(body_bytes=MOST_UNKEPT)
            return await read_form(content_type, stream, folder, bounds, keep_files=False)
        with submissions.uploading(person):
            return await read_form(content_type, stream, folder, FormBounds())
    except BadForm as error:
        raise Refused(400, "BAD_REQUEST", f"this is no multipart request: {error}") from None
    except Failed as error:
        raise Refused(error.status, error.code, error.message, {"Retry-After": str(error.retry_seconds)}) from None


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message.get("body", b"")
        more = message.get("more_body", False)


def put_together(form: Form) -> Any:
    """The request in a form, with its files as values of its variables. Raises `Refused`."""
    request, places = _json(form, "operations"), _json(form, "map")
    if not isinstance(request, dict):
        raise Refused(400, "BAD_REQUEST", "`operations` must be one JSON object; batches are not taken")
    if not isinstance(places, dict) or len(places) > MOST_FILES:
        raise Refused(400, "BAD_REQUEST", f"`map` must be a JSON object of at most {MOST_FILES} files")
    for name, paths in places.items():
        part = form.first(name)
        if part is None or part.filename is None:
            raise Refused(400, "BAD_REQUEST", f"`map` names the file {name[:80]!r}, which was not sent: {SPECIFIED}")
        for path in paths if isinstance(paths, list) else [paths]:
            _put(request, path, part.file or UNKEPT)
    return request


def _json(form: Form, name: str) -> Any:
    part = form.first(name)
    if part is None or part.text is None:
        raise Refused(400, "BAD_REQUEST", f"the part `{name}` is missing: {SPECIFIED}")
    try:
        return orjson.loads(part.text)
    except orjson.JSONDecodeError:
        raise Refused(400, "BAD_REQUEST", f"`{name}` is not JSON") from None


def _put(request: dict[str, Any], path: object, file: StoredFile) -> None:
    """Put a file where the request has null."""
    parts = path.split(".") if isinstance(path, str) else []
    where: Any = request
    try:
        if parts[0] != "variables" or not 2 <= len(parts) <= DEEPEST:
            raise KeyError
        for part in parts[:-1]:
            where = where[int(part)] if isinstance(where, list) else where[part]
        last: Any = int(parts[-1]) if isinstance(where, list) else parts[-1]
        if where[last] is not None:
            raise KeyError
        where[last] = file
    except (KeyError, IndexError, ValueError, TypeError):
        told = str(path)[:80]
        raise Refused(
            400, "BAD_REQUEST", f"`map` names {told!r}, where the request has no null: name a variable, as "
            "`variables.input.evidence`"
        ) from None  # fmt: skip
