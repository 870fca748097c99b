"""What was measured, and what it is held against."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Result:
    """A median and its reference, both in `unit`; `ratio` is of the pairs measured together. Smaller is better.

    `must` and `aim` are ratios; null: it is measured for its own sake. `more` holds what explains it.
    """

    name: str
    value: float
    reference: float
    ratio: float
    unit: str
    must: float | None = None
    aim: float | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_beyond(self) -> bool:
        return self.must is not None and self.ratio > self.must

    def record(self, inputs: str) -> dict[str, Any]:
        """As it stands in bench.json."""
        return {**asdict(self), "better": "lower", "inputs": inputs}

    def cells(self) -> tuple[str, ...]:
        """As it stands in the table."""
        limits = ("" if limit is None else f"{limit:.2f}" for limit in (self.must, self.aim))
        return (self.name, f"{self.value:.2f} {self.unit}", f"{self.reference:.2f}", f"{self.ratio:.2f}", *limits)
