"""The addresses of the loopback Hub, routed by position on the raw path as a repository may be named like a route."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.hub import boards, files, listings, oauth, uploads
from tests.hub.access import BadToken, person_of, refusal
from tests.hub.fake import FakeHub, Recorded
from tests.hub.faults import Fault
from tests.hub.repos import Commit, Repo

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]
KINDS = ("datasets", "models")
Answering = Callable[[Request], Awaitable[Response]]


def application(hub: FakeHub) -> Starlette:
    """The Hub's endpoints for reading."""

    async def answer(request: Request) -> Response:
        recorded = record(request)
        hub.requests.append(recorded)
        fault = next((fault for fault in hub.faults if fault.takes(recorded.target)), None)
        if fault is not None and fault.after:
            await route(hub, request)
        spoilt = await _spoil(fault)
        if spoilt is not None:
            return spoilt
        if hub.quota is not None and not hub.quota.spend():
            return _error(429, "You have been rate limited", hub.quota.headers)
        response = await route(hub, request)
        response.headers.update(hub.quota.headers if hub.quota else {})
        return response

    return Starlette(routes=[Route("/{rest:path}", answer, methods=METHODS)])


def record(request: Request) -> Recorded:
    return Recorded(
        request.method,
        request.headers.get("host", ""),
        _raw_path(request),
        list(request.query_params.multi_items()),
        dict(request.headers),
    )


async def route(hub: FakeHub, request: Request) -> Response:
    """The answer to one request."""
    parts = _raw_path(request).strip("/").split("/")
    signing_in = await oauth.route(hub, parts, request)
    if signing_in is not None:
        return signing_in
    try:
        person = person_of(hub, request)
    except BadToken:
        return _error(401, "Invalid credentials in Authorization header")
    uploaded = await uploads.route(hub, person, parts, request)
    return uploaded or await _read(hub, person, parts, request)


async def _read(hub: FakeHub, person: dict[str, object] | None, parts: list[str], request: Request) -> Response:
    match parts:
        case ["api", "whoami-v2"]:
            return _error(401, "Invalid username or password.") if person is None else JSONResponse(person)
        case ["api", kind] if kind in KINDS:
            return listings.listing(hub, kind, request)
        case ["api", "resolve-cache", kind, space, name, sha, *path] if kind in KINDS:
            return _of_repo(hub, person, kind, f"{space}/{name}", ["content", sha, *path], request)
        case ["api", kind, space, name, *rest] if kind in KINDS:
            if rest == ["paths-info"] or rest[:1] == ["paths-info"]:
                hidden = refusal(hub.repos.get((kind, f"{space}/{name}")), person, content=False)
                return hidden or await listings.paths_info(hub, kind, f"{space}/{name}", rest[1:], request)
            return _of_repo(hub, person, kind, f"{space}/{name}", rest, request)
        case ["cdn", oid]:
            return files.stored(hub, oid, request)
        case ["datasets", space, name, "resolve", *rest]:
            return _of_repo(hub, person, "datasets", f"{space}/{name}", ["resolve", *rest], request)
        case [space, name, "resolve", *rest]:
            return _of_repo(hub, person, "models", f"{space}/{name}", ["resolve", *rest], request)
    return _error(404, "Sorry, we can't find the page you are looking for.")


def _of_repo(
    hub: FakeHub, person: dict[str, object] | None, kind: str, name: str, rest: list[str], request: Request
) -> Response:
    repo = hub.repos.get((kind, unquote(name)))
    refused = refusal(repo, person, content=rest[:1] in (["resolve"], ["content"]))
    if refused is not None or repo is None:
        return refused or _error(404, "Repository not found")
    if rest == ["leaderboard"] and kind == "datasets":
        return boards.leaderboard(hub, repo, person, request)
    if not rest:
        return listings.info(repo, repo.at("main"), request)
    revision, path = _revision(rest[1:])
    commit = repo.at(revision)
    if commit is None:
        return _error(404, f"Invalid rev id: {revision}", {"X-Error-Code": "RevisionNotFound"})
    return _at_commit(hub, repo, commit, rest[0], path, request)


def _at_commit(hub: FakeHub, repo: Repo, commit: Commit, verb: str, path: str, request: Request) -> Response:
    match verb:
        case "revision":
            return listings.info(repo, commit, request)
        case "commits":
            return listings.commits(hub, repo, commit, request)
        case "tree":
            return listings.tree(hub, commit, path, request)
        case "resolve":
            return files.resolve(hub, repo, commit, path, request)
        case "content":
            return files.content(commit, path, request)
    return _error(404, "Sorry, we can't find the page you are looking for.")


def _revision(parts: list[str]) -> tuple[str, str]:
    """A revision and a path below it; `refs/pr/N` comes as three segments."""
    if parts[:2] in (["refs", "pr"], ["refs", "convert"]):
        return "/".join(parts[:3]), unquote("/".join(parts[3:]))
    return unquote(parts[0]) if parts else "main", unquote("/".join(parts[1:]))


async def _spoil(fault: Fault | None) -> Response | None:
    if fault is None:
        return None
    await asyncio.sleep(fault.delay)
    return fault.answer()


def _raw_path(request: Request) -> str:
    raw: bytes = request.scope.get("raw_path", b"")
    return raw.split(b"?")[0].decode("ascii", "replace")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": message}, status, {"X-Error-Message": message, **(headers or {})})
