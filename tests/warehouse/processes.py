"""Work that several processes or threads begin at once, and a process that is killed."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, event

MANY_SECONDS = 60


def in_processes(count: int, work: Callable[..., object], *arguments: object) -> list[Any]:
    """What `work` gives in so many processes that start it at once; null for one that was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warehouse.ledger.ledger", "alembic.command", "tests.warehouse.submitters"])
    barrier = context.Barrier(count)
    pipes = [context.Pipe(duplex=False) for _ in range(count)]
    workers = [context.Process(target=_work, args=(barrier, pipe[1], work, arguments)) for pipe in pipes]
    for worker in workers:
        worker.start()
    for _, sender in pipes:
        sender.close()
    results = [_receive(receiver) for receiver, _ in pipes]
    for worker in workers:
        worker.join(MANY_SECONDS)
    return results


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(count)]]


def kill_after(statements: int) -> None:
    """Kill this process, as `kill -9` does, once so many statements have run."""
    left = iter(range(statements - 1))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", count)


def _receive(receiver: Any) -> Any:
    try:
        assert receiver.poll(MANY_SECONDS), "a process did not end"
        result = receiver.recv()
    except EOFError:
        return None
    if isinstance(result, Exception):
        raise result
    return result


def _work(barrier: Any, sender: Any, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    barrier.wait(MANY_SECONDS)
    try:
        sender.send(work(*arguments))
    except Exception as error:
        sender.send(error)
        raise
