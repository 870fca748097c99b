"""What clients met, by kind, and which of it was done to them on purpose."""

import threading
import time
from collections import Counter

MOST_FAILURES = 50
AROUND_SECONDS = 5.0  # after a worker was killed, in which its connections are found broken


class Tally:
    """Counts from many threads. A connection that breaks soon after a worker was killed is no failure."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.failures: list[str] = []
        self.slowest: dict[str, float] = {}
        self._killed_at = -AROUND_SECONDS
        self._started = time.monotonic()
        self._lock = threading.Lock()

    def add(self, kind: str, outcome: str, seconds: float = 0.0) -> None:
        """One answer of a kind that is as it should be."""
        with self._lock:
            self.counts[kind, outcome] += 1
            self.slowest[kind] = max(self.slowest.get(kind, 0.0), seconds)

    def killed(self, what: str) -> None:
        """A process is killed now."""
        with self._lock:
            self._killed_at = time.monotonic()
            self.counts["killed", what] += 1

    def cut(self, kind: str, error: Exception) -> None:
        """A connection broke."""
        if time.monotonic() - self._killed_at < AROUND_SECONDS:
            self.add(kind, "cut off by a kill")
        else:
            self.fail(kind, f"{type(error).__name__}: {error}")

    def fail(self, kind: str, told: str) -> None:
        """Something that must not be."""
        with self._lock:
            self.counts[kind, "failed"] += 1
            if len(self.failures) < MOST_FAILURES:
                self.failures.append(f"after {time.monotonic() - self._started:.0f} s, {kind}: {told[:400]}")

    @property
    def failed(self) -> int:
        """How much failed."""
        return sum(count for (_, outcome), count in self.counts.items() if outcome == "failed")

    def of(self, kind: str) -> dict[str, int]:
        """How often each outcome of a kind was met."""
        return {outcome: count for (each, outcome), count in sorted(self.counts.items()) if each == kind}
