"""The Hub's word for who has signed in: the one place that reads signed tokens, by python-jose.

python-jose lets several things pass that must not: a missing claim unless it is required, an `iat` in the future, an
unknown `crit`. They are refused here.
"""

import hmac
import time
from typing import Any

from jose import jwk, jwt
from jose.exceptions import JOSEError

from api.accounts.keys import Keys

ALGORITHM = "RS256"
LEEWAY = 30  # seconds by which clocks may differ
LONGEST = 16_384  # characters
LONGEST_KID = 256
SMALLEST_MODULUS = 342  # characters in base64url: 2048 bits
REQUIRED = {f"require_{claim}": True for claim in ("aud", "exp", "iat", "iss", "sub")}


class BadIdToken(Exception):
    """A token that does not prove who has signed in; the text says why, without the token."""


class IdTokens:
    """Verifies id_tokens that one issuer has signed for one client."""

    def __init__(self, keys: Keys, issuer: str, client_id: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._client_id = client_id

    async def verify(self, token: str, nonce: str, access_token: str) -> str:
        """The id of the person (`sub`) who signed in with this nonce. Raises BadIdToken and Unreachable.

        `access_token` is what came along; a token that tells its hash must tell this one's.
        """
        if len(token) > LONGEST:
            raise BadIdToken(f"longer than {LONGEST:,} characters")
        key = await self._keys.find(_kid(token))
        if key is None:
            raise BadIdToken("signed by an unknown key")
        claims = self._read(token, key, access_token)
        self._check(claims, nonce)
        subject: str = claims["sub"]
        return subject

    def _read(self, token: str, key: dict[str, Any], access_token: str) -> dict[str, Any]:
        if len(str(key.get("n", ""))) < SMALLEST_MODULUS:
            raise BadIdToken("signed by too short a key")
        try:
            return jwt.decode(
                token,
                jwk.construct(key, ALGORITHM),
                algorithms=[ALGORITHM],
                audience=self._client_id,
                issuer=self._issuer,
                access_token=access_token,
                options={**REQUIRED, "leeway": LEEWAY},
            )
        except (JOSEError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise BadIdToken(f"refused: {type(error).__name__}") from None

    def _check(self, claims: dict[str, Any], nonce: str) -> None:
        issued = claims["iat"]
        if not isinstance(issued, (int, float)) or issued > time.time() + LEEWAY:
            raise BadIdToken("issued in the future")
        if claims["aud"] not in (self._client_id, [self._client_id]):
            raise BadIdToken("meant for others too")
        told = claims.get("nonce")
        if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
            raise BadIdToken("not the answer to this sign-in")


def _kid(token: str) -> str:
    """The name of the key by which a token says it is signed. Raises BadIdToken."""
    try:
        header = jwt.get_unverified_header(token)
    except JOSEError:
        raise BadIdToken("not a signed token") from None
    if header.get("alg") != ALGORITHM:
        raise BadIdToken(f"not signed by {ALGORITHM}")
    if "crit" in header:
        raise BadIdToken("has an extension that is not known here")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise BadIdToken("does not say by which key it is signed")
    return kid
