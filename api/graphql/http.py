"""GraphQL over HTTP, by the specification of that name."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import orjson
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from strawberry import Schema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.graphql.carried import find_snapshot
from api.graphql.context import Context
from api.graphql.errors import RequestError
from api.graphql.guide import GUIDE
from warehouse.snapshot import QueryTimeout, Serving, Snapshot
from warehouse.store import StoreError

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
ANY = (JSON, GRAPHQL_JSON)
SPOKEN = {JSON: (JSON,), GRAPHQL_JSON: (GRAPHQL_JSON,), "application/*": ANY, "*/*": ANY}
READING = ("GET", "HEAD")
MOST_BYTES = 1_000_000
MOST_OBJECTS = 1_000
log = logging.getLogger("standings.graphql")


@dataclass(frozen=True)
class Asked:
    """One GraphQL request as it came."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


@dataclass
class Refused(Exception):
    """A request that is no GraphQL request we take: its status, and why."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """How an answer is sent: as what, to which request, and from which snapshot (null: there is none yet)."""

    media_type: str
    request_id: str
    snapshot: str | None

    def send(self, body: dict[str, Any], status: int, extensions: dict[str, Any] | None = None) -> Response:
        """The body as JSON, with the snapshot's id among its `extensions`."""
        told = {"snapshot": self.snapshot, **(extensions or {})}
        headers = {
            "Content-Type": f"{self.media_type}; charset=utf-8",
            "Vary": "Accept",
            "X-Request-Id": self.request_id,
        }
        return Response(orjson.dumps({**body, "extensions": told}), status, headers)

    def refuse(self, refused: Refused) -> Response:
        """The answer to a request that is not taken."""
        error = RequestError(refused.code, refused.message)
        response = self.send({"errors": [dict(error.formatted)]}, refused.status)
        response.headers.update(refused.headers)
        return response


class GraphQLEndpoint:
    """Answers GET and POST of GraphQL requests from the snapshot that is served."""

    def __init__(self, schema: Schema, serving: Serving, threads: Any) -> None:
        self.schema = schema
        self.serving = serving
        self.threads = threads

    async def respond(self, request: Request) -> Response:
        """The answer to one HTTP request, whatever it is."""
        request_id = uuid.uuid4().hex
        if _wants_page(request):
            return HTMLResponse(GUIDE, headers={"Vary": "Accept"})
        reply = Reply(JSON, request_id, None)
        try:
            with self.serving.reading() as snapshot:
                reply = replace(reply, snapshot=snapshot.id if snapshot else None)
                reply = replace(reply, media_type=negotiate(request.headers))
                return await self._answer(request, await read_request(request), snapshot, reply)
        except Refused as refused:
            return reply.refuse(refused)
        except ClientDisconnect:
            raise
        except Exception:
            log.exception("request %s failed", request_id)
            return reply.refuse(Refused(500, "INTERNAL_SERVER_ERROR", _masked(request_id)))

    async def _answer(self, request: Request, asked: Asked, snapshot: Snapshot | None, reply: Reply) -> Response:
        if snapshot is None:
            raise Refused(503, "NOT_READY", "there is no snapshot yet: run `standings build`", {"Retry-After": "5"})
        allowed = {OperationType.QUERY} if request.method in READING else set(OperationType)
        context = Context(snapshot, self.threads, reply.request_id, asked.operation_name)
        result = await self._execute(asked, context, allowed)
        errors = [describe(error, reply.request_id) for error in result.errors or []]
        before_execution = isinstance(result, PreExecutionError) or (
            result.data is None and bool(errors) and not any("path" in error for error in errors)
        )
        body = ({} if before_execution else {"data": result.data}) | ({"errors": errors} if errors else {})
        status = 400 if before_execution and reply.media_type == GRAPHQL_JSON else 200
        return replace(reply, snapshot=context.snapshot.id).send(body, status, context.extensions)

    async def _execute(self, asked: Asked, context: Context, allowed: set[OperationType]) -> ExecutionResult:
        try:
            async with self._chosen(asked, context.snapshot) as context.snapshot:
                return await self.schema.execute(
                    asked.query,
                    variable_values=asked.variables,
                    context_value=context,
                    operation_name=asked.operation_name,
                    allowed_operation_types=allowed,
                )
        except RequestError as error:
            return PreExecutionError(data=None, errors=[error])
        except CannotGetOperationTypeError as error:
            unknown = RequestError("OPERATION_NOT_FOUND", error.as_http_error_reason())
            return PreExecutionError(data=None, errors=[unknown])
        except InvalidOperationTypeError as error:
            kind = error.operation_type.value
            raise Refused(
                405, "METHOD_NOT_ALLOWED", f"a {kind} cannot be sent by GET: use POST", {"Allow": "POST"}
            ) from None

    @asynccontextmanager
    async def _chosen(self, asked: Asked, newest: Snapshot) -> AsyncIterator[Snapshot]:
        """The snapshot to answer from: that of the request's cursors while it is kept, else the newest.

        Raises `RequestError` where the cursors are of several snapshots.
        """
        name = find_snapshot(asked.query, asked.variables, asked.operation_name)
        with ExitStack() as reading:
            snapshot = newest
            if name is not None and name != newest.id:
                try:
                    snapshot = await asyncio.wrap_future(reading.enter_context(self.serving.reading_kept(name)))
                except StoreError:
                    pass  # the newest refuses the cursor, at the field that has it
                except (OSError, duckdb.Error):
                    log.exception("snapshot %s is kept and cannot be opened", name)
            yield snapshot


async def read_request(request: Request) -> Asked:
    """The GraphQL request in an HTTP request. Raises `Refused`."""
    if request.method in READING:
        given: Any = dict(request.query_params)
        for name in ("variables", "extensions"):
            if name in given:
                given[name] = _parse(given[name].encode(), f"`{name}`")
    else:
        content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if content_type != JSON:
            raise Refused(
                415, "UNSUPPORTED_MEDIA_TYPE", f"send the request as {JSON}, not {content_type or 'nothing named'}"
            )
        given = _parse(await _read(request), "the body")
    return _check(given)


def _check(given: Any) -> Asked:
    if not isinstance(given, dict):
        raise Refused(400, "BAD_REQUEST", "the request must be one JSON object with `query`; batches are not taken")
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(query, str) or not query:
        raise Refused(400, "BAD_REQUEST", "`query` must be the text of a GraphQL document")
    for key, value, kind in (
        ("variables", variables, dict),
        ("extensions", given.get("extensions"), dict),
        ("operationName", name, str),
    ):
        if value is not None and not isinstance(value, kind):
            raise Refused(400, "BAD_REQUEST", f"`{key}` must be {'a text' if kind is str else 'an object'} or null")
    if _count_objects(variables) > MOST_OBJECTS:
        raise Refused(413, "TOO_LARGE", f"`variables` hold more than {MOST_OBJECTS:,} objects: ask in several requests")
    return Asked(query, variables, name or None)


def _count_objects(value: Any) -> int:
    """How many objects there are within a JSON value; to read one as an input costs far more than to send it."""
    found, within = 0, [value]
    while within:
        each = within.pop()
        if isinstance(each, dict):
            found += 1
            within.extend(each.values())
        elif isinstance(each, list):
            within.extend(each)
    return found


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(413, "TOO_LARGE", f"the body is larger than {MOST_BYTES:,} bytes")
    return bytes(body)


def _parse(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, "BAD_REQUEST", f"{what} is not JSON") from None


def negotiate(headers: Headers) -> str:
    """The media type to answer in: of those we speak the one the client prefers. Raises `Refused`."""
    accept = headers.get("accept", "").strip() or "*/*"
    ranges = [_quality(part) for part in accept.split(",")]
    refused = {name for name, quality in ranges if quality <= 0}
    for name, quality in sorted(ranges, key=lambda found: -found[1]):
        for spoken in SPOKEN.get(name, ()):
            if quality > 0 and spoken not in refused:
                return spoken
    raise Refused(406, "NOT_ACCEPTABLE", f"answers are {GRAPHQL_JSON} or {JSON}: accept one of them")


def _quality(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0


def describe(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as clients see it: with a code and its path, and nothing of our insides."""
    original = error.original_error
    if isinstance(original, QueryTimeout):
        found = GraphQLError(
            f"{original}: ask for less at once", error.nodes, path=error.path, extensions={"code": "TIMEOUT"}
        )
    elif original is None or isinstance(original, GraphQLError):
        found = error
        if "code" not in (found.extensions or {}):
            found.extensions = {**(found.extensions or {}), "code": _code(error)}
    else:
        log.error("request %s failed at %s", request_id, error.path, exc_info=original)
        found = GraphQLError(
            _masked(request_id), error.nodes, path=error.path, extensions={"code": "INTERNAL_SERVER_ERROR"}
        )
    return dict(found.formatted)


def _masked(request_id: str) -> str:
    return f"internal error; it is logged under request id {request_id}"


def _code(error: GraphQLError) -> str:
    if error.message.startswith("Syntax Error"):
        return "GRAPHQL_PARSE_FAILED"
    if error.message.startswith("Variable "):
        return "BAD_USER_INPUT"
    return "GRAPHQL_VALIDATION_FAILED"


def _wants_page(request: Request) -> bool:
    return (
        request.method in READING
        and "query" not in request.query_params
        and "text/html" in request.headers.get("accept", "")
    )
