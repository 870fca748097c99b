"""Leaderboards of the loopback Hub: by task, whole or without fine-tunes, gated or open."""

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.access import gate
from tests.hub.fake import FakeHub
from tests.hub.repos import Repo


def leaderboard(hub: FakeHub, repo: Repo, person: dict[str, Any] | None, request: Request) -> Response:
    """The rows of one task, by default the one set first.

    Unless `base_model=false`, they are only of models that declare no base model, ranked anew.
    """
    if repo.id in hub.gated_boards and (person is None or person["name"] not in repo.granted):
        return gate(person)
    tasks = hub.boards.get(repo.id, {})
    task = request.query_params.get("task_id", next(iter(tasks), None))
    if task not in tasks:
        return JSONResponse({"error": "Leaderboard not found"}, 404)
    rows = tasks[task]
    if request.query_params.get("base_model", "true").lower() != "false":
        rows = _ranked([row for row in rows if not _is_derived(hub, row)])
    return _conditional(json.dumps(rows).encode(), request)


def _is_derived(hub: FakeHub, row: Any) -> bool:
    model = hub.repos.get(("models", row.get("modelId", ""))) if isinstance(row, dict) else None
    return bool(model and model.info.get("cardData", {}).get("base_model"))


def _ranked(rows: list[Any]) -> list[Any]:
    return [{**row, "rank": place} if isinstance(row, dict) else row for place, row in enumerate(rows, 1)]


def _conditional(body: bytes, request: Request) -> Response:
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, headers={"ETag": etag}, media_type="application/json")
