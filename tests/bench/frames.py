"""How many frames lie above what is run, for it may halve the speed of a deep recursion.

CPython 3.11 keeps frames in pieces of 16 kB of memory. Where a piece happens to end within the recursion of
graphql-core over fields, pieces are taken from the system and given back all the while. A plain server is to be
measured at its best, so it is run from where that does not happen; the pages of memory it touches tell.
"""

from collections.abc import Callable
from functools import partial
from resource import RUSAGE_SELF, getrusage
from typing import Any

DEPTHS = range(0, 120, 12)


def at_best_depth(run: Callable[[], Any]) -> Callable[[], Any]:
    """The same below as many frames more as cost it the fewest pages."""
    run()
    deeper = [partial(deepen, run, depth) for depth in DEPTHS]
    return min(deeper, key=count_pages)


def deepen(run: Callable[[], Any], depth: int) -> Any:
    """Run it below so many frames more."""
    return deepen(run, depth - 1) if depth else run()


def count_pages(run: Callable[[], Any]) -> int:
    """Pages of memory that a run touches anew."""
    before = getrusage(RUSAGE_SELF).ru_minflt
    run()
    return getrusage(RUSAGE_SELF).ru_minflt - before
