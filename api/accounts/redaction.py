"""Keeps tokens, and the addresses of sign-ins, out of the logs."""

import logging
import re
from typing import Any

TOKEN = re.compile(r"(hf_|api_org_)[A-Za-z0-9_.-]+|(?<![A-Za-z0-9])(st_)[A-Za-z0-9_-]{20,}")
SIGN_IN = "/api/auth/"
LOGGERS = ("", "standings", "uvicorn", "uvicorn.access", "uvicorn.error", "httpx2", "httpcore2")
PLAIN = (int, float, bool, type(None))  # %d needs them as they are


def redact(text: str) -> str:
    """A text without the tokens in it: `hf_***`."""
    return TOKEN.sub(lambda found: f"{found[1] or found[2]}***", text)


class Redaction(logging.Filter):
    """Takes tokens out of every record: its message, arguments, exception and stack; it lets every record through.

    A record of Uvicorn's about a sign-in loses its query string, in which the one-time code stands.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact one record."""
        record.msg = _redacted(record.msg)
        if isinstance(record.args, dict):
            record.args = {name: _redacted(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_without_query(_redacted(value)) for value in record.args)
        _redact_whole(record)
        _redact_exception(record)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def install(*names: str) -> None:
    """Put the filter on loggers and all their handlers: the root's, Uvicorn's and those that are named.

    A logger's filter is not asked about what comes from loggers below it; a handler's is.
    """
    places: list[logging.Filterer | None] = [logging.lastResort]
    for name in (*LOGGERS, *names):
        logger = logging.getLogger(name)
        places += [logger, *logger.handlers]
    for place in places:
        if place is not None and not any(isinstance(each, Redaction) for each in place.filters):
            place.addFilter(Redaction())


def _redacted(value: Any) -> Any:
    if isinstance(value, PLAIN):
        return value
    text = str(value)
    clean = redact(text)
    return value if clean == text else clean


def _without_query(value: Any) -> Any:
    path = value.partition("?")[0] if isinstance(value, str) else ""
    return path if SIGN_IN in path else value


def _redact_whole(record: logging.LogRecord) -> None:
    """A token may come together only where message and arguments do."""
    try:
        whole = record.getMessage()
    except (TypeError, ValueError, KeyError):
        return  # logging says itself that they do not fit
    clean = redact(whole)
    if clean != whole:
        record.msg, record.args = clean, ()


def _redact_exception(record: logging.LogRecord) -> None:
    text = record.exc_text
    if record.exc_info and not text:
        text = logging.Formatter().formatException(record.exc_info)
    if text and redact(text) != text:
        record.exc_text, record.exc_info = redact(text), None
