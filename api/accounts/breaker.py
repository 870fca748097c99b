"""Leaves the Hub alone for a while after it has failed several times in a row."""

import math
from collections.abc import Callable

MOST_FAILURES = 5
PAUSE_SECONDS = 10.0
LONGEST_PAUSE = 60.0


class Breaker:
    """Counts failures in a row. After `MOST_FAILURES`, one question at a time goes ahead, a pause apart.

    What the Hub asks for by a 429 lengthens the pause, up to `LONGEST_PAUSE`: a 429 may be for one person's token
    alone, and must not keep the others out for long.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0

    def wait(self) -> int:
        """Seconds for which the Hub must be left alone; 0: go ahead, and then tell `failed` or `worked`."""
        if self._failures < MOST_FAILURES:
            return 0
        left = self._until - self._clock()
        if left > 0:
            return math.ceil(left)
        self._until = self._clock() + PAUSE_SECONDS
        return 0

    def failed(self, seconds: float | None = None) -> None:
        """The Hub failed, or asked to be left alone for so long."""
        self._failures += 1
        self._until = self._clock() + min(max(seconds or 0.0, PAUSE_SECONDS), LONGEST_PAUSE)

    def worked(self) -> None:
        self._failures = 0
