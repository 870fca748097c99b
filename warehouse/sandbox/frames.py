"""What goes between a server and its sandbox processes: pieces of bytes of one kind each, with their length before."""

import struct
from typing import BinaryIO

HEAD = struct.Struct(">cI")
MOST_BYTES = 4_000_000  # of one piece: a question with its parameters is the largest
OPEN, READY, ASK, ANSWER, PART, END, WRONG = b"O", b"R", b"Q", b"A", b"P", b"E", b"W"


def write_frame(stream: BinaryIO, kind: bytes, body: bytes = b"") -> None:
    """Send one piece."""
    stream.write(HEAD.pack(kind, len(body)) + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next piece, its kind first; null: there is none any more."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size = HEAD.unpack(head)
    return kind, stream.read(size)
