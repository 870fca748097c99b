"""Lists of the loopback Hub: repositories, trees, commits and what is known of them."""

from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.fake import FakeHub
from tests.hub.repos import Commit, Repo, stamp


def listing(hub: FakeHub, kind: str, request: Request) -> Response:
    """Repositories that match `filter`, `author` and `search`, a page at a time."""
    query = request.query_params
    found = [
        expanded(repo.described(commit), query.getlist("expand"))
        for (of, name), repo in sorted(hub.repos.items())
        if of == kind and not repo.private and (commit := repo.at("main"))
        if set(query.getlist("filter")) <= set(repo.info.get("tags", []))
        if query.get("author") in (None, name.split("/")[0]) and query.get("search", "") in name
    ]
    return paged(hub, found, request)


def info(repo: Repo, commit: Commit | None, request: Request) -> Response:
    assert commit is not None
    return JSONResponse(expanded(repo.described(commit), request.query_params.getlist("expand")))


def tree(hub: FakeHub, commit: Commit, path: str, request: Request) -> Response:
    recursive = request.query_params.get("recursive", "").lower() in ("true", "1")
    return paged(hub, commit.tree(path, recursive), request)


def commits(hub: FakeHub, repo: Repo, commit: Commit, request: Request) -> Response:
    """The history up to a commit, newest first."""
    upto = repo.commits[: repo.commits.index(commit) + 1]
    return paged(
        hub,
        [
            {
                "id": each.sha,
                "title": each.title,
                "message": "",
                "authors": [{"user": "someone"}],
                "date": stamp(each.at),
            }
            for each in reversed(upto)
        ],
        request,
    )


async def paths_info(hub: FakeHub, kind: str, name: str, rest: list[str], request: Request) -> Response:
    """What is at the paths that the form names; paths that are not there are left out."""
    repo = hub.repos.get((kind, unquote(name)))
    commit = repo.at(unquote("/".join(rest))) if repo else None
    if commit is None:
        return JSONResponse({"error": "Not found"}, 404, {"X-Error-Code": "RevisionNotFound"})
    form = parse_qs((await request.body()).decode())
    paths = form.get("paths", [])
    everything = {entry["path"]: entry for entry in commit.tree("", recursive=True)}
    is_expanded = repo is not None and form.get("expand", ["false"])[0].lower() == "true"
    return JSONResponse(
        [
            {**everything[path], **({"lastCommit": last_commit(repo, commit, path)} if is_expanded and repo else {})}
            for path in paths
            if path in everything
        ]
    )


def last_commit(repo: Repo, upto: Commit, path: str) -> dict[str, str]:
    """The newest commit up to one that changed a file."""
    history = repo.commits[: repo.commits.index(upto) + 1]
    changed = [
        now
        for before, now in zip([None, *history[:-1]], history, strict=True)
        if before is None or before.files.get(path) != now.files.get(path)
    ]
    return {"id": changed[-1].sha, "title": changed[-1].title, "date": stamp(changed[-1].at)}


def expanded(entry: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Only the properties asked for, where any are."""
    return entry if not names else {key: value for key, value in entry.items() if key in {"_id", "id", *names}}


def paged(hub: FakeHub, entries: list[Any], request: Request) -> Response:
    """One page, with a Link header to the next."""
    query = request.query_params
    start, size = int(query.get("cursor", 0)), min(int(query.get("limit", hub.page_size)), hub.page_size)
    headers = {}
    if start + size < len(entries):
        rest = [(name, value) for name, value in query.multi_items() if name != "cursor"]
        path = quote(request.url.path, safe="/")
        following = urlencode([*rest, ("cursor", start + size)])
        headers["Link"] = f'<{hub.url}{path}?{following}>; rel="next"'
    return JSONResponse(entries[start : start + size], headers=headers)
