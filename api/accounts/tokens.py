"""Whose a token of the Hub is: asked once, remembered for a few minutes, never kept."""

import hashlib
import hmac
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from api.accounts.attempts import Attempts
from api.accounts.breaker import PAUSE_SECONDS, Breaker
from api.accounts.profiles import expiry_of, person_of
from api.cache import Cache, Flights
from api.hub import Answer, Hub, Unreachable
from api.submissions.problems import Failed, NotSignedIn
from warehouse.ledger.records import Person

EXPIRED = "Your session has expired. Please sign in with HuggingFace again."
FORBIDDEN = f"{EXPIRED} The token may not tell who you are: use one with permission to read your profile."
NOBODY = f"{EXPIRED} The token names no person: use a user access token (hf_...)."
MISSHAPEN = f"{EXPIRED} This is no user access token of the Hub (hf_...)."

WHOAMI = "/api/whoami-v2"
SHAPE = re.compile(r"hf_[A-Za-z0-9_.-]{1,8189}")  # 8 KiB in all
IMPERSONAL = ("hf_jwt_", "api_org_")
VERIFIED_SECONDS = 300.0
REFUSED_SECONDS = 60.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Verdict:
    """What was found out about a token: whose it is, or why it is not taken, and until when that holds."""

    person: Person | None
    refusal: str
    until: float


class Tokens:
    """Verifies tokens by one question to the Hub each; `clock` gives seconds since 1970.

    Three failures are told apart: a token that is nobody's (`NotSignedIn`), a Hub that cannot be asked (`Failed`,
    503), and an address that has tried too many (`RateLimited`). What is remembered is keyed by an HMAC of the token
    under a secret of this process. `outcomes` counts how questions to the Hub ended: verified, refused, unavailable.
    """

    def __init__(
        self,
        hub: Hub,
        attempts: Attempts | None = None,
        clock: Callable[[], float] = time.time,
        most: int = MOST_REMEMBERED,
    ) -> None:
        self._hub = hub
        self._attempts = attempts or Attempts()
        self._clock = clock
        self._breaker = Breaker(clock)
        self._secret = secrets.token_bytes(32)
        self._flights = Flights()
        self.outcomes: Counter[str] = Counter()
        # Apart, so that many wrong tokens cannot drive the right ones out. One entry counts as one.
        self._verified, self._refused, self._delayed = Cache(most), Cache(most), Cache(most)

    async def verify(self, token: str, address: str) -> Person:
        """Whose token this is, asked from an address. Raises NotSignedIn, RateLimited and Failed (503)."""
        if token.startswith(IMPERSONAL):
            raise NotSignedIn(NOBODY)
        if not SHAPE.fullmatch(token):
            raise NotSignedIn(MISSHAPEN)
        key = hmac.digest(self._secret, token.encode(), hashlib.sha256)
        verdict = self._known(key)
        if verdict is None:
            verdict = await self._flights.join(key, lambda: self._find_out(key, token, address))
        if verdict.person is None:
            raise NotSignedIn(verdict.refusal)
        return verdict.person

    def _known(self, key: bytes) -> Verdict | None:
        for cache in (self._verified, self._refused):
            verdict: Verdict | None = cache.get(key)
            if verdict is not None and self._clock() < verdict.until:
                return verdict
        return None

    async def _find_out(self, key: bytes, token: str, address: str) -> Verdict:
        delay = max((self._delayed.get(key) or 0) - self._clock(), self._breaker.wait())
        if delay > 0:
            raise _unavailable(delay)
        self._attempts.take(address)
        try:
            verdict = self._judge(await self._hub.ask("GET", WHOAMI, bearer=token))
        except Unreachable as error:
            raise self._failed(error, key, address) from None
        self._breaker.worked()
        if verdict.person is not None:
            self._attempts.give_back(address)
        (self._refused if verdict.person is None else self._verified).put(key, verdict, 1)
        self.outcomes["refused" if verdict.person is None else "verified"] += 1
        return verdict

    def _failed(self, error: Unreachable, key: bytes, address: str) -> Failed:
        self._breaker.failed(error.retry_seconds)
        self.outcomes["unavailable"] += 1
        wait = error.retry_seconds or PAUSE_SECONDS
        if error.limited:
            self._delayed.put(key, self._clock() + wait, 1)
        else:
            self._attempts.give_back(address)
        return _unavailable(wait)

    def _judge(self, answer: Answer) -> Verdict:
        now = self._clock()
        if answer.status in (401, 403):
            return Verdict(None, EXPIRED if answer.status == 401 else FORBIDDEN, now + REFUSED_SECONDS)
        if answer.status != 200:
            raise Unreachable(f"the Hub answered with status {answer.status}")
        whoami = answer.json()
        person = person_of(whoami, self._hub.url)
        if person is None:
            return Verdict(None, NOBODY, now + REFUSED_SECONDS)
        return Verdict(person, "", min(now + VERIFIED_SECONDS, expiry_of(whoami) or now + VERIFIED_SECONDS))


def _unavailable(seconds: float) -> Failed:
    return Failed(
        "HuggingFace cannot be asked who you are right now. Please try again later; your token may be fine.",
        code="HUB_UNAVAILABLE",
        status=503,
        retry_seconds=max(1, round(seconds)),
    )
