"""Two variants measured in turn, so that what else the machine does hits both."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from resource import RUSAGE_SELF, getrusage
from statistics import median
from typing import Any

from tests.bench.results import Result

RUNS, LEAST, SECONDS = 500, 7, 4.0


@dataclass(frozen=True)
class Pairs:
    """Milliseconds of ours and of the reference, each pair measured one right after the other.

    `pages` are those of memory that this process touched anew for the reference.
    """

    ours: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def lower(self, name: str, must: float | None, aim: float | None, **more: Any) -> Result:
        """How many times as long ours takes: the median over the pairs."""
        ratio = median(one / other for one, other in zip(self.ours, self.reference, strict=True))
        return self._result(name, ratio, must, aim, "lower", more)

    def higher(self, name: str, must: float | None, aim: float | None, **more: Any) -> Result:
        """How many times faster ours is: the median over the pairs."""
        ratio = median(other / one for one, other in zip(self.ours, self.reference, strict=True))
        return self._result(name, ratio, must, aim, "higher", more)

    def _result(
        self, name: str, ratio: float, must: float | None, aim: float | None, better: str, more: dict[str, Any]
    ) -> Result:
        shown = {**more, "pairs": len(self.ours), "ours": spread(self.ours), "reference": spread(self.reference)}
        return Result(name, median(self.ours), median(self.reference), ratio, "ms", must, aim, shown, better)


def take_turns(
    ours: Callable[[], Any],
    reference: Callable[[], Any],
    *,
    seconds: float = SECONDS,
    apart: bool = False,
) -> Pairs:
    """Run one, then the other, again and again, for so many seconds; the first of each does not count.

    Two that share a process are kept `apart`: each runs once more, unmeasured, before it is measured, for otherwise
    what the other has left in memory and in the processor's caches is measured too.
    """
    ours(), reference()
    pairs = Pairs()
    ends = time.perf_counter() + seconds
    while len(pairs.ours) < LEAST or (len(pairs.ours) < RUNS and time.perf_counter() < ends):
        for run, times in ((ours, pairs.ours), (reference, pairs.reference)):
            if apart:
                gc.collect()
                run()
            before = getrusage(RUSAGE_SELF).ru_minflt
            times.append(timed(run))
        pairs.pages.append(getrusage(RUSAGE_SELF).ru_minflt - before)
    return pairs


def timed(run: Callable[[], Any]) -> float:
    """Milliseconds that it takes."""
    started = time.perf_counter()
    run()
    return 1_000 * (time.perf_counter() - started)


def spread(times: list[float]) -> dict[str, float]:
    """The fastest, the median, and what one in twenty is beyond."""
    ordered = sorted(times)
    return {"least": ordered[0], "median": median(ordered), "p95": ordered[int(0.95 * (len(ordered) - 1))]}
