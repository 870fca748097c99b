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

from api.accounts.redaction import install
from api.cors import cors
from api.engine import Engine
from api.graphql.http import GraphQLEndpoint
from api.graphql.http.trusted import read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from api.pages.serving import page_routes
from api.rest.auth import auth_routes
from api.rest.leaderboard import EasiLeaderboard
from api.rest.routes import both
from api.rest.submitting import Submitting
from api.settings import Settings
from api.submissions.opening import Desk, open_desk
from warehouse.easi.facts import read_facts
from warehouse.snapshot import Serving
from warehouse.store import Store, StoreError

MEGABYTE = 1_000_000
log = logging.getLogger("standings")


def create_app(settings: Settings | None = None) -> Starlette:
    """The application that serves `settings.data_dir`; without settings, those of the environment."""
    settings = settings or Settings()
    install()
    facts = read_facts()
    serving = Serving(Store(settings.data_dir), seconds=settings.query_seconds, memory=settings.query_memory)
    engine = Engine(settings.query_threads, settings.query_queue, settings.cache_mb * MEGABYTE // 4)
    operations = Operations(build_schema(), settings.most_cost)
    trusted = read_trusted(settings.trusted_documents, operations) if settings.trusted_documents else None
    desk = open_desk(settings, facts)
    graphql = GraphQLEndpoint(
        operations,
        serving,
        engine,
        cache_mb=settings.cache_mb,
        max_age=settings.max_age,
        documents=trusted,
        submissions=desk.service,
    )
    leaderboard = EasiLeaderboard(serving, engine, facts)

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
        await asyncio.to_thread(desk.sweep)
        watching = asyncio.create_task(_watch(serving, settings.look_seconds))
        async with _pushing(desk):
            yield
        watching.cancel()
        engine.close()
        serving.close()
        await desk.close()

    routes = [
        Route("/graphql", graphql),
        Route("/health", health),
        Route("/ready", ready),
        Route("/", home),
        *both("/api/leaderboard", {"GET": leaderboard.answer}),
        *Submitting(desk.service, desk.blobs).routes(),
        *auth_routes(desk.accounts),
        *page_routes(),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=cors(settings.cors_origins))
    app.state.desk = desk
    return app


@contextlib.asynccontextmanager
async def _pushing(desk: Desk) -> AsyncIterator[None]:
    """Push submissions to the Hub meanwhile, where that is set up."""
    if desk.pusher is None:
        yield
        return
    stop = asyncio.Event()
    pushing = asyncio.create_task(desk.pusher.run(stop))
    yield
    stop.set()
    desk.pusher.wake()
    await pushing


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
