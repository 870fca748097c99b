"""How names of models read: what tells two of them apart, and what does not."""

import re

SEPARATORS = re.compile(r"[\s_/-]+")


def reading(name: str) -> str:
    """The name without regard to case and to which separator stands between its words; dots tell versions apart."""
    return SEPARATORS.sub("-", name.casefold()).strip("-")


def readings(hub_id: str) -> set[str]:
    """How a Hub id reads, with its organization and without."""
    return {reading(hub_id), reading(hub_id.partition("/")[2])}
