"""Numbers for Prometheus, of this process or, where several serve, of all of them."""

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, disable_created_metrics, values
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from api.observing.record import ANONYMOUS

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
MOST_OPERATIONS = 100
LONGEST_OPERATION = 60
OTHER = "other"
OUTCOMES = {"done": "done", "QueryTimeout": "timeout", "Stopped": "stopped"}
FAILED = "failed"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
COSTS = (100, 1_000, 5_000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000)


class Metrics:
    """What is counted, in a registry of its own.

    Where `prometheus_client` was imported with a directory to share (`PROMETHEUS_MULTIPROC_DIR`), what is written is
    that of all processes: counters live on when one dies, gauges do not. `looks` are called before numbers are
    written, and now and then, to read what others count by themselves; they must not wait for anything.
    """

    def __init__(self, folder: Path | None = None) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # else each number comes twice, the second time as its age
        self.registry = CollectorRegistry()
        self.folder = folder if values.ValueClass is not values.MutexValue else None
        self.looks: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._operations = {ANONYMOUS}
        self._requests = self.counter("requests", "Requests answered.", "route", "operation", "status")
        self._seconds = self.histogram("request_seconds", "Seconds to answer.", SECONDS, "route", "operation")
        self._cost = self.histogram("request_cost", "What GraphQL requests cost, about in values.", COSTS, "operation")
        self._statements = self.histogram("duckdb_seconds", "Seconds of statements.", SECONDS, "outcome")
        self.gauge("workers", "Processes that serve.", "livesum").set(1)

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        """A counter `standings_<name>_total`."""
        return Counter(f"standings_{name}", text, labels, registry=self.registry)

    def gauge(self, name: str, text: str, together: str, *labels: str) -> Gauge:
        """A gauge `standings_<name>`; `together` is how the numbers of several processes become one."""
        return Gauge(f"standings_{name}", text, labels, registry=self.registry, multiprocess_mode=together)  # type: ignore[arg-type] # it is one of the modes

    def histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        """A histogram `standings_<name>`."""
        return Histogram(f"standings_{name}", text, labels, buckets=buckets, registry=self.registry)

    def request(self, route: str, operation: str | None, status: int, seconds: float, cost: int | None) -> None:
        """Count one request."""
        name = self._bounded(operation)
        self._requests.labels(route, name, str(status)).inc()
        self._seconds.labels(route, name).observe(seconds)
        if cost is not None:
            self._cost.labels(name).observe(cost)

    def statement(self, outcome: str, seconds: float) -> None:
        """Count one statement; `outcome` is done, or the name of what was raised."""
        self._statements.labels(OUTCOMES.get(outcome, FAILED)).observe(seconds)

    def sample(self) -> None:
        """Read what others count."""
        with self._lock:
            for look in self.looks:
                look()

    def write(self) -> bytes:
        """All numbers as `MEDIA_TYPE`."""
        self.sample()
        registry = self.registry
        if self.folder is not None:
            _forget_dead(self.folder)
            registry = CollectorRegistry()
            _Together(registry, str(self.folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _bounded(self, operation: str | None) -> str:
        """The label of an operation. Clients choose names, so the first ones met have one of their own and no more."""
        if operation is None:
            return ""
        if operation not in self._operations:
            if len(self._operations) >= MOST_OPERATIONS or len(operation) > LONGEST_OPERATION:
                return OTHER
            self._operations.add(operation)
        return operation


class _Together(MultiProcessCollector):
    """Numbers of all processes, but of files in which one that starts has written nothing yet: those cannot be read."""

    def collect(self) -> Iterable[Metric]:
        files = [str(file) for file in Path(self._path).glob("*.db") if _holds_numbers(file)]
        merged: Iterable[Metric] = self.merge(files)  # type: ignore[no-untyped-call]
        return merged


def _holds_numbers(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:  # of a process that has died
        return False


def _forget_dead(folder: Path) -> None:
    """Drop the gauges of processes that are no more."""
    for process in {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*_*.db")}:
        if process.isdecimal() and not _lives(int(process)):
            mark_process_dead(int(process), str(folder))  # type: ignore[no-untyped-call]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
