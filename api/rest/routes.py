"""Routes of an address with and without its last slash, where what is wrong is told as JSON."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.observing.record import under_way
from warehouse.pool import Busy
from warehouse.watch import QueryTimeout

Handler = Callable[[Request], Awaitable[Response]]
log = logging.getLogger("standings.rest")


def both(path: str, handlers: Mapping[str, Handler]) -> list[Route]:
    """Routes of a path with and without its last slash, each as `single` makes it."""
    return [single(each, handlers) for each in (path, f"{path}/")]


def single(path: str, handlers: Mapping[str, Handler]) -> Route:
    """A route that answers by method; HEAD goes as GET, OPTIONS says what there is, others are 405."""
    allowed = [*handlers, *(["HEAD"] if "GET" in handlers else []), "OPTIONS"]
    headers = {"Allow": ", ".join(allowed)}

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        if method in handlers:
            return await _answered(handlers[method], request)
        if method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        told = {"success": False, "error": f"{request.method} is not taken here: use {' or '.join(handlers)}."}
        return JSONResponse(told, 405, headers)

    return Route(path, answer, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


async def _answered(handler: Handler, request: Request) -> Response:
    """What a handler answers; what it did not foresee is logged, and told as our mistake without its text."""
    try:
        return await handler(request)
    except ClientDisconnect:
        return Response(status_code=400)
    except (Busy, QueryTimeout) as error:
        return JSONResponse({"success": False, "error": str(error)}, 503, {"Retry-After": "1"})
    except Exception:
        name = under_way().id
        log.exception("request %s failed", name)
        told = {"success": False, "error": f"Internal error; it is logged under request id {name}."}
        return JSONResponse(told, 500)
