"""The sandboxes of a server: so many processes at once, a queue before them, and those that wait to be asked again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.pool import Busy
from warehouse.sandbox.limits import Limits
from warehouse.sandbox.process import Found, Question, SandboxProcess

IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Answered:
    """An answer that is there, and its bytes as they are read."""

    found: Found
    parts: AsyncIterator[bytes]


class Sandboxes:
    """Up to `processes` at once, each started when it is needed.

    At most `queue` questions wait for one, and `refused` were too many.
    """

    def __init__(self, limits: Limits, processes: int, queue: int) -> None:
        self.limits = limits
        self.processes = processes
        self.queue = queue
        self._free = asyncio.Semaphore(processes)
        self.refused = 0
        self._asked = 0
        self._idle: dict[SandboxProcess, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def answering(self, file: Path, question: Question) -> AsyncIterator[Answered]:
        """The answer from the snapshot in a file. Who leaves it before its end, or is cancelled, ends the process.

        Raises `Busy`, `WrongStatement`, `TooLarge`, `QueryTimeout` and `SandboxFailed`.
        """
        async with self._turn():
            waiting = self._take(file)
            process = waiting or await SandboxProcess.start(file, self.limits)
            asked = False
            try:
                if waiting is None:
                    await process.open()
                found = await process.ask(question)
                asked = True
                parts = process.parts()
                yield Answered(found, parts)
                async for _ in parts:  # what nobody wanted
                    pass
            except Exception:
                if asked:
                    process.kill()
                raise
            except BaseException:
                process.kill()
                raise
            finally:
                self._keep(process)

    @property
    def threads(self) -> int:
        """How many statements run at once."""
        return self.processes

    @property
    def running(self) -> int:
        """How many have a process."""
        return min(self._asked, self.processes)

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return max(0, self._asked - self.processes)

    async def close(self) -> None:
        """End those that wait; no question is under way by then."""
        for process in [*self._idle]:
            self._end(process)
        await asyncio.gather(*self._ending)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._asked >= self.processes + self.queue:
            self.refused += 1
            raise Busy(f"{self.queue:,} statements are waiting already: ask again in a moment")
        self._asked += 1
        try:
            async with self._free:
                yield
        finally:
            self._asked -= 1

    def _take(self, file: Path) -> SandboxProcess | None:
        """One that waits for questions on that file; else make room for it."""
        for process in [each for each in self._idle if not each.is_running]:
            self._end(process)
        found = next((each for each in self._idle if each.file == file), None)
        if found is not None:
            self._idle.pop(found).cancel()
        elif self._idle:
            self._end(next(iter(self._idle)))
        return found

    def _keep(self, process: SandboxProcess) -> None:
        if process.is_running:
            self._idle[process] = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end, process)
        else:
            self._end(process)

    def _end(self, process: SandboxProcess) -> None:
        timer = self._idle.pop(process, None)
        if timer is not None:
            timer.cancel()
        ending = asyncio.get_running_loop().create_task(process.end())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
