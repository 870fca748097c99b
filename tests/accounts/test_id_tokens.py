import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.accounts.id_tokens import LEEWAY, LONGEST, BadIdToken, IdTokens
from api.accounts.keys import FRESH_SECONDS, MOST_BYTES, PAUSE_SECONDS, Keys
from api.hub import Hub, Unreachable
from tests.accounts.site import CLIENT, Clock
from tests.hub import FakeHub
from tests.hub.oauth import encode, key_of, published, sign

pytest_plugins = ("tests.hub.fixtures",)

NONCE = "n-0S6_WzA2Mj"
ACCESS = "hf_oauth_access"
ALICE = "62f264b9f3c90f4b6514a269"


class Reader:
    """What reads id_tokens, and a token that is right in everything."""

    def __init__(self, hub: FakeHub) -> None:
        self.hub = hub
        self.clock = Clock()
        self.asking = Hub(hub.url)
        self.id_tokens = IdTokens(Keys(self.asking, self.clock.seconds), hub.url, CLIENT)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Right claims, changed; None leaves one out."""
        now = int(time.time())
        right = {"iss": self.hub.url, "aud": CLIENT, "sub": ALICE, "iat": now, "exp": now + 60, "nonce": NONCE}
        return {name: value for name, value in {**right, **changed}.items() if value is not None}

    async def read(self, token: str) -> str:
        return await self.id_tokens.verify(token, NONCE, ACCESS)

    async def refuse(self, token: str) -> None:
        with pytest.raises(BadIdToken) as refused:
            await self.read(token)
        assert token not in str(refused.value)

    @property
    def asked(self) -> int:
        return len(self.hub.asked("jwks"))


@pytest.fixture
async def reader(hub: FakeHub) -> AsyncIterator[Reader]:
    reader = Reader(hub)
    yield reader
    await reader.asking.close()


async def test_a_right_token_tells_who_signed_in(reader: Reader) -> None:
    at_hash = encode(hashlib.sha256(ACCESS.encode()).digest()[:16])
    assert await reader.read(sign(reader.claims())) == ALICE
    assert await reader.read(sign(reader.claims(aud=[CLIENT], at_hash=at_hash))) == ALICE


async def test_clocks_may_differ_a_little(reader: Reader) -> None:
    now = int(time.time())
    assert await reader.read(sign(reader.claims(iat=now + LEEWAY - 5))) == ALICE
    assert await reader.read(sign(reader.claims(exp=now - LEEWAY + 5))) == ALICE


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"exp": 1_700_000_000}, id="expired"),
        pytest.param({"aud": "other"}, id="wrong audience"),
        pytest.param({"iss": "https://evil.example"}, id="wrong issuer"),
        pytest.param({"nbf": 4_000_000_000}, id="not valid yet"),
        pytest.param({"exp": None}, id="no exp"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"iat": 4_000_000_000}, id="issued in the future"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"iat": None}, id="no iat"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"sub": 7}, id="subject is no text"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": [NONCE]}, id="nonce in a list"),
        pytest.param({"aud": [CLIENT, "other"]}, id="for others too"),
        pytest.param({"aud": []}, id="for nobody"),
        pytest.param({"at_hash": "AAAA"}, id="comes with another access token"),
        pytest.param({"exp": float("inf")}, id="exp infinite"),
        pytest.param({"exp": [1]}, id="exp is a list"),
        pytest.param({"iat": "soon"}, id="iat is no number"),
    ],
)
async def test_a_token_with_wrong_claims_is_refused(reader: Reader, changed: dict[str, Any]) -> None:
    await reader.refuse(sign(reader.claims(**changed)))


@pytest.mark.parametrize("crit", [["exp"], ["b64"], ["urn:unknown"], [], "exp"])
async def test_an_extension_that_is_not_known_is_refused(reader: Reader, crit: Any) -> None:
    await reader.refuse(sign(reader.claims(), crit=crit))


async def test_an_unsigned_token_is_refused(reader: Reader) -> None:
    for algorithm in ("none", "None", "NONE"):
        head, body, _ = sign(reader.claims(), alg=algorithm).split(".")
        await reader.refuse(f"{head}.{body}.")
        await reader.refuse(f"{head}.{body}.AAAA")


async def test_a_token_signed_with_the_public_key_as_a_password_is_refused(reader: Reader) -> None:
    public = key_of("first").public_key()
    for password in (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(published("first")).encode(),
    ):
        for algorithm in ("HS256", "RS256"):
            head, body, _ = sign(reader.claims(), alg=algorithm).split(".")
            signature = encode(hmac.digest(password, f"{head}.{body}".encode(), "sha256"))
            await reader.refuse(f"{head}.{body}.{signature}")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES256", "HS512", "rs256", "", None, 7])
async def test_only_rs256_is_taken(reader: Reader, algorithm: Any) -> None:
    await reader.refuse(sign(reader.claims(), alg=algorithm))


async def test_a_key_in_the_token_itself_is_not_used(reader: Reader) -> None:
    await reader.refuse(sign(reader.claims(), "second", kid="first", jwk=published("second")))
    await reader.refuse(sign(reader.claims(), "second", jwk=published("second"), jku=f"{reader.hub.url}/oauth/jwks"))


@pytest.mark.parametrize("kid", [None, "", 7, ["first"], "x" * 300])
async def test_a_token_that_names_no_key_is_refused(reader: Reader, kid: Any) -> None:
    await reader.refuse(sign(reader.claims(), kid=kid))


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", "....", "é.é.é", "a" * (LONGEST + 1), "eyJhbGciOiJSUzI1NiJ9..", "W10.e30.AA"]
)
async def test_what_is_no_token_is_refused(reader: Reader, token: str) -> None:
    with pytest.raises(BadIdToken):
        await reader.read(token)


async def test_a_header_nested_without_end_is_refused(reader: Reader) -> None:
    for nested in (b"[" * 5_000, b'{"a":' * 2_000):
        await reader.refuse(f"{encode(nested)}.e30.AA")


async def test_a_changed_token_is_refused(reader: Reader) -> None:
    head, body, signature = sign(reader.claims()).split(".")
    other = encode(json.dumps(reader.claims(sub="0" * 24)).encode())
    await reader.refuse(f"{head}.{other}.{signature}")
    await reader.refuse(f"{head}.{body}.{signature[:-8]}AAAAAAAA")


async def test_keys_are_read_once_an_hour(reader: Reader) -> None:
    for ahead in (0.0, 60.0, FRESH_SECONDS - 60):
        reader.clock.ahead = ahead
        await reader.read(sign(reader.claims()))
    assert reader.asked == 1
    reader.clock.ahead = FRESH_SECONDS + 1
    await reader.read(sign(reader.claims()))
    assert reader.asked == 2


async def test_a_new_key_is_read_when_it_is_first_met(reader: Reader) -> None:
    await reader.read(sign(reader.claims()))
    reader.hub.desk.keys = ["second", "first"]
    reader.clock.ahead = PAUSE_SECONDS + 1
    assert await reader.read(sign(reader.claims(), "second")) == ALICE
    assert await reader.read(sign(reader.claims(), "first")) == ALICE
    assert reader.asked == 2


async def test_unknown_keys_are_asked_for_once_a_minute(reader: Reader) -> None:
    await reader.read(sign(reader.claims()))
    reader.clock.ahead = PAUSE_SECONDS + 1
    for number in range(5):
        await reader.refuse(sign(reader.claims(), kid=f"unknown{number}"))
    assert reader.asked == 2


async def test_old_keys_serve_while_the_hub_is_away(reader: Reader) -> None:
    await reader.read(sign(reader.claims()))
    reader.hub.fail("jwks", 503)
    reader.clock.ahead = FRESH_SECONDS + 1
    assert await reader.read(sign(reader.claims())) == ALICE
    assert reader.asked == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (404, b"{}"),
        (200, b"no"),
        (200, b"{}"),
        (200, b'{"keys": 7}'),
        (200, b'{"keys": []}'),
        (200, b'{"keys": [7, {"kid": 7}, {"kid": "first", "kty": "oct", "k": "c2VjcmV0"}]}'),
        (200, b'{"keys": [' + b" " * MOST_BYTES + b"]}"),
    ],
)
async def test_without_keys_nobody_is_believed(reader: Reader, status: int, body: bytes) -> None:
    reader.hub.fail("jwks", status, body=body, times=1)
    with pytest.raises(Unreachable):
        await reader.read(sign(reader.claims()))
    assert await reader.read(sign(reader.claims())) == ALICE


@pytest.mark.parametrize("changed", [{"n": encode(b"\x01" * 64)}, {"n": "!"}, {"n": "A" * 400}, {"e": ""}, {"e": None}])
async def test_a_weak_or_broken_key_verifies_nothing(reader: Reader, changed: dict[str, Any]) -> None:
    keys = {"keys": [{**published("first"), **changed}]}
    reader.hub.fail("jwks", 200, body=json.dumps(keys).encode())
    await reader.refuse(sign(reader.claims()))
