"""Run a command and watch its processes."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BYTECODE = PROJECT / "build" / "bytecode"
PAUSE_SECONDS = 0.02
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """One run: wall and processor seconds, the peak of resident memory over all its processes in bytes, its output."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def python(*words: str) -> Run:
    """Run a fresh Python with these arguments, in the project. Raises RuntimeError where it fails."""
    return run([sys.executable, *words])


def standings(*words: str) -> Run:
    """Run the command in a fresh process."""
    return python("-c", "from api.cli import main; main(prog_name='standings')", *words)


def run(command: Sequence[str]) -> Run:
    """Run a command to its end. Shared pages count once for every process that has them."""
    before, started = os.times(), time.perf_counter()
    with subprocess.Popen(
        command, cwd=PROJECT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        watch = Watch(process.pid)
        output = process.stdout.read() if process.stdout else ""
        process.wait()
        seconds = time.perf_counter() - started
    after = os.times()
    watch.stop()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[-8:])} ended with {process.returncode}:\n{output[-4000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, cpu, watch.peak, output)


def _environment() -> dict[str, str]:
    """Ours without settings of the caller, and with bytecode, as what is installed has it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("STANDINGS_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**own, "PYTHONPYCACHEPREFIX": str(BYTECODE)}


class Watch:
    """Samples the resident memory of a process and all its descendants."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            self.peak = max(self.peak, sum(map(resident, _family(self._pid))))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield from _family(child)


def resident(pid: int) -> int:
    """Bytes of resident memory of one process; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
