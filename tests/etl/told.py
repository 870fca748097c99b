"""Sources that tell what a test wants, and what a store then holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from etl.source import Load, ModelHint, Problem, State
from warehouse import tables
from warehouse.store import Store


@dataclass
class Told:
    """A source that tells what a test wants; `scores` maps (model, task) to values."""

    name: str
    scores: Mapping[tuple[str, str], float | None] = field(default_factory=dict)
    described: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    hub_ids: Mapping[str, str] = field(default_factory=dict)
    label: str = "v1"
    day: int = 1
    problems: tuple[Problem, ...] = ()
    unread: frozenset[str] = frozenset()
    error: Exception | None = None
    uri: str = "told"

    def load(self) -> Load:
        if self.error:
            raise self.error
        rows = [
            {"source_model": model, "task": task, "split": "test", "subset": "default", "metric": "score", "value": value, "place": place}
            for place, ((model, task), value) in enumerate(self.scores.items())
        ]  # fmt: skip
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=self.day)
        historied = {"scores": tables.SCORES.rows(rows)}
        if "benchmark_tasks" in self.described:
            historied["benchmark_tasks"] = tables.BENCHMARK_TASKS.rows(self.described["benchmark_tasks"])
        return Load(
            revision=self.label,
            states=iter([State(self.label, at, self.label, historied, self.unread)]),
            described={
                name: getattr(tables, name.upper()).rows(rows)
                for name, rows in self.described.items()
                if name != "benchmark_tasks"
            },
            hints=[ModelHint(name, hub_id) for name, hub_id in self.hub_ids.items()],
            problems=list(self.problems),
            files=1,
        )


@dataclass
class Knowing(Told):
    """One that also knows models by their Hub id."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    def describe(self, names: Iterable[str]) -> pa.Table:
        wanted = list(names)
        self.asked.append(wanted)
        return tables.MODELS.rows(
            [{"name": name, "parameters": self.sizes[name]} for name in wanted if name in self.sizes]
        )


def rows(store: Store, sql: str) -> list[dict[str, Any]]:
    current = store.current()
    assert current is not None
    with duckdb.connect(str(current.file), read_only=True) as connection:
        return connection.sql(sql).to_arrow_table().to_pylist()


def held(store: Store, source: str) -> dict[tuple[str, str], float | None]:
    """The current scores of a source: (model, task) to value."""
    found = rows(
        store,
        f"select source_model, task, value from scores where valid_to is null and source = '{source}' order by seq",
    )
    return {(row["source_model"], row["task"]): row["value"] for row in found}
