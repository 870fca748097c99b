"""Answers as bytes, and the headers that say how long and for whom they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
from starlette.types import Send

from api.encodings import IDENTITY, Coding
from api.graphql.http.negotiation import GRAPHQL_JSON, JSON
from api.graphql.http.requests import Head
from api.refused import Refused
from api.tags import holds_tag

VARY = (b"vary", b"Accept, Accept-Encoding")
PRIVATE = (b"cache-control", b"private, no-store")
PASSING = (b"cache-control", b"no-store")
OVERHEAD = 1_000  # bytes that an answer takes beside its body


@dataclass(slots=True)
class Answer:
    """A finished response but for what differs between requests. `lasts`: it is right until the next snapshot.

    `operation` is the name of what was run, empty where it has none, and null where nothing was.
    """

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]]
    lasts: bool
    operation: str | None = None
    cost: int | None = None
    snapshot: str | None = None
    _tag: bytes = field(default=b"", repr=False)

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD

    @property
    def tag(self) -> bytes:
        """The strong validator of the body as it is coded, worked out when it is first wanted."""
        if not self._tag:
            self._tag = b'"%s"' % sha256(self.body).hexdigest()[:40].encode()
        return self._tag

    async def send(self, head: Head, max_age: int, send: Send) -> None:
        """Answer one request."""
        own = []
        status, headers, body = self.status, self.headers, self.body
        if head.private:
            own.append(PRIVATE)
        elif not (head.reads and self.lasts):
            own.append(PASSING)
        else:
            own += [(b"etag", self.tag), (b"cache-control", b"public, max-age=%d" % max_age)]
            if head.if_none_match and holds_tag(head.if_none_match, self.tag.decode()):
                status, headers, body = 304, [VARY], b""
        if head.method == "HEAD":
            body = b""
        await send({"type": "http.response.start", "status": status, "headers": [*headers, *own]})
        await send({"type": "http.response.body", "body": body})


@dataclass(slots=True)
class Reply:
    """How a request is answered: as what, and from which snapshot (null: there is none yet)."""

    request_id: str
    media_type: str = JSON
    coding: Coding = IDENTITY
    snapshot: str | None = None
    operation: str | None = None

    async def finish(
        self, body: Mapping[str, Any], status: int, extensions: Mapping[str, Any], lasts: bool = False
    ) -> Answer:
        """The answer with that body as JSON, and the snapshot's id among its `extensions`."""
        told = {"snapshot": self.snapshot, **extensions}
        answer = await self.encode(orjson.dumps({**body, "extensions": told}), status, lasts)
        cost = extensions.get("cost")
        answer.operation, answer.snapshot = self.operation, self.snapshot
        if cost:
            answer.cost = cost["requested"]
            answer.headers += [
                (b"x-query-cost", b"%d" % cost["requested"]),
                (b"x-query-cost-limit", b"%d" % cost["limit"]),
            ]
        return answer

    async def encode(self, body: bytes, status: int, lasts: bool = False) -> Answer:
        """The answer with that body."""
        body, coding = await self.coding.encode(body)
        headers = [
            (b"content-type", f"{self.media_type}; charset=utf-8".encode()),
            (b"content-length", b"%d" % len(body)),
            VARY,
        ]
        if coding is not None:
            headers.append((b"content-encoding", coding.encode()))
        return Answer(status, body, headers, lasts)

    async def refuse(self, refused: Refused) -> Answer:
        """The answer to a request that is not taken."""
        error = {"message": refused.message, "extensions": {"code": refused.code}}
        answer = await self.finish({"errors": [error]}, refused.status, {})
        answer.headers += [(name.lower().encode(), value.encode()) for name, value in refused.headers.items()]
        return answer

    async def fail(self, errors: list[dict[str, Any]], extensions: Mapping[str, Any]) -> Answer:
        """The answer to a request that cannot be executed: 400, but 200 for who reads no other as GraphQL."""
        return await self.finish({"errors": errors}, 400 if self.media_type == GRAPHQL_JSON else 200, extensions)
