"""The files of the snapshots over HTTP: DuckDB, Parquet, and what describes them."""

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from api.rest.routes import both, single
from api.tags import holds_tag
from warehouse.pool import Busy
from warehouse.snapshot import Serving
from warehouse.store import FILE, Published, StoreError

ROOT = "/warehouse"
FOREVER = "public, max-age=31536000, immutable"
ANEW = "no-cache"
MOST_AT_ONCE = 256
STALLED_SECONDS = 60.0
CHUNK_BYTES = 256 * 1024
MEDIA_TYPES = {
    ".duckdb": "application/octet-stream",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
}
NOT_READY = "There is no snapshot yet: run `standings build` or `standings demo`."

log = logging.getLogger("standings.rest")


class Downloads:
    """Answers GET and HEAD below `/warehouse`: a snapshot's files never change, only which one is the latest."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.open = 0

    def routes(self) -> list[Route]:
        """Every route of them."""
        return [
            *both(ROOT, {"GET": self.index}),
            single(f"{ROOT}/latest.duckdb", {"GET": self.latest}),
            single(f"{ROOT}/{{snapshot}}.duckdb", {"GET": self.database}),
            single(f"{ROOT}/{{snapshot}}/{{file}}", {"GET": self.file}),
        ]

    async def index(self, _: Request) -> Response:
        """Which snapshots are kept, newest first, which one is served, and their files."""
        return JSONResponse(await run_in_threadpool(self._listed), headers={"Cache-Control": ANEW})

    async def latest(self, request: Request) -> Response:
        """The DuckDB file of the snapshot that is served; `Content-Location` names it."""
        current = self._current()
        if current is None:
            return JSONResponse({"success": False, "error": NOT_READY}, 503, {"Retry-After": "5"})
        headers = {"Cache-Control": ANEW, "Content-Location": f"{ROOT}/{current}.duckdb"}
        return await run_in_threadpool(self._answer, request, current, FILE, headers)

    async def database(self, request: Request) -> Response:
        """The DuckDB file of a snapshot."""
        return await self._named(request, FILE)

    async def file(self, request: Request) -> Response:
        """A file of a snapshot by its name on disk."""
        return await self._named(request, request.path_params["file"])

    async def _named(self, request: Request, name: str) -> Response:
        headers = {"Cache-Control": FOREVER}
        return await run_in_threadpool(self._answer, request, request.path_params["snapshot"], name, headers)

    def _answer(self, request: Request, snapshot: str, name: str, headers: dict[str, str]) -> Response:
        """A file that the store lists; names come from anywhere, and are only compared."""
        try:
            path = self.serving.store.find(snapshot).files[name]
            about = path.stat()
        except (StoreError, KeyError, FileNotFoundError):
            return _missing(snapshot, name)
        headers = {**headers, "ETag": f'"{snapshot}.{name}"', "X-Content-Type-Options": "nosniff"}
        if holds_tag(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if request.method == "GET" and self.open >= MOST_AT_ONCE:
            raise Busy(f"{MOST_AT_ONCE} files are being downloaded already: ask again in a moment")
        return Download(self, path, headers=headers, media_type=MEDIA_TYPES[path.suffix], stat_result=about)

    def _current(self) -> str | None:
        with self.serving.reading() as snapshot:
            return snapshot.id if snapshot else None

    def _listed(self) -> dict[str, Any]:
        current = self._current()
        kept = [_described(published, current) for published in self.serving.store.list()]
        return {"current": current, "latest": f"{ROOT}/latest.duckdb", "snapshots": kept}


class Download(FileResponse):
    """One file on its way, or ranges of it; a client that takes nothing for long is left."""

    chunk_size = CHUNK_BYTES

    def __init__(self, downloads: Downloads, path: Path, **about: Any) -> None:
        super().__init__(path, **about)
        self.downloads = downloads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. The file is opened once, so that it comes whole after its snapshot is gone."""
        self.downloads.open += 1
        try:
            await super().__call__(_readable(scope), receive, partial(_send, send))
        except TimeoutError:
            log.info("a download of %s was left: nothing was taken for %g seconds", self.path, STALLED_SECONDS)
        finally:
            self.downloads.open -= 1


async def _send(send: Send, message: Message) -> None:
    async with asyncio.timeout(STALLED_SECONDS):
        await send(message)


def _readable(scope: Scope) -> Scope:
    """The request without a range that counts as none: of HEAD, and in another unit than bytes."""
    headers = scope["headers"]
    if scope["method"] == "HEAD" or not all(_in_bytes(value) for name, value in headers if name == b"range"):
        headers = [(name, value) for name, value in headers if name != b"range"]
    return {**scope, "headers": headers}


def _in_bytes(asked: bytes) -> bool:
    return asked.strip().lower().startswith(b"bytes=")


def _described(published: Published, current: str | None) -> dict[str, Any]:
    files = [
        {"name": name, "address": _address(published, name), "bytes": size}
        for name, path in published.files.items()
        if (size := _size(path)) is not None
    ]
    is_current = published.id == current
    return {"id": published.id, "builtAt": published.built_at.isoformat(), "current": is_current, "files": files}


def _size(path: Path) -> int | None:
    """Its bytes; null: it is gone."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _address(published: Published, name: str) -> str:
    return f"{ROOT}/{published.id}.duckdb" if name == FILE else f"{ROOT}/{published.id}/{name}"


def _missing(snapshot: str, name: str) -> JSONResponse:
    error = f"There is no {name[:80]!r} of a snapshot {snapshot[:80]!r} here: {ROOT}/ lists what there is."
    return JSONResponse({"success": False, "error": error}, 404)
