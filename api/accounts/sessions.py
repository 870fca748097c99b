"""Who is signed in here: opaque secrets whose hashes stand in the ledger."""

import asyncio
import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from api.submissions.problems import Failed
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import Person

COOKIE_LASTS = timedelta(hours=8)
BEARER_LASTS = timedelta(hours=1)
CODE_LASTS = timedelta(seconds=60)
COOKIE, BEARER = "cookie", "bearer"
PREFIX = "st_"  # of a bearer, so that it is known from the Hub's, and cut from logs
BITS = 256
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
RETRY_SECONDS = 10
P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("standings")


class Sessions:
    """Sessions and one-time codes. What is handed out is 256 random bits; only its SHA-256 is kept.

    Each raises `Failed` (503) where the ledger cannot be reached.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def open(self, person: Person) -> str:
        """A new session's value for the cookie, good for eight hours."""
        return await self._open(person, COOKIE_LASTS, COOKIE)

    async def find(self, value: str) -> Person | None:
        """Who has the session of a cookie."""
        return await self._find(value, COOKIE)

    async def open_bearer(self, person: Person) -> str:
        """A new bearer of ours, `st_...`, good for an hour. It means nothing to the Hub."""
        return PREFIX + await self._open(person, BEARER_LASTS, BEARER)

    async def find_bearer(self, token: str) -> Person | None:
        """Who has a bearer of ours."""
        return await self._find(token.removeprefix(PREFIX), BEARER)

    async def close(self, value: str) -> None:
        """End the session of a cookie or a bearer."""
        value = value.removeprefix(PREFIX)
        if SECRET.fullmatch(value):
            await _run(self._ledger.sessions.close, _hash(value))

    async def open_code(self, person: Person) -> str:
        """A code that can be exchanged once, within a minute."""
        code = _new()
        await _run(self._ledger.codes.save, _hash(code), person, CODE_LASTS)
        return code

    async def take_code(self, code: str) -> Person | None:
        """Whose code it is, the first time it is asked."""
        if not SECRET.fullmatch(code):
            return None
        return await _run(self._ledger.codes.take, _hash(code))

    async def _open(self, person: Person, lasts: timedelta, kind: str) -> str:
        value = _new()
        await _run(self._ledger.sessions.open, _hash(value), person, lasts, kind)
        return value

    async def _find(self, value: str, kind: str) -> Person | None:
        if not SECRET.fullmatch(value):
            return None
        return await _run(self._ledger.sessions.find, _hash(value), kind)


async def _run(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    try:
        return await asyncio.to_thread(work, *args, **named)
    except LedgerError as error:
        log.error("who is signed in cannot be looked up: %s", error)  # noqa: TRY400 - its text says it all
        message = "Who is signed in cannot be looked up right now. Please try again later."
        raise Failed(message, code="LEDGER_UNAVAILABLE", status=503, retry_seconds=RETRY_SECONDS) from None


def _new() -> str:
    return secrets.token_urlsafe(BITS // 8)


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
