"""A real server of its own process: what `standings serve` serves, with bytes beside it that cost nothing to make."""

import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.app import create_app
from api.cli import main as command
from tests.bench.processes import resident
from tests.serving import Server

OURS, PLAIN = "tests.bench.server:create", "tests.bench.plain:create"
KEEP = "keep-"


class Static:
    """Answers held in memory: PUT keeps a body, and the headers that are named `keep-...`; any other method sends it."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[bytes, dict[str, str]]] = {}

    async def respond(self, request: Request) -> Response:
        """What is kept under the name in the path."""
        name = request.path_params["name"]
        if request.method == "PUT":
            kept = {key.removeprefix(KEEP): value for key, value in request.headers.items() if key.startswith(KEEP)}
            self._held[name] = (await request.body(), kept)
            return Response()
        body, headers = self._held[name]
        return Response(body, headers=headers)


def create() -> Starlette:
    """The application as it is, with one route before all others."""
    app = create_app()
    app.router.routes.insert(0, Route("/static/{name}", Static().respond, methods=["GET", "POST", "PUT"]))
    return app


class Measured(Server):
    """An application under the settings of `standings serve`; `environment` holds more of ours."""

    def __init__(self, factory: str, data: Path, **environment: str) -> None:
        super().__init__(data, 1, "serve", **environment)
        start = self._command.index("serve")
        self._command = [sys.executable, "-m", "tests.bench.server", factory, *self._command[start:]]

    @property
    def resident_bytes(self) -> int:
        """Its memory now."""
        assert self._process is not None
        return resident(self._process.pid)

    @property
    def touched_pages(self) -> int:
        """Pages of memory that it has touched anew since its start."""
        assert self._process is not None
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii", errors="replace")
        return int(stat.rpartition(")")[2].split()[7])


def main() -> None:
    """Run `standings` with these words, but serve what another factory makes.

    A plain server starts when the command has returned, from fewer frames: see `tests.bench.frames`.
    """
    factory, *words = sys.argv[1:]
    run, given = uvicorn.run, dict[str, Any]()

    def run_other(app: Any, **options: Any) -> None:
        given.update(options)
        if factory != PLAIN:
            run(factory, **options)

    uvicorn.run = run_other
    command(words, prog_name="standings", standalone_mode=False)
    if factory == PLAIN:
        run(factory, **given)


if __name__ == "__main__":
    main()
