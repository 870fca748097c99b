"""One connection that stays open, and as little as possible between the bytes sent and those that come back."""

import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self

LARGEST = 64 * 2**20
HEAD = 65_536
SECONDS = 60.0
END = b"\r\n\r\n"


@dataclass(frozen=True)
class Reply:
    """A response. `body` is overwritten by the next one."""

    status: int
    headers: dict[str, str]
    body: memoryview


class Wire:
    """A client of one server; raises `ConnectionError` where the server hangs up."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(LARGEST)
        self._view = memoryview(self._buffer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, request: bytes) -> Reply:
        """The response to a request, read whole; it must say how long it is."""
        self._socket.sendall(request)
        filled = 0
        while (head := self._buffer.find(END, 0, min(filled, HEAD))) < 0:
            filled += self._receive(filled)
        status, headers = _parse(bytes(self._view[:head]))
        start = head + len(END)
        ends = start + int(headers["content-length"])
        while filled < ends:
            filled += self._receive(filled)
        return Reply(status, headers, self._view[start:ends])

    def _receive(self, filled: int) -> int:
        received = self._socket.recv_into(self._view[filled:])
        if not received:
            raise ConnectionError("the server closed the connection before it had answered")
        return received


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    """Status, and headers by lower-case name."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return int(first.split(" ", 2)[1]), {name.lower(): value for name, _, value in pairs}


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of a request that takes JSON; `_` in a header's name stands for `-`."""
    fields = {"Host": "127.0.0.1", "Accept": "application/json"}
    if body or method != "GET":
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + END + body
