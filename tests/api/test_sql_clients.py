"""Clients of `/sql` that leave or do not read: nobody works on for them, and the next one is answered."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from api.rest import sql
from api.rest.sql import SqlEndpoint
from warehouse.sandbox.limits import Limits
from warehouse.sandbox.sandboxes import Sandboxes
from warehouse.snapshot import Serving
from warehouse.store import Store

ENDLESS = "select count(*) from range(100000000000) t(i) where hash(i) % 7 = 9"
LONG = "select repeat('x', 1000) as a from range(20000)"


@asynccontextmanager
async def serving(data_dir: Path) -> AsyncIterator[SqlEndpoint]:
    served = Serving(Store(data_dir))
    served.refresh()
    sandboxes = Sandboxes(Limits(seconds=20), processes=1, queue=1)
    yield SqlEndpoint(served, sandboxes, 60)
    await sandboxes.close()
    served.close()


class Client:
    """One POST by hand."""

    def __init__(self, query: str) -> None:
        self.body = json.dumps({"query": query}).encode()
        self.left = asyncio.Event()
        self.reading = asyncio.Event()
        self.sent: list[Message] = []
        self._told = False

    async def ask(self, endpoint: SqlEndpoint) -> None:
        headers = [(b"content-type", b"application/json"), (b"accept-encoding", b"identity")]
        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "path": "/sql",
            "query_string": b"",
            "headers": headers,
        }
        await endpoint(scope, self.receive, self.send)

    async def receive(self) -> Message:
        if not self._told:
            self._told = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.reading.wait()
        self.sent.append(message)


async def assert_answers(endpoint: SqlEndpoint) -> None:
    client = Client("select 1 as one")
    client.reading.set()
    await asyncio.wait_for(client.ask(endpoint), 10)
    assert json.loads(client.sent[-2]["body"])["rows"] == [{"one": 1}]


async def test_a_client_that_leaves_stops_its_statement(sample_dir: Path) -> None:
    async with serving(sample_dir) as endpoint:
        await assert_answers(endpoint)
        client = Client(ENDLESS)
        asking = asyncio.create_task(client.ask(endpoint))
        await asyncio.sleep(0.2)
        started = time.monotonic()
        client.left.set()
        await asyncio.wait_for(asking, 2)
        await assert_answers(endpoint)
        assert time.monotonic() - started < 10
        assert client.sent == []


async def test_a_client_that_leaves_while_it_waits_gives_up_its_place(sample_dir: Path) -> None:
    async with serving(sample_dir) as endpoint:
        clients = [Client(ENDLESS), Client(ENDLESS)]
        tasks = [asyncio.create_task(client.ask(endpoint)) for client in clients]
        await asyncio.sleep(0.2)
        assert (endpoint.sandboxes.running, endpoint.sandboxes.waiting) == (1, 1)
        clients[1].left.set()
        await asyncio.wait_for(tasks[1], 2)
        assert endpoint.sandboxes.waiting == 0
        clients[0].left.set()
        await asyncio.wait_for(tasks[0], 2)
        await assert_answers(endpoint)


async def test_a_client_that_does_not_read_is_left(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "STALLED_SECONDS", 0.2)
    async with serving(sample_dir) as endpoint:
        client = Client(LONG)
        client.reading.set()
        asking = asyncio.create_task(client.ask(endpoint))
        while not client.sent:  # noqa: ASYNC110 - its head is all that it takes
            await asyncio.sleep(0.01)
        client.reading.clear()
        await asyncio.wait_for(asking, 5)
        assert client.sent[-1].get("more_body", True)
        await assert_answers(endpoint)


async def test_an_answer_comes_in_pieces(sample_dir: Path) -> None:
    async with serving(sample_dir) as endpoint:
        client = Client(LONG)
        client.reading.set()
        await client.ask(endpoint)
        start, *parts = client.sent
        body = b"".join(part["body"] for part in parts)
        assert dict(start["headers"])[b"content-length"] == b"%d" % len(body)
        assert len(json.loads(body)["rows"]) == 20_000
        assert max(len(part["body"]) for part in parts) <= 65_536
