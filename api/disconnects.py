"""Clients that go away: what is worked out for them is stopped."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Receive

PATIENCE = 0.02  # seconds; what is answered sooner is not worth the watching


class Gone(Exception):
    """The client left before it was answered."""


@contextmanager
def attended(receive: Receive) -> Iterator[None]:
    """Work that is cancelled when its client leaves, which then raises `Gone`."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    watching: list[asyncio.Task[None]] = []
    left = False

    async def watch() -> None:
        nonlocal left
        message = await receive()
        while message.get("more_body"):  # the body of a GET, which nobody has read
            message = await receive()
        if message["type"] == "http.request":
            message = await receive()
        if message["type"] == "http.disconnect" and task is not None:
            left = task.cancel()

    timer = loop.call_later(PATIENCE, lambda: watching.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if left and task is not None and not task.uncancel():
            raise Gone from None
        raise
    finally:
        timer.cancel()
        for each in watching:
            each.cancel()
