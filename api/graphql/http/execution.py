"""A request that is taken, executed by the schema."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Hashable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import orjson
from graphql import ExecutionResult, OperationType

from api.engine import Engine
from api.graphql.carried import BOUNDS, find_snapshot
from api.graphql.context import Context
from api.graphql.errors import RequestError
from api.graphql.http.documents import Document
from api.graphql.http.errors import describe
from api.graphql.http.responses import Answer, Reply
from api.graphql.operations import Operations
from api.observing.record import under_way
from api.refused import Refused
from api.submissions.problems import Failed
from api.submissions.visit import Visit
from warehouse.pool import Busy
from warehouse.snapshot import Serving, Snapshot
from warehouse.store import StoreError

CHANGING = re.compile(r"\b(mutation|subscription)\b")  # no operation of these kinds goes without its word
log = logging.getLogger("standings.graphql")


@dataclass(frozen=True, slots=True)
class Question:
    """What is executed, on which snapshot, how it is answered, and whether by GET."""

    document: Document
    variables: dict[str, Any] | None
    operation_name: str | None
    snapshot: Snapshot
    reply: Reply
    reads: bool
    visit: Visit | None = None

    @property
    def key(self) -> Hashable:
        """What makes two questions have the same answer, byte for byte; null: that cannot be said."""
        try:
            variables = orjson.dumps(self.variables, option=orjson.OPT_SORT_KEYS) if self.variables else b""
        except orjson.JSONEncodeError:
            return None  # nested deeper than it writes
        reply = self.reply
        return (self.snapshot.id, self.document.id, variables, self.operation_name, reply.media_type, reply.coding)

    @property
    def may_change(self) -> bool:
        """Whether it may be more than a query, so that each who asks means it."""
        return CHANGING.search(self.document.text) is not None


class Execution:
    """Executes questions by operations of a schema. `engine` goes to `Context`."""

    def __init__(self, operations: Operations, serving: Serving, engine: Engine) -> None:
        self.operations = operations
        self.serving = serving
        self.engine = engine

    async def run(self, question: Question) -> Answer:
        """The answer to a question. Raises `Refused` where it is a mutation by GET, or too much is going on."""
        reply = question.reply
        context = Context(question.snapshot, self.engine, reply.request_id, question.visit)
        result = await self._execute(question, context)
        for error in result.errors or ():
            if isinstance(error.original_error, Busy):
                raise _busy(error.original_error)
            if isinstance(error.original_error, Failed):
                raise _failed(error.original_error)
        errors = [describe(error, reply.request_id) for error in result.errors or ()]
        reply = replace(reply, snapshot=context.snapshot.id)
        if result.data is None and errors and not any("path" in error for error in errors):
            return await reply.fail(errors, context.extensions)
        body = {"data": result.data, "errors": errors} if errors else {"data": result.data}
        return await reply.finish(body, 200, context.extensions, lasts=context.lasts and not errors)

    async def _execute(self, question: Question, context: Context) -> ExecutionResult:
        document = await self.operations.read(question.document.text)
        try:
            if document.syntax is None:
                return ExecutionResult(None, list(document.errors))
            operation = document.operation(question.operation_name)
            if not document.errors:
                question.reply.operation = under_way().operation = operation.name.value if operation.name else ""
            if question.reads and operation.operation is not OperationType.QUERY:
                message = f"a {operation.operation.value} cannot be sent by GET: use POST"
                raise Refused(405, "METHOD_NOT_ALLOWED", message, {"Allow": "POST"})
            has_bounds = any(bound in question.document.text for bound in BOUNDS)
            name = find_snapshot(document.syntax, operation, question.variables) if has_bounds else None
            async with self._chosen(name, question.snapshot) as context.snapshot:
                return await self.operations.run(document, question.operation_name, question.variables, context)
        except RequestError as error:
            return ExecutionResult(None, [error])

    @asynccontextmanager
    async def _chosen(self, name: str | None, newest: Snapshot) -> AsyncIterator[Snapshot]:
        """The snapshot to answer from: that of the request's cursors while it is kept, else the newest."""
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


def _busy(busy: Busy) -> Refused:
    return Refused(503, "BUSY", str(busy), {"Retry-After": "1"})


def _failed(failed: Failed) -> Refused:
    headers = {"Retry-After": str(failed.retry_seconds)} if failed.retry_seconds else {}
    return Refused(failed.status, failed.code, failed.message, headers)
