"""Settings that are well-formed each, and make no sense together or for what they are."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import urlsplit

from api.doctor.finding import Finding, ok, problem, warning
from api.graphql.http.trusted import WrongDocuments, read_trusted
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from api.hub import Hub, WrongHub
from api.settings import Settings
from api.submissions.repository import TOKEN
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.places import place, read_url

MAINTAINER = re.compile(r"[0-9a-f]{24}|org:[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")
CALLBACK = "/api/auth/callback"
LOCAL = ("localhost", "127.0.0.1", "::1")
OURS = "STANDINGS_"


def look_at_names(environment: set[str], known: set[str]) -> Iterator[Finding]:
    """Variables that begin as ours do and are none."""
    for name in sorted(each for each in environment - known if each.startswith(OURS)):
        close = get_close_matches(name, known, 1)
        remedy = f"it may be {close[0]}" if close else "docs/operations.md lists all there are"
        yield warning(name, "there is no such setting; it does nothing", remedy, is_setting=True)


def look_at_hub_address(settings: Settings) -> Iterator[Finding]:
    """Whether people's tokens may go there."""
    try:
        yield ok("Hub", Hub(settings.hub_url).url)
    except WrongHub as error:
        yield problem("Hub", str(error), "set STANDINGS_HUB_URL", is_setting=True)


def look_at_maintainers(settings: Settings) -> Iterator[Finding]:
    """The form of those who review."""
    given = [each.strip() for each in settings.maintainers.split(",") if each.strip()]
    wrong = [each for each in given if not MAINTAINER.fullmatch(each)]
    for each in wrong:
        yield problem(
            "maintainers", f"{each[:100]!r} is nobody",
            "STANDINGS_MAINTAINERS takes Hub ids (24 hexadecimal digits), not names, and org:name", is_setting=True,
        )  # fmt: skip
    if not wrong:
        yield ok("maintainers", f"{len(given)} set" if given else "none: submissions stay pending")


def look_at_sign_in(settings: Settings) -> Iterator[Finding]:
    """Whether people can sign in with a browser."""
    name, found = "sign-in", list(_sign_in(settings))
    if settings.oauth_client_id:
        kind = "a confidential" if settings.oauth_client_secret else "a public"
        yield from found or [ok(name, f"set up as {kind} application")]
    else:
        yield from found or [ok(name, "not set up: people come with tokens alone")]


def _sign_in(settings: Settings) -> Iterator[Finding]:
    name = "sign-in"
    if not settings.oauth_client_id:
        for field in ("oauth_client_secret", "oauth_redirect_uri", "oauth_login_codes"):
            if getattr(settings, field):
                variable = f"{OURS}{field.upper()}"
                yield problem(name, f"{variable} is set without an id", f"set {OURS}OAUTH_CLIENT_ID", is_setting=True)
        return
    uri = settings.oauth_redirect_uri
    if uri is None:
        return
    parts = urlsplit(uri)
    remedy = f"set {OURS}OAUTH_REDIRECT_URI to https://your.host{CALLBACK}, as it is registered on the Hub"
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        yield problem(name, "the redirect URI is not https: no browser would keep the session", remedy, is_setting=True)
    if parts.path.rstrip("/") != CALLBACK:
        yield problem(name, f"the redirect URI does not lead to {CALLBACK}", remedy, is_setting=True)


def look_at_repository(settings: Settings) -> Iterator[Finding]:
    """Whether submissions can be pushed to the Hub, as far as that is told without asking it."""
    name, token = "repository", settings.hub_token.get_secret_value() if settings.hub_token else None
    if token is not None and not TOKEN.fullmatch(token):
        yield problem(name, "the Hub token holds what no token has", f"set {OURS}HUB_TOKEN anew", is_setting=True)
    elif settings.requests_repo and token is None:
        yield problem(
            name, f"submissions are to go to {settings.requests_repo}, and there is no token: submitting answers 500",
            f"set {OURS}HUB_TOKEN, or unset {OURS}REQUESTS_REPO", is_setting=True,
        )  # fmt: skip
    else:
        yield ok(name, settings.requests_repo or "none: submissions are kept here alone")


def look_at_ledger_address(settings: Settings) -> Iterator[Finding]:
    """Whether a ledger can be there."""
    if settings.ledger_url is None:
        return
    try:
        yield ok("ledger address", place(read_url(settings.ledger_url.get_secret_value())))
    except LedgerError as error:
        yield problem("ledger address", str(error), f"set {OURS}LEDGER_URL", is_setting=True)


def look_at_documents(settings: Settings) -> Iterator[Finding]:
    """The file of trusted documents, each of which must run."""
    if settings.trusted_documents is None:
        return
    try:
        read_trusted(settings.trusted_documents, Operations(build_schema(), settings.most_cost))
        yield ok("trusted documents", f"{settings.trusted_documents}: each of them can run")
    except WrongDocuments as error:
        yield problem(
            "trusted documents", str(error), f"mend the file, or unset {OURS}TRUSTED_DOCUMENTS", is_setting=True
        )
