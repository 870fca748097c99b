"""Sends a submission as EASI's own client does, and reads the reply as it does."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

import httpx2
import stamina

from etl.access import Waits

PATH = "/api/submit-with-file/"
ARCHIVE_NAME = "easi_results.zip"
WAITS = Waits(silence=120.0, answer=120.0, attempts=5, first=5.0, longest=40.0)
MAX_ANSWER_BYTES = 2**20
LONGEST_ERROR = 2_000
LONGEST_TEXT = 200


class Refused(Exception):
    """The server took the request and said no: its status and words."""


class Unreachable(Exception):
    """The server could not be reached, or did not answer."""


@dataclass(frozen=True)
class Server:
    """Where to send to, without a slash at the end, and as whom."""

    url: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Parcel:
    """The payload as JSON and the archive."""

    payload: str
    archive: Path


@dataclass(frozen=True)
class Watcher:
    """Who is told how many bytes of the archive are sent, and which try has begun after which failure."""

    sent: Callable[[int], None]
    again: Callable[[int, str], None]


def deliver(server: Server, parcel: Parcel, watcher: Watcher, waits: Waits = WAITS) -> dict[str, Any]:
    """Send a parcel; the JSON of the reply. Raises `Refused`, and `Unreachable` after `waits.attempts` tries."""
    failure = ""
    for attempt in stamina.retry_context(
        on=Unreachable, attempts=waits.attempts, timeout=None, wait_initial=waits.first, wait_max=waits.longest,
        wait_jitter=0.0,
    ):  # fmt: skip
        with attempt:
            if attempt.num > 1:
                watcher.again(attempt.num, failure)
            try:
                return _send(server, parcel, watcher, waits)
            except Unreachable as error:
                failure = str(error)
                raise
    raise AssertionError


def _send(server: Server, parcel: Parcel, watcher: Watcher, waits: Waits) -> dict[str, Any]:
    """One try. Redirects are not followed: the token is for this server alone."""
    is_tls = server.url.startswith("https:")  # by plain http, which is for the loopback, no proxy may see the token
    headers = {"authorization": f"Bearer {server.token}", "user-agent": "standings", "accept-encoding": "identity"}
    try:
        with (
            parcel.archive.open("rb") as file,
            httpx2.Client(
                timeout=waits.silence, follow_redirects=False, headers=headers, verify=is_tls, trust_env=is_tls
            ) as client,
            client.stream(
                "POST",
                server.url + PATH,
                data={"payload": parcel.payload},
                files={"zipFile": (ARCHIVE_NAME, cast("IO[bytes]", Watched(file, watcher.sent)), "application/zip")},
            ) as response,
        ):
            return _read(response.status_code, response.headers.get("location"), _body(response, waits))
    except httpx2.TimeoutException:
        raise Unreachable(f"{server.url} did not answer within {waits.silence:g} s") from None
    except (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.ProxyError) as error:
        raise Unreachable(f"{server.url} could not be reached ({type(error).__name__})") from None


class Watched:
    """A file that tells how far it has been read."""

    def __init__(self, file: IO[bytes], seen: Callable[[int], None]) -> None:
        self._file = file
        self._seen = seen

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._seen(self._file.tell())
        return chunk

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()


def _body(response: httpx2.Response, waits: Waits) -> bytes:
    """What it says, as far as it is read; a refusal that breaks off is a refusal all the same."""
    deadline = time.monotonic() + waits.answer
    body = bytearray()
    try:
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES or time.monotonic() > deadline:
                break
    except httpx2.TransportError:
        if response.status_code < 400:
            raise
    return bytes(body[:MAX_ANSWER_BYTES])


def _read(status: int, location: str | None, body: bytes) -> dict[str, Any]:
    """The reply where it is one of success."""
    if 300 <= status < 400:
        target = urlsplit(location or "")._replace(query="", fragment="").geturl()
        raise Refused(f"HTTP {status}: redirects to {plain(target, LONGEST_TEXT)}, which is not followed; see --url")
    text = body.decode("utf-8", "replace")
    try:
        reply = json.loads(text)
    except (ValueError, RecursionError):
        reply = {}
    said = reply if isinstance(reply, dict) else {}
    if status < 400 and said.get("success"):
        return said
    error = said.get("error")
    words = plain(error, LONGEST_ERROR) if isinstance(error, str) and error else plain(text, LONGEST_TEXT)
    raise Refused(f"HTTP {status}: {words}")


def plain(text: str, most: int) -> str:
    """A stranger's text for a terminal: one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in text[:most]).strip()
