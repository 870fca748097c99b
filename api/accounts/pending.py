"""Sign-ins that have begun: what is kept of one, in the browser, sealed."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from cryptography.fernet import Fernet, InvalidToken

LASTS_SECONDS = 600
LONGEST = 4_000  # characters of a cookie; browsers keep 4,096 bytes with its name and attributes


@dataclass(frozen=True)
class Pending:
    """What a sign-in needs when the person comes back: proofs for this side, and where to go then."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str
    next: str


class Sealer:
    """Encrypts and authenticates pending sign-ins for ten minutes; every process with the same key reads them."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._box = Fernet(base64.urlsafe_b64encode(key))
        self._clock = clock

    def seal(self, pending: Pending) -> str:
        """The text to keep in a cookie."""
        text = json.dumps(asdict(pending), separators=(",", ":")).encode()
        return self._box.encrypt_at_time(text, int(self._clock())).decode().rstrip("=")

    def open(self, sealed: str) -> Pending | None:
        """The sign-in in a cookie; null: it is none of ours, or too old."""
        if not 0 < len(sealed) <= LONGEST or not sealed.isascii():
            return None
        padded = sealed + "=" * (-len(sealed) % 4)
        try:
            return Pending(**json.loads(self._box.decrypt_at_time(padded, LASTS_SECONDS, int(self._clock()))))
        except (InvalidToken, TypeError, ValueError):
            return None
