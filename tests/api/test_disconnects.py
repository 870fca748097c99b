"""Clients that leave before they are answered: nobody works on for them, and nobody else notices."""

import asyncio

import pytest
from starlette.types import Message

from api.disconnects import PATIENCE
from tests.api.desk import Call, Desk, until

PRIVATE = {"authorization": "Bearer token"}


@pytest.mark.parametrize(
    "call",
    [
        Call.post('{ wait(text: "x") }'),
        Call("GET", "query={wait(text:%22x%22)}", b"", {}),
        Call.post('{ wait(text: "x") }', PRIVATE),
    ],
    ids=["post", "get", "private"],
)
async def test_a_client_that_leaves_stops_its_question(desk: Desk, call: Call) -> None:
    asking = asyncio.create_task(call.run(desk.endpoint))
    await desk.until_running()
    call.left.set()
    await asyncio.wait_for(asking, 5)
    await until(lambda: desk.stopped == ["x"])
    assert call.sent == []


async def test_a_client_that_leaves_does_not_stop_others_who_ask_the_same(desk: Desk) -> None:
    calls = [Call.post('{ wait(text: "shared") }') for _ in range(3)]
    tasks = [asyncio.create_task(call.run(desk.endpoint)) for call in calls]
    await desk.until_running()
    calls[0].left.set()  # the one that began it
    await asyncio.wait_for(tasks[0], 5)
    desk.gate.set()
    await asyncio.gather(*tasks)
    assert (desk.ran, desk.stopped) == (["shared"], [])
    assert calls[0].sent == []
    assert [call.json["data"] for call in calls[1:]] == [{"wait": "shared"}] * 2


async def test_what_all_have_left_is_stopped_and_may_be_asked_again(desk: Desk) -> None:
    calls = [Call.post('{ wait(text: "shared") }') for _ in range(2)]
    tasks = [asyncio.create_task(call.run(desk.endpoint)) for call in calls]
    await desk.until_running()
    for call in calls:
        call.left.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    await until(lambda: desk.stopped == ["shared"])
    desk.gate.set()
    again = await desk.ask('{ wait(text: "shared") }')
    assert again.json["data"] == {"wait": "shared"}
    assert desk.ran == ["shared", "shared"]


async def test_a_server_that_ends_stops_what_it_works_on(desk: Desk) -> None:
    """Who cancels the request from outside is not taken for a client that left."""
    asking = asyncio.create_task(Call.post("{ wait }").run(desk.endpoint))
    await desk.until_running()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await until(lambda: desk.stopped == [""])


async def test_what_is_answered_at_once_is_not_watched(desk: Desk) -> None:
    call = Call.post("{ tell }")
    await call.run(desk.endpoint)
    assert call.json["data"] == {"tell": ""}
    assert not call.watched


async def test_a_client_that_leaves_while_it_asks_is_not_answered(desk: Desk) -> None:
    call = Call.post("{ tell }")
    call._told = True
    call.left.set()
    await call.run(desk.endpoint)
    assert call.sent == []
    assert desk.ran == []


async def test_a_server_that_never_says_who_left_is_not_asked_for_ever(desk: Desk) -> None:
    call = Call.post("{ wait }")
    asked = 0

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": call.body, "more_body": False}

    call.receive = receive
    asking = asyncio.create_task(call.run(desk.endpoint))
    await desk.until_running()
    await asyncio.sleep(2 * PATIENCE)
    desk.gate.set()
    await asking
    assert call.json["data"] == {"wait": ""}
    assert 1 < asked < 5
