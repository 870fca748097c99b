"""Faults on demand: errors, garbage, redirects and slowness, where a test asks for them."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.responses import Response, StreamingResponse


@dataclass
class Fault:
    """What goes wrong for requests whose path and query match.

    `status` None lets the true answer through after `delay` seconds; `drip` sends the body byte by byte, so many
    seconds apart; `times` None is for ever. `after` lets the request do its work first: only the answer goes wrong.
    """

    pattern: str
    status: int | None = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    times: int | None = None
    after: bool = False

    def takes(self, target: str) -> bool:
        """Whether this request is hit; counts the hits."""
        if self.times == 0 or not re.search(self.pattern, target):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def answer(self) -> Response | None:
        if self.status is None:
            return None
        if self.drip:
            return StreamingResponse(self._dripping(), status_code=self.status, headers=self.headers)
        return Response(self.body, status_code=self.status, headers=self.headers)

    async def _dripping(self) -> AsyncIterator[bytes]:
        for byte in self.body:
            yield bytes([byte])
            await asyncio.sleep(self.drip)
