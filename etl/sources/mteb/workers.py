"""Parsing many files in worker processes, and few of them in this one."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from typing import BinaryIO, cast

import msgspec

from etl.sources.mteb import worker
from etl.sources.mteb.worker import Chunk, Job

FEW = 1500  # files that are parsed here in the time that workers take to start
BATCH = 500  # files a job: some MB to read, and a chunk of some 100 kB to send back
MOST_PROCESSES = 8  # each takes about 30 MB, and more of them wait for the disk

Streams = tuple[BinaryIO, BinaryIO]


def parse(paths: Sequence[str], processes: int | None = None, digest: bool = False) -> Iterator[Chunk]:
    """Chunks of all the files, in order; a file's number is its index in `paths`."""
    jobs = list(_jobs(paths, digest))
    count = min(processes or _cores(), MOST_PROCESSES, len(jobs))
    if count < 2 or len(paths) < FEW:
        yield from map(worker.parse, jobs)
        return
    idle: SimpleQueue[Streams] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(count):
            idle.put(stack.enter_context(_process()))
        pool = stack.enter_context(ThreadPoolExecutor(count))
        yield from pool.map(_ask, jobs, [idle] * len(jobs))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _jobs(paths: Sequence[str], digest: bool) -> Iterator[Job]:
    for start in range(0, len(paths), BATCH):
        part = paths[start : start + BATCH]
        yield Job(list(range(start, start + len(part))), [os.fsencode(path) for path in part], digest)


def _ask(job: Job, idle: "SimpleQueue[Streams]") -> Chunk:
    """The chunk of an idle worker; where it has died, the job is done here."""
    requests, answers = streams = idle.get()
    try:
        worker.send(requests, job)
        return msgspec.msgpack.decode(worker.receive(answers), type=Chunk)
    except (OSError, ValueError, EOFError, msgspec.DecodeError):
        return worker.parse(job)
    finally:
        idle.put(streams)


@contextmanager
def _process() -> Iterator[Streams]:
    """A worker's streams. It gets nothing of our environment but where modules are, and ends with its input.

    Not multiprocessing: its children import the main program again, with all that the program imports.
    """
    command = [sys.executable, "-P", worker.__file__]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    pipe = subprocess.PIPE
    with (
        suppress(BrokenPipeError),  # of closing the input of a worker that has died
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment) as process,
    ):
        yield cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
