"""An ASGI application in this process, asked without HTTP: from the bytes of a request to those of its answer."""

import asyncio
from types import TracebackType
from typing import Any, Self

import orjson
import uvloop
from starlette.applications import Starlette

from tests.bench.questions import Question

HEADERS = [(b"host", b"127.0.0.1"), (b"accept", b"application/json"), (b"content-type", b"application/json")]


class Application:
    """An application with its lifespan, on the event loop that the server uses too."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._loop = uvloop.new_event_loop()
        self._lifespan = app.router.lifespan_context(app)

    def __enter__(self) -> Self:
        self._loop.run_until_complete(self._lifespan.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._lifespan.__aexit__(None, None, None))
        self._loop.close()

    def ask(self, body: bytes) -> bytes:
        """The body of the answer to a request with that body."""
        return self._loop.run_until_complete(self._ask(body))

    def answer(self, question: Question) -> bytes:
        """The body of the answer to a question, which must be without errors."""
        body = self.ask(question.body)
        if errors := orjson.loads(body).get("errors"):
            raise RuntimeError(f"answered with {errors[:3]}: {question.document}")
        return body

    def data(self, question: Question) -> Any:
        """What is answered, which must be without errors."""
        return orjson.loads(self.answer(question))["data"]

    async def _ask(self, body: bytes) -> bytes:
        sent: list[bytes] = []
        given = [{"type": "http.request", "body": body, "more_body": False}]
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if not given:
                await gone.wait()  # the client stays until it has its answer
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.body":
                sent.append(message.get("body", b""))

        headers = [*HEADERS, (b"content-length", str(len(body)).encode())]
        await self._app(_scope(headers), receive, send)  # type: ignore[arg-type]
        gone.set()
        return sent[0] if len(sent) == 1 else b"".join(sent)


def _scope(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
