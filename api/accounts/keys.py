"""The public keys by which the Hub signs who somebody is."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from api.hub import Hub, Unreachable

JWKS = "/oauth/jwks"
FRESH_SECONDS = 3_600.0
PAUSE_SECONDS = 60.0
MOST_KEYS = 32
MOST_BYTES = 65_536


class Keys:
    """The Hub's keys by `kid`, read again after an hour, or for one that is unknown: then at most once a minute.

    `clock` gives seconds that never go back.
    """

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.monotonic) -> None:
        self._hub = hub
        self._clock = clock
        self._held: dict[str, dict[str, Any]] = {}
        self._read_at = self._asked_at = float("-inf")
        self._reading = asyncio.Lock()

    async def find(self, kid: str) -> dict[str, Any] | None:
        """The key as a JSON Web Key; null: the Hub has none of that name. Raises Unreachable where none is known."""
        async with self._reading:
            if self._must_read(kid):
                await self._read()
        return self._held.get(kid)

    def _must_read(self, kid: str) -> bool:
        now = self._clock()
        if not self._held:
            return True
        wanted = kid not in self._held or now - self._read_at >= FRESH_SECONDS
        return wanted and now - self._asked_at >= PAUSE_SECONDS

    async def _read(self) -> None:
        self._asked_at = self._clock()
        try:
            self._held = await self._ask()
            self._read_at = self._asked_at
        except Unreachable:
            if not self._held:
                raise

    async def _ask(self) -> dict[str, dict[str, Any]]:
        answer = await self._hub.ask("GET", JWKS)
        if answer.status != 200 or len(answer.body) > MOST_BYTES:
            raise Unreachable("the Hub does not show its keys")
        rows = answer.json().get("keys")
        found = [row for row in rows if _signs(row)] if isinstance(rows, list) else []
        if not found:
            raise Unreachable("the Hub shows no key that signs")
        return {row["kid"]: row for row in found[:MOST_KEYS]}


def _signs(row: Any) -> bool:
    """Whether this is an RSA key for signing by RS256."""
    if not isinstance(row, dict) or not isinstance(row.get("kid"), str):
        return False
    return row.get("kty") == "RSA" and row.get("use", "sig") == "sig" and row.get("alg", "RS256") == "RS256"
