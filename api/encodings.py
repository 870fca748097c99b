"""How a body is coded on its way: zstd, br or gzip, at levels that cost less than they save."""

import asyncio
import gzip
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, Protocol

import brotli
import zstandard

from api.negotiation import REMEMBERED, choose_coding

SMALL = 1_024  # bytes, below which a coding saves no packet
LARGE = 65_536  # bytes, above which to code them holds others up


def _zstd(body: bytes) -> bytes:
    return zstandard.compress(body, 3)


def _br(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=2))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 1, mtime=0)  # with the time in it, no two would be the same


# Best first. On answers of boards brotli's second level is smaller than its fourth, in half the time.
CODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({"zstd": _zstd, "br": _br, "gzip": _gzip})
KNOWN = tuple(CODINGS)


class Encoder(Protocol):
    """Codes a body piece by piece."""

    def compress(self, part: bytes, /) -> bytes:
        """What may be sent by now."""
        ...

    def flush(self) -> bytes:
        """The rest."""
        ...


class _Brotli:
    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=2)

    def compress(self, part: bytes, /) -> bytes:
        return bytes(self._compressor.process(part))

    def flush(self) -> bytes:
        return bytes(self._compressor.finish())


ENCODERS: Mapping[str, Callable[[], Encoder]] = MappingProxyType(
    {
        "zstd": lambda: zstandard.ZstdCompressor(3).compressobj(),
        "br": _Brotli,
        "gzip": lambda: zlib.compressobj(1, zlib.DEFLATED, 31),  # 31: with gzip's own head, which has no time in it
    }
)


class Coding(NamedTuple):
    """What a body may be coded as; `required`: the client does not take it as it is. Null: it takes nothing else."""

    name: str | None
    required: bool

    async def encode(self, body: bytes) -> tuple[bytes, str | None]:
        """The body as it is sent, and the coding it has got."""
        if self.name is None or (len(body) < SMALL and not self.required):
            return body, None
        encode = CODINGS[self.name]
        return (encode(body) if len(body) < LARGE else await asyncio.to_thread(encode, body)), self.name


IDENTITY = Coding(None, required=False)


@lru_cache(REMEMBERED)
def read_coding(accept_encoding: str) -> Coding | None:
    """The coding that a client prefers; null: there is none it takes."""
    name, required = choose_coding(accept_encoding, KNOWN)
    return None if name is None and required else Coding(name, required)
