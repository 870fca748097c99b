"""What was measured, and what it is held against."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Result:
    """A median, and its reference where there is one, both in `unit`. Smaller is better.

    `ratio` is of the pairs measured together, else of value and reference. `must` and `aim` are ratios; null: it is
    measured for its own sake. `more` holds what explains it.
    """

    name: str
    value: float
    reference: float | None = None
    ratio: float | None = None
    unit: str = "s"
    must: float | None = None
    aim: float | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_beyond(self) -> bool:
        return self.must is not None and self.ratio is not None and self.ratio > self.must

    def record(self, inputs: str) -> dict[str, Any]:
        """As it stands in bench.json."""
        return {**asdict(self), "better": "lower", "inputs": inputs}

    def cells(self) -> tuple[str, ...]:
        """As it stands in the table."""
        numbers = ("" if number is None else f"{number:.2f}" for number in (self.reference, self.ratio))
        limits = ("" if limit is None else f"{limit:.2f}" for limit in (self.must, self.aim))
        return (self.name, f"{self.value:.2f} {self.unit}", *numbers, *limits)


def limited(name: str, value: float, limit: float, unit: str, more: dict[str, Any] | None = None) -> Result:
    """What must not be more than a fixed limit."""
    return Result(name, value, limit, value / limit, unit, must=1.0, more=more or {})
