"""One file of a page as it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from api.tags import holds_tag

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "woff2": "font/woff2",
}
ASKED_AGAIN = "no-cache"
FOREVER = "public, max-age=31536000, immutable"  # of a file whose name says what is in it
CODED = (("br", ".br"), ("gzip", ".gz"))  # best first, with how the name of such a file ends


@dataclass(frozen=True)
class File:
    """A file: its bytes as they are and as they are coded, and how long a browser may keep them."""

    name: str
    body: bytes = field(repr=False)
    coded: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    keeping: str = ASKED_AGAIN
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()[:32]

    def answer(self, request: Request) -> Response:
        """The file, or 304 for a client that has it; coded where the client takes that."""
        taken = _taken(request.headers.get("accept-encoding", ""))
        coding = next((name for name, _ in CODED if name in self.coded and name in taken), None)
        etag = f'"{self.digest}-{coding}"' if coding else f'"{self.digest}"'
        headers = {
            "ETag": etag,
            "Cache-Control": self.keeping,
            "Vary": "Accept, Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        if holds_tag(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        if coding:
            headers["Content-Encoding"] = coding
        body = self.coded[coding] if coding else self.body
        return Response(body, headers=headers, media_type=MEDIA_TYPES[self.name.rpartition(".")[2]])


def _taken(accept_encoding: str) -> set[str]:
    """The codings a client names and does not refuse."""
    parts = (part.replace(" ", "").lower().partition(";q=") for part in accept_encoding.split(","))
    return {name for name, _, quality in parts if quality not in {"0", "0.0", "0.00", "0.000"}}
