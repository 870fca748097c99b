import asyncio
import traceback
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from api.accounts.attempts import Attempts
from api.accounts.breaker import LONGEST_PAUSE, MOST_FAILURES, PAUSE_SECONDS
from api.accounts.tokens import EXPIRED, FORBIDDEN, MISSHAPEN, NOBODY, Tokens
from api.hub import MOST_ANSWER_BYTES, Hub, WrongHub
from api.submissions.problems import Failed, NotSignedIn, RateLimited
from tests.accounts.site import Clock
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures",)

TOKEN = "hf_aliceSecret"
HOME = "192.0.2.1"


class Desk:
    """What verifies tokens, and what its Hub was asked."""

    def __init__(self, hub: FakeHub, **more: Any) -> None:
        self.hub = hub
        self.clock = Clock()
        self.asking = Hub(hub.url, more.pop("seconds", 5.0))
        self.tokens = Tokens(self.asking, Attempts(**more), self.clock.seconds, 100)

    async def name(self, token: str = TOKEN, address: str = HOME) -> str:
        return (await self.tokens.verify(token, address)).name

    async def refusal(self, token: str = TOKEN, address: str = HOME) -> str:
        with pytest.raises(NotSignedIn) as refused:
            await self.tokens.verify(token, address)
        return refused.value.message

    async def failure(self, token: str = TOKEN, address: str = HOME) -> Failed:
        with pytest.raises(Failed) as failed:
            await self.tokens.verify(token, address)
        assert (failed.value.code, failed.value.status) == ("HUB_UNAVAILABLE", 503)
        return failed.value

    @property
    def asked(self) -> int:
        return len(self.hub.asked("whoami-v2"))


@pytest.fixture
async def desk(hub: FakeHub) -> AsyncIterator[Desk]:
    hub.add_person(TOKEN, "alice", avatarUrl="/avatars/a.svg", orgs=[{"type": "org", "id": "1", "name": "lab"}])
    desk = Desk(hub)
    yield desk
    await desk.asking.close()


async def test_a_user_token_gives_the_person_by_one_question(desk: Desk) -> None:
    person = await desk.tokens.verify(TOKEN, HOME)
    assert (person.id, person.name, person.organizations) == ("0" * 24, "alice", ("lab",))
    assert person.avatar_url == f"{desk.hub.url}/avatars/a.svg"
    assert [asked.target for asked in desk.hub.requests] == ["/api/whoami-v2"]
    assert desk.hub.requests[0].token == TOKEN


async def test_an_oauth_token_gives_the_person_too(desk: Desk) -> None:
    desk.hub.add_person("hf_oauth_x.y-z", "bob", auth={"type": "app_token_as_user"})
    assert await desk.name("hf_oauth_x.y-z") == "bob"


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("hf_jwt_abc", NOBODY),
        ("api_org_abc", NOBODY),
        ("", MISSHAPEN),
        ("hf_", MISSHAPEN),
        ("alice", MISSHAPEN),
        ("hf_a b", MISSHAPEN),
        ("hf_a\n", MISSHAPEN),
        ("hf_é", MISSHAPEN),
        ("HF_abc", MISSHAPEN),
        ("hf_" + "a" * 8190, MISSHAPEN),
    ],
)
async def test_what_is_no_user_token_is_refused_without_asking(desk: Desk, token: str, told: str) -> None:
    assert await desk.refusal(token) == told
    assert told.startswith(EXPIRED)
    assert desk.asked == 0


async def test_the_longest_token_is_asked_about(desk: Desk) -> None:
    assert await desk.refusal("hf_" + "a" * 8189) == EXPIRED
    assert desk.asked == 1


async def test_a_revoked_token_is_told_to_sign_in_again(desk: Desk) -> None:
    assert await desk.refusal("hf_revoked") == "Your session has expired. Please sign in with HuggingFace again."


async def test_a_token_without_permission_is_told_so(desk: Desk) -> None:
    desk.hub.fail("whoami", 403, body=b'{"error":"insufficient scope"}')
    assert await desk.refusal() == FORBIDDEN
    assert FORBIDDEN.startswith(EXPIRED)
    assert FORBIDDEN != EXPIRED


@pytest.mark.parametrize("kind", ["org", "app"])
async def test_a_token_of_an_organization_names_no_person(desk: Desk, kind: str) -> None:
    desk.hub.add_person("hf_org", "lab", type=kind)
    assert await desk.refusal("hf_org") == NOBODY


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"type":"user"}',
        b'{"type":"user","id":7,"name":"alice"}',
        b'{"type":"user","id":"../x","name":"alice"}',
        b'{"type":"user","id":"ab12","name":"a lice"}',
        b"[" * 100_000,
        b'{"type":"user","id":"ab12","name":"alice","x":"' + b"x" * MOST_ANSWER_BYTES + b'"}',
    ],
    ids=lambda body: body[:20].decode(),
)
async def test_an_answer_that_says_nothing_is_no_verdict(desk: Desk, body: bytes) -> None:
    desk.hub.fail("whoami", 200, body=body, times=1)
    await desk.failure()
    assert await desk.name() == "alice"


@pytest.mark.parametrize("status", [302, 404, 418, 500, 502, 503])
async def test_a_hub_that_fails_is_503_and_never_401(desk: Desk, status: int) -> None:
    desk.hub.fail("whoami", status, headers={"Location": f"{desk.hub.url}/elsewhere"}, times=1)
    await desk.failure()
    assert not desk.hub.asked("elsewhere")
    assert await desk.name() == "alice"


async def test_a_hub_that_is_not_there_is_503(hub: FakeHub) -> None:
    tokens = Tokens(Hub("http://127.0.0.1:9"))
    with pytest.raises(Failed, match="right now"):
        await tokens.verify(TOKEN, HOME)


@pytest.mark.parametrize(
    "fault", [{"delay": 1.0}, {"status": 200, "body": b'{"type":"user","id":"ab12","name":"alice"}', "drip": 0.05}]
)
async def test_a_slow_hub_is_given_up(hub: FakeHub, fault: dict[str, Any]) -> None:
    desk = Desk(hub, seconds=0.2)
    desk.hub.fail("whoami", **fault)
    await desk.failure()


async def test_a_hub_that_limits_says_when_to_come_back(desk: Desk) -> None:
    desk.hub.fail("whoami", 429, headers={"Retry-After": "17"}, times=1)
    assert (await desk.failure()).retry_seconds == 17
    assert (await desk.failure()).retry_seconds in (16, 17)
    assert desk.asked == 1
    desk.clock.ahead = 18
    assert await desk.name() == "alice"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"RateLimit": '"api";r=0;t=42'}, 42),
        ({"Retry-After": "99999"}, 300),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "soon"}, PAUSE_SECONDS),
        ({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=9), usegmt=True)}, 300),
        ({}, PAUSE_SECONDS),
    ],
)
async def test_the_time_to_wait_is_read_and_bounded(desk: Desk, headers: dict[str, str], seconds: int) -> None:
    desk.hub.fail("whoami", 429, headers=headers)
    assert (await desk.failure()).retry_seconds == seconds


async def test_one_limited_token_keeps_nobody_else_out(desk: Desk) -> None:
    desk.hub.add_person("hf_bob", "bob")
    desk.hub.fail("whoami", 429, headers={"Retry-After": "300"}, times=1)
    await desk.failure("hf_bob")
    assert await desk.name() == "alice"


async def test_a_verified_token_is_remembered_for_five_minutes(desk: Desk) -> None:
    assert [await desk.name() for _ in range(3)] == ["alice"] * 3
    desk.clock.ahead = 299
    await desk.name()
    assert desk.asked == 1
    desk.clock.ahead = 301
    del desk.hub.people[TOKEN]
    assert await desk.refusal() == EXPIRED
    assert desk.asked == 2


async def test_a_token_is_not_remembered_beyond_its_end(desk: Desk) -> None:
    ends = (desk.clock.moment() + timedelta(seconds=100)).isoformat().replace("+00:00", "Z")
    desk.hub.add_person("hf_oauth_x", "bob", auth={"type": "app_token_as_user", "expiresAt": ends})
    await desk.name("hf_oauth_x")
    desk.clock.ahead = 95
    await desk.name("hf_oauth_x")
    assert desk.asked == 1
    desk.clock.ahead = 101
    await desk.name("hf_oauth_x")
    assert desk.asked == 2


async def test_a_refused_token_is_remembered_for_a_minute(desk: Desk) -> None:
    for _ in range(3):
        await desk.refusal("hf_new")
    assert desk.asked == 1
    desk.hub.add_person("hf_new", "carol")
    desk.clock.ahead = 61
    assert await desk.name("hf_new") == "carol"


async def test_what_was_not_used_for_longest_is_forgotten(hub: FakeHub) -> None:
    desk = Desk(hub)
    desk.tokens = Tokens(desk.asking, Attempts(), desk.clock.seconds, 2)
    for name in ("a", "b", "c"):
        hub.add_person(f"hf_{name}", name)
        await desk.name(f"hf_{name}")
    await desk.name("hf_c")
    assert desk.asked == 3
    await desk.name("hf_a")
    assert desk.asked == 4


async def test_many_at_once_ask_once(desk: Desk) -> None:
    desk.hub.fail("whoami", delay=0.05)
    assert await asyncio.gather(*(desk.name() for _ in range(20))) == ["alice"] * 20
    assert desk.asked == 1


async def test_who_leaves_does_not_take_the_answer_from_the_others(desk: Desk) -> None:
    desk.hub.fail("whoami", delay=0.05)
    leaving, staying = (asyncio.create_task(desk.name()) for _ in range(2))
    await asyncio.sleep(0.01)
    leaving.cancel()
    assert await staying == "alice"
    assert desk.asked == 1


async def test_an_address_may_try_so_many_wrong_tokens(hub: FakeHub) -> None:
    desk = Desk(hub, most=3, seconds=5.0)
    hub.add_person(TOKEN, "alice")
    hub.add_person("hf_bob", "bob")
    assert await desk.name() == "alice"
    for number in range(3):
        await desk.refusal(f"hf_wrong{number}")
    with pytest.raises(RateLimited) as limited:
        await desk.tokens.verify("hf_bob", HOME)
    assert 0 < limited.value.seconds <= 300
    assert limited.value.retry_at > datetime.now(UTC)
    assert await desk.name() == "alice", "one that is remembered costs nothing"
    assert await desk.name("hf_bob", "192.0.2.2") == "bob", "another address is another matter"
    assert desk.asked == 5


async def test_right_tokens_are_not_counted(hub: FakeHub) -> None:
    desk = Desk(hub, most=3)
    for number in range(10):
        hub.add_person(f"hf_{number}", f"person{number}")
        await desk.name(f"hf_{number}")


async def test_a_network_of_ipv6_is_one_address(hub: FakeHub) -> None:
    desk = Desk(hub, most=2)
    for number in range(2):
        await desk.refusal(f"hf_{number}", f"2001:db8::{number}")
    with pytest.raises(RateLimited):
        await desk.tokens.verify("hf_more", "2001:db8::ffff")
    await desk.refusal("hf_more", "2001:db8:0:1::1")


async def test_a_hub_that_fails_again_and_again_is_left_alone(desk: Desk) -> None:
    desk.hub.fail("whoami", 500)
    for number in range(MOST_FAILURES):
        await desk.failure(f"hf_{number}")
    failed = await desk.failure("hf_more")
    assert failed.retry_seconds is not None
    assert 0 < failed.retry_seconds <= PAUSE_SECONDS
    assert desk.asked == MOST_FAILURES
    desk.clock.ahead = PAUSE_SECONDS + 1
    await desk.failure("hf_more")
    await desk.failure("hf_more")
    assert desk.asked == MOST_FAILURES + 1, "one goes ahead, and the next pause begins"
    desk.clock.ahead *= 2
    desk.hub.faults.clear()
    assert await desk.name() == "alice"
    assert await desk.refusal("hf_wrong") == EXPIRED


async def test_failures_apart_do_not_add_up(desk: Desk) -> None:
    for number in range(MOST_FAILURES * 2):
        desk.hub.fail("whoami", 500, times=1)
        await desk.failure(f"hf_{number}")
        desk.hub.add_person(f"hf_good{number}", "good")
        await desk.name(f"hf_good{number}")


async def test_a_hub_that_limits_everybody_is_left_alone_for_a_minute_at_most(desk: Desk) -> None:
    desk.hub.fail("whoami", 429, headers={"Retry-After": "250"})
    for number in range(MOST_FAILURES):
        await desk.failure(f"hf_{number}")
    assert 50 < ((await desk.failure("hf_more")).retry_seconds or 0) <= LONGEST_PAUSE
    assert desk.asked == MOST_FAILURES
    desk.hub.faults.clear()
    desk.clock.ahead = LONGEST_PAUSE + 1
    assert await desk.name() == "alice"


async def test_remembered_people_are_known_while_the_hub_is_away(desk: Desk) -> None:
    await desk.name()
    desk.hub.fail("whoami", 500)
    for number in range(MOST_FAILURES + 1):
        await desk.failure(f"hf_{number}")
    assert await desk.name() == "alice"


@pytest.mark.parametrize("status", [401, 500, 429])
async def test_errors_do_not_hold_the_token(desk: Desk, status: int) -> None:
    desk.hub.fail("whoami", status)
    with pytest.raises((NotSignedIn, Failed)) as raised:
        await desk.tokens.verify(TOKEN, HOME)
    told = "".join(traceback.format_exception(raised.value))
    assert TOKEN not in told + repr(raised.value)
    assert TOKEN not in repr(vars(desk.tokens))


async def test_a_cookie_of_the_hub_does_not_go_along_with_the_next_question(desk: Desk) -> None:
    desk.hub.fail("whoami", 401, headers={"Set-Cookie": "token=someone; Path=/"}, times=1)
    await desk.refusal("hf_other")
    await desk.name()
    assert "cookie" not in desk.hub.requests[-1].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://huggingface.co",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "huggingface.co",
        "https://a@b",
        "https://h/?q",
        "",
    ],
)
def test_a_hub_to_which_no_token_may_go_is_refused(url: str) -> None:
    with pytest.raises(WrongHub, match="https"):
        Hub(url)


@pytest.mark.parametrize(
    "url", ["https://huggingface.co", "http://127.0.0.1:8", "http://localhost:8", "http://[::1]:8/hub/"]
)
def test_https_and_the_loopback_are_taken(url: str) -> None:
    assert Hub(url).url == url.rstrip("/")
