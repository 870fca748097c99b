"""Lines of the log: one object each, or text, and no token in either."""

import json
import logging
import sys
from typing import Any

import pytest

from api.observing.logs import LONGEST, JsonFormatter, TextFormatter, log_config
from api.observing.record import UNDER_WAY, Record

TOKEN = "hf_" + "A1" * 12


def record(message: str, *values: Any, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("standings.x", logging.ERROR, "file", 1, message, values, more.pop("exc_info", None))
    made.__dict__.update(more)
    return made


def raised(error: Exception) -> Any:
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_a_line_is_one_object_with_the_time_in_utc() -> None:
    line = JsonFormatter().format(record("two\nlines of %s", "text", created=1_795_269_016.25, process=7))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-11-21T13:50:16.250+00:00", "level": "ERROR", "logger": "standings.x", "process": 7,
        "message": "two\nlines of text",
    }  # fmt: skip


def test_an_exception_is_within_its_line_and_as_long_as_it_may_be() -> None:
    line = JsonFormatter().format(record("failed", exc_info=raised(ValueError("x" * 3 * LONGEST + "the end"))))
    told = json.loads(line)
    assert told["exception"].endswith("the end")
    assert len(told["exception"]) == LONGEST


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
@pytest.mark.parametrize(
    "written",
    [
        record(f"token {TOKEN}"),
        record("token %s", TOKEN),
        record("hf_%s", TOKEN[3:]),
        record("failed", exc_info=raised(ValueError(TOKEN))),
        record("told", fields={"client": TOKEN}),
    ],
    ids=["message", "argument", "put together", "exception", "field"],
)
def test_no_token_is_in_a_line(formatter: logging.Formatter, written: logging.LogRecord) -> None:
    line = formatter.format(written)
    assert TOKEN[3:] not in line
    assert "hf_***" in line


def test_text_tells_the_same_for_people() -> None:
    token = UNDER_WAY.set(Record("mine", trace="abc"))
    try:
        line = TextFormatter().format(record("GET /x 200", fields={"path": "/x", "bytes": 12}))
    finally:
        UNDER_WAY.reset(token)
    assert line == "ERROR:    GET /x 200 bytes=12 requestId=mine traceId=abc"


@pytest.mark.parametrize("form", ["text", "json"])
def test_all_loggers_write_by_one_handler(form: str) -> None:
    config = log_config(form)
    assert config["root"]["handlers"] == list(config["handlers"])
    assert not any("handlers" in logger for logger in config["loggers"].values())
