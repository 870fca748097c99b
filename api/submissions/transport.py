"""The HTTP client by which huggingface_hub pushes: bounded in time and size, no redirect, no retries of its own.

huggingface_hub has one client for the whole process, without a timeout, and sleeps between retries for as long as the
server likes, logging addresses as it goes. It takes another client in its place, and only there can the bounds be put.
This one behaves as the other did, except where an allowance is granted: there each request is sent once, and whatever
is not a plain success is raised as a `HubFault`, which huggingface_hub neither retries nor logs.
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx2

SILENCE_SECONDS = 30.0  # the longest pause within a request or an answer
MOST_BYTES = 4 * 2**20
LONGEST_PAUSE = 300.0  # the Hub's rate windows have five minutes
RATE_WINDOW = re.compile(r"\bt=(\d{1,6})\b")
DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class HubFault(Exception):
    """A push that the Hub did not take, in a short text without address or token.

    `status` is that of the Hub's own answer; null: there was none, or it came from elsewhere. `pause` is for how many
    seconds the Hub wants to be left alone.
    """

    def __init__(self, message: str, status: int | None = None, pause: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.pause = pause


@dataclass(frozen=True)
class Allowance:
    """What one push may take: until when by `time.monotonic()`, and how long a pause may be, in seconds."""

    endpoint: str
    until: float
    silence: float
    is_stopped: Callable[[], bool]

    def left(self) -> float:
        """Seconds until the end. Raises `HubFault` where there are none, or it shall stop."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise HubFault("the push took too long")
        if self.is_stopped():
            raise HubFault("the push was stopped, as the server ends")
        return left


ALLOWANCE: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextlib.contextmanager
def allowed(allowance: Allowance) -> Iterator[None]:
    """Let what huggingface_hub does in this thread take no more than that."""
    _put_in_place()
    before = ALLOWANCE.set(allowance)
    try:
        yield
    finally:
        ALLOWANCE.reset(before)


class BoundedClient(httpx2.Client):
    """A client that keeps to the allowance of its thread; without one it is as any other."""

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """The answer to a request. Raises `HubFault` for all but a success, where there is an allowance."""
        allowance = ALLOWANCE.get()
        if allowance is None:
            return super().send(request, **options)
        is_hub = str(request.url).startswith(f"{allowance.endpoint}/")
        if "authorization" in request.headers and not is_hub:
            raise HubFault("the Hub wants its token sent to another host, which is not done")
        who = "the Hub" if is_hub else "the Hub's storage"
        try:
            return self._sent(request, allowance, who)
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, RuntimeError) as error:
            # Not chained: the error holds the request, and that the token.
            raise HubFault(f"{who} did not answer ({type(error).__name__})") from None

    def _sent(self, request: httpx2.Request, allowance: Allowance, who: str) -> httpx2.Response:
        seconds = min(allowance.silence, allowance.left())
        request.extensions = {**request.extensions, "timeout": httpx2.Timeout(seconds).as_dict()}
        if isinstance(request.stream, httpx2.SyncByteStream):
            request.stream = _Upload(request.stream, allowance)
        with contextlib.closing(super().send(request, stream=True, follow_redirects=False)) as response:
            if not response.is_success:
                status = response.status_code if who == "the Hub" else None
                raise HubFault(f"{who} answered {response.status_code}", status, _pause(response))
            headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in DECODED]
            return httpx2.Response(response.status_code, headers=headers, content=_body(response, allowance),
                                   request=request)  # fmt: skip


class _Upload(httpx2.SyncByteStream):
    """A request's body that ends with the allowance."""

    def __init__(self, parts: httpx2.SyncByteStream, allowance: Allowance) -> None:
        self._parts = parts
        self._allowance = allowance

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._allowance.left()
            yield part


def _body(response: httpx2.Response, allowance: Allowance) -> bytes:
    body = bytearray()
    for part in response.iter_bytes():
        allowance.left()
        body += part
        if len(body) > MOST_BYTES:
            raise HubFault(f"the Hub's answer is larger than {MOST_BYTES:,} bytes")
    return bytes(body)


def _pause(response: httpx2.Response) -> float:
    if response.status_code not in (429, 503):
        return 0.0
    after = response.headers.get("retry-after", "")
    window = RATE_WINDOW.search(response.headers.get("ratelimit", ""))
    told = after if re.fullmatch(r"[0-9]{1,6}", after) else window[1] if window else "0"
    return min(LONGEST_PAUSE, float(told))


def _put_in_place() -> None:
    """Have huggingface_hub use this client from now on, with the hooks of the one it has had."""
    from huggingface_hub import get_session, set_client_factory  # noqa: PLC0415 half a second, for those who push

    now = get_session()
    if not isinstance(now, BoundedClient):
        hooks = now.event_hooks
        set_client_factory(lambda: BoundedClient(event_hooks=hooks, follow_redirects=True, timeout=None))
