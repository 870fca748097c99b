"""Around every request: its id, how it was answered, and one line in the log."""

import asyncio
import logging
import re
import time
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.accounts.redaction import redact
from api.observing.observer import Observer
from api.observing.record import UNDER_WAY, Record, new_id

WELL_FORMED = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")
ID = b"x-request-id"
HEADERS = (b"traceparent", b"tracestate")
LONGEST_PATH = 500
GONE = 499  # what proxies say of a client that left before it was answered
NO_ROUTE = "other"
access = logging.getLogger("standings.access")
log = logging.getLogger("standings")


class Observing:
    """An ASGI application around another one.

    A request keeps the `X-Request-ID` it came with where that is well-formed, else it is given one; the answer has it
    too. What nobody has foreseen is answered 500 with the id, under which it is logged; what is cancelled, 503.
    """

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self.app = app
        self.observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        record = Record(read_id(scope), scope["method"], self.observer)
        answer = Answering(record, send)
        token = UNDER_WAY.set(record)
        started = time.perf_counter()
        try:
            with self.observer.request(record, _carried(scope)):
                try:
                    await self._answer(scope, receive, answer)
                finally:
                    seconds = time.perf_counter() - started
                    self.observer.finish(record, _route(scope), answer.status, seconds)
                    _log(scope, record, answer, seconds)
        finally:
            UNDER_WAY.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, answer: "Answering") -> None:
        try:
            await self.app(scope, receive, answer.send)
        except asyncio.CancelledError:  # a server that stops gives up what takes too long; nobody waits above
            log.warning("request %s was given up: the server stops", answer.record.id)
            await answer.end(503, "the server stops: ask again in a moment", (b"retry-after", b"1"))
        except Exception:
            log.exception("request %s failed", answer.record.id)
            await answer.end(500, f"internal error; it is logged under request id {answer.record.id}")


class Answering:
    """The answer to a request, as it is sent: its status, 499 before there is one, and bytes of its body."""

    def __init__(self, record: Record, send: Send) -> None:
        self.record = record
        self.status = GONE
        self.bytes = 0
        self._send = send

    async def send(self, message: Message) -> None:
        """Pass on a message, the first with the request's id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), (ID, self.record.id.encode())]
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)

    async def end(self, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
        """Answer by a text, unless an answer has begun."""
        if self.status != GONE:
            return
        kind = (b"content-type", b"text/plain; charset=utf-8")
        length = (b"content-length", b"%d" % len(text))
        await self.send({"type": "http.response.start", "status": status, "headers": [kind, length, *headers]})
        await self.send({"type": "http.response.body", "body": text.encode()})


def read_id(scope: Scope) -> str:
    """The id that a client gave its request, where it is one and no token; else a new one."""
    given = next((value for name, value in scope["headers"] if name == ID), None)
    if given is None or not WELL_FORMED.fullmatch(given):
        return new_id()
    text = str(given, "ascii")
    return text if redact(text) == text else new_id()


def _carried(scope: Scope) -> dict[str, str]:
    return {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in HEADERS}


def _route(scope: Scope) -> str:
    """The path of the route that was taken, of which there are as many as the application has."""
    path: str = getattr(scope.get("route"), "path", "") or NO_ROUTE
    return path.rstrip("/") or "/"


def _log(scope: Scope, record: Record, answer: Answering, seconds: float) -> None:
    if not access.isEnabledFor(logging.INFO):
        return
    method, path = scope["method"], quote(scope["path"][:LONGEST_PATH])
    client = scope.get("client")
    fields = {
        "method": method,
        "path": path,
        "status": answer.status,
        "milliseconds": round(1_000 * seconds, 2),
        "bytes": answer.bytes,
        "operation": record.operation_label,
        "cost": record.cost,
        "snapshot": record.snapshot,
        "client": client[0] if client else None,
    }
    told = {name: value for name, value in fields.items() if value is not None}
    access.info("%s %s %d", method, path, answer.status, extra={"fields": told})
