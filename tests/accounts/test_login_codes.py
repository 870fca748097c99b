from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.accounts.site import SITE, Clock, browser, opened, signed_in
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures",)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(hub: FakeHub, tmp_path: Path, clock: Clock) -> Iterator[TestClient]:
    hub.sign_in("alice")
    with opened(hub, tmp_path, clock, oauth_login_codes=True) as accounts, browser(accounts) as client:
        yield client


def code_of(client: TestClient) -> str:
    """The one-time code at the end of a sign-in; the browser forgets its session."""
    address, mark, code = signed_in(client).headers["location"].partition("#login_code=")
    assert (address, bool(mark)) == (f"{SITE}/submit", True)
    client.cookies.clear()
    return code


def test_a_code_is_exchanged_for_a_bearer_of_ours(client: TestClient, hub: FakeHub) -> None:
    told = client.post("/api/auth/token", json={"code": code_of(client)}).json()
    assert told.pop("accessToken").startswith("st_")
    assert told == {"id": f"{0xA00:024x}", "name": "alice", "avatar": None, "expiresIn": 3600}
    assert not hub.asked("whoami")


def test_the_bearer_tells_who_it_is_until_it_ends(client: TestClient, hub: FakeHub, clock: Clock) -> None:
    token = client.post("/api/auth/token", json={"code": code_of(client)}).json()["accessToken"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/auth/me", headers=bearer).json()["name"] == "alice"
    assert client.get("/api/auth/me", headers={"Cookie": f"__Host-session={token[3:]}"}).status_code == 401
    clock.ahead = 3601
    assert client.get("/api/auth/me", headers=bearer).status_code == 401
    assert not hub.asked("whoami")


def test_a_bearer_is_logged_out(client: TestClient) -> None:
    token = client.post("/api/auth/token", json={"code": code_of(client)}).json()["accessToken"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/auth/logout", headers=bearer).status_code == 200
    assert client.get("/api/auth/me", headers=bearer).status_code == 401


def test_a_session_is_no_bearer(client: TestClient) -> None:
    session = signed_in(client).cookies["__Host-session"]
    client.cookies.clear()
    assert client.get("/api/auth/me", headers={"Authorization": f"Bearer st_{session}"}).status_code == 401


def test_a_code_works_once(client: TestClient) -> None:
    code = code_of(client)
    assert client.post("/api/auth/token", json={"code": code}).status_code == 200
    assert client.post("/api/auth/token", json={"code": code}).status_code == 401


def test_a_code_ends_after_a_minute(client: TestClient, clock: Clock) -> None:
    code = code_of(client)
    clock.ahead = 61
    assert client.post("/api/auth/token", json={"code": code}).status_code == 401


def test_what_is_no_code_is_said(client: TestClient) -> None:
    for body in (b"", b"no", b"[]", b"{}", b'{"code":7}', b'{"code":null}', b"[" * 4_000, b" " * 5_000, b"\xff"):
        answer = client.post("/api/auth/token", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, body
        assert "code" in answer.json()["error"]


def test_a_wrong_code_gives_nothing(client: TestClient) -> None:
    for code in ("", "x", "x" * 43, "x" * 3_000, "é"):
        assert client.post("/api/auth/token", json={"code": code}).status_code == 401, code


def test_a_form_of_another_site_cannot_exchange_a_code(client: TestClient) -> None:
    code = code_of(client)
    assert client.post("/api/auth/token", data={"code": code}).status_code == 400
    assert (
        client.post(
            "/api/auth/token", content=f'{{"code":"{code}"}}', headers={"Content-Type": "text/plain"}
        ).status_code
        == 400
    )


def test_without_the_setting_no_code_is_given(hub: FakeHub, tmp_path: Path) -> None:
    hub.sign_in("alice")
    with opened(hub, tmp_path) as accounts, browser(accounts) as client:
        assert "#" not in signed_in(client).headers["location"]
