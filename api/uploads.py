"""Forms as they come in (multipart/form-data): texts in memory, files on disk, everything within bounds."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.spool import StoredFile, Upload

__all__ = ["BadForm", "Form", "FormBounds", "Part", "StoredFile", "read_form"]

LARGEST_FILE = 20 * 1024 * 1024  # EASI's "20 MB", in the larger of its two readings
LARGEST_TEXTS = 2_000_000
LARGEST_BODY = 32 * 1024 * 1024
MOST_PARTS = 32
MOST_SECONDS = 600.0
BLOCK = 64 * 1024  # bytes that are parsed and written at once
BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")  # RFC 2046, section 5.1.1


class BadForm(Exception):
    """What came is no form that is taken. The text says why, and repeats nothing of what came."""


@dataclass(frozen=True)
class FormBounds:
    """How much a form may be: bytes of one file, of all texts together and of the whole body; parts; seconds."""

    file_bytes: int = LARGEST_FILE
    text_bytes: int = LARGEST_TEXTS
    body_bytes: int = LARGEST_BODY
    parts: int = MOST_PARTS
    seconds: float = MOST_SECONDS


@dataclass(frozen=True)
class Part:
    """One part of a form: `text`, or where it has a file name `file`, which is null where files are not kept."""

    name: str
    filename: str | None
    content_type: str | None
    text: str | None = field(default=None, repr=False)
    file: StoredFile | None = None


@dataclass(frozen=True)
class Form:
    """A form, whose files are there until it is discarded; as a context manager it discards itself.

    One that is not `is_complete` was longer than it may be: its last file is too large, what came after is not here.
    """

    parts: tuple[Part, ...]
    is_complete: bool
    _uploads: tuple[Upload, ...] = field(default=(), repr=False)

    def first(self, name: str) -> Part | None:
        """The first part of that name."""
        return next((part for part in self.parts if part.name == name), None)

    def discard(self) -> None:
        """Remove the files, those apart that were moved elsewhere."""
        for upload in self._uploads:
            upload.discard()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


async def read_form(
    content_type: str, stream: AsyncIterator[bytes], folder: Path, bounds: FormBounds, *, keep_files: bool = True
) -> Form:
    """Read a form, its parts in any order, its files into new files (mode 0600) in `folder`.

    Without `keep_files` what files hold is read and dropped. Raises `BadForm`, and what the stream or the disk raises;
    then, and where it is cancelled, nothing is left behind.
    """
    reader = _Reader(_boundary(content_type), folder, bounds, keep_files)
    try:
        async with asyncio.timeout(bounds.seconds):
            is_whole = await _feed(reader, stream, bounds.body_bytes)
        return reader.finish(is_whole)
    except BaseException as error:
        reader.discard()
        if isinstance(error, FormParserError):
            raise BadForm("the form is broken: its parts, boundaries or headers are not as RFC 7578 has them") from None
        if isinstance(error, TimeoutError):
            raise BadForm(f"the form took longer than {bounds.seconds:g} seconds") from None
        raise


def _boundary(content_type: str) -> bytes:
    try:
        kind, options = parse_options_header(content_type)
    except UnicodeError:
        raise BadForm("the content type holds what no header may hold") from None
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not BOUNDARY.fullmatch(boundary):
        raise BadForm("send the form as multipart/form-data with a boundary of 1 to 70 characters")
    return boundary


async def _feed(reader: "_Reader", stream: AsyncIterator[bytes], most: int) -> bool:
    """Whether the reader has had the whole stream, of which it gets `most` bytes."""
    waiting, size = bytearray(), 0
    async for chunk in stream:
        size += len(chunk)
        if size > most:
            break
        waiting += chunk
        if len(waiting) >= BLOCK:
            await asyncio.to_thread(reader.feed, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(reader.feed, bytes(waiting))
    return size <= most


class _Reader:
    """The parser of one form, and what it has found so far."""

    def __init__(self, boundary: bytes, folder: Path, bounds: FormBounds, keep_files: bool) -> None:
        self._folder, self._bounds, self._keep_files = folder, bounds, keep_files
        self._parts: list[Part] = []
        self._uploads: list[Upload] = []
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._part: _OpenPart | None = None
        self._count = 0
        self._text_left = bounds.text_bytes
        self._is_ended = self._is_discarded = False
        self._lock = threading.Lock()  # a cancelled request does not wait for the thread that works for it
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._open_part,
                "on_part_data": self._write,
                "on_part_end": self._close_part,
                "on_end": self._end,
            },
        )

    def feed(self, data: bytes) -> None:
        with self._lock:
            if not self._is_discarded:
                self._parser.write(data)

    def finish(self, is_whole: bool) -> Form:
        """The form. Raises `BadForm` where its end has not come, unless that is for a file that is too long."""
        with self._lock:
            is_complete = self._is_ended
            if not is_complete and is_whole:
                raise BadForm("the form ends before its last boundary")
            if not is_complete:
                self._cut()
            return Form(tuple(self._parts), is_complete, tuple(self._uploads))

    def discard(self) -> None:
        with self._lock:
            self._is_discarded = True
            for upload in self._uploads:
                upload.discard()

    def _cut(self) -> None:
        if self._part is None or self._part.filename is None:
            raise BadForm(f"the form is longer than {self._bounds.body_bytes:,} bytes")
        if self._part.upload:
            self._part.upload.cut()
        self._close_part()

    def _begin_part(self) -> None:
        self._count += 1
        if self._count > self._bounds.parts:
            raise BadForm(f"the form has more than {self._bounds.parts} parts")
        self._headers = {}

    def _end_header(self) -> None:
        name, value = self._header
        self._headers.setdefault(bytes(name).lower(), bytes(value))
        self._header = (bytearray(), bytearray())

    def _open_part(self) -> None:
        kind, options = parse_options_header(self._headers.get(b"content-disposition"))
        if kind != b"form-data" or b"name" not in options:
            raise BadForm("a part of the form has no name")
        filename = options.get(b"filename")
        content_type = self._headers.get(b"content-type")
        self._part = _OpenPart(
            _decode(options[b"name"]),
            None if filename is None else filename.decode("utf-8", "replace"),
            None if content_type is None else content_type.decode("latin-1"),
        )
        if filename is not None and self._keep_files:
            self._part.upload = Upload(self._folder, self._bounds.file_bytes)
            self._uploads.append(self._part.upload)

    def _write(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part is None or (part.filename is not None and part.upload is None):
            return
        if part.upload:
            part.upload.write(data[start:end])
            return
        self._text_left -= end - start
        if self._text_left < 0:
            raise BadForm(f"the texts of the form are longer than {self._bounds.text_bytes:,} bytes together")
        part.text += data[start:end]

    def _close_part(self) -> None:
        if self._part is not None:
            self._parts.append(self._part.close())
            self._part = None

    def _end(self) -> None:
        self._is_ended = True


@dataclass
class _OpenPart:
    """A part of which more may come."""

    name: str
    filename: str | None
    content_type: str | None
    text: bytearray = field(default_factory=bytearray)
    upload: Upload | None = None

    def close(self) -> Part:
        text = _decode(self.text) if self.filename is None else None
        file = self.upload.close() if self.upload else None
        return Part(self.name, self.filename, self.content_type, text, file)


def _decode(text: bytes | bytearray) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise BadForm("a text of the form is not UTF-8") from None
