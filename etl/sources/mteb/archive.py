"""A tar archive of the results tree, read as a stream: nothing of it is written to disk."""

import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from etl.source import Problem
from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.places import RESULT, Misplaced, Place, below_root, locate, printable
from etl.sources.mteb.results import Collection, Reading
from etl.sources.mteb.worker import MAX_FILE, Parser

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz")
XZ, GZIP = b"\xfd7zXZ\0", b"\x1f\x8b"
BLOCK = 4 * 1024 * 1024
MOST_MEMORY = 256 * 1024 * 1024  # of an xz dictionary; the largest preset of xz needs a quarter
MOST_BYTES = 32 * 1024**3  # unpacked; the whole repository has about 5 GiB
MOST_MEMBERS = 2_000_000
MOST_HEADER = 4 * 1024 * 1024  # of one member
BATCH = 500  # files that are parsed into one chunk
BROKEN = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError)


def is_archive(path: Path) -> bool:
    """Whether a file is a tar archive by its name."""
    return path.name.lower().endswith(SUFFIXES)


def read(path: Path, catalogue: Catalogue, revision: str | None) -> Reading:
    """Read an archive as far as it can be unpacked. Contents without a `revision` are hashed."""
    collection = Collection(catalogue)
    batch = _Batch(collection, revision is None)
    try:
        for place, content, modified in _files(path, collection.problems):
            batch.take(place, content, modified)
    except BROKEN as error:
        reason = f"cannot be unpacked further: {error}; what comes before is loaded"
        collection.problems.append(Problem(path.name, reason))
    batch.close()
    return collection.reading(revision)


class _Batch:
    """Hands files to a parser, and its chunks to a collection."""

    def __init__(self, collection: Collection, digest: bool) -> None:
        self._collection = collection
        self._digest = digest
        self._parser = Parser(digest)
        self._count = 0

    def take(self, place: Place, content: bytes, modified: float) -> None:
        if place.is_meta:
            self._collection.meta(place, content, modified)
            return
        number = self._collection.expect(place)
        if not self._parser.take(number, content, modified):
            self._collection.odd(number, content)
        self._count += 1
        if self._count % BATCH == 0:
            self.close()

    def close(self) -> None:
        self._collection.merge(self._parser.chunk())
        self._parser = Parser(self._digest)


def _files(path: Path, problems: list[Problem]) -> Iterator[tuple[Place, bytes, float]]:
    """Place, content and modification time of each file that can be a result or a model's description."""
    for tar, member in _members(path):
        try:
            place = _place(member)
        except Misplaced as error:
            problems.append(Problem(printable(member.name), f"{error}; it is left out"))
            continue
        if place and (file := tar.extractfile(member)):
            yield place, file.read(MAX_FILE), float(member.mtime)


def _place(member: tarfile.TarInfo) -> Place | None:
    parts = below_root(member.name)
    place = locate(parts) if parts and not (member.isdir() and len(parts) < RESULT) else None
    fault = _fault(member) if place else None
    if fault:
        raise Misplaced(fault)
    return place


def _fault(member: tarfile.TarInfo) -> str | None:
    if member.isdir():
        return "is a directory where a file is meant"
    if member.issym() or member.islnk():
        return "is a link, which is not followed"
    if not member.isreg():
        return "is no regular file"
    if member.size > MAX_FILE:
        return f"has {member.size:,} bytes, more than the {MAX_FILE:,} that are read of one file"
    return None


def _members(path: Path) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    with path.open("rb") as file, ThreadPoolExecutor(1) as pool:
        stream = _Stream(_blocks(file), pool)
        with tarfile.open(fileobj=stream, mode="r|") as tar:  # type: ignore[call-overload]
            for _ in range(MOST_MEMBERS):
                member = tar.next()
                if member is None:
                    return
                stream.allow(member.size)
                yield tar, member
                tar.members.clear()  # tarfile remembers every member
            raise tarfile.ReadError(f"it has more than {MOST_MEMBERS:,} members")


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The archive, unpacked."""
    magic = file.read(len(XZ))
    file.seek(0)
    if magic == XZ:
        return _unpacked(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY))
    if magic.startswith(GZIP):
        return _unpacked(file, _Inflater)
    return iter(lambda: file.read(BLOCK), b"")


def _unpacked(file: IO[bytes], start: Callable[[], "lzma.LZMADecompressor | _Inflater"]) -> Iterator[bytes]:
    """Unpack one compressed stream after another, up to the very byte at which a file is cut off."""
    packed = file.read(BLOCK)
    while packed:
        unpacker = start()
        while not unpacker.eof:
            if block := unpacker.decompress(packed, BLOCK):
                yield block
            packed = file.read(BLOCK) if unpacker.needs_input else b""
            if unpacker.needs_input and not packed and not unpacker.eof:
                raise EOFError("the compressed stream is cut off")
        packed = (unpacker.unused_data + packed).lstrip(b"\0") or file.read(BLOCK)


class _Inflater:
    """A gzip decompressor with the interface of lzma's."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, packed: bytes, most: int) -> bytes:
        block = self._inner.decompress(self._inner.unconsumed_tail + packed, most)
        self.needs_input = not self._inner.unconsumed_tail and len(block) < most
        return block


class _Stream:
    """Blocks as a file, the next of them unpacked in another thread meanwhile.

    A header that says it is endless must not fill the memory: no more is read than what was allowed.
    """

    def __init__(self, blocks: Iterator[bytes], pool: ThreadPoolExecutor) -> None:
        self._blocks = blocks
        self._pool = pool
        self._next = pool.submit(next, blocks, b"")
        self._block = memoryview(b"")
        self._position = 0
        self._limit = MOST_HEADER

    def allow(self, size: int) -> None:
        """Allow a member's content and the next one's header to be read."""
        self._limit = min(self._position + size + MOST_HEADER, MOST_BYTES)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes. Raises ReadError beyond what is allowed."""
        if self._position > self._limit:
            raise tarfile.ReadError("it has a header that does not end, or is larger than is read of one archive")
        if not self._block:
            self._block = memoryview(self._next.result())
            self._next = self._pool.submit(next, self._blocks, b"")
        part = bytes(self._block[:size])
        self._block = self._block[size:]
        self._position += len(part)
        return part
