"""The Hub source asks anonymously first, and shows the operator's token to nobody else."""

import logging

import pytest

from tests.etl.hub import TOKEN, Sync, bench, scores, told
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


def test_open_boards_are_read_without_the_token(hub: FakeHub, sync: Sync) -> None:
    hub.add_person(TOKEN, "operator")
    bench(hub)

    sync.load(TOKEN)

    assert {request.token for request in hub.requests} == {None}
    assert sync.boards is not None
    assert sync.boards.opened_by_token == set()


def test_a_gated_board_is_read_with_the_operators_token_and_noted(
    hub: FakeHub, sync: Sync, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub.add_person(TOKEN, "operator")
    bench(hub, "cais/hle", gated=True)
    bench(hub)
    hub.repos["datasets", "cais/hle"].granted.add("operator")
    hub.gated_boards.add("cais/hle")

    load, state = sync.load(TOKEN)

    assert [score["task"] for score in scores(state)] == ["cais/hle", "openai/gsm8k"]
    assert load.problems == []
    assert sync.boards is not None
    assert sync.boards.opened_by_token == {"cais/hle"}
    assert {request.path.split("/hle")[0] for request in hub.requests if request.token} <= {
        "/api/datasets/cais",
        "/datasets/cais",
        "/api/resolve-cache/datasets/cais",
    }
    assert "cais/hle is gated" in caplog.text
    assert TOKEN not in caplog.text + repr(load) + "".join(request.target for request in hub.requests)
    assert not any(TOKEN.encode() in path.read_bytes() for path in sync.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("token", [None, TOKEN])
def test_a_gated_board_without_access_stays_as_it_was(token: str | None, hub: FakeHub, sync: Sync) -> None:
    hub.add_person(TOKEN, "operator")
    bench(hub, "cais/hle", gated=True)
    bench(hub)
    hub.gated_boards.add("cais/hle")

    load, state = sync.load(token)

    assert [score["task"] for score in scores(state)] == ["openai/gsm8k"]
    assert state.unread_tasks == {"cais/hle"}
    assert "set the token of an account that has access" in told(load)["cais/hle"]
