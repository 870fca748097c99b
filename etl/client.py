"""A bounded and polite HTTP client for the Hub: retries, rate windows, no redirect to another host."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2
import stamina

from etl.access import Hub, Waits
from etl.source import Unreadable

MAX_ANSWER_BYTES = 32 * 2**20
MAX_PAGES = 1_000
MAX_HOPS = 3
MAX_FAILURES_IN_A_ROW = 5
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?")
TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,8192}")
WINDOW = re.compile(r"\br=(\d{1,9});\s*t=(\d{1,9})")
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
MEANINGS = {
    401: " (not found, or a token is needed)",
    403: " (access must be granted first)",
    404: " (not found)",
    429: " (too many requests)",
}

Query = Sequence[tuple[str, str]]


class HubError(Exception):
    """The Hub did not give what was asked; the message is a sentence without address or token.

    `status` is the HTTP status, None without an answer. `passing` tells that it may be different next time.
    """

    def __init__(self, message: str, status: int | None = None, *, passing: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.passing = passing


@dataclass(frozen=True)
class Answer:
    """What the Hub said. `following` is the path and query of the next page; `status` is 200 or 304."""

    status: int
    body: bytes
    etag: str | None = None
    following: str | None = None

    def json(self) -> Any:
        """The body as JSON; NaN is let through, so that one odd row does not cost the others. Raises HubError."""
        return decode(self.body)


@dataclass(frozen=True)
class _Request:
    """One request as it may be sent several times."""

    url: str
    headers: dict[str, str] = field(repr=False)
    limit: int
    hops: int


class Client:
    """Asks the Hub at one address. Raises `Unreadable` for an address or a token that must not be used."""

    def __init__(self, hub: Hub, waits: Waits) -> None:
        self._endpoint = _checked(hub)
        self._token = hub.token
        self._waits = waits
        self._http: httpx2.Client | None = None
        self._resume_at = 0.0
        self._paused = 0.0
        self._failures = 0

    @property
    def has_token(self) -> bool:
        return self._token is not None

    def close(self) -> None:
        """Close the connections; the next request opens them anew."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def get(
        self, path: str, query: Query = (), *, token: bool = False, limit: int = MAX_ANSWER_BYTES,
        etag: str | None = None, hops: int = 0,
    ) -> Answer:  # fmt: skip
        """Ask for a path, with `token` as the operator. `hops` redirects within the Hub's own address are followed.

        An `etag` makes the request conditional: the answer may be an empty 304. Raises HubError.
        """
        if self._failures >= MAX_FAILURES_IN_A_ROW:
            raise HubError(f"was not asked, as the Hub failed {self._failures} times in a row", passing=True)
        headers = {"accept-encoding": "identity", "user-agent": "standings"}
        headers |= {"authorization": f"Bearer {self._token}"} if token and self._token else {}
        headers |= {"if-none-match": etag} if etag else {}
        request = _Request(self._endpoint + path + ("?" + urlencode(query) if query else ""), headers, limit, hops)
        try:
            answer = self._retried(request)
        except HubError as error:
            self._failures = self._failures + 1 if error.passing else 0
            raise
        self._failures = 0
        return answer

    def pages(self, path: str, query: Query, *, token: bool = False) -> Iterator[Any]:
        """Every entry of a paged list, following `Link` within the Hub's own address. Raises HubError."""
        answer = self.get(path, query, token=token)
        for _ in range(MAX_PAGES):
            page = answer.json()
            if not isinstance(page, list):
                raise HubError("answered something that is not a list", passing=True)
            yield from page
            if answer.following is None:
                return
            answer = self.get(answer.following, token=token)
        raise HubError(f"lists more than {MAX_PAGES} pages")

    def _retried(self, request: _Request) -> Answer:
        waits = self._waits
        for attempt in stamina.retry_context(
            on=self._is_worth_another,
            attempts=waits.attempts,
            timeout=None,
            wait_initial=waits.first,
            wait_max=waits.longest,
            wait_jitter=waits.first,
        ):
            with attempt:
                return self._followed(request)
        raise AssertionError

    def _is_worth_another(self, error: Exception) -> bool:
        return isinstance(error, HubError) and error.passing and not self._is_too_long(self._window_left())

    def _followed(self, request: _Request) -> Answer:
        url = request.url
        for hop in range(request.hops + 1):
            self._await_window()
            answer, target = self._sent(url, request)
            if target is None:
                return answer
            if hop == request.hops or not _same_origin(target, self._endpoint):
                raise HubError("sends us elsewhere, which is not followed", answer.status)
            url = target
        raise AssertionError

    def _sent(self, url: str, request: _Request) -> tuple[Answer, str | None]:
        silence = self._waits.silence
        try:
            if self._http is None:
                is_tls = self._endpoint.startswith("https:")  # else loading certificates is 50 ms for nothing
                self._http = httpx2.Client(timeout=silence, follow_redirects=False, verify=is_tls)
            with self._http.stream("GET", url, headers=request.headers) as response:
                return self._read(response, request.limit)
        except httpx2.TimeoutException:
            raise HubError(f"did not answer within {silence:g} s", passing=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise HubError(f"could not be reached ({type(error).__name__})", passing=True) from None

    def _read(self, response: httpx2.Response, limit: int) -> tuple[Answer, str | None]:
        self._note_window(response.headers)
        status = response.status_code
        if status in (301, 302, 303, 307, 308):
            return Answer(status, b""), urljoin(str(response.url), response.headers.get("location", ""))
        if status not in (200, 304):
            raise HubError(f"answered {status}{MEANINGS.get(status, '')}", status, passing=status in PASSING)
        body = self._body(response, limit)
        link = response.links.get("next", {}).get("url")
        return Answer(status, body, response.headers.get("etag"), self._following(link)), None

    def _body(self, response: httpx2.Response, limit: int) -> bytes:
        deadline = time.monotonic() + self._waits.answer
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > limit:
                raise HubError(f"answered more than {limit:,} bytes")
            if time.monotonic() > deadline:
                raise HubError(f"took more than {self._waits.answer:g} s to answer", passing=True)
        return bytes(body)

    def _following(self, link: str | None) -> str | None:
        if link is None:
            return None
        target = urljoin(self._endpoint + "/", link)
        if not _same_origin(target, self._endpoint):
            raise HubError("has its next page elsewhere, which is not followed")
        return target[len(self._endpoint) :]

    def _note_window(self, headers: httpx2.Headers) -> None:
        """Remember how long the Hub asks us to stay away: a used-up rate window, or `Retry-After`."""
        window = WINDOW.search(headers.get("ratelimit", ""))
        after = headers.get("retry-after", "")
        seconds = int(window[2]) if window and int(window[1]) == 0 else 0
        if after.isdecimal() and len(after) < 10:
            seconds = max(seconds, int(after))
        self._resume_at = max(self._resume_at, time.monotonic() + seconds) if seconds else self._resume_at

    def _window_left(self) -> float:
        return self._resume_at - time.monotonic()

    def _is_too_long(self, wait: float) -> bool:
        return wait > self._waits.window or self._paused + wait > self._waits.windows

    def _await_window(self) -> None:
        wait = self._window_left()
        if wait <= 0:
            return
        if self._is_too_long(wait):
            raise HubError(f"wants us to stay away for {wait:.0f} s, which is too long", 429, passing=True)
        self._paused += wait
        self._resume_at = 0.0
        self._waits.sleep(wait)


def decode(body: bytes) -> Any:
    """JSON of any kind, NaN included. Raises HubError for anything else, and for JSON nested too deeply."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HubError("answered something that is not JSON", passing=True) from None


def moment(text: object) -> datetime | None:
    """An ISO 8601 date or time as UTC; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _checked(hub: Hub) -> str:
    """The address without a slash at its end."""
    parts = urlsplit(hub.endpoint)
    if not ENDPOINT.fullmatch(hub.endpoint) or not parts.hostname:
        raise Unreadable("the Hub's address must be like https://huggingface.co, without user name, query or fragment")
    if hub.token is not None and not TOKEN.fullmatch(hub.token):
        raise Unreadable("the Hub token holds characters that no token has; set it anew")
    if hub.token is not None and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Unreadable("a token is not sent over plain http; give the Hub's https address")
    return hub.endpoint.rstrip("/")


def _same_origin(url: str, endpoint: str) -> bool:
    """Whether a URL is below the endpoint."""
    return url.startswith(endpoint + "/") and "@" not in urlsplit(url).netloc
