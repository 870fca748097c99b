"""Looks models up on the Hub as anybody can, with bounds on time, size and how often it is asked."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from api.cache import Cache, Flights
from api.hub import Answer, Hub, Unreachable
from api.submissions.problems import Failed

ANSWER_SECONDS = 10.0  # for one answer
ALL_SECONDS = 20.0  # for one look-up with all its tries
MOST_HOPS = 3
WAITS = (0.25, 0.75)  # seconds before the second try and the third
FRESH_SECONDS = 60.0
CACHE_BYTES = 2**20
MODEL_BYTES = 512  # what one remembered model takes, about
PAUSE_SECONDS = 10.0  # where the Hub asks for one without saying how long

MODELS = "/api/models/"
NAME = re.compile(r"(?!.{194})[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}")
SHA = re.compile(r"[0-9a-f]{40}")
ABSENT = frozenset({400, 401, 403, 404, 410, 451})
MOVED = frozenset({301, 302, 307, 308})
FIELDS = "?expand=sha&expand=cardData&expand=tags"
UNAVAILABLE = "The model could not be looked up, as HuggingFace does not answer as it should. Please try again later."


@dataclass(frozen=True)
class Model:
    """A public model at one revision; `sha` is its commit, null where the Hub does not say."""

    sha: str | None
    has_license: bool


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
        self._hub = Hub(hub_url, seconds)
        self._waits = waits
        self._clock = clock
        self._known = Cache(CACHE_BYTES)
        self._flights = Flights()
        self._resume_at = 0.0

    async def close(self) -> None:
        """Close the connections; the next look-up opens them anew."""
        await self._hub.close()

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
        except (Unreachable, TimeoutError):
            pause = round(self._resume_at - self._clock())
            raise Failed(UNAVAILABLE, "HUB_UNAVAILABLE", 503, pause if pause > 0 else None) from None

    async def _retried(self, path: str) -> Model | None:
        for wait in self._waits:
            try:
                return await self._tried(path)
            except Unreachable:
                await asyncio.sleep(wait)
        return await self._tried(path)

    async def _tried(self, path: str) -> Model | None:
        path = MODELS + path
        for _ in range(MOST_HOPS):
            answer = await self._sent(path)
            if answer.status in ABSENT:
                return None
            if answer.status == 200:
                return _read(answer)
            if answer.status not in MOVED:
                raise Unreachable(f"the Hub answered {answer.status}")
            path = self._moved(path, answer.location)
        raise Unreachable("the Hub sends from one address to another")

    async def _sent(self, path: str) -> Answer:
        if self._clock() < self._resume_at:
            raise Unreachable("the Hub is asked too much", limited=True)
        try:
            return await self._hub.ask("GET", path + FIELDS)
        except Unreachable as error:
            if error.limited:
                self._resume_at = self._clock() + (error.retry_seconds or PAUSE_SECONDS)
            raise

    def _moved(self, path: str, location: str) -> str:
        """Where a renamed model is now, which can only be on the same Hub."""
        try:
            target = urljoin(self._hub.url + path, location).split("?")[0]
        except ValueError:
            raise Unreachable("the Hub sends to no address") from None
        if not target.startswith(self._hub.url + MODELS) or ".." in target:
            raise Unreachable("the Hub sends elsewhere")
        return target.removeprefix(self._hub.url)


def _read(answer: Answer) -> Model:
    info = answer.json()
    if not isinstance(info.get("id"), str):
        raise Unreachable("the Hub's answer is no model")
    card, tags, sha = info.get("cardData"), info.get("tags"), info.get("sha")
    in_card = isinstance(card, dict) and bool(card.get("license"))
    in_tags = isinstance(tags, list) and any(re.match(r"license:.", tag) for tag in tags if isinstance(tag, str))
    return Model(sha if isinstance(sha, str) and SHA.fullmatch(sha) else None, in_card or in_tags)
