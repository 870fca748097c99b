"""What the archive of a submission must be. It is read once to be checked: never unpacked, never unpickled.

EASI's checks come first and in its order, with its texts; what it does not check has a text that begins with the
nearest of its own. That order is path, size, file type.
"""

import mmap
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from errno import EINVAL
from itertools import islice
from pathlib import Path

from api.submissions.drafts import shown
from api.submissions.problems import Problem
from api.uploads import LARGEST_FILE

MAGIC = b"PK\x03\x04"
DIRECTORY_ENTRY = re.compile(rb"PK\x01\x02")
LARGEST_INFLATED = 100 * 1024 * 1024
MOST_ENTRIES = 10_000
MOST_SIGNATURES = 50_000  # anywhere in the file, for a workbook is an archive too
LONGEST_PATH = 1_000
MOST_TYPES = 20  # that are named in one text
LONGEST_TYPE = 60
CHUNK = 64 * 1024
SLACK = 1024 * 1024
ENCRYPTED = 0x1 | 0x40 | 0x2000
TYPES = re.compile(
    r"\.(?:json|jsonl|csv|tsv|txt|log|parquet|arrow|npy|pkl|xlsx|yaml|yml|xml|md|html|pdf|py|sh|png|jpg|jpeg|gif|svg)"
)
# Control characters, separators of lines, marks that turn the direction of the text, halves of surrogate pairs.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
DRIVE = re.compile(r"[A-Za-z]:")

NOT_A_ZIP = Problem("evidence", "NOT_A_ZIP", "File is not a valid ZIP archive.")
TOO_LARGE = Problem("evidence", "ZIP_TOO_LARGE", "ZIP file exceeds 20 MB limit.")
INVALID_PATHS = Problem("evidence", "ZIP_INVALID_PATHS", "ZIP contains invalid file paths.")
INFLATES = Problem("evidence", "ZIP_INFLATES_TOO_LARGE", "ZIP decompressed size exceeds 100 MB limit.")
TOO_MANY = Problem(
    "evidence", "ZIP_TOO_MANY_ENTRIES", f"{NOT_A_ZIP.message} At most {MOST_ENTRIES:,} entries are taken."
)
DAMAGES = (zipfile.BadZipFile, ArithmeticError, EOFError, RuntimeError, ValueError, struct.error, zlib.error)


class _Bomb(Exception):
    """The archive holds more than may be inflated."""


def looks_like_zip(head: bytes) -> bool:
    """Whether a file that begins so can be an archive that holds something."""
    return head.startswith(MAGIC)


def check_archive(file: Path, size: int) -> list[Problem]:
    """Everything that is wrong with an archive of `size` bytes. Raises `OSError` where the disk cannot be read.

    Of a file that is larger than it may be only the head is read. Time and memory are bounded for any content.
    """
    with file.open("rb") as content:
        if not looks_like_zip(content.read(len(MAGIC))):
            return [NOT_A_ZIP]
    if size > LARGEST_FILE:
        return [TOO_LARGE]
    if _count_signatures(file) > MOST_SIGNATURES:
        return [TOO_MANY]
    try:
        with zipfile.ZipFile(file) as archive:
            return list(_check_entries(archive, size))
    except DAMAGES:
        return [NOT_A_ZIP]
    except OSError as error:
        if error.errno != EINVAL:  # a header that leads to before the file's begin
            raise
        return [NOT_A_ZIP]


def _also(problem: Problem, code: str, text: str) -> Problem:
    return Problem(problem.path, code, f"{problem.message} {text}")


def _count_signatures(file: Path) -> int:
    """At least how many entries the directory has, counted before anything is made of them, and not far beyond."""
    with file.open("rb") as content, mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return sum(1 for _ in islice(DIRECTORY_ENTRY.finditer(mapped), MOST_SIGNATURES + 1))


def _check_entries(archive: zipfile.ZipFile, size: int) -> Iterator[Problem]:
    entries = archive.infolist()
    if not entries or min(entry.header_offset for entry in entries) != 0:
        yield NOT_A_ZIP  # what stands before the archive proper is not ours to guess
        return
    if len(entries) > MOST_ENTRIES:
        yield TOO_MANY
        return
    yield from _check_paths(entries)
    unreadable = list(_check_methods(entries))
    yield from unreadable
    if sum(entry.file_size for entry in entries) > LARGEST_INFLATED:
        yield INFLATES
    elif not unreadable:
        yield from _check_contents(archive, entries, size)
    yield from _check_types(entries)


def _check_paths(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    if not all(_is_path(entry.orig_filename) for entry in entries):
        yield INVALID_PATHS
    for entry in entries:
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            text = f"{shown(entry.orig_filename)} is a link or a device: put in what it leads to."
            yield _also(INVALID_PATHS, "ZIP_LINK", text)
            break
    [(name, count)] = Counter(entry.orig_filename for entry in entries).most_common(1)
    if count > 1:
        yield _also(INVALID_PATHS, "ZIP_REPEATED_PATH", f"{shown(name)} is there {count:,} times.")


def _is_path(path: str) -> bool:
    """Whether a path is relative, leads downwards, and means the same on every system. EASI refuses `..` anywhere."""
    is_plain = 0 < len(path) <= LONGEST_PATH and not UNPRINTABLE.search(path) and "\\" not in path
    return is_plain and ".." not in path and not DRIVE.match(path) and all(path.removesuffix("/").split("/"))


def _check_methods(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            text = f"{shown(entry.orig_filename)} is encrypted: put it in without a password."
            yield _also(NOT_A_ZIP, "ZIP_ENCRYPTED", text)
            return
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            text = f"{shown(entry.orig_filename)} is compressed by a method that is not taken: use deflate."
            yield _also(NOT_A_ZIP, "ZIP_METHOD", text)
            return


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> Iterator[Problem]:
    """Read all of it, whatever the headers say of its size. Entries that share bytes are none of an honest archive."""
    if sum(entry.compress_size for entry in entries) > size:
        yield NOT_A_ZIP
        return
    left = LARGEST_INFLATED
    try:
        for entry in entries:
            left -= _inflate(archive, entry, left)
    except _Bomb:
        yield INFLATES
    except DAMAGES:
        yield NOT_A_ZIP


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """Bytes that an entry holds. Raises `_Bomb` beyond `most`, and one of `DAMAGES` where it is not as declared."""
    declared, size = entry.file_size, 0
    entry.file_size = most + SLACK  # zipfile would stop at what is declared, which may be a lie
    with archive.open(entry) as content:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise _Bomb
    if size != declared:
        raise zipfile.BadZipFile("the size is not as declared")
    return size


def _check_types(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    names = (entry.orig_filename for entry in entries)
    types = {_type(name) for name in names if _is_path(name) and not name.endswith("/")}
    refused = sorted(each for each in types if not TYPES.fullmatch(each))
    if refused:
        told = ", ".join(each[:LONGEST_TYPE] for each in refused[:MOST_TYPES])
        more = f" and {len(refused) - MOST_TYPES:,} more" if len(refused) > MOST_TYPES else ""
        yield Problem("evidence", "ZIP_FILE_TYPES", f"ZIP contains disallowed file types: {told}{more}")


def _type(path: str) -> str:
    """What follows the last dot of the whole path, as EASI takes it: of `a.v1/readme` that is `.v1/readme`."""
    _, dot, end = path.rpartition(".")
    return f".{end}".lower() if dot else "(no extension)"
