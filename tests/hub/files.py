"""File content of the loopback Hub, with the headers and the redirects the client knows."""

import re
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.fake import FakeHub
from tests.hub.repos import Commit, File, Repo


def resolve(hub: FakeHub, repo: Repo, commit: Commit, path: str, request: Request) -> Response:
    """Where a file's content is: a small one on the same host, a large one on a host of its own."""
    file = commit.file(path)
    if file is None:
        headers = {"X-Error-Code": "EntryNotFound", "X-Error-Message": "Entry not found", "X-Repo-Commit": commit.sha}
        return JSONResponse({"error": "Entry not found"}, 404, headers)
    headers = _headers(file, commit)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    headers |= {"X-Linked-Size": str(len(file.content)), "X-Linked-Etag": f'"{file.etag}"'}
    if file.is_large:
        return Response(status_code=302, headers={**headers, "Location": f"{store_address(hub)}/cdn/{file.sha256}"})
    place = f"/api/resolve-cache/{repo.kind}/{repo.id}/{commit.sha}/{quote(path)}"
    return Response(status_code=307, headers={**headers, "Location": place})


def content(commit: Commit, path: str, request: Request) -> Response:
    """The bytes of a small file."""
    file = commit.file(path)
    return Response(status_code=404) if file is None else _bytes(file.content, request, _headers(file, commit))


def stored(hub: FakeHub, oid: str, request: Request) -> Response:
    """The bytes of a large file, which need no token."""
    for repo in hub.repos.values():
        for commit in repo.commits:
            for path in commit.files:
                if (file := File(path, commit.files[path])).is_large and file.sha256 == oid:
                    return _bytes(file.content, request, {"ETag": f'"{oid}"'})
    return Response(status_code=404)


def store_address(hub: FakeHub) -> str:
    """The same server under another host name, as another host would be."""
    return f"http://localhost:{urlsplit(hub.url).port}"


def _headers(file: File, commit: Commit) -> dict[str, str]:
    return {"ETag": f'"{file.etag}"', "X-Repo-Commit": commit.sha, "Accept-Ranges": "bytes"}


def _bytes(body: bytes, request: Request, headers: dict[str, str]) -> Response:
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    if asked is None or asked.groups() == ("", ""):
        return Response(body, headers=headers, media_type="application/octet-stream")
    first, last = asked.groups()
    start = int(first) if first else max(0, len(body) - int(last))
    end = min(int(last), len(body) - 1) if first and last else len(body) - 1
    if start >= len(body):
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(body)}"})
    ranged = {**headers, "Content-Range": f"bytes {start}-{end}/{len(body)}"}
    return Response(body[start : end + 1], 206, ranged, media_type="application/octet-stream")
