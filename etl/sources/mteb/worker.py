"""Result files in the current format as columns: a module of this package, and the script that worker processes run.

It imports nothing of ours and nothing heavy, so that a worker is small and starts at once.
"""

import hashlib
import json
import os
import stat
import sys
from array import array
from collections.abc import Iterable
from itertools import chain
from math import nan
from typing import BinaryIO

import msgspec

# The largest real files (FloresBitextMining, 41,412 cells) have about 14 MB, all others less than 3 MB.
MAX_FILE = 64 * 1024 * 1024
NAN, NULL = b'": NaN', b'":null'  # as long as each other, so that replacing moves nothing
NONE = -1


class Cell(msgspec.Struct, gc=False):
    """One score of a result file; `languages` stay encoded, because few lists are distinct."""

    hf_subset: str
    languages: msgspec.Raw
    main_score: float | None
    mteb_version: str | None = None


class Result(msgspec.Struct, gc=False):
    """What is read of a result file in the format of mteb 1.11 and later."""

    task_name: str
    scores: dict[str, list[Cell]]
    dataset_revision: str | None = None
    mteb_version: str | None = None
    date: float | str | None = None


class File(msgspec.Struct, array_like=True, gc=False):
    """What holds for all cells of a file; `number` is the caller's."""

    number: int
    task: str
    dataset_revision: str | None
    date: float | str | None


class Chunk(msgspec.Struct, array_like=True):
    """Files as columns: `texts` and `languages` (as JSON) are distinct values, which the cells name by index.

    `file`, `split`, `subset`, `version` and `language` are int32, `value` is float64 (NaN: null), in machine order.
    `odd` are the numbers of files in another format, `refused` those that were not read, with the reason.
    `digests` are SHA-256 of the contents by file number; `newest` is the latest modification time in seconds.
    """

    files: list[File]
    odd: list[int]
    refused: list[tuple[int, str]]
    digests: dict[int, bytes]
    newest: float
    texts: list[str]
    languages: list[bytes]
    file: bytes
    split: bytes
    subset: bytes
    version: bytes
    language: bytes
    value: bytes


class Job(msgspec.Struct, array_like=True):
    """Files to read and their numbers; `digest`: whether their contents are to be hashed."""

    numbers: list[int]
    paths: list[bytes]
    digest: bool


class Refused(Exception):
    """A file that is not read, and why."""


class Texts(dict[str, int]):
    """Distinct texts and their indexes."""

    def __missing__(self, text: str) -> int:
        index = self[text] = len(self)
        return index


class Languages(dict[bytes, int]):
    """Distinct encoded lists of languages and their indexes. Raises ValidationError for what is not such a list."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(list[str])

    def __missing__(self, encoded: bytes) -> int:
        self._decoder.decode(encoded)
        index = self[encoded] = len(self)
        return index


class Parser:
    """Collects result files into a `Chunk`."""

    def __init__(self, digest: bool = False) -> None:
        self._decoder = msgspec.json.Decoder(Result)
        self._digest = digest
        self._texts = Texts()
        self._languages = Languages()
        self._files: list[File] = []
        self._odd: list[int] = []
        self._refused: list[tuple[int, str]] = []
        self._digests: dict[int, bytes] = {}
        self._newest = 0.0
        self._ids = [array("i") for _ in range(5)]
        self._values = array("d")

    def read(self, number: int, path: str | bytes) -> None:
        """Read and take one file; whatever is wrong with it is noted in the chunk."""
        try:
            content, modified = read(path)
        except Refused as error:
            self._refused.append((number, str(error)))
            return
        if not self.take(number, content, modified):
            self._odd.append(number)

    def take(self, number: int, content: bytes, modified: float) -> bool:
        """Take a file's content; False where it is not in the current format, and then `add` may follow."""
        self._newest = max(self._newest, modified)
        if self._digest:
            self._digests[number] = hashlib.sha256(content).digest()
        try:
            self.add(number, self._decode(content))
        except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError):
            return False
        return True

    def _decode(self, content: bytes) -> Result:
        try:
            return self._decoder.decode(without_nan(content))
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            # NaN in a list, or Infinity: json takes them, and msgspec writes both as null.
            return self._decoder.decode(msgspec.json.encode(json.loads(content)))

    def add(self, number: int, result: Result) -> None:
        """Append the cells of a decoded file, all or none of them. Raises ValidationError."""
        pool = self._languages
        languages = [[pool[bytes(cell.languages)] for cell in cells] for cells in result.scores.values()]
        texts, own = self._texts, result.mteb_version
        default = texts[own] if own else NONE
        files, splits, subsets, versions, language = self._ids
        for split, cells in result.scores.items():
            count = len(cells)
            files.extend([number] * count)
            splits.extend([texts[split]] * count)
            subsets.extend([texts[cell.hf_subset] for cell in cells])
            versions.extend([texts[v] if (v := cell.mteb_version) else default for cell in cells])
            self._values.extend([nan if cell.main_score is None else cell.main_score for cell in cells])
        language.extend(chain.from_iterable(languages))
        self._files.append(File(number, result.task_name, result.dataset_revision, result.date))

    def chunk(self) -> Chunk:
        """All that was taken."""
        columns: list[array[int] | array[float]] = [*self._ids, self._values]
        return Chunk(
            self._files,
            self._odd,
            self._refused,
            self._digests,
            self._newest,
            list(self._texts),
            list(self._languages),
            *(column.tobytes() for column in columns),
        )


def read(path: str | bytes) -> tuple[bytes, float]:
    """Content and modification time (seconds) of a regular file of at most MAX_FILE bytes. Raises `Refused`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO must not block
    except OSError as error:
        raise Refused(f"cannot be opened: {error.strerror}") from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise Refused(f"is {kind} where a file is meant")
        if status.st_size > MAX_FILE:
            raise Refused(f"has {status.st_size:,} bytes, more than the {MAX_FILE:,} that are read of one file")
        return _content(handle, status.st_size), status.st_mtime
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from error
    finally:
        os.close(handle)


def _content(handle: int, size: int) -> bytes:
    content = os.read(handle, size)
    while len(content) < size and (more := os.read(handle, size - len(content))):
        content += more
    return content


def without_nan(content: bytes) -> bytes | bytearray:
    """JSON with null for every NaN that is the value of a key, as it is for a fifth of all files.

    A search for one byte is so much faster than one for six that this takes half the time of `bytes.replace`.
    """
    at = content.find(b"N")
    repaired: bytearray | None = None
    while at >= 0:
        if content[at - 3 : at + 3] == NAN:
            repaired = repaired or bytearray(content)
            repaired[at - 3 : at + 3] = NULL
            at += 2
        at = content.find(b"N", at + 1)
    return repaired or content


def parse(job: Job) -> Chunk:
    """Read and parse the files of a job."""
    parser = Parser(job.digest)
    for number, path in zip(job.numbers, job.paths, strict=True):
        parser.read(number, path)
    return parser.chunk()


def send(stream: BinaryIO, message: Job | Chunk) -> None:
    """Write one message, its length in front."""
    body = msgspec.msgpack.encode(message)
    stream.writelines((len(body).to_bytes(8, "little"), body))
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """The next message, still encoded; empty at the end of the stream. Raises EOFError within a message."""
    header = stream.read(8)
    if not header:
        return b""
    body = stream.read(int.from_bytes(header, "little"))
    if len(header) < 8 or len(body) < int.from_bytes(header, "little"):
        raise EOFError("the stream ended within a message")
    return body


def serve(requests: Iterable[bytes], answers: BinaryIO) -> None:
    """Answer each encoded `Job` with its `Chunk`."""
    for request in requests:
        send(answers, parse(msgspec.msgpack.decode(request, type=Job)))


if __name__ == "__main__":
    serve(iter(lambda: receive(sys.stdin.buffer), b""), sys.stdout.buffer)
