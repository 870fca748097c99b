"""An endpoint whose questions end when the test says so, and requests to it that are driven by hand."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import strawberry
from starlette.types import Message, Receive

from api.graphql.cost import MOST_COST
from api.graphql.http import GraphQLEndpoint
from api.graphql.operations import Operations
from tests.warehouse.stores import publish
from warehouse.pool import Busy
from warehouse.snapshot import Serving
from warehouse.store import Store


@dataclass
class Desk:
    """What was run there, and the gate that lets `wait` and `fail` end."""

    endpoint: GraphQLEndpoint
    ran: list[str]
    stopped: list[str]
    gate: asyncio.Event

    async def ask(self, query: str | None, **more: Any) -> "Call":
        """The finished call of a POST."""
        call = Call.post(query, **more)
        await call.run(self.endpoint)
        return call

    async def get(self, query: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> "Call":
        """The finished call of a GET."""
        call = Call(method, urlencode({"query": query}), b"", headers or {})
        await call.run(self.endpoint)
        return call

    async def until_running(self, count: int = 1) -> None:
        """Wait until so many questions have begun."""
        await until(lambda: len(self.ran) >= count)


@contextmanager
def serving(folder: Path, content: Path) -> Iterator[Serving]:
    """A new store of one snapshot, of that file, and it served."""
    opened = Serving(Store(folder))
    serve(opened, content, 1)
    yield opened
    opened.close()


def serve(serving: Serving, content: Path, number: int) -> str:
    """Serve that file as another snapshot. Its id."""
    published = publish(serving.store, content, number)
    serving.refresh()
    return published.id


def open_desk(serving: Serving, **settings: Any) -> Desk:
    """A desk for what is served; `settings` are the endpoint's."""
    ran: list[str] = []
    stopped: list[str] = []
    gate = asyncio.Event()

    @strawberry.type
    class Query:
        @strawberry.field
        async def tell(self, text: str = "") -> str:
            ran.append(text)
            return text

        @strawberry.field
        async def wait(self, text: str = "") -> str:
            ran.append(text)
            try:
                await gate.wait()
            except asyncio.CancelledError:
                stopped.append(text)
                raise
            return text

        @strawberry.field
        async def fail(self) -> str | None:
            ran.append("fail")
            await gate.wait()
            raise RuntimeError("out of order")

        @strawberry.field
        async def crowded(self) -> str | None:
            ran.append("crowded")
            raise Busy("256 statements are waiting already: ask again in a moment")

        @strawberry.field
        async def cost(self, info: strawberry.Info) -> int:
            info.context.extensions["cost"] = {"requested": 12, "limit": 500}
            return 12

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        async def write(self, text: str) -> str:
            ran.append(text)
            await gate.wait()
            return text

    operations = Operations(strawberry.Schema(query=Query, mutation=Mutation), MOST_COST)
    return Desk(GraphQLEndpoint(operations, serving, None, **settings), ran, stopped, gate)


@dataclass
class Call:
    """One HTTP request, and what was sent to it."""

    method: str
    query_string: str
    body: bytes
    headers: Mapping[str, str]
    sent: list[Message] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    watched: bool = False
    receive: Receive | None = None
    _told: bool = False

    @classmethod
    def post(cls, query: str | None, headers: Mapping[str, str] | None = None, **more: Any) -> "Call":
        body = json.dumps({"query": query, **more}).encode()
        return cls("POST", "", body, {"content-type": "application/json", **(headers or {})})

    async def run(self, endpoint: GraphQLEndpoint) -> None:
        scope = {
            "type": "http",
            "method": self.method,
            "path": "/graphql",
            "query_string": self.query_string.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in self.headers.items()],
        }
        await endpoint(scope, self.receive or self._receive, self._send)

    async def _receive(self) -> Message:
        if not self._told:
            self._told = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        self.watched = True
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def content(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def told(self) -> dict[str, str]:
        """The headers of the answer."""
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}


async def until(holds: Any) -> None:
    """Wait until it holds, which must be soon."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what it waits for sets no event
            await asyncio.sleep(0.001)
