"""What looks on, as an operator has set it up."""

import logging
from typing import TYPE_CHECKING

from api.observing.metrics import Metrics
from api.observing.observer import Observer
from api.settings import Settings, ToolSettings

if TYPE_CHECKING:
    from api.observing.tracing import Tracing

log = logging.getLogger("standings")


def open_observer(settings: Settings, tracing: "Tracing | None" = None) -> Observer:
    """Metrics and traces as they are wanted; `tracing` is instead of what the environment wants."""
    tools = ToolSettings()
    metrics = Metrics(tools.prometheus_multiproc_dir) if settings.metrics else None
    return Observer(metrics, tracing or _open_tracing(tools), settings.slow_seconds)


def _open_tracing(tools: ToolSettings) -> "Tracing | None":
    """Traces to where the standard variables say; null: they do not, or what that needs is not installed."""
    if not tools.wants_traces:
        return None
    try:
        from api.observing.tracing import export  # noqa: PLC0415 - an extra brings what it imports
    except ImportError:
        log.warning("OTEL_... asks for traces, and OpenTelemetry is not installed: pip install 'standings[otel]'")
        return None
    return export(tools.otel_service_name, to_console=tools.otel_traces_exporter == "console")
