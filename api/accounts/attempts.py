"""How often one address may have tokens looked up that turn out to be nobody's."""

import ipaddress
import math
import time
from datetime import UTC, datetime

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from api.submissions.problems import RateLimited

MOST_ATTEMPTS = 30
WINDOW_SECONDS = 300
MOST_ADDRESSES = 100_000
IPV6_PREFIX = 64  # bits: what one subscriber is given


class Attempts:
    """Counts attempts by address within a fixed window, in this process."""

    def __init__(self, most: int = MOST_ATTEMPTS, seconds: int = WINDOW_SECONDS) -> None:
        self._item = RateLimitItemPerSecond(most, seconds)
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    def take(self, address: str) -> None:
        """Count one attempt. Raises RateLimited where there were too many."""
        place = _place(address)
        if len(self._storage.storage) >= MOST_ADDRESSES:
            self._storage.reset()
        if not self._limiter.hit(self._item, place):
            resets_at = self._limiter.get_window_stats(self._item, place).reset_time
            seconds = max(1, math.ceil(resets_at - time.time()))
            raise RateLimited(
                f"Too many sign-in attempts from this address. Please try again in {seconds} seconds.",
                datetime.fromtimestamp(resets_at, UTC),
                seconds,
            )

    def give_back(self, address: str) -> None:
        """Uncount an attempt: there was nothing wrong with it."""
        key = self._item.key_for(_place(address))
        if self._storage.get(key) > 0:
            self._storage.decr(key)


def _place(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)
