"""How the memory of processes goes over time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Self

MEBIBYTE = 2**20
EVERY_SECONDS = 1.0


@dataclass
class Trend:
    """Resident memory in MiB at seconds since the start."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    def add(self, at: float, size: int) -> None:
        self.seconds.append(at)
        self.sizes.append(size / MEBIBYTE)

    def after(self, warm: float) -> "Trend":
        """What was met after so many seconds."""
        pairs = [(at, size) for at, size in zip(self.seconds, self.sizes, strict=True) if at >= warm]
        return Trend([at for at, _ in pairs], [size for _, size in pairs])

    @property
    def slope(self) -> float:
        """MiB a minute: the median over all pairs of moments, which a few peaks do not move."""
        count = len(self.seconds)
        pairs = [
            60 * (self.sizes[later] - self.sizes[early]) / (self.seconds[later] - self.seconds[early])
            for early in range(count)
            for later in range(early + max(1, count // 4), count)
        ]
        return median(pairs) if pairs else 0.0

    @property
    def usual(self) -> float:
        """The median, in MiB."""
        return median(self.sizes) if self.sizes else 0.0

    @property
    def most(self) -> float:
        return max(self.sizes, default=0.0)


class Sampling:
    """Looks at named processes every second until the context ends; `look` gives bytes by name."""

    def __init__(self, look: Callable[[], dict[str, int]]) -> None:
        self.trends: dict[str, Trend] = {}
        self._look = look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        started = time.monotonic()
        while not self._ended.wait(EVERY_SECONDS):
            for name, size in self._look().items():
                if size:
                    self.trends.setdefault(name, Trend()).add(time.monotonic() - started, size)
