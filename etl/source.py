"""What a source gives to the pipeline."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

import pyarrow as pa


@dataclass(frozen=True)
class Problem:
    """Something that could not be loaded: where it is, what is wrong and what became of it."""

    path: str
    message: str


@dataclass(frozen=True)
class State:
    """One version of a source.

    `at` (UTC) orders the versions of a source; `tables` holds the historied tables, by name, whole:
    a row that is not there is no longer so. A table that is left out stays as it was, and so do the rows of
    `unread_tasks`, which could not be read this time.
    """

    label: str
    at: datetime
    revision: str | None
    tables: Mapping[str, pa.Table]
    unread_tasks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Companion:
    """Another input that a source was read with, such as a catalogue."""

    name: str
    uri: str
    revision: str
    files: int


@dataclass(frozen=True)
class ModelHint:
    """What a source knows of the identity of one of its models: its Hub id, or another name it has there."""

    name: str
    hub_id: str | None = None
    same_as: str | None = None


@dataclass
class Load:
    """All that one reading of a source gave.

    `states` come oldest first. `described` holds the dimension tables (models, tasks, benchmarks, ...) as of
    now, by name; `models.name` is the model's name in the source. `problems` grows while states are read,
    so it is complete only when `states` is exhausted.
    """

    revision: str
    states: Iterator[State]
    described: Mapping[str, pa.Table] = field(default_factory=dict)
    hints: list[ModelHint] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    companions: list[Companion] = field(default_factory=list)


class Source(Protocol):
    """A place that publishes scores."""

    @property
    def name(self) -> str:
        """Name of the source."""

    @property
    def uri(self) -> str:
        """Where it is read."""

    def load(self) -> Load:
        """Read everything. Raises `Unreadable` where there is nothing to read at all."""


@runtime_checkable
class Describer(Protocol):
    """A source that knows models by their Hub id, those it does not score among them."""

    @property
    def name(self) -> str:
        """Name of the source."""

    def describe(self, names: Iterable[str]) -> pa.Table:
        """Rows of MODELS for those of the names it knows."""


class Unreadable(Exception):
    """A source that cannot be read as a whole; the message says which, why and what to do."""
