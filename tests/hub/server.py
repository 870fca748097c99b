"""Serves the loopback Hub from a thread."""

import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from tests.hub.fake import FakeHub
from tests.hub.routes import application

START_SECONDS = 10.0


class LoopbackHub:
    """A running FakeHub on 127.0.0.1 and a free port, as a context manager."""

    def __init__(self) -> None:
        self.hub = FakeHub()
        settings = uvicorn.Config(
            application(self.hub), host="127.0.0.1", port=0, log_level="critical", lifespan="off", loop="asyncio",
            http="h11", timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, name="loopback-hub", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the loopback Hub did not start within {START_SECONDS:g} s")
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.hub.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
