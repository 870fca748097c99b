"""Looks models up on the Hub as anybody can, with bounds on time, size and how often it is asked."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

import httpx2
import orjson

from api.cache import Cache, Flights
from api.submissions.problems import Failed

ANSWER_SECONDS = 10.0  # for one answer
ALL_SECONDS = 20.0  # for one look-up with all its tries
MOST_BYTES = 2 * 2**20
MOST_HOPS = 3
MOST_CONNECTIONS = 16
WAITS = (0.25, 0.75)  # seconds before the second try and the third
FRESH_SECONDS = 60.0
CACHE_BYTES = 2**20
MODEL_BYTES = 512  # what one remembered model takes, about
LONGEST_PAUSE = 300.0  # the Hub's rate windows have five minutes
PAUSE_SECONDS = 10.0

NAME = re.compile(r"(?!.{194})[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}")
SHA = re.compile(r"[0-9a-f]{40}")
RATE_WINDOW = re.compile(r"\bt=(\d{1,6})\b")
ABSENT = frozenset({400, 401, 403, 404, 410, 451})
MOVED = frozenset({301, 302, 307, 308})
FIELDS = "?expand=sha&expand=cardData&expand=tags"
HEADERS = {"user-agent": "standings", "accept-encoding": "identity"}
UNAVAILABLE = "The model could not be looked up, as HuggingFace does not answer as it should. Please try again later."


@dataclass(frozen=True)
class Model:
    """A public model at one revision; `sha` is its commit, null where the Hub does not say."""

    sha: str | None
    has_license: bool


class _Unanswered(Exception):
    """The Hub gave no answer that can be used."""


class Lookups:
    """Asks one Hub without a token; it belongs to one event loop.

    `seconds` is how long one answer may take, and `waits` how long to wait before each further try.
    """

    def __init__(
        self,
        hub_url: str,
        seconds: float = ANSWER_SECONDS,
        waits: tuple[float, ...] = WAITS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._models_url = hub_url.rstrip("/") + "/api/models/"
        self._seconds = seconds
        self._waits = waits
        self._clock = clock
        self._known = Cache(CACHE_BYTES)
        self._flights = Flights()
        self._resume_at = 0.0
        self._http: httpx2.AsyncClient | None = None

    async def close(self) -> None:
        """Close the connections; the next look-up opens them anew."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def find(self, name: str, revision: str | None = None) -> Model | None:
        """The model of that name, at its main branch where no revision is given.

        null: there is none that everybody can see, and none can have such a name. Raises `Failed` where the Hub does
        not tell. Those who ask for one at the same time wait for one answer, which is good for a minute.
        """
        if not NAME.fullmatch(name) or {".", ".."} & set(name.split("/")):
            return None
        if revision is not None and (not REVISION.fullmatch(revision) or ".." in revision):
            return None
        path = quote(name) + (f"/revision/{quote(revision, safe='')}" if revision is not None else "")
        known: tuple[Model, float] | None = self._known.get(path)
        if known is not None and self._clock() < known[1]:
            return known[0]
        found = await self._flights.join(path, lambda: self._asked(path))
        if found is not None:
            self._known.put(path, (found, self._clock() + FRESH_SECONDS), MODEL_BYTES)
        return found

    async def _asked(self, path: str) -> Model | None:
        try:
            async with asyncio.timeout(ALL_SECONDS):
                return await self._retried(path)
        except (_Unanswered, TimeoutError):
            pause = round(self._resume_at - self._clock())
            raise Failed(UNAVAILABLE, "HUB_UNAVAILABLE", 503, pause if pause > 0 else None) from None

    async def _retried(self, path: str) -> Model | None:
        for wait in self._waits:
            try:
                return await self._tried(path)
            except _Unanswered:
                await asyncio.sleep(wait)
        return await self._tried(path)

    async def _tried(self, path: str) -> Model | None:
        url = self._models_url + path
        for _ in range(MOST_HOPS):
            status, body, location = await self._sent(url)
            if status in ABSENT:
                return None
            if status == 200:
                return _read(body)
            if status not in MOVED:
                raise _Unanswered
            url = self._moved(url, location)
        raise _Unanswered

    async def _sent(self, url: str) -> tuple[int, bytes, str]:
        if self._clock() < self._resume_at:
            raise _Unanswered
        try:
            async with asyncio.timeout(self._seconds):
                async with self._client().stream("GET", url + FIELDS, headers=HEADERS) as response:
                    self._note_pause(response)
                    body = await _body(response) if response.status_code == 200 else b""
                    return response.status_code, body, response.headers.get("location", "")
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError):
            raise _Unanswered from None

    def _client(self) -> httpx2.AsyncClient:
        if self._http is None:
            limits = httpx2.Limits(max_connections=MOST_CONNECTIONS)
            self._http = httpx2.AsyncClient(timeout=self._seconds, limits=limits, follow_redirects=False)
        return self._http

    def _moved(self, url: str, location: str) -> str:
        """Where a renamed model is now, which can only be on the same Hub."""
        try:
            target = urljoin(url, location).split("?")[0]
        except ValueError:
            raise _Unanswered from None
        if not target.startswith(self._models_url) or ".." in target:
            raise _Unanswered
        return target

    def _note_pause(self, response: httpx2.Response) -> None:
        """After a 429 the Hub is not asked until its rate window is over."""
        if response.status_code != 429:
            return
        after = response.headers.get("retry-after", "")
        window = RATE_WINDOW.search(response.headers.get("ratelimit", ""))
        told = after if re.fullmatch(r"[0-9]{1,6}", after) else window[1] if window else ""
        self._resume_at = self._clock() + (min(LONGEST_PAUSE, float(told)) if told else PAUSE_SECONDS)


async def _body(response: httpx2.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _Unanswered
    return bytes(body)


def _read(body: bytes) -> Model:
    try:
        info: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _Unanswered from None
    if not isinstance(info, dict) or not isinstance(info.get("id"), str):
        raise _Unanswered
    card, tags, sha = info.get("cardData"), info.get("tags"), info.get("sha")
    in_card = isinstance(card, dict) and bool(card.get("license"))
    in_tags = isinstance(tags, list) and any(re.match(r"license:.", tag) for tag in tags if isinstance(tag, str))
    return Model(sha if isinstance(sha, str) and SHA.fullmatch(sha) else None, in_card or in_tags)
