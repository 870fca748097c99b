"""Lines of the log, as text or as JSON, without tokens and each with the request it belongs to."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from uvicorn.logging import DefaultFormatter

from api.accounts.redaction import redact
from api.observing.record import UNDER_WAY

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)
LONGEST = 20_000  # characters of a message, and of an exception
IN_MESSAGE = {"method", "path", "status"}


class TextFormatter(DefaultFormatter):
    """For people: level, message, what else is known, and the request's id."""

    def __init__(self) -> None:
        super().__init__("%(levelprefix)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - its name is logging's
        """The line without its exception."""
        more = [f"{name}={value}" for name, value in _fields(record).items() if name not in IN_MESSAGE]
        return " ".join([super().formatMessage(record), *more])

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """For machines: one object a line, exceptions within it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage()[:LONGEST],
            **_fields(record),
        }
        exception = self._exception(record)
        if exception:
            told["exception"] = exception[-LONGEST:]
        return redact(orjson.dumps(told, default=str).decode())

    def _exception(self, record: logging.LogRecord) -> str | None:
        if record.exc_text is not None or not record.exc_info:
            return record.exc_text
        return self.formatException(record.exc_info)


def log_config(form: str) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes, for this process and each worker: all loggers write alike."""
    formatter = JsonFormatter if form == JSON else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{formatter.__module__}.{formatter.__name__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"standings": {"level": "INFO"}, "uvicorn": {"level": "INFO"}},
    }


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """What a record tells beside its message, and of which request."""
    fields: Mapping[str, Any] = getattr(record, "fields", {})
    request = UNDER_WAY.get()
    if request is None:
        return fields
    trace = {"traceId": request.trace} if request.trace else {}
    return {**fields, "requestId": request.id, **trace}
