"""Signing in by a browser: OpenID Connect's code flow with PKCE, state and nonce."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from api.accounts.id_tokens import BadIdToken, IdTokens
from api.accounts.pending import Pending, Sealer
from api.accounts.profiles import person_of_userinfo
from api.cache import Cache
from api.hub import Answer, Hub, Unreachable
from warehouse.ledger.records import Person

AUTHORIZE, TOKEN, USERINFO = "/oauth/authorize", "/oauth/token", "/oauth/userinfo"
SCOPE = "openid profile"
HOME = "/submit"
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,511}")  # no second slash, backslash, space or control character
CODE = re.compile(r"[!-~]{1,2048}")
ACCESS_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,8192}")
RANDOM_BYTES = 32
MOST_USED = 10_000  # states that are known to be used up

NOT_ACCEPTED = "HuggingFace did not accept the sign-in. Please try again."
NO_ANSWER = "HuggingFace did not answer. Please try again later."
NOT_PROVEN = "HuggingFace's answer does not prove who you are. Please try again."


class SignInFailed(Exception):
    """A sign-in that came to nothing: EASI's code for it, and a fixed text or none."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Arrival:
    """Somebody who has signed in, and where they wanted to go."""

    person: Person
    next: str


class SignIn:
    """Sends people to the Hub, and receives them back. The Hub's tokens are thrown away at once."""

    def __init__(
        self, hub: Hub, id_tokens: IdTokens, sealer: Sealer, client_id: str, client_secret: SecretStr | None = None
    ) -> None:
        self._hub = hub
        self._id_tokens = id_tokens
        self._sealer = sealer
        self._client_id = client_id
        self._client_secret = client_secret
        self._used = Cache(MOST_USED)

    def begin(self, redirect_uri: str, after: str) -> tuple[str, str]:
        """Where at the Hub to send a browser, and what it keeps meanwhile. `after` is a local path, else unheeded."""
        state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        sealed = self._sealer.seal(Pending(state, nonce, verifier, redirect_uri, local_path(after)))
        return f"{self._hub.url}{AUTHORIZE}?{urlencode(asked)}", sealed

    async def finish(self, sealed: str | None, query: Mapping[str, str]) -> Arrival:
        """Who comes back with this query, having kept that. Raises SignInFailed."""
        pending = self._take(sealed, query.get("state", ""))
        code = query.get("code", "")
        if not code:
            denied = pending is not None and query.get("error") == "access_denied"
            raise SignInFailed("access_denied" if denied else "missing_code")
        if pending is None:
            raise SignInFailed("state_mismatch")
        subject, access_token = await self._exchange(code, pending)
        return Arrival(await self._describe(subject, access_token), pending.next)

    def _take(self, sealed: str | None, state: str) -> Pending | None:
        """The sign-in that a state belongs to, once."""
        pending = self._sealer.open(sealed or "")
        if pending is None or not hmac.compare_digest(pending.state.encode(), state.encode()):
            return None
        if self._used.get(pending.state):
            return None
        self._used.put(pending.state, True, 1)
        return pending

    async def _exchange(self, code: str, pending: Pending) -> tuple[str, str]:
        """The person's id, as proven by the id_token, and the Hub's access token."""
        if not CODE.fullmatch(code):
            raise SignInFailed("token_exchange", NOT_ACCEPTED)
        try:
            answer = await self._ask_token(code, pending)
            if answer.status != 200:
                raise SignInFailed("token_exchange", NOT_ACCEPTED)
            id_token, access_token = _tokens(answer)
            return await self._id_tokens.verify(id_token, pending.nonce, access_token), access_token
        except Unreachable:
            raise SignInFailed("token_exchange", NO_ANSWER) from None
        except BadIdToken:
            raise SignInFailed("token_exchange", NOT_PROVEN) from None

    async def _ask_token(self, code: str, pending: Pending) -> Answer:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.redirect_uri,
            "code_verifier": pending.verifier,
        }
        if self._client_secret is None:
            return await self._hub.ask("POST", TOKEN, form={**form, "client_id": self._client_id})
        secret = self._client_secret.get_secret_value()
        return await self._hub.ask("POST", TOKEN, form=form, basic=(quote(self._client_id), quote(secret)))

    async def _describe(self, subject: str, access_token: str) -> Person:
        try:
            answer = await self._hub.ask("GET", USERINFO, bearer=access_token)
            if answer.status != 200:
                raise SignInFailed("userinfo")
            person = person_of_userinfo(answer.json(), self._hub.url)
        except Unreachable:
            raise SignInFailed("userinfo") from None
        if person.id != subject:
            raise SignInFailed("userinfo")
        return person


def local_path(given: str) -> str:
    """A path of this site; `/submit` for anything else."""
    return given if LOCAL.fullmatch(given) and "#" not in given else HOME


def _tokens(answer: Answer) -> tuple[str, str]:
    found = answer.json()
    id_token, access_token = found.get("id_token"), found.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access_token, str) or not ACCESS_TOKEN.fullmatch(access_token):
        raise BadIdToken("the Hub's answer lacks a token")
    return id_token, access_token
