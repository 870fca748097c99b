"""The process of a sandbox: one question after another on one snapshot, with the kernel's bounds around it."""

import hashlib
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from warehouse.formats import FORMATS, BoundedSink, Unwritable
from warehouse.sandbox.frames import ANSWER, ASK, END, PART, READY, WRONG, read_frame, write_frame
from warehouse.sandbox.limits import MEGABYTE, Limits, TooLarge, WrongStatement
from warehouse.sandbox.locked import Rows, Sandbox
from warehouse.watch import QueryTimeout

PART_BYTES = 65_536
BESIDE_MB = 128  # what the process takes itself while it works
LATE_SECONDS = 90  # after its statement's seconds, when nobody can be waiting any more
FIRST = "select model from leaderboard('') limit 1"
POLITE = 10  # niceness: who asks GraphQL comes first


def main() -> None:
    """Open what the first piece names, then answer until nobody asks any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    opening = read_frame(orders)
    if opening is None:
        return
    order = orjson.loads(opening[1])
    limits = Limits(**order["limits"])
    pa.set_cpu_count(1)
    os.nice(POLITE)
    sandbox = Sandbox(Path(order["file"]), f"{limits.memory_mb}MB", limits.seconds)
    for form in FORMATS:  # what they import and start counts as the process's own
        work_out(sandbox, limits, {"query": FIRST, "parameters": None, "form": form})
    worn = bound(limits)
    write_frame(answers, READY)
    is_last = False
    while not is_last and (asked := read_frame(orders)) is not None and asked[0] == ASK:
        signal.alarm(int(limits.seconds) + LATE_SECONDS)
        is_last = answer(sandbox, limits, orjson.loads(asked[1]), answers, worn)
        signal.alarm(0)


def bound(limits: Limits) -> int:
    """Let the kernel refuse more memory than a statement and its answer may take, and every write to a file.

    Returns with how many bytes taken the process is worn, and had better be followed by a fresh one.
    """
    taken = _taken()
    most = taken + (limits.memory_mb + 3 * limits.answer_mb + BESIDE_MB) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return taken + BESIDE_MB * MEGABYTE


def answer(sandbox: Sandbox, limits: Limits, question: dict[str, Any], answers: BinaryIO, worn: int) -> bool:
    """Send the answer to a question, or why there is none. Returns whether it is the last one of this process."""
    try:
        rows, sink = work_out(sandbox, limits, question)
    except (WrongStatement, Unwritable, TooLarge, QueryTimeout, MemoryError) as error:
        last = _taken() > worn
        told = {"kind": type(error).__name__, "code": getattr(error, "code", None), "message": str(error), "last": last}
        write_frame(answers, WRONG, orjson.dumps(told))
        return last
    last = _taken() > worn
    tag = hashlib.sha256(sink.body).hexdigest()[:40]
    found = {"rows": rows, "bytes": len(sink.body), "tag": tag, "last": last}
    write_frame(answers, ANSWER, orjson.dumps(found))
    send(sink.body, answers)
    return last


def work_out(sandbox: Sandbox, limits: Limits, question: dict[str, Any]) -> tuple[int, BoundedSink]:
    """How many rows there are, and they as bytes."""
    with sandbox.answering(question["query"], question["parameters"]) as found:
        table = collect(found, limits)
    return len(table), encode(table, question["form"], limits.answer_mb)


def collect(found: Rows, limits: Limits) -> pa.Table:
    """The rows as a table. Raises `TooLarge`."""
    batches: list[pa.RecordBatch] = []
    rows = taken = 0
    for batch in found.batches:
        batches.append(batch)
        rows += batch.num_rows
        taken += batch.nbytes
        if rows > limits.rows:
            raise TooLarge(f"the answer has more than {limits.rows:,} rows: add LIMIT, or group them")
        if taken > limits.answer_mb * MEGABYTE:
            raise _too_long(limits.answer_mb)
    return found.table(batches)


def encode(table: pa.Table, form: str, most_mb: int) -> BoundedSink:
    """The bytes of an answer. Raises `TooLarge` and `Unwritable`."""
    sink = BoundedSink(most_mb * MEGABYTE)
    try:
        FORMATS[form](table, sink)
    except OverflowError:
        raise _too_long(most_mb) from None
    except pa.ArrowException as error:
        raise Unwritable(f"the rows cannot be written as {form}: {error}") from None
    return sink


def send(body: bytearray, answers: BinaryIO) -> None:
    """Send the bytes of an answer, a piece at a time."""
    for start in range(0, len(body), PART_BYTES):
        write_frame(answers, PART, bytes(body[start : start + PART_BYTES]))
    write_frame(answers, END)


def _too_long(most_mb: int) -> TooLarge:
    return TooLarge(f"the answer has more than {most_mb:,} MB: read fewer rows or columns")


def _taken() -> int:
    """Bytes of memory that count for the kernel's bound already."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:  # a system without it
        return 256 * MEGABYTE
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 256 * MEGABYTE)


if __name__ == "__main__":
    main()
