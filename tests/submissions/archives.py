"""Archives as EASI's client makes them, and such as nobody honest makes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

RESULTS = {
    "Qwen3-VL-2B/Qwen3-VL-2B_vsi_bench_acc.csv": b"split,Overall\nnone,50.3\n",
    "Qwen3-VL-2B/Qwen3-VL-2B_vsi_bench.xlsx": b"PK\x03\x04 a table",
    "Qwen3-VL-2B/status.json": b"{}",
}
LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")


def make_zip(files: Mapping[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest archive; without files one like those of EASI's client."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in (RESULTS if files is None else files).items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


@dataclass(frozen=True)
class Entry:
    """One entry, in which every header may lie."""

    name: bytes
    content: bytes = b"x"
    declared: int | None = None
    crc: int | None = None
    flags: int = 0
    method: int = zipfile.ZIP_DEFLATED
    mode: int = 0

    @cached_property
    def packed(self) -> bytes:
        if self.method != zipfile.ZIP_DEFLATED:
            return self.content
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.content) + packer.flush()

    @cached_property
    def fields(self) -> tuple[int, ...]:
        size = len(self.content) if self.declared is None else self.declared
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        return (20, self.flags, self.method, 0, 0x21, crc, len(self.packed), size, len(self.name), 0)


def forge_zip(*entries: Entry) -> bytes:
    """An archive byte by byte, of whatever the entries say."""
    body, directory = b"", b""
    for entry in entries:
        head = CENTRAL.pack(b"PK\x01\x02", 0x31E, *entry.fields, 0, 0, 0, entry.mode << 16, len(body))
        directory += head + entry.name
        body += LOCAL.pack(b"PK\x03\x04", *entry.fields) + entry.name + entry.packed
    end = END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + end


def forge_directory(count: int) -> bytes:
    """An archive of one entry, which its directory names `count` times over."""
    entry = Entry(b"a.csv")
    body = LOCAL.pack(b"PK\x03\x04", *entry.fields) + entry.name + entry.packed
    one = CENTRAL.pack(b"PK\x01\x02", 0x31E, *entry.fields, 0, 0, 0, 0, 0) + entry.name
    end = END.pack(b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(one) * count, len(body), 0)
    return body + one * count + end
