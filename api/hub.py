"""The Hub where it is asked about people and models: short questions, bounded answers, no redirect, no cookie."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2

ANSWER_SECONDS = 5.0  # for the whole of an answer
MOST_ANSWER_BYTES = 1_000_000
MOST_CONNECTIONS = 20
LONGEST_WAIT = 300  # seconds; one of the Hub's rate windows
ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}(/[A-Za-z0-9._~/-]{0,255})?")
WINDOW = re.compile(r"\bt=(\d{1,9})\b")
AGENT = "standings"


class WrongHub(ValueError):
    """An address of the Hub to which nobody's token may be sent."""


class Unreachable(Exception):
    """The Hub gave no answer that can be used. `limited` tells that it was asked too much, for `retry_seconds` more."""

    def __init__(self, message: str, *, limited: bool = False, retry_seconds: int | None = None) -> None:
        super().__init__(message)
        self.limited = limited
        self.retry_seconds = retry_seconds


@dataclass(frozen=True)
class Answer:
    """What the Hub said, other than that it is overloaded or broken."""

    status: int
    body: bytes = field(repr=False)
    location: str = field(default="", repr=False)  # where it says to ask instead; nobody follows it unseen

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Unreachable for anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreachable("the Hub's answer is not JSON") from None
        if not isinstance(found, dict):
            raise Unreachable("the Hub's answer is not a JSON object")
        return found


class Hub:
    """Asks one Hub. Raises `WrongHub` for an address that is neither https nor on this machine."""

    def __init__(self, url: str, seconds: float = ANSWER_SECONDS) -> None:
        self.url = url.rstrip("/")
        self._local = _check(self.url)
        self._seconds = seconds

    async def ask(
        self,
        method: str,
        path: str,
        *,
        bearer: str | None = None,
        basic: tuple[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request. Raises Unreachable where there is none, on 429 and on 5xx."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        auth = httpx2.BasicAuth(*basic) if basic else None
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._http.stream(method, self.url + path, headers=headers, data=form, auth=auth) as answer,
            ):
                return await _read(answer)
        except TimeoutError:
            raise Unreachable(f"the Hub did not answer within {self._seconds:g} s") from None
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError) as error:
            # Not chained: the error holds the request, and that the token.
            raise Unreachable(f"the Hub did not answer ({type(error).__name__})") from None

    async def close(self) -> None:
        """End what is going on; the next question begins anew."""
        if "_http" in self.__dict__:
            await self.__dict__.pop("_http").aclose()

    @cached_property
    def _http(self) -> httpx2.AsyncClient:
        """No connection is kept: people are asked about rarely, and one that the Hub has left would fail one of them.

        No cookie either: it would go along with the next person's question.
        """
        return httpx2.AsyncClient(
            timeout=self._seconds,
            follow_redirects=False,
            trust_env=not self._local,
            limits=httpx2.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT},
        )


async def _read(answer: httpx2.Response) -> Answer:
    if answer.status_code == 429:
        raise Unreachable("the Hub is asked too much", limited=True, retry_seconds=_wait(answer.headers))
    if answer.status_code >= 500:
        raise Unreachable(f"the Hub failed (status {answer.status_code})")
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > MOST_ANSWER_BYTES:
            raise Unreachable(f"the Hub's answer is larger than {MOST_ANSWER_BYTES:,} bytes")
    return Answer(answer.status_code, bytes(body), answer.headers.get("location", ""))


def _wait(headers: Mapping[str, str]) -> int | None:
    """Seconds until the Hub may be asked again, by `Retry-After` or else by its rate window."""
    after = headers.get("retry-after", "").strip()
    window = WINDOW.search(headers.get("ratelimit", ""))
    seconds = _seconds(after) if after else None
    if seconds is None and window:
        seconds = int(window[1])
    return None if seconds is None else min(max(seconds, 1), LONGEST_WAIT)


def _seconds(after: str) -> int | None:
    if re.fullmatch(r"\d{1,9}", after):
        return int(after)
    try:
        moment = parsedate_to_datetime(after)
    except ValueError:
        return None
    return round((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _check(url: str) -> bool:
    """Whether the Hub is on this machine. Raises WrongHub."""
    if not ADDRESS.fullmatch(url):
        raise WrongHub("the Hub's address must be https://HOST, without user name, query or fragment")
    parts = urlsplit(url)
    local = _loopback(parts.hostname or "")
    if parts.scheme == "http" and not local:
        raise WrongHub(
            f"{url} would send people's tokens unencrypted: the Hub's address must be https "
            "(http is taken on the loopback only)"
        )
    return local


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
