"""A site of its own for each test: an application that signs people in at the loopback Hub, and a clock to turn."""

import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.accounts.callers import Accounts
from api.rest.auth import auth_routes
from api.settings import Settings
from tests.hub import FakeHub
from warehouse.ledger.ledger import Ledger

SITE = "https://testserver"
CLIENT = "standings"


class Clock:
    """The time, which a test puts forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def seconds(self) -> float:
        return time.time() + self.ahead

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)


def settings_of(hub: FakeHub, data_dir: Path, **more: Any) -> Settings:
    named = {
        "hub_url": hub.url,
        "oauth_client_id": CLIENT,
        "oauth_client_secret": None,
        "oauth_redirect_uri": None,
        **more,
    }
    if isinstance(named["oauth_client_secret"], str):
        named["oauth_client_secret"] = SecretStr(named["oauth_client_secret"])
    return Settings(data_dir=data_dir, **named)


@cache
def empty_ledger() -> bytes:
    """The file of a new ledger, as bytes: to make one takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite3"
        Ledger(f"sqlite:///{file}").close()
        return file.read_bytes()


@cache
def hub_browser() -> httpx2.Client:
    """What fetches the Hub's own pages."""
    return httpx2.Client()


@contextmanager
def opened(hub: FakeHub, data_dir: Path, clock: Clock | None = None, **more: Any) -> Iterator[Accounts]:
    """The accounts of a site whose ledger is in the data directory; more settings by name."""
    clock = clock or Clock()
    file = data_dir / "ledger.sqlite3"
    if not file.exists():
        file.write_bytes(empty_ledger())
    ledger = Ledger(f"sqlite:///{file}", clock.moment)
    try:
        yield Accounts(settings_of(hub, data_dir, **more), ledger, clock.seconds)
    finally:
        ledger.close()


def browser(accounts: Accounts, cookies: Any = None) -> TestClient:
    """A browser at the site, which keeps cookies and goes where it is sent only when told to."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await accounts.close()

    app = Starlette(routes=auth_routes(accounts), lifespan=lifespan)
    return TestClient(app, SITE, follow_redirects=False, cookies=cookies)


def to_hub(client: TestClient, address: str = "/api/auth/login") -> str:
    """Where the Hub sends the browser that begins to sign in: the address of the callback."""
    begun = client.get(address)
    assert begun.status_code == 307, begun.text
    return hub_browser().get(begun.headers["location"]).headers["location"]


def signed_in(client: TestClient, address: str = "/api/auth/login") -> httpx2.Response:
    """The answer of the callback after a whole sign-in."""
    return client.get(to_hub(client, address))
