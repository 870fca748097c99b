"""What pools, caches, snapshots, tokens and the ledger count by themselves, as metrics."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from prometheus_client import Counter as Total

from api.cache import Cache
from api.observing.metrics import Metrics
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.ledger import Ledger
from warehouse.snapshot import Serving

COUNT_SECONDS = 30.0


class Work(Protocol):
    """A bounded number of threads or processes, and a bounded queue before them."""

    @property
    def threads(self) -> int: ...
    @property
    def running(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    @property
    def refused(self) -> int: ...


class Rising:
    """Brings a counter with one label to where another count is."""

    def __init__(self, total: Total) -> None:
        self._total = total
        self._told: defaultdict[str, int] = defaultdict(int)

    def reach(self, label: str, count: int) -> None:
        self._total.labels(label).inc(count - self._told[label])
        self._told[label] = count


def watch_pools(metrics: Metrics, **pools: Work) -> None:
    """Running and waiting work of pools by name, and what they refused. Call it once."""
    running = metrics.gauge("pool_running", "Work that runs.", "livesum", "pool")
    waiting = metrics.gauge("pool_waiting", "Work that waits for a thread.", "livesum", "pool")
    threads = metrics.gauge("pool_threads", "Threads for work.", "livesum", "pool")
    refused = Rising(metrics.counter("pool_refusals", "Work that was refused: too much was waiting.", "pool"))

    def look() -> None:
        for name, pool in pools.items():
            running.labels(name).set(pool.running)
            waiting.labels(name).set(pool.waiting)
            threads.labels(name).set(pool.threads)
            refused.reach(name, pool.refused)

    metrics.looks.append(look)


def watch_caches(metrics: Metrics, **caches: Cache) -> None:
    """Hits, misses and bytes of caches by name. Call it once."""
    hits = Rising(metrics.counter("cache_hits", "Look-ups that found what they sought.", "cache"))
    misses = Rising(metrics.counter("cache_misses", "Look-ups that did not.", "cache"))
    size = metrics.gauge("cache_bytes", "Bytes that are kept, about.", "livesum", "cache")

    def look() -> None:
        for name, cache in caches.items():
            hits.reach(name, cache.hits)
            misses.reach(name, cache.misses)
            size.labels(name).set(cache.bytes)

    metrics.looks.append(look)


def watch_tokens(metrics: Metrics, outcomes: Mapping[str, int]) -> None:
    """How checks of tokens ended."""
    checks = Rising(metrics.counter("token_checks", "Tokens that were looked up at the Hub.", "outcome"))

    def look() -> None:
        for outcome, count in dict(outcomes).items():
            checks.reach(outcome, count)

    metrics.looks.append(look)


def watch_snapshot(metrics: Metrics, serving: Serving) -> None:
    """Age of the snapshot that is served, and how fresh its sources are; of several processes the oldest."""
    gauge = metrics.gauge
    age = gauge("snapshot_age_seconds", "Seconds since the snapshot that is served was built.", "livemax")
    built = gauge("snapshot_built_timestamp_seconds", "When that was, in seconds since 1970.", "livemin")
    loaded = gauge("source_loaded_timestamp_seconds", "When a source was loaded last.", "livemin", "source")
    problems = gauge("source_problems", "What of a source could not be loaded.", "livemax", "source")

    def look() -> None:
        with serving.reading() as snapshot:
            if snapshot is None:
                return
            age.set((datetime.now(UTC) - snapshot.built_at).total_seconds())
            built.set(snapshot.built_at.timestamp())
            for source in snapshot.dimensions.sources:
                loaded.labels(source["name"]).set(source["loaded_at"].timestamp())
                problems.labels(source["name"]).set(snapshot.dimensions.problem_counts.get(source["name"], 0))

    metrics.looks.append(look)


async def count_submissions(metrics: Metrics | None, ledger: Ledger) -> None:
    """Count submissions now and then, until it is cancelled, so that no scrape waits for the ledger."""
    if metrics is None:
        return
    gauge = metrics.gauge
    submissions = gauge("submissions", "Submissions by status.", "livemostrecent", "status")
    unpushed = gauge("submissions_waiting_for_push", "Submissions that are not on the Hub yet.", "livemostrecent")
    answers = gauge("ledger_up", "Whether the ledger answered when it was asked last.", "livemin")
    answers.set(1)  # it was opened
    while True:
        try:
            counts = await asyncio.to_thread(ledger.submissions.counts)
            waiting = await asyncio.to_thread(ledger.pushes.waiting)
        except LedgerError:
            answers.set(0)
        else:
            answers.set(1)
            unpushed.set(waiting)
            for status, count in counts.items():
                submissions.labels(status.lower()).set(count)
        await asyncio.sleep(COUNT_SECONDS)
