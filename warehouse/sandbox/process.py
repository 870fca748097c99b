"""One process of a sandbox, as its server sees it."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import orjson

from warehouse.sandbox.frames import ANSWER, ASK, HEAD, MOST_BYTES, OPEN, PART, READY, WRONG
from warehouse.sandbox.limits import Limits, SandboxFailed, TooLarge, WrongStatement
from warehouse.watch import QueryTimeout

COMMAND = (sys.executable, "-I", "-m", "warehouse.sandbox.worker")
ENVIRONMENT = MappingProxyType({"ARROW_DEFAULT_MEMORY_POOL": "system"})  # others take addresses before use
START_SECONDS = 20.0
TURNS = 3  # of the loop, in which asyncio lets go of a process that has ended
GRACE_SECONDS = 1.0  # after which a statement that could not be interrupted is ended with its process
Form = Literal["json", "csv", "parquet", "arrow"]
GONE = "the statement took more than the server gives one: read fewer rows, or use smaller texts and lists"


@dataclass(frozen=True)
class Question:
    """A statement, its parameters by name or place, and in which form its rows are wanted."""

    query: str
    parameters: dict[str, Any] | list[Any] | None = None
    form: Form = "json"


@dataclass(frozen=True)
class Found:
    """What is known of an answer before it is sent: `tag` is the same for the same bytes. `last`: its process ends."""

    rows: int
    bytes: int
    tag: str
    last: bool


class SandboxProcess:
    """A process that answers for the snapshot in `file`."""

    def __init__(self, file: Path, limits: Limits, process: Process) -> None:
        self.file = file
        self.limits = limits
        self._process = process
        self._is_ended = False

    @classmethod
    async def start(cls, file: Path, limits: Limits) -> "SandboxProcess":
        """Start one, to be opened next. It has nothing of our environment, and no file of ours but the snapshot."""
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=dict(ENVIRONMENT), cwd="/"
        )
        return cls(file, limits, process)

    async def open(self) -> None:
        """Wait until it has opened its snapshot. Raises `SandboxFailed`."""
        order = {"file": os.path.abspath(self.file), "limits": asdict(self.limits)}  # noqa: ASYNC240, PTH100 - asks no disk
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._send(OPEN, orjson.dumps(order))
                kind, _ = await self._next()
        except (OSError, EOFError, TimeoutError) as error:
            self.kill()
            raise SandboxFailed(f"a sandbox for {self.file} did not start") from error
        if kind != READY:
            self.kill()
            raise SandboxFailed(f"a sandbox for {self.file} began with {kind!r}")

    @property
    def is_running(self) -> bool:
        return not self._is_ended and self._process.returncode is None

    async def ask(self, question: Question) -> Found:
        """What is found. Raises `WrongStatement`, `TooLarge` and `QueryTimeout`; then ask `is_running`."""
        try:
            async with asyncio.timeout(self.limits.seconds + GRACE_SECONDS):
                await self._send(ASK, orjson.dumps(question))
                kind, body = await self._next()
        except TimeoutError:
            self.kill()
            raise QueryTimeout(f"the query was stopped after {self.limits.seconds:g} seconds") from None
        except (OSError, EOFError):
            self.kill()
            raise TooLarge(GONE) from None
        told = orjson.loads(body)
        self._is_ended = told["last"]
        if kind == WRONG:
            raise _told(told)
        if kind != ANSWER:
            raise SandboxFailed(f"a sandbox answered {kind!r}")
        return Found(**told)

    async def parts(self) -> AsyncIterator[bytes]:
        """The bytes of the answer, which must all be read before the next question. Raises `SandboxFailed`."""
        try:
            while (piece := await self._next())[0] == PART:
                yield piece[1]
        except (OSError, EOFError) as error:
            raise SandboxFailed("a sandbox ended while it was read") from error

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._is_ended = True
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """End it, and wait until nothing of it is left."""
        self.kill()
        with contextlib.suppress(RuntimeError):  # uvloop says so of a pipe that is closed already
            await self._process.communicate(b"")  # without any, its pipe stays open
        await self._process.wait()
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def _send(self, kind: bytes, body: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        self._process.stdin.write(HEAD.pack(kind, len(body)) + body)
        await self._process.stdin.drain()

    async def _next(self) -> tuple[bytes, bytes]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        kind, size = HEAD.unpack(await self._process.stdout.readexactly(HEAD.size))
        if size > MOST_BYTES:
            raise SandboxFailed(f"a sandbox sent a piece of {size:,} bytes")
        return kind, await self._process.stdout.readexactly(size)


def _told(told: dict[str, Any]) -> Exception:
    message = told["message"]
    match told["kind"]:
        case "QueryTimeout":
            return QueryTimeout(message)
        case "TooLarge":
            return TooLarge(message)
        case "MemoryError":
            return TooLarge(GONE)
        case "Unwritable":
            return WrongStatement(message, "UNWRITABLE")
    return WrongStatement(message, told["code"])
