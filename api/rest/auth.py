"""Signing in and out by a browser, and who is signed in."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from api.accounts.callers import Accounts
from api.accounts.cookies import SIGN_IN, drop_session, drop_sign_in, read_cookie, set_session, set_sign_in
from api.accounts.oauth import HOME, Arrival, SignInFailed
from api.accounts.sessions import BEARER_LASTS
from api.accounts.tokens import EXPIRED
from api.rest.routes import Handler, both
from api.submissions.problems import Failed, Forbidden, NotSignedIn, RateLimited, Refusal
from warehouse.ledger.records import Person

CALLBACK = "/api/auth/callback"
HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}")
MOST_BODY = 4_096  # bytes
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
NO_CODE = 'Send {"code": "..."} as application/json: the one-time code of a sign-in.'
BAD_CODE = "The code was used, or is older than a minute. Please sign in with HuggingFace again."
TOO_MANY = "Too many sign-ins from this address. Please try again later."
log = logging.getLogger("standings")


def auth_routes(accounts: Accounts) -> list[Route]:
    """GET login, callback and me, POST logout and token, below `/api/auth/`, with and without a last slash."""
    auth = Auth(accounts)
    found = {
        "/api/auth/login": ("GET", auth.login),
        CALLBACK: ("GET", auth.callback),
        "/api/auth/me": ("GET", auth.me),
        "/api/auth/logout": ("POST", auth.logout),
        "/api/auth/token": ("POST", auth.token),
    }
    return [route for path, (method, handler) in found.items() for route in both(path, {method: _private(handler)})]


class Auth:
    """The endpoints. What goes wrong in a browser's sign-in ends at `/submit?auth_error=...`, in EASI's words."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def login(self, request: Request) -> Response:
        """Send the browser to the Hub; `next` is where it goes afterwards."""
        sign_in = self._accounts.sign_in
        if sign_in is None:
            return self._failed(request, SignInFailed("server_config"))
        uri = self._accounts.settings.oauth_redirect_uri or f"{_origin(request)}{CALLBACK}"
        address, sealed = sign_in.begin(uri, request.query_params.get("next", HOME))
        answer = RedirectResponse(address, 307)
        set_sign_in(answer, sealed)
        return answer

    async def callback(self, request: Request) -> Response:
        """Receive the browser back, and open a session."""
        if request.method == "HEAD":  # whatever looks at addresses ahead of their reader must not use up the code
            return _error("HEAD is not taken here: use GET.", 405, {"Allow": "GET, OPTIONS"})
        try:
            answer = await self._arrived(request, await self._finish(request))
        except SignInFailed as failed:
            answer = self._failed(request, failed)
        except RateLimited:
            answer = self._failed(request, SignInFailed("token_exchange", TOO_MANY))
        except Failed:
            answer = self._failed(request, SignInFailed("unknown"))
        drop_sign_in(answer)
        return answer

    async def me(self, request: Request) -> Response:
        """Who is signed in: `{id, name, avatar, organizations, maintainer}`, or 401."""
        person = await self._accounts.identify(request.headers, request.method, _address(request))
        if person is None:
            raise NotSignedIn(EXPIRED)
        told = {"organizations": person.organizations, "maintainer": self._accounts.is_maintainer(person)}
        return JSONResponse({**_described(person), **told})

    async def logout(self, request: Request) -> Response:
        """End the session, if there is one."""
        await self._accounts.log_out(request.headers)
        answer = JSONResponse({"success": True})
        drop_session(answer)
        return answer

    async def token(self, request: Request) -> Response:
        """A bearer of ours for the one-time code of a sign-in: `{id, name, avatar, accessToken, expiresIn}`."""
        code = await _read_code(request)
        if code is None:
            return _error(NO_CODE, 400)
        person = await self._accounts.sessions.take_code(code)
        if person is None:
            return _error(BAD_CODE, 401)
        bearer = await self._accounts.sessions.open_bearer(person)
        lasts = int(BEARER_LASTS.total_seconds())
        return JSONResponse({**_described(person), "accessToken": bearer, "expiresIn": lasts})

    async def _finish(self, request: Request) -> Arrival:
        """Who arrives. Only a code whose sign-in began here costs a question to the Hub, so those are counted."""
        sign_in = self._accounts.sign_in
        if sign_in is None:
            raise SignInFailed("server_config" if request.query_params.get("code") else "missing_code")
        address, sealed = _address(request), read_cookie(request.headers, SIGN_IN)
        if sealed and request.query_params.get("code"):
            self._accounts.attempts.take(address)
        arrival = await sign_in.finish(sealed, request.query_params)
        self._accounts.attempts.give_back(address)
        return arrival

    async def _arrived(self, request: Request, arrival: Arrival) -> Response:
        sessions = self._accounts.sessions
        address = self._public(request) + arrival.next
        if self._accounts.settings.oauth_login_codes:
            address += f"#login_code={await sessions.open_code(arrival.person)}"
        answer = RedirectResponse(address, 307)
        set_session(answer, await sessions.open(arrival.person))
        return answer

    def _failed(self, request: Request, failed: SignInFailed) -> Response:
        log.info("a sign-in failed: %s", failed.code)
        told = {"auth_error": failed.code} | ({"detail": failed.detail} if failed.detail else {})
        return RedirectResponse(f"{self._public(request)}{HOME}?{urlencode(told, quote_via=quote)}", 307)

    def _public(self, request: Request) -> str:
        """Scheme and host by which browsers know this site."""
        uri = self._accounts.settings.oauth_redirect_uri
        if uri is None:
            return _origin(request)
        parts = urlsplit(uri)
        return f"{parts.scheme}://{parts.netloc}"


def _private(handler: Callable[[Request], Awaitable[Response]]) -> Handler:
    """A handler whose refusals are told as JSON, and whose answers nobody keeps."""

    async def answer(request: Request) -> Response:
        try:
            found = await handler(request)
        except Refusal as refusal:
            found = _refused(refusal)
        found.headers.update(PRIVATE)
        return found

    return answer


def _refused(refusal: Refusal) -> Response:
    match refusal:
        case NotSignedIn():
            return _error(refusal.message, 401, {"WWW-Authenticate": "Bearer"})
        case RateLimited():
            return _error(refusal.message, 429, {"Retry-After": str(refusal.seconds)})
        case Failed():
            after = {"Retry-After": str(refusal.retry_seconds)} if refusal.retry_seconds else {}
            return _error(refusal.message, refusal.status, after)
    return _error(refusal.message, 403 if isinstance(refusal, Forbidden) else 400)


def _error(message: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"success": False, "error": message}, status, headers)


def _described(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "avatar": person.avatar_url}


def _origin(request: Request) -> str:
    """Scheme and host that were asked. Raises Refusal for a `Host` that is none."""
    host = request.headers.get("host", "")
    if not HOST.fullmatch(host):
        raise Refusal("The header Host must be the name of a host.")
    return f"{request.url.scheme}://{host}"


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


async def _read_code(request: Request) -> str | None:
    """The code in a body of JSON; null: there is none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return None
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BODY:
                return None
        found = json.loads(body)
    except (ClientDisconnect, ValueError, RecursionError):
        return None
    code = found.get("code") if isinstance(found, dict) else None
    return code if isinstance(code, str) else None
