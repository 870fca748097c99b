"""What is noted of the request that is being answered, wherever its work is done."""

import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.observing.observer import Observer


ANONYMOUS = "anonymous"


@dataclass(slots=True)
class Record:
    """One request. `operation` is null where none was run, and empty where it has no name.

    `document` is the id of a GraphQL document, never its text; `statements` are the seconds that each one took.
    """

    id: str
    method: str = ""
    observer: "Observer | None" = field(default=None, repr=False)
    operation: str | None = None
    document: str | None = None
    cost: int | None = None
    snapshot: str | None = None
    statements: list[float] = field(default_factory=list)
    trace: str | None = None

    @property
    def operation_label(self) -> str | None:
        """The operation for who reads of many: `anonymous` where it has no name."""
        return ANONYMOUS if self.operation == "" else self.operation


UNDER_WAY: ContextVar[Record | None] = ContextVar("request", default=None)


def under_way() -> Record:
    """The record of the request that is being answered; outside of any, one that nobody reads."""
    return UNDER_WAY.get() or Record(new_id())


def new_id() -> str:
    """An id for a request that has none: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def asking(sql: str) -> AbstractContextManager[None]:
    """Around one statement, in whatever thread it runs: timed, traced, and noted where it is slow."""
    record = UNDER_WAY.get()
    if record is None or record.observer is None:
        return nullcontext()
    return record.observer.statement(record, sql)


def step(name: str, attributes: Mapping[str, str] | None = None) -> AbstractContextManager[object]:
    """Around one part of the work, which is a span of its own where requests are traced."""
    record = UNDER_WAY.get()
    if record is None or record.observer is None or record.observer.tracing is None:
        return nullcontext()
    return record.observer.tracing.step(name, attributes or {})
