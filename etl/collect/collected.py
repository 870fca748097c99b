"""What was collected from a result directory."""

from collections.abc import Mapping
from dataclasses import dataclass

from etl.collect.files import ResultFile


@dataclass(frozen=True)
class Found:
    """The scores of one benchmark, in percent; null: not evaluated.

    `id` is the benchmark's, or after a judge's second look that of a variant. `files` were read for it. `repairs` tell
    where EASI's own tool would have given null or NaN; `notes` tell what else one should know.
    """

    id: str
    value: float | None
    subs: Mapping[str, float | None]
    files: tuple[str, ...]
    repairs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """A benchmark without results, and what was looked for."""

    id: str
    sought: str


@dataclass(frozen=True)
class Collected:
    """Everything of one result directory. `folder` is that of the archive; `files` go into it, ordered by name."""

    backend: str
    folder: str
    found: tuple[Found, ...]
    missing: tuple[Missing, ...]
    files: tuple[ResultFile, ...]
    notes: tuple[str, ...] = ()
