"""All that looks on while requests are answered: what is counted, traced and noted as slow."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.observing.metrics import Metrics
from api.observing.record import Record

if TYPE_CHECKING:
    from api.observing.tracing import Tracing

SLOW_SECONDS = 1.0
slow = logging.getLogger("standings.slow")


class Observer:
    """Tells metrics and traces, where there are any, of requests and statements; the slow ones go to the log."""

    def __init__(
        self, metrics: Metrics | None = None, tracing: "Tracing | None" = None, slow_seconds: float = SLOW_SECONDS
    ) -> None:
        self.metrics = metrics
        self.tracing = tracing
        self.slow_seconds = slow_seconds

    def request(self, record: Record, headers: Mapping[str, str]) -> AbstractContextManager[object]:
        """Around all that is done for a request."""
        return nullcontext() if self.tracing is None else self.tracing.request(record, headers)

    def finish(self, record: Record, route: str, status: int, seconds: float) -> None:
        """Tell of a request that was answered; within its `request`."""
        if self.metrics is not None:
            self.metrics.request(route, record.operation_label, status, seconds, record.cost)
        if self.tracing is not None:
            self.tracing.finish(record, route, status)
        if seconds >= self.slow_seconds:
            told = {"route": route, "document": record.document, "cost": record.cost, "snapshot": record.snapshot}
            _warn("slow request", record, seconds, {**told, "duckdbSeconds": round(sum(record.statements), 3)})

    @contextmanager
    def statement(self, record: Record, sql: str) -> Iterator[None]:
        """Around one statement of a request."""
        started, outcome = time.perf_counter(), "done"
        try:
            with nullcontext() if self.tracing is None else self.tracing.statement(sql):
                yield
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            seconds = time.perf_counter() - started
            record.statements.append(seconds)
            if self.metrics is not None:
                self.metrics.statement(outcome, seconds)
            if seconds >= self.slow_seconds:
                told = {"statement": f"sha256:{sha256(sql.encode()).hexdigest()}", "outcome": outcome}
                _warn("slow statement", record, seconds, told)

    def close(self) -> None:
        """Send what is left of the traces."""
        if self.tracing is not None:
            self.tracing.close()


def _warn(message: str, record: Record, seconds: float, told: Mapping[str, Any]) -> None:
    """One line; neither documents and their variables nor statements and their values are in it."""
    fields = {"operation": record.operation_label, "seconds": round(seconds, 3), **told}
    slow.warning(message, extra={"fields": {name: value for name, value in fields.items() if value is not None}})
