"""The ASGI application: routes and lifespan, on one screen."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import duckdb
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from api.accounts.redaction import install
from api.cors import cors
from api.engine import Engine
from api.graphql.http import GraphQLEndpoint
from api.graphql.http.trusted import read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from api.observing.metrics import Metrics
from api.observing.opening import open_observer
from api.observing.requests import Observing
from api.observing.routes import operator_routes
from api.observing.sampling import count_submissions, watch_caches, watch_pools, watch_snapshot, watch_tokens
from api.pages.built import read_built
from api.pages.serving import read_pages
from api.rest.auth import auth_routes
from api.rest.leaderboard import EasiLeaderboard
from api.rest.routes import both
from api.rest.sql import SqlEndpoint
from api.rest.submitting import Submitting
from api.rest.warehouse import Downloads
from api.settings import Settings
from api.submissions.opening import Desk, open_desk
from warehouse.easi.facts import read_facts
from warehouse.sandbox.limits import Limits
from warehouse.sandbox.sandboxes import Sandboxes
from warehouse.snapshot import Serving
from warehouse.store import Store, StoreError

if TYPE_CHECKING:
    from api.observing.tracing import Tracing

MEGABYTE = 1_000_000
log = logging.getLogger("standings")


def create_app(settings: Settings | None = None, tracing: "Tracing | None" = None) -> Starlette:
    """The application that serves `settings.data_dir`; without settings, those of the environment.

    Requests are traced by `tracing`; without it, as the environment says.
    """
    settings = settings or Settings()
    install()
    observer = open_observer(settings, tracing)
    facts = read_facts()
    serving = Serving(Store(settings.data_dir), seconds=settings.query_seconds, memory=settings.query_memory)
    engine = Engine(settings.query_threads, settings.query_queue, settings.cache_mb * MEGABYTE // 4)
    operations = Operations(build_schema(), settings.most_cost)
    trusted = read_trusted(settings.trusted_documents, operations) if settings.trusted_documents else None
    desk = open_desk(settings, facts)
    pages = read_pages(read_built())
    graphql = GraphQLEndpoint(
        operations,
        serving,
        engine,
        cache_mb=settings.cache_mb,
        max_age=settings.max_age,
        documents=trusted,
        submissions=desk.service,
        page=pages.graphql,
    )
    leaderboard = EasiLeaderboard(serving, engine, facts)
    limits = Limits(settings.sql_seconds, settings.sql_memory_mb, settings.sql_rows, settings.sql_answer_mb)
    sandboxes = Sandboxes(limits, settings.sql_processes, settings.sql_queue)

    if observer.metrics is not None:
        watch_snapshot(observer.metrics, serving)
        watch_pools(observer.metrics, graphql=engine.pool, sql=sandboxes)
        watch_caches(observer.metrics, responses=graphql.answers, tables=engine.tables, made=engine.made)
        watch_tokens(observer.metrics, desk.accounts.tokens.outcomes)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(_refresh, serving)
        await asyncio.to_thread(desk.sweep)
        watching = asyncio.create_task(_watch(serving, settings.look_seconds, observer.metrics))
        counting = asyncio.create_task(count_submissions(observer.metrics, desk.ledger))
        async with _pushing(desk):
            yield
        counting.cancel()
        watching.cancel()
        await sandboxes.close()
        engine.close()
        serving.close()
        await desk.close()
        await asyncio.to_thread(observer.close)

    routes = [
        Route("/graphql", graphql),
        *operator_routes(serving, observer.metrics),
        *both("/api/leaderboard", {"GET": leaderboard.answer}),
        *Submitting(desk.service, desk.blobs).routes(),
        *Downloads(serving).routes(),
        *([Route("/sql", SqlEndpoint(serving, sandboxes, settings.max_age))] if settings.sql else []),
        *auth_routes(desk.accounts),
        *pages.routes,
    ]
    middleware = [Middleware(Observing, observer=observer), *cors(settings.cors_origins)]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=middleware)
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


async def _watch(serving: Serving, seconds: float, metrics: Metrics | None) -> None:
    while True:
        await asyncio.sleep(seconds)
        await asyncio.to_thread(_refresh, serving)
        if metrics is not None:
            metrics.sample()


def _refresh(serving: Serving) -> None:
    """Serve the current snapshot; one that cannot be opened leaves the last one served."""
    try:
        if serving.refresh():
            log.info("serving a new snapshot (process %d)", os.getpid())
    except (StoreError, OSError, duckdb.Error):
        log.exception("the current snapshot cannot be opened; the last one stays")
