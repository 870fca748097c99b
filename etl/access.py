"""The Hub, and the bounds within which it is asked: values alone, which cost nothing to import."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Hub:
    """The Hub and what we may ask of it."""

    endpoint: str
    token: str | None = field(repr=False)
    cache: Path


@dataclass(frozen=True)
class Waits:
    """How long to wait for the Hub, in seconds, and how often to ask again.

    `silence` is the longest pause of an answer and `answer` its longest duration; between `attempts` the wait grows
    from `first` to `longest`. A rate window is waited for up to `window` at once and `windows` in all.
    """

    silence: float = 15.0
    answer: float = 60.0
    attempts: int = 4
    first: float = 1.0
    longest: float = 8.0
    window: float = 310.0
    windows: float = 900.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Limits:
    """What is taken from one commit at most: entries listed, files, bytes and seconds."""

    listed: int = 500_000
    files: int = 50_000
    bytes: int = 16 * 2**30
    seconds: float = 3_600.0
