"""A request that is not taken."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Refused(Exception):
    """A request that is not taken: its status, and why."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)
