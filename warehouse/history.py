"""Merge one version of a source into the validity ranges of what is known of it.

A row is valid from the first version that has it up to the first that has not. Versions may come in any
order, and a version may be given again: the result is as if they had come in order, once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse.tables import TEXTS, Table

VALIDITY = ", valid_from timestamptz, valid_to timestamptz"
VALID = "valid_from <= $at and (valid_to is null or valid_to > $at)"


def unread_rows(column: str) -> str:
    """The condition that the task, or the board of its name, in a column is in `$unread`."""
    return f"(list_contains($unread, {column}) or list_contains($unread, split_part({column}, '#', 1)))"


@dataclass(frozen=True)
class Change:
    """What one version did to one table, in rows."""

    new: int = 0
    changed: int = 0
    closed: int = 0

    def __add__(self, other: "Change") -> "Change":
        return Change(self.new + other.new, self.changed + other.changed, self.closed + other.closed)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.closed)


class History:
    """The rows of one historied table of one source, in the temporary table `name`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> None:
        self.connection = connection
        self.table = table
        self.name = name
        self._create(name, VALIDITY)

    def read(self, relation: str, source: str) -> None:
        """Start from the rows an earlier snapshot's `relation` holds of the source."""
        columns = ", ".join((*self.table.names, "valid_from", "valid_to"))
        self.connection.execute(
            f"insert into {self.name} by name select {columns} from {relation} where source = $source",
            {"source": source},
        )

    def merge(self, rows: pa.Table, at: datetime, until: datetime | None, unread: Collection[str] = ()) -> Change:
        """Make `rows` the state from `at` up to the next known version `until` (null: none is later).

        Rows of the tasks in `unread` stay as they are; `dataset` there stands for each `dataset#task` too.
        """
        if not self.connection.execute(f"from {self.name} limit 1").fetchall():
            self._arrive(rows, self.name, {"valid_from": at, "valid_to": until})
            return Change(new=self._size(self.name))
        self._create("_state")
        self._arrive(rows, "_state")
        self._compare(at, unread)
        change = self._count()
        if change or self.table.renewed:
            self._replace(at, until)
        if change:
            self._join_neighbours()
        return change

    def _create(self, name: str, extra: str = "") -> None:
        self.connection.execute(f"create or replace temp table {name} ({self.table.declared}{extra})")

    def _arrive(self, rows: pa.Table, name: str, validity: Mapping[str, datetime | None] | None = None) -> None:
        """Put the arrived rows into the table `name`: a repeated key is numbered, or else there once."""
        given = [column for column in self.table.names if column in rows.column_names and column != "occurrence"]
        given += ["0 as occurrence"] if "occurrence" in self.table.names else []
        given += [f"${column}::timestamptz as {column}" for column in validity or {}]
        self.connection.register("_arrived", rows)
        self.connection.execute(f"insert into {name} by name select {', '.join(given)} from _arrived", validity or {})
        self.connection.unregister("_arrived")
        if "occurrence" in self.table.names:
            self._number_repeats(name)
        else:
            self._drop_repeats(name)

    def _number_repeats(self, name: str) -> None:
        key = ", ".join(column for column in self.table.key if column != "occurrence")
        self.connection.execute(f"""
            create or replace temp table _repeats as
            select rowid as repeat, row_number() over (partition by {key} order by place) - 1 as occurrence
            from {name}
            where hash({key}) in (select hash({key}) as mark from {name} group by mark having count(*) > 1)
        """)
        self.connection.execute(
            f"update {name} set occurrence = _repeats.occurrence from _repeats where {name}.rowid = repeat"
        )

    def _drop_repeats(self, name: str) -> None:
        """Of rows with one key the first stays: a second would be told apart by nothing."""
        key = ", ".join(self.table.key)
        self.connection.execute(f"""
            delete from {name} where rowid in (
                select rowid from {name} qualify row_number() over (partition by {key} order by rowid) > 1
            )
        """)

    def _digest(self) -> str:
        """128 bits that tell two contents apart; compared within one process only."""
        columns = [column for column in self.table.columns if column.name not in self.table.renewed + self.table.kept]
        # An empty list has the hash of null.
        lists = [f"{column.name} is null" for column in columns if column.type == TEXTS]
        told = ", ".join([*(column.name for column in columns), *lists])
        return f"[hash({told}), hash('again', {told})]"

    def _compare(self, at: datetime, unread: Collection[str]) -> None:
        """Split what is known into `_other` (not of this version's time) and `_known` (valid at `at`)."""
        named = next((name for name in ("task", "benchmark") if name in self.table.names), None)
        readable = f" and not {unread_rows(named)}" if unread and named else ""
        unread = unread if named else ()
        touched = VALID + readable
        known = {"at": at} | ({"unread": list(unread)} if unread else {})
        self.connection.execute(
            f"create or replace temp table _other as select * from {self.name} where not ({touched})", known
        )
        self.connection.execute(
            f"create or replace temp table _known as select *, {self._digest()} as digest "
            f"from {self.name} where {touched}",
            known,
        )
        self.connection.execute(
            f"create or replace temp table _state as select *, {self._digest()} as digest "
            f"from _state where true{readable}",
            {"unread": list(unread)} if unread else {},
        )
        self.connection.execute("create or replace temp table _gone as from _known anti join _state using (digest)")
        self.connection.execute("create or replace temp table _came as from _state anti join _known using (digest)")

    def _count(self) -> Change:
        came, gone = self._size("_came"), self._size("_gone")
        changed = self._both() if came and gone else 0
        return Change(new=came - changed, changed=changed, closed=gone - changed)

    def _both(self) -> int:
        """How many keys have both come and gone: their content is another one."""
        key = ", ".join(self.table.key)
        return self._one(
            f"select count(*) from (select hash({key}) from _came intersect all select hash({key}) from _gone)"
        )

    def _replace(self, at: datetime, until: datetime | None) -> None:
        newest = "_known.valid_to is not distinct from $until"
        renewed = ", ".join(
            f"case when {newest} then _state.{name} else _known.{name} end as {name}" for name in self.table.renewed
        )
        stay = f"_known.* exclude (digest) replace ({renewed})" if renewed else "_known.* exclude (digest)"
        self.connection.execute(
            f"""
            create or replace temp table {self.name} as
            select * from _other
            union all by name
            select {stay} from _known join _state using (digest)
            union all by name
            select * exclude (digest) replace ($at::timestamptz as valid_to) from _gone where valid_from < $at
            union all by name
            select * exclude (digest) replace ($until::timestamptz as valid_from) from _gone
            where $until is not null and (valid_to is null or valid_to > $until)
            union all by name
            select * exclude (digest), $at::timestamptz as valid_from, $until::timestamptz as valid_to from _came
            """,
            {"at": at, "until": until},
        )

    def _join_neighbours(self) -> None:
        """Make one range of two that touch and hold the same content."""
        if not self._one(
            f"select count(*) from (select {self._digest()} as digest, valid_from as edge from {self.name}) "
            f"semi join (select {self._digest()} as digest, valid_to as edge from {self.name} "
            "where valid_to is not null) "
            "using (digest, edge)"
        ):
            return
        newest = "".join(f", {name}" for name in self.table.renewed)
        renewed = "".join(f"arg_max({name}, valid_from) as {name}, " for name in self.table.renewed)
        self.connection.execute(f"""
            create or replace temp table {self.name} as
            with ranges as (select *, {self._digest()} as digest from {self.name}),
            starts as (
                select *, valid_from is distinct from lag(valid_to) over content as starts
                from ranges window content as (partition by digest order by valid_from)
            ),
            runs as (select *, sum(starts::int) over (partition by digest order by valid_from) as run from starts)
            select arg_min(columns(* exclude (valid_from, valid_to, digest, starts, run{newest})), valid_from),
                {renewed}min(valid_from) as valid_from,
                case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to
            from runs group by digest, run
        """)

    def _size(self, name: str) -> int:
        return self._one(f"select count(*) from {name}")

    def _one(self, statement: str) -> int:
        return int(self.connection.execute(statement).fetchall()[0][0])
