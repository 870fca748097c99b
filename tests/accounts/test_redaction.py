import io
import logging
from collections.abc import Iterator

import pytest
from uvicorn.logging import AccessFormatter

from api.accounts.redaction import LOGGERS, Redaction, install, redact

TOKEN = "hf_aBc.d-e_F9"
OURS = "st_" + "x" * 43


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger whose lines can be read, with the filter on its handler."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Redaction())
    logger = logging.getLogger("tests.redaction")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, written
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"Bearer {TOKEN}, and more", "Bearer hf_***, and more"),
        ("https://h/?token=hf_oauth_abc&x=1", "https://h/?token=hf_***&x=1"),
        ("api_org_abc hf_jwt_a.b.c", "api_org_*** hf_***"),
        (f"'{OURS}'", "'st_***'"),
        ("test_submissions_are_kept_for_long_enough", "test_submissions_are_kept_for_long_enough"),
        ("nothing", "nothing"),
    ],
)
def test_tokens_are_cut_from_texts(text: str, clean: str) -> None:
    assert redact(text) == clean
    assert redact(clean) == clean


def test_tokens_are_cut_from_messages_arguments_and_exceptions(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning(TOKEN)
    logger.warning("by %s of %d in %.1f", TOKEN, 3, 1.5)
    logger.warning("by %(token)s", {"token": TOKEN})
    logger.warning("by %s", ValueError(TOKEN))
    logger.warning("by %r", {"Authorization": f"Bearer {OURS}"})
    logger.warning("by hf_%s", "abc")
    try:
        raise ValueError(TOKEN)
    except ValueError:
        logger.exception("it failed")
    told = written.getvalue()
    assert "aBc" not in told
    assert "xxx" not in told
    assert "abc" not in told
    assert "by hf_*** of 3 in 1.5" in told
    assert "ValueError: hf_***" in told


def test_everything_else_is_logged_as_it_is(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        raise KeyError("plain")
    except KeyError:
        logger.exception("%d of %s", 3, ["a", "b"])
    told = written.getvalue()
    assert told.startswith("3 of ['a', 'b']\nTraceback")
    assert "KeyError: 'plain'" in told


def test_wrong_arguments_do_not_break_the_filter() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s %s", ("one",), None)
    assert Redaction().filter(record)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/api/auth/callback?code=secret&state=secret", "/api/auth/callback"),
        ("/api/auth/callback/?code=secret", "/api/auth/callback/"),
        ("/mounted/api/auth/callback?code=secret", "/mounted/api/auth/callback"),
        ("/graphql?query=%7Bviewer%7D", "/graphql?query=%7Bviewer%7D"),
        (f"/x?token={TOKEN}", "/x?token=hf_***"),
    ],
)
def test_the_access_log_does_not_show_what_comes_back_from_a_sign_in(path: str, shown: str) -> None:
    args = ("127.0.0.1:5", "GET", path, "1.1", 307)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)
    assert Redaction().filter(record)
    line = AccessFormatter("%(client_addr)s %(request_line)s %(status_code)s", use_colors=False).format(record)
    assert line == f"127.0.0.1:5 GET {shown} HTTP/1.1 307 Temporary Redirect"


def test_installed_twice_it_is_there_once() -> None:
    loggers = [logging.getLogger(name) for name in (*LOGGERS, "tests.redacted")]
    before = [(place, list(place.filters)) for logger in loggers for place in (logger, *logger.handlers)]
    last = logging.lastResort
    assert last is not None
    before.append((last, list(last.filters)))
    try:
        install("tests.redacted")
        install("tests.redacted")
        for place, _ in before:
            assert sum(isinstance(each, Redaction) for each in place.filters) == 1
    finally:
        for place, filters in before:
            place.filters[:] = filters
