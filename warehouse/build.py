"""A snapshot in the making: what the last one knew, with what a load brings, in a workspace of its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.format import check_layout
from warehouse.history import VALIDITY, Change, History, unread_rows
from warehouse.plans import plan_freely
from warehouse.rules import BENCHMARK_RULES, HISTORIED, RULES
from warehouse.statements import literal, read
from warehouse.tables import (
    BENCHMARK_TASKS,
    CAPABILITIES,
    DESCRIBED,
    MODEL_ALIASES,
    PROBLEMS,
    SCORES,
    SOURCES,
    TEXT,
    VERSIONS,
    Column,
    Table,
)

MEMORY = "1GB"
TICK = timedelta(microseconds=1)
MODEL_HINTS = Table(
    "model_hints",
    "What a source says of the identity of its models.",
    (
        Column("name", TEXT, "Name in the source."),
        Column("hub_id", TEXT, "Hub id, where the source names it."),
        Column("same_as", TEXT, "Another name of the same model in the source."),
    ),
    key=("name",),
    order=("name",),
)
ORIGIN = (*DESCRIBED, MODEL_HINTS)
# Historied tables of which a part is published: where several sources say something, or something says nothing.
KEPT = (BENCHMARK_TASKS, BENCHMARK_RULES, CAPABILITIES)
NAMED = {"tasks": "name", "benchmarks": "name", "task_subsets": "task"}


@dataclass(frozen=True)
class Version:
    """One state of a source, and when it was so."""

    label: str
    at: datetime
    revision: str | None


class Build:
    """What will be in the next snapshot. Nothing of it is seen by readers until it is published."""

    def __init__(self, workspace: Path, previous: Path | None, precedence: Sequence[str]) -> None:
        """`precedence` names the sources whose description of a thing counts, the first before the later.

        Raises `StoreError` where `previous` has another layout.
        """
        self.connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(workspace / "spill")})
        self.connection.execute(
            "set timezone = 'UTC'; set preserve_insertion_order = true; set enable_progress_bar = false"
        )
        plan_freely(self.connection)
        self.previous = previous
        if previous is not None:
            self.connection.execute(f"attach {literal(str(previous))} as previous (read_only)")
            check_layout(self.connection, previous, "previous.origin")
        for table in (*ORIGIN, SOURCES, VERSIONS, PROBLEMS, MODEL_ALIASES):
            self._start(table)
        self.histories: dict[tuple[str, str], History] = {}
        self._merged: dict[str, list[Version]] = {}
        self.changed = False
        self.connection.execute(
            "create temp table precedence as select source, row_number() over () as precedence "
            "from (select unnest($sources) as source)",
            {"sources": list(precedence)},
        )

    def close(self) -> None:
        self.connection.close()

    def differs(self) -> bool:
        """Whether more than the time of loading differs from the previous snapshot, or from having none."""
        if self.previous is None:
            return bool(self.connection.execute("from sources limit 1").fetchall())
        if self.changed:
            return True
        tables = [(f"origin_{table.name}", f"previous.origin.{table.name}", "") for table in ORIGIN]
        tables += [(name, f"previous.{name}", "") for name in ("versions", "problems", "model_aliases")]
        tables.append(("sources", "previous.sources", " exclude (loaded_at)"))
        return any(self._differ(*pair) for pair in tables)

    def _differ(self, ours: str, theirs: str, leaving: str) -> bool:
        names = self.connection.execute(f"select column_name from (describe select *{leaving} from {ours})").fetchall()
        columns = ", ".join(name for (name,) in names)
        found = self.connection.execute(f"""
            (select {columns} from {ours} except all select {columns} from {theirs})
            union all (select {columns} from {theirs} except all select {columns} from {ours}) limit 1
        """)
        return bool(found.fetchall())

    def versions(self, source: str) -> list[Version]:
        """Known versions of a source, oldest first."""
        rows = self.connection.execute(
            "select label, published_at, revision from versions where source = $source order by published_at",
            {"source": source},
        ).fetchall()
        return [Version(*row) for row in rows]

    def merge(
        self, source: str, version: Version, tables: Mapping[str, pa.Table], unread_tasks: frozenset[str] = frozenset()
    ) -> Change:
        """Take in one version of a source: its historied tables, whole. Returns what it did to the scores.

        A version that was met before (same label and time, or the newest again) replaces what it said then.
        """
        if "scores" in tables:
            tables = {**tables, "scores": self._repeat(tables["scores"])}
        placed = self._place(source, version)
        self._merged.setdefault(source, []).append(placed)
        until = self._next(source, placed)
        changes = {
            table.name: self._merge(source, table, tables[table.name], placed.at, until, unread_tasks)
            for table in HISTORIED
            if table.name in tables
        }
        if any(changes.values()):
            self._revise(source, placed, version.revision)
        return changes.get("scores", Change())

    def _repeat(self, scores: pa.Table) -> pa.Table:
        """Put rows that repeat the evidence of another source where that source declares it, if it is known."""
        if "derived_from" not in scores.column_names or scores["derived_from"].null_count == len(scores):
            return scores
        self.gather()
        self.connection.register("arrived_scores", scores)
        placed = self.connection.sql(read("merges/repeated_scores")).to_arrow_table()
        self.connection.unregister("arrived_scores")
        return placed.select(scores.column_names).cast(scores.schema)

    def _next(self, source: str, version: Version) -> datetime | None:
        """When the version after it came; null: it is the newest."""
        return next((known.at for known in self.versions(source) if known.at > version.at), None)

    def _merge(
        self,
        source: str,
        table: Table,
        rows: pa.Table,
        at: datetime,
        until: datetime | None,
        unread_tasks: Collection[str],
    ) -> Change:
        change = self._history(source, table).merge(rows, at, until, unread_tasks)
        self.changed = self.changed or bool(change)
        return change

    def describe(self, source: str, tables: Mapping[str, pa.Table], unread_tasks: Collection[str] = ()) -> None:
        """Replace what a source says of models, tasks, benchmarks, ... (tables by name).

        What it said of the unread tasks, and of the boards of their names, stays. The rules of ranking among it hold
        for the versions that were merged since it was described last.
        """
        ranges = [(version.at, self._next(source, version)) for version in self._merged.pop(source, [])]
        for name, (table, renamed) in RULES.items():
            if name in tables:
                rules = tables[name].rename_columns(renamed | _same(tables[name], renamed))
                for at, until in ranges:
                    self._merge(source, table, rules.select(table.names), at, until, unread_tasks)
        for table in ORIGIN:
            if table.name in tables:
                self._put(f"origin_{table.name}", source, tables[table.name], NAMED.get(table.name), unread_tasks)

    def describe_more(self, source: str, models: pa.Table) -> None:
        """Add what a source says of models that it does not score."""
        known = pa.array([source] * len(models), pa.string())
        self._insert("origin_models", models.append_column("source", known))

    def undescribed(self) -> list[str]:
        """Models of which no source tells size or day of release, by canonical name."""
        rows = self.connection.execute("""
            select model
            from model_aliases
            left join origin_models
                on origin_models.source = model_aliases.source and origin_models.name = model_aliases.name
            group by model
            having count(parameters) = 0 and count(release_date) = 0
            order by model
        """).fetchall()
        return [model for (model,) in rows]

    def record(self, row: Mapping[str, object], problems: pa.Table) -> None:
        """Remember what was loaded: a row of `sources`, and the problems met."""
        self.connection.execute("delete from sources where name = $name", {"name": row["name"]})
        self._insert("sources", SOURCES.rows([dict(row)]))
        self._put("problems", str(row["name"]), problems)

    def model_names(self) -> list[tuple[str, str, str | None, str | None]]:
        """Every (source, name in the source, Hub id, other name in the source) that is to be told who it is."""
        self.gather()
        return self.connection.execute("""
            select source, name, max(hub_id), max(same_as) from (
                select source, name, hub_id, same_as from origin_model_hints
                union all select source, name, null, null from origin_models
                union all select source, source_model, null, null from known_scores group by all
            ) where name is not null group by source, name order by source, name
        """).fetchall()

    def name_models(self, aliases: pa.Table) -> None:
        """Take the answer to `model_names`: rows of `model_aliases`."""
        self.connection.execute("delete from model_aliases")
        self._insert("model_aliases", aliases)

    def gather(self) -> None:
        """Make views `known_<table>` over all sources: those merged now, and the rest as it was."""
        for table in HISTORIED:
            merged = [source for source, name in self.histories if name == table.name]
            parts = [
                f"select *, {literal(source)} as source from {self.histories[source, table.name].name}"
                for source in merged
            ]
            columns = ", ".join((*table.names, "valid_from", "valid_to", "source"))
            rest = " and ".join(f"source <> {literal(source)}" for source in merged) or "true"
            if self.previous is not None:
                parts.append(f"select {columns} from {_known(table)} where {rest}")
            if not parts:
                self._start(table, f"no_{table.name}", historied=True)
                parts.append(f"from no_{table.name}")
            self.connection.execute(
                f"create or replace temp view known_{table.name} as {' union all by name '.join(parts)}"
            )

    def _start(self, table: Table, name: str | None = None, *, historied: bool = False) -> None:
        origin = table in ORIGIN
        name = name or (f"origin_{table.name}" if origin else table.name)
        source = ", source varchar" if origin or historied else ""
        validity = VALIDITY if historied else ""
        self.connection.execute(f"create or replace temp table {name} ({table.declared}{source}{validity})")
        if self.previous is not None and not historied:
            known = f"previous.origin.{table.name}" if origin else f"previous.{table.name}"
            self.connection.execute(f"insert into {name} by name select * from {known}")

    def _history(self, source: str, table: Table) -> History:
        key = (source, table.name)
        if key not in self.histories:
            history = History(self.connection, table, f"merged_{len(self.histories)}")
            if self.previous is not None:
                history.read(_known(table), source)
            self.histories[key] = history
        return self.histories[key]

    def _place(self, source: str, version: Version) -> Version:
        """Where the version stands among the known: met before, or new at a time of its own."""
        known = self.versions(source)
        if known and known[-1].label == version.label:
            return known[-1]
        taken = {other.at: other for other in known}
        at = version.at
        while other := taken.get(at):
            if other.label == version.label:
                return other
            at += TICK
        placed = Version(version.label, at, version.revision)
        row = {"source": source, "label": placed.label, "published_at": at, "revision": placed.revision}
        self._insert("versions", VERSIONS.rows([row]))
        return placed

    def _revise(self, source: str, version: Version, revision: str | None) -> None:
        """Note that a known version was read from another revision, which changed it."""
        if version.revision != revision:
            self.connection.execute(
                "update versions set revision = $revision where source = $source and published_at = $at",
                {"revision": revision, "source": source, "at": version.at},
            )

    def _put(
        self, name: str, source: str, rows: pa.Table, task: str | None = None, unread: Collection[str] = ()
    ) -> None:
        """Replace a source's rows, but for those whose column `task` is unread."""
        kept = f" and not {unread_rows(task)}" if task and unread else ""
        values = {"source": source} | ({"unread": list(unread)} if kept else {})
        self.connection.execute(f"delete from {name} where source = $source{kept}", values)
        if "source" in rows.column_names:
            rows = rows.drop_columns(["source"])
        self._insert(name, rows.append_column("source", pa.array([source] * len(rows), pa.string())))

    def _insert(self, name: str, rows: pa.Table) -> None:
        self.connection.register("_rows", rows)
        self.connection.execute(f"insert into {name} by name select * from _rows")
        self.connection.unregister("_rows")


def _known(table: Table) -> str:
    """Where the previous snapshot keeps a historied table with all its columns."""
    kept = table is SCORES or table in KEPT
    return f"previous.origin.{table.name}" if kept else f"previous.{table.name}"


def _same(rows: pa.Table, renamed: Mapping[str, str]) -> dict[str, str]:
    """The other columns under their own names."""
    return {name: name for name in rows.column_names if name not in renamed}
