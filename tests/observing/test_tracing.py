"""Requests as spans, where someone asks for them."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("opentelemetry.sdk", reason="needs the extra otel")

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.testclient import TestClient

from api.app import create_app
from api.observing.opening import open_observer
from api.observing.tracing import Tracing
from api.settings import Settings
from tests.observing.conftest import Lines
from warehouse.snapshot import Snapshot

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"
QUERY = "query Parts($name: String!) { task(name: $name) { subsets { name } } }"


@pytest.fixture(scope="module")
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture(scope="module")
def traced(sample_dir: Path, exported: InMemorySpanExporter) -> Iterator[TestClient]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    with TestClient(create_app(Settings(data_dir=sample_dir, cache_mb=0), Tracing(provider))) as client:
        yield client


@pytest.fixture
def spans(exported: InMemorySpanExporter) -> "Spans":
    exported.clear()
    return Spans(exported)


class Spans:
    def __init__(self, exported: InMemorySpanExporter) -> None:
        self._exported = exported

    def named(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self._exported.get_finished_spans() if span.name == name]
        return found

    def all(self) -> tuple[ReadableSpan, ...]:
        return self._exported.get_finished_spans()


def test_a_request_is_a_span_with_its_steps_and_statements_below_it(
    traced: TestClient, spans: Spans, lines: Lines
) -> None:
    answer = traced.post("/graphql", json={"query": QUERY, "variables": {"name": "vsi_bench"}})
    request = spans.named("Parts")
    assert request.attributes is not None
    assert request.attributes.items() >= {
        "http.request.method": "POST", "http.route": "/graphql", "http.response.status_code": 200,
        "graphql.operation.name": "Parts", "standings.cost": answer.json()["extensions"]["cost"]["requested"],
        "standings.snapshot": answer.json()["extensions"]["snapshot"],
        "standings.request_id": answer.headers["x-request-id"],
    }.items()  # fmt: skip
    for name in ("parse", "validate", "duckdb"):
        assert spans.named(name).parent == request.context, name
    assert request.context is not None
    assert lines("standings.access")[-1]["traceId"] == f"{request.context.trace_id:032x}"


def test_the_text_of_a_statement_is_told_and_its_values_are_not(traced: TestClient, spans: Spans) -> None:
    traced.post("/graphql", json={"query": QUERY, "variables": {"name": "vsi_bench"}})
    attributes = spans.named("duckdb").attributes
    assert attributes is not None
    assert "select" in str(attributes["db.query.text"])
    assert not [span for span in spans.all() if "vsi_bench" in str(span.attributes)]


def test_the_trace_of_a_client_is_continued(traced: TestClient, spans: Spans) -> None:
    traced.get("/health", headers={"traceparent": TRACEPARENT})
    span = spans.named("GET /health")
    assert span.context is not None
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, "b7ad6b7169203331")


def test_a_broken_traceparent_begins_a_new_trace(traced: TestClient, spans: Spans) -> None:
    traced.get("/health", headers={"traceparent": "00-nothing"})
    assert spans.named("GET /health").parent is None


def test_a_failure_is_told_without_its_text(traced: TestClient, spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("a secret value")

    monkeypatch.setattr(Snapshot, "arrow", fail)
    traced.post("/graphql", json={"query": QUERY, "variables": {"name": "vsi_bench"}})
    span = spans.named("duckdb")
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "RuntimeError")
    assert not [event for each in spans.all() for event in each.events]


def test_nothing_is_traced_unless_the_environment_says_where_to(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER"):
        monkeypatch.delenv(name, raising=False)
    assert open_observer(Settings()).tracing is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    observer = open_observer(Settings())
    assert observer.tracing is not None
    observer.close()
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    assert open_observer(Settings()).tracing is None


def test_without_the_extra_a_server_says_so_and_serves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "api.observing.tracing", None)
    with caplog.at_level(logging.WARNING):
        assert open_observer(Settings()).tracing is None
    assert "pip install 'standings[otel]'" in caplog.text
