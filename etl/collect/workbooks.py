"""Reads the first sheet of a workbook within bounds."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from etl.collect.files import ResultFile, Unusable

MAX_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 512 * 2**20
MAX_PARTS = 1_000
MAX_COLUMNS = 200
MAX_ROWS = 200_000
CHUNK = 2**20
LONGEST_PLACE = 32
BROKEN = (
    CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, IndexError, ValueError, RuntimeError,
)  # fmt: skip
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")


def read_rows(file: ResultFile) -> Iterator[Sequence[Any]]:
    """The rows of the first sheet, the header's first. Raises `Unusable`."""
    if file.size > MAX_BYTES:
        raise Unusable(f"{file.path} has {file.size:,} bytes, where at most {MAX_BYTES:,} can be")
    try:
        _check_parts(file)
        sheet = CalamineWorkbook.from_path(file.path).get_sheet_by_index(0)
        if sheet.height > MAX_ROWS:
            raise Unusable(f"{file.path} has more than {MAX_ROWS:,} rows")
        yield from sheet.to_python()
    except BROKEN as error:
        raise Unusable(f"{file.path} is not a workbook that can be read: {error}") from error


def _check_parts(file: ResultFile) -> None:
    """A workbook is a zip, of which few bytes may unpack to very many, and one cell far out takes a whole sheet."""
    with zipfile.ZipFile(file.path) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise Unusable(f"{file.path} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes or {MAX_PARTS:,} parts")
        sheets = (part for part in parts if "sheet" in part.filename.lower())
        if any(_is_too_far(place) for part in sheets for place in _places(archive, part)):
            raise Unusable(f"{file.path} has more than {MAX_COLUMNS:,} columns or {MAX_ROWS:,} rows")


def _places(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Column and row of each cell in a sheet."""
    with archive.open(part) as sheet:
        rest = b""
        while chunk := sheet.read(CHUNK):
            text = rest + chunk
            yield from ((place[1], place[2]) for place in PLACE.finditer(text))
            rest = text[-LONGEST_PLACE:]


def _is_too_far(place: tuple[bytes, bytes]) -> bool:
    column = 0
    for letter in place[0]:
        column = column * 26 + letter - 64
    return column > MAX_COLUMNS or int(place[1]) > MAX_ROWS
