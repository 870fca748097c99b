"""A request that is no GraphQL request we take."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Refused(Exception):
    """A request that is no GraphQL request we take: its status, and why."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)
