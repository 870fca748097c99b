from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from api.accounts.callers import Accounts
from api.accounts.tokens import EXPIRED
from api.hub import WrongHub
from api.submissions.problems import Failed, Forbidden, NotSignedIn
from tests.accounts.site import Clock, browser, opened
from tests.hub import FakeHub, LoopbackHub
from warehouse.ledger.records import Person

pytest_plugins = ("tests.hub.fixtures",)

ALICE = Person("ab12", "alice", None, ("lab",))
HOST = "boards.example"
OURS = {"origin": f"https://{HOST}"}
JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=x"}
MARKED = {**FORM, "x-standings": "1"}


class Asking:
    """Somebody with a session, and a token of somebody else."""

    def __init__(self, accounts: Accounts, session: str) -> None:
        self.accounts = accounts
        self.session = {"cookie": f"theme=dark; __Host-session={session}", "host": HOST}

    async def name(self, headers: dict[str, str], method: str = "GET") -> str | None:
        person = await self.accounts.identify(Headers(headers), method, "192.0.2.1")
        return person.name if person else None


@pytest.fixture(scope="module")
def accounts(loopback_hub: LoopbackHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    with opened(loopback_hub.hub, tmp_path_factory.mktemp("site")) as accounts:
        yield accounts


@pytest.fixture
async def asking(hub: FakeHub, accounts: Accounts) -> Asking:
    hub.add_person("hf_bob", "bob")
    return Asking(accounts, await accounts.sessions.open(ALICE))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_bearer_says_who_it_is(asking: Asking, scheme: str) -> None:
    for method in ("GET", "POST"):
        assert await asking.name({"authorization": f"{scheme} hf_bob"}, method) == "bob"


@pytest.mark.parametrize(
    "headers", [{}, {"cookie": "a=b"}, {"authorization": "Basic aGY6eA=="}, {"cookie": "__Host-session="}]
)
async def test_who_says_nothing_is_nobody(asking: Asking, headers: dict[str, str]) -> None:
    for method in ("GET", "POST"):
        assert await asking.name(headers, method) is None


@pytest.mark.parametrize(
    "sent",
    ["Bearer hf_wrong", "Bearer ", "Bearer", "bearer\thf_bob", "Bearer a b", "Bearer st_x", f"Bearer st_{'x' * 43}"],
)
async def test_a_bad_bearer_is_refused_even_beside_a_good_cookie(asking: Asking, sent: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        await asking.name({"authorization": sent, **asking.session})
    assert refused.value.message.startswith(EXPIRED)


async def test_a_bearer_decides_before_a_cookie(asking: Asking) -> None:
    assert await asking.name({"authorization": "Bearer hf_bob", **asking.session}, "POST") == "bob"


async def test_two_bearers_are_refused(asking: Asking) -> None:
    headers = Headers(raw=[(b"authorization", b"Bearer hf_bob"), (b"authorization", b"Bearer hf_bob")])
    with pytest.raises(NotSignedIn):
        await asking.accounts.identify(headers, "GET", "192.0.2.1")


async def test_a_hub_that_fails_is_no_refusal(asking: Asking, hub: FakeHub) -> None:
    hub.fail("whoami", 500)
    with pytest.raises(Failed):
        await asking.name({"authorization": "Bearer hf_carol", **asking.session})


async def test_a_cookie_is_enough_to_read(asking: Asking) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        assert await asking.name({**asking.session, "origin": "https://evil.example"}, method) == "alice"


@pytest.mark.parametrize("cookie", ["x", "x" * 43, "é" * 43, "x" * 20_000, "../../etc/passwd"])
async def test_a_cookie_that_is_nobodys_counts_as_none(asking: Asking, cookie: str) -> None:
    headers = Headers(raw=[(b"cookie", f"__Host-session={cookie}".encode()), (b"host", HOST.encode())])
    for method in ("GET", "POST"):
        assert await asking.accounts.identify(headers, method, "192.0.2.1") is None


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ({**OURS, **JSON}, True),
        ({**OURS, **MARKED}, True),
        ({**OURS, **FORM, "graphql-require-preflight": "1"}, True),
        ({**OURS, **FORM, "apollo-require-preflight": "true"}, True),
        ({**OURS, "content-type": "Application/JSON; charset=utf-8"}, True),
        ({"sec-fetch-site": "same-origin", **JSON}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://public.example", **JSON}, True),
        ({"origin": f"https://{HOST}:443", **JSON}, True),
        ({"origin": f"HTTPS://{HOST.upper()}", **JSON}, True),
        # no form of another site may ride on the cookie
        ({**OURS, **FORM}, False),
        ({**OURS, "content-type": "text/plain"}, False),
        ({**OURS, "content-type": "application/x-www-form-urlencoded"}, False),
        ({**OURS, "content-type": "text/plain; application/json"}, False),
        (OURS, False),
        (JSON, False),
        (MARKED, False),
        ({"origin": "https://evil.example", **JSON}, False),
        ({"origin": "https://evil.example", **MARKED}, False),
        ({"origin": f"https://{HOST}.evil.example", **JSON}, False),
        ({"origin": f"https://evil{HOST}", **JSON}, False),
        ({"origin": f"https://{HOST}:8443", **JSON}, False),
        ({"origin": f"https://user@{HOST}", **JSON}, False),
        ({"origin": f"ftp://{HOST}", **JSON}, False),
        ({"origin": HOST, **JSON}, False),
        ({"origin": "null", **JSON}, False),
        ({"origin": "", **JSON}, False),
        ({"origin": "https://[", **JSON}, False),
        ({"sec-fetch-site": "same-site", **OURS, **JSON}, False),
        ({"sec-fetch-site": "cross-site", **OURS, **JSON}, False),
        ({"sec-fetch-site": "none", **JSON}, False),
        ({"sec-fetch-site": "same-origin", **FORM}, False),
    ],
)
async def test_a_cookie_changes_something_only_from_our_own_pages(
    asking: Asking, more: dict[str, str], taken: bool
) -> None:
    for method in ("POST", "post", "DELETE"):
        if taken:
            assert await asking.name({**asking.session, **more}, method) == "alice"
        else:
            with pytest.raises(Forbidden):
                await asking.name({**asking.session, **more}, method)


async def test_behind_a_proxy_the_public_host_is_ours(hub: FakeHub, tmp_path: Path) -> None:
    with opened(hub, tmp_path, oauth_redirect_uri=f"https://{HOST}/api/auth/callback") as accounts:
        asking = Asking(accounts, await accounts.sessions.open(ALICE))
        asking.session["host"] = "10.0.0.5:8000"
        assert await asking.name({**asking.session, **OURS, **JSON}, "POST") == "alice"
        with pytest.raises(Forbidden):
            await asking.name({**asking.session, "origin": "https://evil.example", **JSON}, "POST")


async def test_the_type_that_is_told_counts(asking: Asking) -> None:
    headers = Headers({**asking.session, **OURS, **FORM})
    person = await asking.accounts.identify(headers, "POST", "192.0.2.1", "application/json")
    assert person == ALICE


async def test_another_site_cannot_log_anybody_out(asking: Asking) -> None:
    with pytest.raises(Forbidden):
        await asking.accounts.log_out(Headers({**asking.session, "origin": "https://evil.example"}))
    assert await asking.name(asking.session) == "alice"
    await asking.accounts.log_out(Headers({**asking.session, **OURS}))
    assert await asking.name(asking.session) is None


def test_maintainers_are_named_by_id_or_organization(hub: FakeHub, tmp_path: Path) -> None:
    with opened(hub, tmp_path, maintainers=" ab12 , org:staff,") as accounts:
        assert accounts.is_maintainer(Person("ab12", "anyone"))
        assert accounts.is_maintainer(Person("cd34", "carol", None, ("lab", "staff")))
        assert not accounts.is_maintainer(Person("cd34", "ab12"))
        assert not accounts.is_maintainer(Person("cd34", "staff", None, ("lab",)))
        assert not accounts.is_maintainer(Person("", "", None, ("",)))
    with opened(hub, tmp_path, maintainers="") as accounts:
        assert not accounts.is_maintainer(Person("ab12", "anyone"))


def test_a_hub_in_the_clear_is_refused_at_the_start(hub: FakeHub, tmp_path: Path) -> None:
    with pytest.raises(WrongHub, match="must be https"), opened(hub, tmp_path, hub_url="http://hub.example"):
        pass


def test_who_a_bearer_is_can_be_asked_over_http(hub: FakeHub, tmp_path: Path) -> None:
    hub.add_person("hf_bob", "bob")
    with opened(hub, tmp_path, Clock()) as accounts, browser(accounts) as client:
        assert client.get("/api/auth/me", headers={"Authorization": "Bearer hf_bob"}).json()["name"] == "bob"
        wrong = client.get("/api/auth/me", headers={"Authorization": "Bearer hf_x"})
        assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")
        assert wrong.json()["error"] == "Your session has expired. Please sign in with HuggingFace again."
        hub.fail("whoami", 429, headers={"Retry-After": "7"})
        away = client.get("/api/auth/me", headers={"Authorization": "Bearer hf_y"})
        assert (away.status_code, away.headers["retry-after"]) == (503, "7")
