"""What operators ask: does it live, is it ready, what are its numbers."""

import asyncio
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.observing.metrics import MEDIA_TYPE, Metrics
from api.observing.readiness import NO_SNAPSHOT, RETRY_SECONDS, describe
from warehouse.snapshot import Serving

UNKEPT = {"Cache-Control": "no-store"}


def operator_routes(serving: Serving, metrics: Metrics | None) -> list[Route]:
    """`/health` and `/ready`; `/metrics` where there are any."""

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> JSONResponse:
        with serving.reading() as snapshot:
            if snapshot is None:
                return JSONResponse(NO_SNAPSHOT, 503, {"Retry-After": str(RETRY_SECONDS), **UNKEPT})
            return JSONResponse(describe(snapshot, datetime.now(UTC)), headers=UNKEPT)

    routes = [Route("/health", health), Route("/ready", ready)]
    if metrics is None:
        return routes

    async def write(_: Request) -> Response:
        return Response(await asyncio.to_thread(metrics.write), media_type=MEDIA_TYPE, headers=UNKEPT)

    return [*routes, Route("/metrics", write)]
