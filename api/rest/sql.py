"""SQL over HTTP: one reading statement, in a sandbox of its snapshot, answered piece by piece."""

import asyncio
import logging
from collections.abc import AsyncIterator

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.disconnects import Gone, attended
from api.encodings import ENCODERS, KNOWN, SMALL, Coding, read_coding
from api.observing.record import asking, under_way
from api.refused import Refused
from api.rest.sql_requests import MEDIA_TYPES, Asked, read_asked
from api.tags import holds_tag
from warehouse.pool import Busy
from warehouse.sandbox.limits import SandboxFailed, TooLarge, WrongStatement
from warehouse.sandbox.sandboxes import Answered, Sandboxes
from warehouse.snapshot import Serving
from warehouse.store import Published, StoreError
from warehouse.watch import QueryTimeout

STALLED_SECONDS = 60.0  # in which a whole answer must be taken
CODED = ("json", "csv", "arrow")  # Parquet is compressed already
VARY = {"Vary": "Accept, Accept-Encoding"}
log = logging.getLogger("standings.rest")


class SqlEndpoint:
    """An ASGI application that answers statements by GET and POST from the snapshots of a store.

    `max_age` is how many seconds others may keep an answer to GET.
    """

    def __init__(self, serving: Serving, sandboxes: Sandboxes, max_age: int) -> None:
        self.serving = serving
        self.sandboxes = sandboxes
        self.max_age = max_age

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, whatever it is."""
        response = Response(scope, send, self.max_age)
        try:
            await self._answer(scope, receive, response)
        except Gone:
            return
        except Refused as refused:
            await response.refuse(refused)
        except TimeoutError:
            log.info("an answer of SQL was left: it was not taken in %g seconds", STALLED_SECONDS)
        except SandboxFailed:
            record = under_way()
            log.exception("request %s failed", record.id)
            message = f"internal error; it is logged under request id {record.id}"
            await response.refuse(Refused(500, "INTERNAL_SERVER_ERROR", message))

    async def _answer(self, scope: Scope, receive: Receive, response: "Response") -> None:
        headers = dict(Headers(scope=scope))
        coding = read_coding(headers.get("accept-encoding", ""))
        if coding is None:
            raise Refused(406, "NOT_ACCEPTABLE", f"answers are coded as {', '.join(KNOWN)} or not at all: accept one")
        asked = await read_asked(scope, receive, headers)
        published = self._find(asked.snapshot)
        record = under_way()
        record.operation, record.snapshot = "sql", published.id
        with attended(receive):
            try:
                with asking(asked.question.query):
                    async with self.sandboxes.answering(published.file, asked.question) as answered:
                        await response.send(answered, asked, published.id, coding)
            except (WrongStatement, TooLarge, QueryTimeout, Busy) as error:
                raise _refused(error) from error

    def _find(self, snapshot: str | None) -> Published:
        try:
            if snapshot is not None:
                return self.serving.store.find(snapshot)
            with self.serving.reading() as current:
                if current is not None:
                    return self.serving.store.find(current.id)
        except StoreError:
            text = f"there is no snapshot {(snapshot or '')[:80]!r} here: `/warehouse` lists what there is"
            raise Refused(404, "NO_SNAPSHOT", text) from None
        raise Refused(503, "NOT_READY", "there is no snapshot yet: run `standings build`", {"Retry-After": "5"})


class Response:
    """The answer to one request, from its head to its last byte."""

    def __init__(self, scope: Scope, send: Send, max_age: int) -> None:
        self._reads = scope["method"] != "POST"
        self._bodiless = scope["method"] == "HEAD"
        self._told = Headers(scope=scope).get("if-none-match", "")
        self._max_age = max_age
        self._send = send
        self._begun = False

    async def send(self, answered: Answered, asked: Asked, snapshot: str, coding: Coding) -> None:
        """Send rows as they come. Raises `TimeoutError` where the client does not take them."""
        form, found = asked.question.form, answered.found
        coded = coding.name if form in CODED and (found.bytes >= SMALL or coding.required) else None
        tag = f'"{found.tag}{f"-{coded}" if coded else ""}"'
        headers = {**VARY, "X-Standings-Snapshot": snapshot, "X-Content-Type-Options": "nosniff"}
        headers |= self._lasting(tag)
        if self._reads and holds_tag(self._told, tag):
            return await self._begin(304, headers, b"")
        headers["Content-Type"] = MEDIA_TYPES[form] + ("; charset=utf-8; header=present" if form == "csv" else "")
        headers |= {"Content-Encoding": coded} if coded else {"Content-Length": str(found.bytes)}
        if asked.saved:
            headers["Content-Disposition"] = f'attachment; filename="standings.{form}"'
        if self._bodiless:
            return await self._begin(200, headers, b"")
        await self._begin(200, headers)
        async with asyncio.timeout(STALLED_SECONDS):
            async for part in _coded(answered.parts, coded):
                await self._send({"type": "http.response.body", "body": part, "more_body": True})
            await self._send({"type": "http.response.body", "body": b""})
        return None

    async def refuse(self, refused: Refused) -> None:
        """Say why there is no answer; one that has begun is left as it is, and so cut off by the server."""
        if self._begun:
            return
        body = orjson.dumps({"error": {"code": refused.code, "message": refused.message}})
        headers = {**VARY, "Content-Type": "application/json", "Cache-Control": "no-store", **refused.headers}
        await self._begin(
            refused.status, {**headers, "Content-Length": str(len(body))}, b"" if self._bodiless else body
        )

    def _lasting(self, tag: str) -> dict[str, str]:
        if not self._reads:
            return {"Cache-Control": "no-store"}
        return {"ETag": tag, "Cache-Control": f"public, max-age={self._max_age}"}

    async def _begin(self, status: int, headers: dict[str, str], body: bytes | None = None) -> None:
        """Send the head, and where there is nothing more to come, the body."""
        self._begun = True
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
        if body is not None:
            await self._send({"type": "http.response.body", "body": body})


async def _coded(parts: AsyncIterator[bytes], coding: str | None) -> AsyncIterator[bytes]:
    if coding is None:
        async for part in parts:
            yield part
        return
    encoder = ENCODERS[coding]()
    async for part in parts:
        if coded := encoder.compress(part):
            yield coded
    yield encoder.flush()


def _refused(error: Exception) -> Refused:
    match error:
        case Busy():
            return Refused(503, "BUSY", str(error), {"Retry-After": "1"})
        case QueryTimeout():
            return Refused(408, "TIMEOUT", f"{error}: read less, or ask in parts")
        case TooLarge():
            return Refused(413, "TOO_LARGE", str(error))
        case WrongStatement():
            return Refused(400, error.code, str(error))
    raise error
