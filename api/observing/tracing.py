"""Requests as spans of OpenTelemetry; only the extra `otel` brings what this module imports."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from api.observing.record import Record

LONGEST_STATEMENT = 10_000  # characters


class Tracing:
    """Spans by a provider: one a request, and below it those of its steps, in whatever thread they run."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("standings")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, record: Record, headers: Mapping[str, str]) -> Iterator[None]:
        """Around a request; it goes on with the trace of a client that sends `traceparent`."""
        told = {"http.request.method": record.method, "standings.request_id": record.id}
        parent = self._propagator.extract(headers)
        with self._span(record.method, told, SpanKind.SERVER, parent) as span:
            context = span.get_span_context()
            record.trace = format_trace_id(context.trace_id) if context.is_valid else None
            yield

    def finish(self, record: Record, route: str, status: int) -> None:
        """Name the span of the request, and say how it was answered."""
        span = get_current_span()
        span.update_name(record.operation or f"{record.method} {route}")
        told: dict[str, str | int | None] = {
            "http.route": route,
            "http.response.status_code": status,
            "graphql.operation.name": record.operation,
            "graphql.document.id": record.document,
            "standings.cost": record.cost,
            "standings.snapshot": record.snapshot,
        }
        span.set_attributes({name: value for name, value in told.items() if value is not None})
        if status >= 500:
            span.set_status(StatusCode.ERROR)

    @contextmanager
    def step(self, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
        """Around one part of a request."""
        with self._span(name, attributes):
            yield

    @contextmanager
    def statement(self, sql: str) -> Iterator[None]:
        """Around one statement, whose text is told, and whose values are not."""
        with self._span("duckdb", {"db.system.name": "duckdb", "db.query.text": sql[:LONGEST_STATEMENT]}):
            yield

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    @contextmanager
    def _span(
        self,
        name: str,
        attributes: Mapping[str, str],
        kind: SpanKind = SpanKind.INTERNAL,
        parent: Context | None = None,
    ) -> Iterator[Span]:
        """A span below the current one. Of errors it tells what they are, not what they say: that may hold values."""
        with self._tracer.start_as_current_span(
            name, parent, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise


def export(service: str, *, to_console: bool) -> Tracing:
    """Tracing to standard output, or to where the standard variables `OTEL_EXPORTER_OTLP_*` say, by HTTP."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter() if to_console else OTLPSpanExporter()))
    return Tracing(provider)
