"""A real server in a process of its own, on a free port of the loopback."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROJECT = Path(__file__).parents[1]
START_SECONDS = 30.0
ANSWER_SECONDS = 20.0


class Server:
    """`standings serve` (or `demo`) as a context manager; `environment` holds more settings."""

    def __init__(self, data_dir: Path, workers: int = 1, command: str = "serve", **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = [command, "--data-dir", str(data_dir), "--port", str(self.port), "--workers", str(workers)]
        self._command = [sys.executable, "-c", "from api.cli import main; main(prog_name='standings')", *words]
        own = {name: value for name, value in os.environ.items() if not name.startswith("STANDINGS_")}
        self._environment = {**own, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        self.wait_until_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> int:
        """Ask it to end; it answers what it has begun. Its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(START_SECONDS)

    def wait_until_ready(self, status: int = 200) -> dict[str, Any]:
        """What /ready says once it answers with the status."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                found, body = Asking(self.port).get("/ready")
            except OSError:
                found, body = 0, {}
            if found == status:
                return body
            time.sleep(0.01)
        raise TimeoutError(f"/ready did not answer {status} within {START_SECONDS:g} s")


class Asking:
    """One connection to a server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one GET."""
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def ask(self, query: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one GraphQL request."""
        status, body = self.post(query)
        return status, json.loads(body)

    def post(self, query: str, variables: Mapping[str, Any] | None = None) -> tuple[int, bytes]:
        """Status and body of one GraphQL request."""
        body = json.dumps({"query": query, "variables": variables or {}})
        self._connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        self._connection.close()
