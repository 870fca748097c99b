"""The processes of a sandbox: which snapshot they answer from, what they know of their server, and when they end."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import orjson
import pytest
import uvloop

from warehouse.sandbox import sandboxes as module
from warehouse.sandbox.limits import Limits, SandboxFailed
from warehouse.sandbox.process import Question, SandboxProcess
from warehouse.sandbox.sandboxes import Sandboxes
from warehouse.store import Store

ONE = Question("select 1 as one")


@pytest.fixture
def file(sample_dir: Path) -> Path:
    current = Store(sample_dir).current()
    assert current is not None
    return current.file


async def ask(sandboxes: Sandboxes, file: Path, question: Question = ONE) -> object:
    async with sandboxes.answering(file, question) as answered:
        return orjson.loads(b"".join([part async for part in answered.parts]))["rows"]


async def test_a_process_answers_again_and_another_one_for_another_snapshot(file: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(file, tmp_path / "other.duckdb"))
    sandboxes = Sandboxes(Limits(), processes=1, queue=0)
    assert sandboxes._idle == {}
    assert await ask(sandboxes, file) == [{"one": 1}]
    (first,) = sandboxes._idle
    await ask(sandboxes, file)
    assert [*sandboxes._idle] == [first]
    await ask(sandboxes, other)
    (second,) = sandboxes._idle
    assert second is not first
    assert not first.is_running
    await sandboxes.close()
    assert not second.is_running


async def test_a_snapshot_that_is_gone_from_disk_is_answered_by_who_has_it_open(file: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(file, tmp_path / "other.duckdb"))
    sandboxes = Sandboxes(Limits(), processes=1, queue=0)
    await ask(sandboxes, other)
    os.unlink(other)  # noqa: PTH108 - in no thread, as a test may
    assert await ask(sandboxes, other, Question("select count(*) > 0 as some from scores")) == [{"some": True}]
    await sandboxes.close()
    with pytest.raises(SandboxFailed, match="did not start"):
        await ask(sandboxes, other)


async def test_a_process_that_nobody_asks_ends(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.0)
    sandboxes = Sandboxes(Limits(), processes=1, queue=0)
    await ask(sandboxes, file)
    (process,) = sandboxes._idle
    await process._process.wait()
    await sandboxes.close()
    assert sandboxes._idle == {}


async def test_a_process_that_was_killed_meanwhile_is_replaced(file: Path) -> None:
    sandboxes = Sandboxes(Limits(), processes=1, queue=0)
    await ask(sandboxes, file)
    (process,) = sandboxes._idle
    process._process.kill()
    await process._process.wait()
    assert await ask(sandboxes, file) == [{"one": 1}]
    await sandboxes.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
async def test_a_process_has_nothing_of_the_environment_and_bounds_by_the_kernel(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDINGS_HUB_TOKEN", "hf_secret")
    process = await SandboxProcess.start(file, Limits(memory_mb=100, answer_mb=1))
    await process.open()
    about = Path(f"/proc/{process._process.pid}")
    assert (about / "environ").read_bytes() == b"ARROW_DEFAULT_MEMORY_POOL=system\0"
    assert (about / "cwd").readlink() == Path("/")
    limits = {line[:25].strip(): line[25:].split()[0] for line in (about / "limits").read_text().splitlines()}
    assert int(limits["Max data size"]) < 1_000_000_000
    assert (limits["Max file size"], limits["Max core file size"]) == ("0", "0")
    await process.end()


def test_processes_run_under_the_loop_of_a_real_server(file: Path) -> None:
    async def once() -> object:
        sandboxes = Sandboxes(Limits(), processes=1, queue=0)
        try:
            return await ask(sandboxes, file)
        finally:
            await sandboxes.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(once()) == [{"one": 1}]
