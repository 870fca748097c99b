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
from strawberry import Schema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.graphql.carried import find_snapshot
from api.graphql.context import Context
from api.graphql.errors import RequestError
from api.graphql.http.documents import Document
from api.graphql.http.errors import describe
from api.graphql.http.requests import Refused
from api.graphql.http.responses import Answer, Reply
from warehouse.pool import Busy
from warehouse.snapshot import Serving, Snapshot
from warehouse.store import StoreError

READS, ALL = frozenset({OperationType.QUERY}), frozenset(OperationType)
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
    """Executes questions by a schema. `engine` goes to `Context`."""

    def __init__(self, schema: Schema, serving: Serving, engine: Any) -> None:
        self.schema = schema
        self.serving = serving
        self.engine = engine

    async def run(self, question: Question) -> Answer:
        """The answer to a question. Raises `Refused` where it is a mutation by GET, or too much is going on."""
        reply = question.reply
        context = Context(question.snapshot, self.engine, reply.request_id, question.operation_name)
        result = await self._execute(question, context)
        for error in result.errors or ():
            if isinstance(error.original_error, Busy):
                raise _busy(error.original_error)
        errors = [describe(error, reply.request_id) for error in result.errors or ()]
        reply = replace(reply, snapshot=context.snapshot.id)
        if isinstance(result, PreExecutionError) or (
            result.data is None and errors and not any("path" in error for error in errors)
        ):
            return await reply.fail(errors, context.extensions)
        body = {"data": result.data, "errors": errors} if errors else {"data": result.data}
        return await reply.finish(body, 200, context.extensions, lasts=not errors)

    async def _execute(self, question: Question, context: Context) -> ExecutionResult:
        try:
            async with self._chosen(question) as context.snapshot:
                return await self.schema.execute(
                    question.document.text,
                    variable_values=question.variables,
                    context_value=context,
                    operation_name=question.operation_name,
                    allowed_operation_types=READS if question.reads else ALL,
                )
        except RequestError as error:
            return PreExecutionError(data=None, errors=[error])
        except CannotGetOperationTypeError as error:
            unknown = RequestError("OPERATION_NOT_FOUND", error.as_http_error_reason())
            return PreExecutionError(data=None, errors=[unknown])
        except InvalidOperationTypeError as error:
            message = f"a {error.operation_type.value} cannot be sent by GET: use POST"
            raise Refused(405, "METHOD_NOT_ALLOWED", message, {"Allow": "POST"}) from None
        except Busy as busy:
            raise _busy(busy) from None

    @asynccontextmanager
    async def _chosen(self, question: Question) -> AsyncIterator[Snapshot]:
        """The snapshot to answer from: that of the request's cursors while it is kept, else the newest.

        Raises `RequestError` where the cursors are of several snapshots.
        """
        newest = question.snapshot
        name = find_snapshot(question.document.text, question.variables, question.operation_name)
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
