"""The pages and what they are made of, under names from fixed lists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from api.pages.built import ONLY_OURS, SAME_SITE, Built
from api.pages.files import File
from warehouse.easi.facts import Facts, read_facts

SUBMIT = "submit.html"
ABSENT = "absent.html"
GUIDE = "guide.html"
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


@dataclass(frozen=True)
class Pages:
    """What a browser is shown: routes, and the page at /graphql for one that asks nothing there."""

    routes: list[Route]
    graphql: ASGIApp


def read_pages(built: Built | None) -> Pages:
    """The pages, whose files are read now; without built ones plain pages stand in and say how to get them."""
    explorer = built.explorer if built else _document(ABSENT)
    graphql = built.graphiql if built else _document(GUIDE)
    submit = _document(SUBMIT)
    own = {name: _read(name) for name in ASSETS} | {BENCHMARKS: File(BENCHMARKS, _benchmarks(read_facts()))}
    routes = [
        _route("/", explorer),
        _route("/submit", submit),
        _route("/submit/", submit),
        _folder("/pages/{name}", own),
        _folder("/assets/{name}", built.assets if built else {}),
    ]
    return Pages(routes, _route("/graphql", graphql).app)


def _route(path: str, file: File) -> Route:
    async def page(request: Request) -> Response:
        return file.answer(request)

    return Route(path, page)


def _folder(path: str, known: Mapping[str, File]) -> Route:
    async def asset(request: Request) -> Response:
        found = known.get(request.path_params["name"])
        return found.answer(request) if found else PlainTextResponse("there is no such page", 404)

    return Route(path, asset)


def _document(name: str) -> File:
    return File(name, _body(name), headers={"Content-Security-Policy": ONLY_OURS, **SAME_SITE})


def _read(name: str) -> File:
    return File(name, _body(name))


def _body(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()


def _benchmarks(facts: Facts) -> bytes:
    """What the form offers: id, name, metric, whether it is of EASI-8, and keys of sub-scores, in the board's order."""
    known = [
        {"id": one.id, "name": one.name, "metric": one.metric, "core": one.core, "subScores": one.sub_scores}
        for one in facts.benchmarks.values()
    ]
    return json.dumps(known, ensure_ascii=False).encode()
