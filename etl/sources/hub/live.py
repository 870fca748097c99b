"""Boards as the Hub answers them now, asked politely."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from etl.access import Hub, Waits
from etl.client import MAX_HOPS, Client, HubError, Query, decode
from etl.sources.hub.boards import Stale, as_rows
from etl.sources.hub.cache import Cache, Kept

log = logging.getLogger(__name__)

MAX_BOARD_BYTES = 32 * 2**20
MAX_DECLARATION_BYTES = 256 * 2**10
MAX_MODEL_BYTES = 4 * 2**20
MODEL_AGE_SECONDS = 24 * 3600.0
OFFICIAL = (("filter", "benchmark:official"),)
MODEL_PROPERTIES = ("evalResults", "createdAt", "cardData", "tags", "safetensors", "gguf", "private", "gated")
REFUSED = (401, 403)
UNSEEN = (401, 403, 404, 410)


@dataclass(frozen=True)
class Question:
    """What is asked of a dataset, and how much of an answer is taken."""

    path: str
    query: Query
    limit: int
    hops: int = 0


class LiveBoards:
    """Asks the Hub: anonymously first, as the operator only where that is refused.

    Answers are kept below `hub.cache`: those of boards to be asked for only if they changed, those of models to be
    taken as they are for `model_age` seconds. `opened_by_token` grows by the datasets that needed the operator's token.
    Raises `Unreadable` for an address or a token that must not be used.
    """

    def __init__(
        self, hub: Hub, waits: Waits | None = None, *, model_age: float = MODEL_AGE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.site = hub.endpoint.rstrip("/")
        self.opened_by_token: set[str] = set()
        self._client = Client(hub, waits or Waits())
        self._cache = Cache(hub.cache / "answers", MAX_BOARD_BYTES)
        self._model_age = model_age
        self._clock = clock

    def at(self) -> datetime:
        return datetime.fromtimestamp(int(self._clock()), UTC)

    def close(self) -> None:
        self._client.close()

    def datasets(self) -> list[Any]:
        """What `HfApi.list_datasets(benchmark="official")` asks for; that call knows no time limit."""
        return list(self._client.pages("/api/datasets", OFFICIAL))

    def declaration(self, dataset: str) -> bytes:
        path = f"/datasets/{quote(dataset)}/resolve/main/eval.yaml"
        return self._opened(dataset, Question(path, (), MAX_DECLARATION_BYTES, MAX_HOPS), bytes)

    def board(self, dataset: str, task: str | None, *, whole: bool) -> list[Any]:
        query = [] if task is None else [("task_id", task)]
        query += [("base_model", "false")] if whole else []
        question = Question(f"/api/datasets/{quote(dataset)}/leaderboard", tuple(query), MAX_BOARD_BYTES)
        return as_rows(self._opened(dataset, question, as_rows))

    def model(self, name: str) -> dict[str, Any] | None:
        """What is known of a model, at most `model_age` old, or older where the Hub fails for a while."""
        question = Question(
            f"/api/models/{quote(name)}",
            tuple(("expand", each) for each in MODEL_PROPERTIES),
            MAX_MODEL_BYTES,
            MAX_HOPS,
        )
        kept = self._cache.read(_key(question, token=False))
        if kept is None or self._clock() - kept.at > self._model_age:
            kept = self._renewed(question, kept)
        known = decode(kept.body)
        return known if isinstance(known, dict) else None

    def _opened(self, dataset: str, question: Question, check: Callable[[bytes], object]) -> bytes:
        try:
            return self._as_anyone_or_operator(dataset, question, check)
        except HubError as error:
            kept = self._cache.read(_key(question, token=False)) or self._cache.read(_key(question, token=True))
            raise error if kept is None else Stale(error, kept.body) from None

    def _as_anyone_or_operator(self, dataset: str, question: Question, check: Callable[[bytes], object]) -> bytes:
        try:
            return self._conditional(question, check, token=False)
        except HubError as error:
            if error.status not in REFUSED or not self._client.has_token:
                raise
        body = self._conditional(question, check, token=True)
        if dataset not in self.opened_by_token:
            log.info("%s is gated and was read with the operator's token", dataset)
        self.opened_by_token.add(dataset)
        return body

    def _conditional(self, question: Question, check: Callable[[bytes], object], *, token: bool) -> bytes:
        """The answer, from disk where the Hub says that it is the same. Only what passes the check is kept."""
        key = _key(question, token=token)
        kept = self._cache.read(key)
        answer = self._client.get(
            question.path, question.query, token=token, limit=question.limit, hops=question.hops,
            etag=kept.etag if kept else None,
        )  # fmt: skip
        if answer.status == 304 and kept:
            return kept.body
        check(answer.body)
        self._cache.write(key, Kept(answer.body, answer.etag, self._clock()))
        return answer.body

    def _renewed(self, question: Question, kept: Kept | None) -> Kept:
        try:
            fresh = self._asked_model(question, kept)
        except HubError as error:
            if kept is None or not error.passing:
                raise
            return kept
        self._cache.write(_key(question, token=False), fresh)
        return fresh

    def _asked_model(self, question: Question, kept: Kept | None) -> Kept:
        etag = kept.etag if kept else None
        try:
            answer = self._client.get(
                question.path, question.query, limit=question.limit, hops=question.hops, etag=etag
            )
        except HubError as error:
            if error.status in UNSEEN:
                return Kept(b"null", None, self._clock())
            raise
        if answer.status == 304 and kept:
            return replace(kept, at=self._clock())
        return Kept(json.dumps(without_proofs(answer.json())).encode(), answer.etag, self._clock())


def without_proofs(known: Any) -> Any:
    """What is known of a model, with only the presence of its results' proofs: a token is not for our disk."""
    results = known.get("evalResults") if isinstance(known, dict) else None
    for result in results if isinstance(results, list) else ():
        data = result.get("data") if isinstance(result, dict) else None
        if isinstance(data, dict) and "verifyToken" in data:
            data["verifyToken"] = bool(data["verifyToken"])
    return known


def _key(question: Question, *, token: bool) -> str:
    return json.dumps([question.path, list(question.query), token])
