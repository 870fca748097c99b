import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import httpcore2
import httpx2
import pytest
from starlette.testclient import TestClient

from api.accounts.callers import Accounts
from api.accounts.oauth import NO_ANSWER, NOT_ACCEPTED, NOT_PROVEN
from tests.accounts.site import SITE, Clock, browser, hub_browser, opened, signed_in, to_hub
from tests.hub import FakeHub
from warehouse.ledger.errors import LedgerError

pytest_plugins = ("tests.hub.fixtures",)

SUBMIT = f"{SITE}/submit"


@pytest.fixture(scope="module", autouse=True)
def one_tls_context() -> Iterator[None]:
    """One TLS context for all clients, which speak none here: to load the certificates takes longer than most tests."""
    context = httpcore2.default_ssl_context()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(httpcore2, "default_ssl_context", lambda **_: context)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(hub: FakeHub, tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    hub.sign_in(
        "alice", avatarUrl="https://cdn.example/a.png", orgs=[{"id": "1", "name": "lab", "fullname": "evil-org"}]
    )
    with opened(hub, tmp_path, clock, maintainers="org:lab") as accounts:
        yield accounts


@pytest.fixture
def client(accounts: Accounts) -> Iterator[TestClient]:
    with browser(accounts) as client:
        yield client


def failure(answer: httpx2.Response) -> tuple[str, str | None]:
    """Code and detail of a sign-in that failed."""
    assert answer.status_code == 307
    assert answer.headers["location"].startswith(f"{SUBMIT}?")
    assert "__Host-session" not in answer.headers.get("set-cookie", "")
    told = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    return told["auth_error"], told.get("detail")


def cookie(answer: httpx2.Response, name: str) -> tuple[str, set[str]]:
    """Value and attributes of a cookie that an answer sets."""
    found = [line.split("; ") for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}=")]
    assert len(found) == 1
    return found[0][0].partition("=")[2], set(found[0][1:])


def test_somebody_signs_in_and_out(client: TestClient, hub: FakeHub) -> None:
    assert client.get("/api/auth/me").status_code == 401
    arrived = signed_in(client)
    assert (arrived.status_code, arrived.headers["location"]) == (307, SUBMIT)
    me = client.get("/api/auth/me")
    assert me.json() == {
        "id": f"{0xA00:024x}",
        "name": "alice",
        "avatar": "https://cdn.example/a.png",
        "organizations": ["lab"],
        "maintainer": True,
    }
    out = client.post("/api/auth/logout", headers={"Origin": SITE})
    assert out.json() == {"success": True}
    assert "__Host-session" not in client.cookies
    assert client.get("/api/auth/me").status_code == 401


def test_the_hub_is_asked_what_it_needs_to_know(client: TestClient, hub: FakeHub) -> None:
    begun = client.get("/api/auth/login?next=/boards")
    address = urlsplit(begun.headers["location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{hub.url}/oauth/authorize"
    assert {
        name: asked[name] for name in ("client_id", "redirect_uri", "response_type", "scope", "code_challenge_method")
    } == {
        "client_id": "standings",
        "redirect_uri": f"{SITE}/api/auth/callback",
        "response_type": "code",
        "scope": "openid profile",
        "code_challenge_method": "S256",
    }
    assert all(len(asked[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    assert signed_in(client, "/api/auth/login?next=/boards").headers["location"] == f"{SITE}/boards"
    again = parse_qs(urlsplit(client.get("/api/auth/login").headers["location"]).query)
    assert not {asked["state"], asked["nonce"], asked["code_challenge"]} & {value[0] for value in again.values()}


def test_our_addresses_of_the_hub_are_those_it_declares(client: TestClient, hub: FakeHub) -> None:
    declared = hub_browser().get(f"{hub.url}/.well-known/openid-configuration").json()
    signed_in(client)
    asked = {f"{hub.url}{request.path}" for request in hub.requests}
    assert {value for name, value in declared.items() if name.endswith(("_endpoint", "_uri"))} <= asked


def test_cookies_stay_here_and_away_from_scripts(client: TestClient) -> None:
    begun = client.get("/api/auth/login")
    sealed, attributes = cookie(begun, "__Secure-sign-in")
    assert attributes == {"HttpOnly", "Secure", "SameSite=lax", "Path=/api/auth", "Max-Age=600"}
    arrived = client.get(hub_browser().get(begun.headers["location"]).headers["location"])
    session, attributes = cookie(arrived, "__Host-session")
    assert attributes == {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=28800"}
    assert len(session) == 43
    assert cookie(arrived, "__Secure-sign-in")[1] >= {"Max-Age=0", "Path=/api/auth"}
    for value in parse_qs(urlsplit(begun.headers["location"]).query).values():
        assert value[0] not in sealed


def test_answers_are_kept_by_nobody(client: TestClient) -> None:
    answers = [
        client.get("/api/auth/login"),
        signed_in(client),
        client.get("/api/auth/me"),
        client.post("/api/auth/token"),
    ]
    for answer in (
        *answers,
        client.get("/api/auth/callback"),
        client.post("/api/auth/logout", headers={"Origin": SITE}),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_nothing_of_the_hub_nor_the_session_itself_is_stored(client: TestClient, hub: FakeHub, tmp_path: Path) -> None:
    arrived = signed_in(client)
    session = cookie(arrived, "__Host-session")[0]
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert hashlib.sha256(session.encode()).hexdigest().encode() in stored
    assert session.encode() not in stored
    assert b"hf_oauth_" not in stored
    assert "hf_oauth_" not in str(arrived.headers)


def test_a_session_ends_after_eight_hours(client: TestClient, clock: Clock) -> None:
    signed_in(client)
    clock.ahead = 8 * 3600 - 60
    assert client.get("/api/auth/me").status_code == 200
    clock.ahead = 8 * 3600 + 1
    assert client.get("/api/auth/me").json()["error"].startswith("Your session has expired.")


def test_another_process_may_receive_who_began_here(accounts: Accounts, hub: FakeHub, tmp_path: Path) -> None:
    with opened(hub, tmp_path) as others, browser(accounts) as here, browser(others, here.cookies) as there:
        arrived = there.get(to_hub(here), headers={"Cookie": f"__Secure-sign-in={here.cookies['__Secure-sign-in']}"})
    assert arrived.headers["location"] == SUBMIT


@pytest.mark.parametrize("secret", ["quite secret/+", "plain"])
def test_a_confidential_application_proves_itself(hub: FakeHub, tmp_path: Path, secret: str) -> None:
    hub.sign_in("alice")
    hub.desk.client_secret = quote(secret)
    with opened(hub, tmp_path, oauth_client_secret=secret) as accounts, browser(accounts) as client:
        assert signed_in(client).headers["location"] == SUBMIT
    hub.desk.client_secret = "another"
    with opened(hub, tmp_path, oauth_client_secret=secret) as accounts, browser(accounts) as client:
        assert failure(signed_in(client)) == ("token_exchange", NOT_ACCEPTED)


def test_the_public_address_is_used_behind_a_proxy(hub: FakeHub, tmp_path: Path) -> None:
    hub.sign_in("alice")
    public = "https://boards.example/api/auth/callback"
    hub.desk.redirect_uris = {public}
    with opened(hub, tmp_path, oauth_redirect_uri=public) as accounts, browser(accounts) as client:
        back = to_hub(client)
        assert back.startswith(f"{public}?")
        arrived = client.get(back.replace("https://boards.example", SITE))
    assert arrived.headers["location"] == "https://boards.example/submit"


ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "evil", "", "/a b", "/\t/evil.example", "/a\r\nSet-Cookie: x=y", "/a\\b", "/#login_code=x", "/é", "/" + "a" * 600
)  # fmt: skip


def test_nobody_is_sent_elsewhere(client: TestClient) -> None:
    for after in ELSEWHERE:
        assert signed_in(client, f"/api/auth/login?next={quote(after)}").headers["location"] == SUBMIT, after


def test_a_path_of_ours_may_have_a_query(client: TestClient) -> None:
    after = "/submissions?status=PENDING&first=5"
    assert signed_in(client, f"/api/auth/login?next={quote(after)}").headers["location"] == SITE + after


def test_who_denies_is_told_so(client: TestClient, hub: FakeHub) -> None:
    hub.sign_in(None)
    assert failure(signed_in(client)) == ("access_denied", None)


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?error=access_denied&state=x", "?state=x", "?code="])
def test_who_comes_without_a_code_is_told_so(client: TestClient, hub: FakeHub, query: str) -> None:
    assert failure(client.get(f"/api/auth/callback{query}")) == ("missing_code", None)
    assert not hub.requests


def test_a_state_that_is_not_ours_is_refused_before_anything_is_asked(client: TestClient, hub: FakeHub) -> None:
    back = to_hub(client)
    code = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(back).query)["state"][0]
    for other in ("", "x", state[:-1], state + "x", "é", state.swapcase()):
        kept = client.cookies["__Secure-sign-in"]
        answer = client.get("/api/auth/callback", params={"code": code, "state": other})
        assert failure(answer) == ("state_mismatch", None)
        client.cookies.set("__Secure-sign-in", kept, "testserver.local", "/api/auth")
    assert not hub.asked("/oauth/token")
    assert client.get(back).headers["location"] == SUBMIT


def test_a_callback_that_another_browser_began_is_refused(accounts: Accounts, hub: FakeHub) -> None:
    with browser(accounts) as attacker, browser(accounts) as victim:
        begun_by_attacker = to_hub(attacker)
        assert failure(victim.get(begun_by_attacker)) == ("state_mismatch", None)
        victim.get("/api/auth/login")
        assert failure(victim.get(begun_by_attacker)) == ("state_mismatch", None)
    assert not hub.asked("/oauth/token")


def test_a_callback_works_once(client: TestClient, hub: FakeHub) -> None:
    back = to_hub(client)
    kept = client.cookies["__Secure-sign-in"]
    assert client.get(back).headers["location"] == SUBMIT
    assert failure(client.get(back)) == ("state_mismatch", None)
    again = client.get(back, headers={"Cookie": f"__Secure-sign-in={kept}"})
    assert failure(again) == ("state_mismatch", None)
    assert len(hub.asked("/oauth/token")) == 1


def test_a_sign_in_takes_ten_minutes_at_most(client: TestClient, clock: Clock) -> None:
    back = to_hub(client)
    clock.ahead = 601
    assert failure(client.get(back)) == ("state_mismatch", None)


def test_looking_at_the_callback_does_not_use_it_up(client: TestClient, hub: FakeHub) -> None:
    back = to_hub(client)
    assert client.head(back).status_code == 405
    assert client.get(back).headers["location"] == SUBMIT


@pytest.mark.parametrize(
    ("part", "fault", "told"),
    [
        ("token", {"status": 400, "body": b"secret words of the Hub"}, ("token_exchange", NOT_ACCEPTED)),
        ("token", {"status": 302, "headers": {"Location": "/x"}}, ("token_exchange", NOT_ACCEPTED)),
        ("token", {"status": 503}, ("token_exchange", NO_ANSWER)),
        ("token", {"status": 429}, ("token_exchange", NO_ANSWER)),
        ("token", {"status": 200, "body": b"<html>"}, ("token_exchange", NO_ANSWER)),
        ("token", {"status": 200, "body": b"{}"}, ("token_exchange", NOT_PROVEN)),
        (
            "token",
            {"status": 200, "body": b'{"id_token":"a.b.c","access_token":"x y"}'},
            ("token_exchange", NOT_PROVEN),
        ),
        ("jwks", {"status": 500}, ("token_exchange", NO_ANSWER)),
        ("userinfo", {"status": 401}, ("userinfo", None)),
        ("userinfo", {"status": 500}, ("userinfo", None)),
        ("userinfo", {"status": 200, "body": b"no"}, ("userinfo", None)),
        ("userinfo", {"status": 200, "body": b'{"sub":"ab12"}'}, ("userinfo", None)),
    ],
)
def test_what_the_hub_does_wrong_is_told_in_our_own_words(
    client: TestClient, hub: FakeHub, part: str, fault: dict[str, Any], told: tuple[str, str | None]
) -> None:
    hub.fail(f"/oauth/{part}", **fault)
    assert failure(signed_in(client)) == told
    assert client.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"at_hash": "AAAA"}],
    ids=lambda claims: next(iter(claims)),
)
def test_an_identity_that_is_not_proven_opens_nothing(client: TestClient, hub: FakeHub, claims: dict[str, Any]) -> None:
    hub.desk.claims = claims
    assert failure(signed_in(client)) == ("token_exchange", NOT_PROVEN)


def test_a_description_of_somebody_else_opens_nothing(client: TestClient, hub: FakeHub) -> None:
    hub.desk.userinfo = {"sub": "62f264b9f3c90f4b6514a269"}
    assert failure(signed_in(client)) == ("userinfo", None)


def test_without_an_application_nobody_signs_in(hub: FakeHub, tmp_path: Path) -> None:
    with opened(hub, tmp_path, oauth_client_id=None) as accounts, browser(accounts) as client:
        assert failure(client.get("/api/auth/login")) == ("server_config", None)
        assert failure(client.get("/api/auth/callback?code=x&state=y")) == ("server_config", None)
        assert failure(client.get("/api/auth/callback")) == ("missing_code", None)
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".secret"] == []


def test_codes_that_the_hub_refuses_are_limited_by_address(client: TestClient, hub: FakeHub) -> None:
    for number in range(31):
        back = urlsplit(to_hub(client))
        state = parse_qs(back.query)["state"][0]
        answer = client.get("/api/auth/callback", params={"code": f"guess{number}", "state": state})
        assert failure(answer)[0] == "token_exchange"
    assert len(hub.asked("/oauth/token")) == 30


def test_a_ledger_that_is_away_is_told(client: TestClient, accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise LedgerError("the ledger cannot be read")

    signed_in(client)
    monkeypatch.setattr(accounts.sessions._ledger.sessions, "find", away)
    monkeypatch.setattr(accounts.sessions._ledger.sessions, "open", away)
    me = client.get("/api/auth/me")
    assert (me.status_code, me.headers["retry-after"]) == (503, "10")
    assert failure(signed_in(client)) == ("unknown", None)


@pytest.mark.parametrize("path", ["login", "callback", "me", "logout", "token"])
def test_addresses_answer_with_and_without_their_last_slash(client: TestClient, path: str) -> None:
    method = "POST" if path in ("logout", "token") else "GET"
    for address in (f"/api/auth/{path}", f"/api/auth/{path}/"):
        assert "login" in path or client.request(method, address).headers.get("location", SUBMIT).startswith(SUBMIT)
        assert client.request(method, address).status_code != 404
        wrong = client.request("GET" if method == "POST" else "POST", address)
        assert wrong.status_code == 405
        assert method in wrong.headers["allow"]
        assert "error" in wrong.json()
        options = client.options(address)
        assert options.status_code == 204
        assert method in options.headers["allow"]


@pytest.mark.parametrize("host", ["a b", "evil.example/x", "a@b", ""])
def test_an_odd_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/api/auth/login", headers={"Host": host}).status_code == 400


def test_the_ledger_holds_no_address_and_no_token(client: TestClient, tmp_path: Path) -> None:
    signed_in(client)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as ledger:
        rows = str(ledger.execute("select * from sessions").fetchall())
    assert "alice" in rows
    assert "hf_" not in rows
    assert "testclient" not in rows
