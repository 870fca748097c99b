"""Who sends a request, by its bearer or its cookie."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.accounts.attempts import Attempts
from api.accounts.cookies import SESSION, read_cookie
from api.accounts.id_tokens import IdTokens
from api.accounts.keys import Keys
from api.accounts.oauth import SignIn
from api.accounts.origins import same_origin
from api.accounts.pending import Sealer
from api.accounts.secret import read_secret
from api.accounts.sessions import PREFIX, Sessions
from api.accounts.tokens import EXPIRED, Tokens
from api.hub import Hub
from api.settings import Settings
from api.submissions.problems import Forbidden, NotSignedIn
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.records import Person

READING = ("GET", "HEAD", "OPTIONS")
JSON = "application/json"
OWN_HEADERS = ("x-standings", "graphql-require-preflight", "apollo-require-preflight")
BEARER = re.compile(r"bearer +([!-~]*) *", re.IGNORECASE)
CROSS_SITE = (
    "This request came with the cookie of a session, but not from a page of this site. "
    "Scripts send a token instead: Authorization: Bearer hf_..."
)
UNMARKED = (
    "This request came with the cookie of a session: send it as application/json, or with the header X-Standings: 1, "
    "so that no other site's form can send it."
)


class Accounts:
    """Knows people by what their requests carry, and who of them may review.

    Raises `WrongHub` for an address of the Hub to which no token may be sent, and `NoSecret` where a sign-in by
    browser is set up and the data directory cannot hold its secret. `clock` gives seconds since 1970.
    """

    def __init__(self, settings: Settings, ledger: Ledger, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.attempts = Attempts()
        self.sessions = Sessions(ledger)
        self._hub = Hub(settings.hub_url)
        self.tokens = Tokens(self._hub, self.attempts, clock)
        self.sign_in = self._sign_in(clock) if settings.oauth_client_id else None
        self._maintainers = frozenset(each.strip() for each in settings.maintainers.split(",") if each.strip())

    async def identify(
        self, headers: Headers, method: str, address: str, content_type: str | None = None
    ) -> Person | None:
        """Who sends a request with these headers from that address; null: it does not say.

        A bearer decides alone (`Bearer` in any case of letters), and is never replaced by a cookie. A cookie that is
        nobody's any more counts as none. Raises NotSignedIn, Forbidden, RateLimited and Failed (503).
        """
        bearer = read_bearer(headers)
        if bearer is not None:
            return await self._bearer(bearer, address)
        cookie = read_cookie(headers, SESSION)
        person = await self.sessions.find(cookie) if cookie else None
        if person is not None and method.upper() not in READING:
            self._check_origin(headers)
            kind = headers.get("content-type", "") if content_type is None else content_type
            if kind.split(";")[0].strip().lower() != JSON and not any(name in headers for name in OWN_HEADERS):
                raise Forbidden(UNMARKED)
        return person

    def is_maintainer(self, person: Person) -> bool:
        """Whether a person may review: by id, or by an organization they are known to be in."""
        known = {person.id, *(f"org:{name}" for name in person.organizations)}
        return not known.isdisjoint(self._maintainers)

    async def log_out(self, headers: Headers) -> None:
        """End the session whose bearer or cookie a request carries. Raises Forbidden for a page of another site."""
        bearer, cookie = read_bearer(headers), read_cookie(headers, SESSION)
        if bearer is not None:
            if bearer.startswith(PREFIX):
                await self.sessions.close(bearer)
        elif cookie:
            self._check_origin(headers)
            await self.sessions.close(cookie)

    async def close(self) -> None:
        """End what is being asked of the Hub."""
        await self._hub.close()

    async def _bearer(self, bearer: str, address: str) -> Person:
        if not bearer.startswith(PREFIX):
            return await self.tokens.verify(bearer, address)
        person = await self.sessions.find_bearer(bearer)
        if person is None:
            raise NotSignedIn(EXPIRED)
        return person

    def _check_origin(self, headers: Headers) -> None:
        public = self.settings.oauth_redirect_uri
        if not same_origin(headers, urlsplit(public).netloc if public else None):
            raise Forbidden(CROSS_SITE)

    def _sign_in(self, clock: Callable[[], float]) -> SignIn:
        client_id = self.settings.oauth_client_id or ""
        sealer = Sealer(read_secret(self.settings.data_dir).key("sign-in"), clock)
        id_tokens = IdTokens(Keys(self._hub), self._hub.url, client_id)
        return SignIn(self._hub, id_tokens, sealer, client_id, self.settings.oauth_client_secret)


def read_bearer(headers: Headers) -> str | None:
    """The bearer that was sent; null: none was. Raises NotSignedIn for several, and for none after `Bearer`."""
    sent = headers.getlist("authorization")
    if not any(each[:7].lower().rstrip() == "bearer" for each in sent):
        return None  # another scheme is a proxy's business
    found = BEARER.fullmatch(sent[0]) if len(sent) == 1 else None
    if found is None or not found[1]:
        raise NotSignedIn(EXPIRED)
    return found[1]
