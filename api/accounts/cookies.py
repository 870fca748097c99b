"""The two cookies: of a session, and of a sign-in that has begun. Both only go to this host, over https."""

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response

from api.accounts.pending import LASTS_SECONDS
from api.accounts.sessions import COOKIE_LASTS

SESSION = "__Host-session"
SIGN_IN = "__Secure-sign-in"
SIGN_IN_PATH = "/api/auth"
LONGEST_HEADER = 16_384  # characters that are searched for a cookie


def read_cookie(headers: Headers, name: str) -> str | None:
    """The value of a cookie that was sent; null: none was."""
    sent = "; ".join(headers.getlist("cookie"))
    return cookie_parser(sent[:LONGEST_HEADER]).get(name) or None


def set_session(answer: Response, value: str) -> None:
    """Keep a session in the browser for as long as it lasts."""
    _set(answer, SESSION, value, "/", int(COOKIE_LASTS.total_seconds()))


def drop_session(answer: Response) -> None:
    _set(answer, SESSION, "", "/", 0)


def set_sign_in(answer: Response, sealed: str) -> None:
    """Keep a sign-in that has begun, for the addresses of signing in alone."""
    _set(answer, SIGN_IN, sealed, SIGN_IN_PATH, LASTS_SECONDS)


def drop_sign_in(answer: Response) -> None:
    _set(answer, SIGN_IN, "", SIGN_IN_PATH, 0)


def _set(answer: Response, name: str, value: str, path: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path=path, secure=True, httponly=True, samesite="lax")
