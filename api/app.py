"""The ASGI application: routes and lifespan, on one screen."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator

import duckdb
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from api.cors import cors
from api.graphql.executor.engine import Engine
from api.graphql.http import GraphQLEndpoint
from api.graphql.http.trusted import read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from api.settings import Settings
from warehouse.snapshot import Serving
from warehouse.store import Store, StoreError

MEGABYTE = 1_000_000
log = logging.getLogger("standings")


def create_app(settings: Settings | None = None) -> Starlette:
    """The application that serves `settings.data_dir`; without settings, those of the environment."""
    settings = settings or Settings()
    serving = Serving(Store(settings.data_dir), seconds=settings.query_seconds, memory=settings.query_memory)
    engine = Engine(settings.query_threads, settings.query_queue, settings.cache_mb * MEGABYTE // 4)
    operations = Operations(build_schema(), settings.most_cost)
    trusted = read_trusted(settings.trusted_documents, operations) if settings.trusted_documents else None
    graphql = GraphQLEndpoint(
        operations, serving, engine, cache_mb=settings.cache_mb, max_age=settings.max_age, documents=trusted
    )

    async def health(request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:
        with serving.reading() as snapshot:
            if snapshot is None:
                return JSONResponse({"status": "no snapshot"}, 503, headers={"Retry-After": "5"})
            return JSONResponse({"status": "ready", "snapshot": snapshot.id, "builtAt": snapshot.built_at.isoformat()})

    async def home(request: Request) -> RedirectResponse:
        return RedirectResponse("/graphql")

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(_refresh, serving)
        watching = asyncio.create_task(_watch(serving, settings.look_seconds))
        yield
        watching.cancel()
        engine.close()
        serving.close()

    routes = [
        Route("/graphql", graphql),
        Route("/health", health),
        Route("/ready", ready),
        Route("/", home),
    ]
    return Starlette(routes=routes, lifespan=lifespan, middleware=cors(settings.cors_origins))


async def _watch(serving: Serving, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await asyncio.to_thread(_refresh, serving)


def _refresh(serving: Serving) -> None:
    """Serve the current snapshot; one that cannot be opened leaves the last one served."""
    try:
        if serving.refresh():
            log.info("serving a new snapshot (process %d)", os.getpid())
    except (StoreError, OSError, duckdb.Error):
        log.exception("the current snapshot cannot be opened; the last one stays")
