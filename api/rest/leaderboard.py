"""EASI's leaderboard as its own API answers it, from the newest version in the store."""

import hashlib
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.engine import Engine, Reader
from api.tags import holds_tag
from warehouse.easi.facts import Facts
from warehouse.select import Clause
from warehouse.snapshot import Serving
from warehouse.statements import statement

SOURCE = "easi"
HEADLINE = "default"
KIND = {"type": "instruction", "precision": "bfloat16"}  # EASI's API says so of every model
EMPTY = "The store holds no EASI leaderboard: run `standings build --easi URI`."
NOT_READY = "There is no data yet: run `standings build`."
MAX_AGE = 300  # seconds, as EASI keeps it


class EasiLeaderboard:
    """Answers GET and HEAD of `/api/leaderboard`; the body is made once a snapshot."""

    def __init__(self, serving: Serving, engine: Engine, facts: Facts) -> None:
        self.serving = serving
        self.engine = engine
        self.facts = facts

    async def answer(self, request: Request) -> Response:
        """The leaderboard, or 502 where there is none, as EASI answers what it cannot read."""
        with self.serving.reading() as snapshot:
            if snapshot is None:
                return JSONResponse({"error": NOT_READY}, 502)
            body = await self.engine.remembered(snapshot, ("easi leaderboard",), self.write, len)
        if not body:
            return JSONResponse({"error": EMPTY}, 502)
        tag = f'"{hashlib.sha256(body).hexdigest()[:40]}"'
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE}"}
        if holds_tag(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    def write(self, reader: Reader) -> bytes:
        """The body as JSON; empty: the store has no version of EASI."""
        versions = reader.snapshot.dimensions.versions.get(SOURCE)
        if not versions:
            return b""
        models = reader.table(Clause(statement("queries/easi_models"))).to_pylist()
        labels = reader.table(Clause(statement("queries/easi_capabilities"))).to_pylist()
        return orjson.dumps(
            {
                "data": [self._model(row) for row in models],
                "lastUpdated": f"{versions[-1]['published_at']:%Y-%m-%dT%H:%M:%SZ}",
                "capabilityMap": _capability_map(labels),
            }
        )

    def _model(self, row: dict[str, Any]) -> dict[str, Any]:
        scores: dict[str, float | None] = dict.fromkeys(self.facts.benchmarks)
        parts: dict[str, dict[str, float]] = {}
        for cell in row["cells"]:
            task, subset, value = cell["task"], cell["subset"], cell["value"]
            if task not in scores:
                continue
            if subset == HEADLINE:
                scores[task] = value
            elif value is not None:
                parts.setdefault(task, {})[subset] = value
        told = {"name": row["source_model"], "displayName": row["display_name"], "link": row["url"]}
        told |= {"backend": row["backend"], **KIND, "scores": scores, "subScores": parts or None}
        return {name: value for name, value in told.items() if value is not None}


def _capability_map(rows: list[dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        found.setdefault(row["task"], {})[row["subset"]] = row["labels"] or []
    return found
