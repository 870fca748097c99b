"""Signing in at the loopback Hub: OpenID Connect's code flow with PKCE, signed by real keys."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from tests.hub.fake import FakeHub


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    """A key that is made once and used by all tests."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(name: str) -> dict[str, str]:
    """The public half of a key, as a JSON Web Key whose `kid` is its name."""
    numbers = key_of(name).public_key().public_numbers()
    n, e = (each.to_bytes((each.bit_length() + 7) // 8) for each in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": encode(n), "e": encode(e)}


def sign(claims: dict[str, Any], name: str = "first", **header: Any) -> str:
    """A token with these claims and headers, signed by RS256."""
    head = {"alg": "RS256", "typ": "JWT", "kid": name, **header}
    signed = ".".join(encode(json.dumps(part).encode()) for part in (head, claims))
    return f"{signed}.{encode(key_of(name).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Desk:
    """Where people sign in. `person` consents to whatever is asked, None denies; `claims` replace those of id_tokens.

    `keys` are the names of the keys that are shown; the first signs unless `signs_by` says another.
    """

    client_id: str = "standings"
    client_secret: str | None = None
    redirect_uris: set[str] = field(default_factory=lambda: {"https://testserver/api/auth/callback"})
    person: dict[str, Any] | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=lambda: ["first"])
    signs_by: str = "first"
    granted: dict[str, dict[str, Any]] = field(default_factory=dict)


async def route(hub: "FakeHub", parts: list[str], request: Request) -> Response | None:
    """The answer to a request that is part of signing in; None for any other."""
    match request.method, parts:
        case "GET", [".well-known", "openid-configuration"]:
            return JSONResponse(_described(hub.url))
        case "GET", ["oauth", "authorize"]:
            return _authorize(hub.desk, request)
        case "POST", ["oauth", "token"]:
            return await _exchange(hub, request)
        case "GET", ["oauth", "userinfo"]:
            return _userinfo(hub, request)
        case "GET", ["oauth", "jwks"]:
            return JSONResponse({"keys": [published(name) for name in hub.desk.keys]})
    return None


def _described(url: str) -> dict[str, Any]:
    places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
    return {
        "issuer": url,
        **{f"{name}_endpoint": f"{url}/oauth/{path}" for name, path in places.items()},
        "jwks_uri": f"{url}/oauth/jwks",
        "response_types_supported": ["code"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }


def _authorize(desk: Desk, request: Request) -> Response:
    asked = dict(request.query_params)
    if asked.get("client_id") != desk.client_id or asked.get("redirect_uri") not in desk.redirect_uris:
        return JSONResponse({"error": "invalid_request"}, 400)
    right = asked.get("response_type") == "code" and asked.get("code_challenge_method") == "S256"
    if not right or "openid" not in asked.get("scope", "").split() or not asked.get("code_challenge"):
        return _back(asked, error="invalid_request")
    if desk.person is None:
        return _back(asked, error="access_denied", error_description="The user denied the request")
    code = secrets.token_urlsafe(16)
    desk.granted[code] = {**asked, "person": desk.person}
    return _back(asked, code=code)


def _back(asked: dict[str, str], **told: str) -> Response:
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({**told, 'state': asked.get('state', '')})}", 302)


async def _exchange(hub: "FakeHub", request: Request) -> Response:
    form = {name: str(value) for name, value in (await request.form()).items()}
    if not _is_client(hub.desk, form, request):
        return JSONResponse({"error": "invalid_client"}, 401)
    grant = hub.desk.granted.pop(form.get("code", ""), None)
    challenge = encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
    if grant is None or form.get("grant_type") != "authorization_code" or not _same(form, challenge, grant):
        return JSONResponse({"error": "invalid_grant", "error_description": "secret words of the Hub"}, 400)
    access_token = f"hf_oauth_{secrets.token_urlsafe(24)}"
    hub.people[access_token] = {**grant["person"], "auth": {"type": "app_token_as_user"}}
    told = {"token_type": "bearer", "expires_in": 28_800, "scope": grant["scope"]}
    id_token = sign({**_claims(hub, grant, access_token), **hub.desk.claims}, hub.desk.signs_by)
    return JSONResponse({"access_token": access_token, "id_token": id_token, **told})


def _same(form: dict[str, str], challenge: str, grant: dict[str, Any]) -> bool:
    return (form.get("redirect_uri"), challenge) == (grant["redirect_uri"], grant["code_challenge"])


def _is_client(desk: Desk, form: dict[str, str], request: Request) -> bool:
    if desk.client_secret is None:
        return form.get("client_id") == desk.client_id and "authorization" not in request.headers
    told = base64.b64encode(f"{desk.client_id}:{desk.client_secret}".encode()).decode()
    return request.headers.get("authorization") == f"Basic {told}" and "client_secret" not in form


def _claims(hub: "FakeHub", grant: dict[str, Any], access_token: str) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": hub.url,
        "aud": hub.desk.client_id,
        "sub": grant["person"]["id"],
        "iat": now,
        "exp": now + 3600,
        "nonce": grant.get("nonce"),
        "at_hash": encode(hashlib.sha256(access_token.encode()).digest()[:16]),
    }


def _userinfo(hub: "FakeHub", request: Request) -> Response:
    person = hub.people.get(request.headers.get("authorization", "").removeprefix("Bearer "))
    if person is None or person["auth"]["type"] != "app_token_as_user":
        return JSONResponse({"error": "invalid_token"}, 401)
    organizations = [
        {"sub": each["id"], "name": each.get("fullname", each["name"]), "preferred_username": each["name"]}
        for each in person.get("orgs", [])
    ]
    told = {"sub": person["id"], "name": person.get("fullname", ""), "preferred_username": person["name"]}
    return JSONResponse(
        {**told, "picture": person.get("avatarUrl", ""), "orgs": organizations, "isPro": False, **hub.desk.userinfo}
    )
