"""Uploads to the loopback Hub: which way a file goes, large objects, and commits."""

import base64
import hashlib
import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.access import refusal, refused
from tests.hub.fake import FakeHub
from tests.hub.files import store_address
from tests.hub.repos import File, Repo

Person = dict[str, Any] | None


async def route(hub: FakeHub, person: Person, parts: list[str], request: Request) -> Response | None:
    """The answer to a POST or a PUT that is part of an upload; None for any other."""
    if request.method not in ("POST", "PUT"):
        return None
    match parts:
        case ["api", kind, space, name, "preupload" | "commit" as verb, *rest]:
            return await _answer(hub, person, hub.repos.get((kind, f"{space}/{name}")), [verb, *rest], request)
        case ["datasets", space, name, "info", "lfs", "objects", verb] if name.endswith(".git"):
            repo = hub.repos.get(("datasets", f"{space}/{name.removesuffix('.git')}"))
            return await _answer(hub, person, repo, [verb], request)
        case ["lfs", oid]:
            return await _put(hub, oid, request)
    return None


async def _answer(hub: FakeHub, person: Person, repo: Repo | None, rest: list[str], request: Request) -> Response:
    turned_away = refusal(repo, person, content=False) or _may_not_write(repo, person)
    if turned_away is not None or repo is None:
        return turned_away or refused(404, "RepoNotFound", "Repository not found")
    body = await request.body()
    match rest:
        case ["preupload", revision] if revision in repo.refs:
            return _preupload(repo, revision, json.loads(body))
        case ["batch"]:
            return _batch(hub, repo, json.loads(body))
        case ["verify"]:
            return _verify(hub, json.loads(body))
        case ["commit", "main"]:
            return _commit(hub, repo, body)
    return refused(404, "RevisionNotFound", "Invalid rev id")


async def _put(hub: FakeHub, oid: str, request: Request) -> Response:
    """Take a large object, at an address that is good for this one alone and needs no token."""
    body = await request.body()
    if request.query_params.get("signature") != hub.signatures.get(oid) or "authorization" in request.headers:
        return Response(b"<Error><Code>SignatureDoesNotMatch</Code></Error>", 403)
    if hashlib.sha256(body).hexdigest() != oid:
        return Response(b"<Error><Code>BadDigest</Code></Error>", 400)
    hub.objects[oid] = body
    return Response(headers={"ETag": f'"{oid[:32]}"'})


def _may_not_write(repo: Repo | None, person: Person) -> Response | None:
    role = person["auth"]["accessToken"]["role"] if person is not None else None
    if repo is not None and person is not None and role == "write" and person["name"] in repo.writers:
        return None
    text = "You have read access but not the required permissions for this operation"
    return JSONResponse({"error": text}, 401 if person is None else 403, {"X-Error-Message": text})


def _preupload(repo: Repo, revision: str, asked: Any) -> Response:
    head = repo.at(revision)
    files = []
    for each in asked["files"]:
        held = head.file(each["path"]) if head else None
        mode = "lfs" if File(each["path"], b"").is_large else "regular"
        files.append({"path": each["path"], "uploadMode": mode, "shouldIgnore": False, "oid": held and held.etag})
    return JSONResponse({"files": files})


def _batch(hub: FakeHub, repo: Repo, asked: Any) -> Response:
    return JSONResponse({"transfer": "basic", "objects": [_object(hub, repo, each) for each in asked["objects"]]})


def _object(hub: FakeHub, repo: Repo, each: dict[str, Any]) -> dict[str, Any]:
    """How to upload one object: to another host, and then to say so; nothing where it is there already."""
    oid = each["oid"]
    if oid in hub.objects:
        return each
    signature = hub.signatures.setdefault(oid, secrets.token_hex(16))
    verify = f"{hub.url}/{repo.kind}/{repo.id}.git/info/lfs/objects/verify"
    upload = {"href": f"{store_address(hub)}/lfs/{oid}?signature={signature}", "header": {}}
    return {**each, "actions": {"upload": upload, "verify": {"href": verify, "header": {}}}}


def _verify(hub: FakeHub, asked: Any) -> Response:
    is_there = len(hub.objects.get(asked["oid"], b"")) == asked["size"]
    return JSONResponse({}, 200 if is_there else 404)


def _commit(hub: FakeHub, repo: Repo, body: bytes) -> Response:
    lines = [json.loads(line) for line in body.splitlines() if line]
    header = lines[0]["value"]
    if header.get("parentCommit", repo.refs["main"]) != repo.refs["main"]:
        return JSONResponse({"error": "A commit has happened since. Please refresh and try again."}, 412)
    files: dict[str, bytes | str | None] = {}
    for line in lines[1:]:
        value = line["value"]
        match line["key"]:
            case "file":
                files[value["path"]] = base64.b64decode(value["content"])
            case "lfsFile" if value["oid"] in hub.objects:
                files[value["path"]] = hub.objects[value["oid"]]
            case "deletedFile":
                files[value["path"]] = None
            case key:
                return JSONResponse({"error": f"cannot take {key} {value['path']}"}, 400)
    sha = repo.commit(files, title=header["summary"])
    where = f"{hub.url}/{repo.kind}/{repo.id}/commit/{sha}"
    return JSONResponse({"success": True, "commitOid": sha, "commitUrl": where, "hookOutput": ""})
