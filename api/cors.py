"""Which pages of other sites may ask from a browser, and which headers of the answers they may read."""

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Send

METHODS = ("GET", "HEAD", "POST")
READABLE = (
    "Accept-Ranges",
    "Content-Location",
    "Content-Range",
    "ETag",
    "Retry-After",
    "X-Query-Cost",
    "X-Query-Cost-Limit",
    "X-Request-Id",
    "X-Standings-Snapshot",
)
DAY = 86_400  # seconds


class OpenCORS(CORSMiddleware):
    """Tells everybody that any page may ask, so that a cache need not keep an answer for each origin."""

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:  # noqa: ARG002 - its name is Starlette's
        """Pass on a message, the first with what any page may do."""
        if message["type"] == "http.response.start":
            told = [(name.lower().encode(), value.encode()) for name, value in self.simple_headers.items()]
            message["headers"] = [*message.get("headers", ()), *told]
        await send(message)


def cors(origins: str) -> list[Middleware]:
    """The middleware that lets in the pages of origins, which have commas between them; `*` is any, empty is none.

    They never come with a reader's cookies or sign-in.
    """
    named = [each.strip().rstrip("/") for each in origins.split(",") if each.strip()]
    if not named:
        return []
    return [
        Middleware(
            OpenCORS if "*" in named else CORSMiddleware,
            allow_origins=named,
            allow_methods=METHODS,
            allow_headers=["*"],
            expose_headers=READABLE,
            max_age=DAY,
        )
    ]
