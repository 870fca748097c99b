"""What was measured, and what it is held against."""

from dataclasses import asdict, dataclass, field
from typing import Any

LOWER, HIGHER = "lower", "higher"


@dataclass(frozen=True)
class Result:
    """A median, and its reference where there is one, both in `unit`. A lower `ratio` is better, or a higher one.

    `ratio` is of the pairs measured together, else of value and reference; where higher is better it says how many
    times faster than the reference. `must` and `aim` are ratios; null: it is measured for its own sake. `more` holds
    what explains it.
    """

    name: str
    value: float
    reference: float | None = None
    ratio: float | None = None
    unit: str = "s"
    must: float | None = None
    aim: float | None = None
    more: dict[str, Any] = field(default_factory=dict)
    better: str = LOWER

    @property
    def is_beyond(self) -> bool:
        if self.must is None or self.ratio is None:
            return False
        return self.ratio < self.must if self.better == HIGHER else self.ratio > self.must

    def record(self, inputs: str) -> dict[str, Any]:
        """As it stands in bench.json."""
        return {**asdict(self), "inputs": inputs}

    def cells(self) -> tuple[str, ...]:
        """As it stands in the table."""
        sign = ">=" if self.better == HIGHER else "<="
        numbers = ("" if number is None else f"{number:.2f}" for number in (self.reference, self.ratio))
        limits = ("" if limit is None else f"{sign} {limit:g}" for limit in (self.must, self.aim))
        return (self.name, f"{self.value:.2f} {self.unit}", *numbers, *limits)


def limited(name: str, value: float, limit: float, unit: str, more: dict[str, Any] | None = None) -> Result:
    """What must not be more than a fixed limit."""
    return Result(name, value, limit, value / limit, unit, must=1.0, more=more or {})
