"""The submit page and what it is made of, under names from a fixed table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from warehouse.easi.facts import Facts, read_facts

SUBMIT = "submit.html"
ASSETS = (
    "theme.css",
    "submit.css",
    "submit.js",
    "account.js",
    "answers.js",
    "checks.js",
    "documents.js",
    "draft.js",
    "elements.js",
    "fields.js",
    "graphql.js",
    "numbers.js",
    "outcome.js",
    "payload.js",
    "preview.js",
    "problems.js",
    "row.js",
    "scores.js",
    "sending.js",
    "submission.js",
    "submissions.js",
)
BENCHMARKS = "benchmarks.json"
MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOCUMENT_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}


@dataclass(frozen=True)
class Page:
    """One file as it is sent: asked for again each time, and not sent again while it is the same."""

    name: str
    body: bytes = field(repr=False)

    @property
    def etag(self) -> str:
        """The entity tag: the same as long as the bytes are."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every answer with it, those without a body too."""
        own = DOCUMENT_HEADERS if self.name.endswith(".html") else {}
        return {"ETag": self.etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **own}

    def answer(self, request: Request) -> Response:
        """The page, or 304 for a client that has it."""
        if _has(request, self.etag):
            return Response(status_code=304, headers=self.headers)
        return Response(self.body, headers=self.headers, media_type=MEDIA_TYPES[self.name.rpartition(".")[2]])


def page_routes() -> list[Route]:
    """The routes `/submit`, `/submit/` and `/pages/<name>`, whose files are read now."""
    page = _read(SUBMIT)
    assets = {name: _read(name) for name in ASSETS} | {BENCHMARKS: Page(BENCHMARKS, _benchmarks(read_facts()))}

    async def submit(request: Request) -> Response:
        return page.answer(request)

    async def asset(request: Request) -> Response:
        return _answer_asset(assets, request)

    return [Route("/submit", submit), Route("/submit/", submit), Route("/pages/{name}", asset)]


def _answer_asset(assets: Mapping[str, Page], request: Request) -> Response:
    found = assets.get(request.path_params["name"])
    return found.answer(request) if found else PlainTextResponse("there is no such page", 404)


def _read(name: str) -> Page:
    return Page(name, files(__package__).joinpath(name).read_bytes())


def _has(request: Request, etag: str) -> bool:
    told = (tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(","))
    return any(tag in (etag, "*") for tag in told)


def _benchmarks(facts: Facts) -> bytes:
    """What the form offers: id, name, metric, whether it is of EASI-8, and keys of sub-scores, in the board's order."""
    known = [
        {"id": one.id, "name": one.name, "metric": one.metric, "core": one.core, "subScores": one.sub_scores}
        for one in facts.benchmarks.values()
    ]
    return json.dumps(known, ensure_ascii=False).encode()
