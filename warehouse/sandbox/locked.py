"""A DuckDB that holds one snapshot and reaches nothing else."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.format import check_layout
from warehouse.formats import SQL_TYPE, check_times, name_apart
from warehouse.plans import keep_order, plan_as_written
from warehouse.sandbox.admission import read_admission
from warehouse.sandbox.limits import RefusedStatement, TooLarge, WrongStatement
from warehouse.statements import literal
from warehouse.watch import Stop, Watch

NAME = "standings"
BATCH_ROWS = 10_000
LONGEST_MESSAGE = 2_000
LONGEST_TYPE = 200  # beyond, an ENUM with all its values for one, its first word says it
MOST_PARAMETERS = 1_000
OUT_OF_MEMORY = "Out of Memory Error"
# One thread, and joins as they are written: a board's own statement then gives its rows to the last bit.
CONFIGURATION: Mapping[str, Any] = {
    "threads": 1,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}
LOCKS = ("set timezone = 'UTC'", "set enable_external_access = false", "set lock_configuration = true")
# Arrow has no form of these, or one that is another value.
WITHOUT_ARROW = frozenset({"bignum", "bit", "time with time zone", "uhugeint"})
NESTED = frozenset({"array", "list", "map", "struct", "union"})
INTERRUPTED = "INTERRUPT Error"
Parameters = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True)
class Rows:
    """Batches of rows, and their schema with the SQL type of each column beside Arrow's."""

    batches: pa.RecordBatchReader
    schema: pa.Schema

    def table(self, batches: Iterable[pa.RecordBatch]) -> pa.Table:
        """Some of the batches as one table, each column with a name of its own. Raises `Unwritable`."""
        table = pa.Table.from_batches(batches, self.batches.schema)
        check_times(table)
        return name_apart(pa.Table.from_arrays(table.columns, schema=self.schema))


class Sandbox:
    """A snapshot's file in a DuckDB that is locked, for one statement at a time. `memory` is DuckDB's own limit.

    Raises `StoreError` for a file of another layout.
    """

    def __init__(self, file: Path, memory: str, seconds: float) -> None:
        self.file = file
        # What is copied is small beside planning a statement twice, as the other way to Arrow does.
        warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
        self._connection = duckdb.connect(":memory:", config={**CONFIGURATION, "memory_limit": memory})
        self._connection.execute(f"attach {literal(str(file))} as {NAME} (read_only)")
        self._connection.execute(f"use {NAME}")
        check_layout(self._connection, file)
        plan_as_written(self._connection)
        keep_order(self._connection)
        self._admission = read_admission(self._connection, NAME)
        for lock in LOCKS:
            self._connection.execute(lock)
        self._watch = Watch(seconds)

    @contextmanager
    def answering(self, query: str, parameters: Parameters | None = None, stop: Stop | None = None) -> Iterator["Rows"]:
        """The rows of one statement, read as they are worked out; nothing of it stays behind.

        Raises `WrongStatement`, `TooLarge`, `QueryTimeout` and `Stopped`, also while rows are read.
        """
        if parameters is not None and len(parameters) > MOST_PARAMETERS:
            raise RefusedStatement(f"more than {MOST_PARAMETERS:,} parameters were sent")
        try:
            with self._reading(), self._watch.over(self._connection, stop), _interrupted():
                self._admission.check(query)
                found: Any = self._connection.execute(query, parameters or None)
                described = found.description or []
                _check_types(described)
                with found.to_arrow_reader(BATCH_ROWS) as reader:
                    yield Rows(reader, _typed(reader.schema, described))
        except (duckdb.Error, pa.ArrowException, OSError, UnicodeError) as error:
            raise self._told(error) from error
        except (MemoryError, duckdb.OutOfMemoryException) as error:
            raise TooLarge("the statement takes more memory than it may") from error

    def close(self) -> None:
        self._watch.close()
        self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """A transaction that is left as it was begun, whatever ends what is in it."""
        self._connection.execute("begin transaction read only")
        try:
            yield
        finally:
            self._connection.execute("rollback")

    def _told(self, error: Exception) -> Exception:
        """An error of DuckDB as one of ours, without where the snapshot lies."""
        text = str(error).replace(str(self.file.resolve()), self.file.name).replace(str(self.file), self.file.name)
        if isinstance(error, duckdb.OutOfMemoryException) or OUT_OF_MEMORY in text[:200]:
            return TooLarge("the statement takes more memory than it may: read fewer rows or columns, or group them")
        return WrongStatement(text[:LONGEST_MESSAGE])


def _check_types(description: Sequence[Sequence[Any]]) -> None:
    for name, kind, *_ in description:
        found = WITHOUT_ARROW & {*_kinds(kind)}
        if found:
            raise WrongStatement(f"column `{name}` has the type {min(found).upper()}: cast it to varchar")


def _typed(schema: pa.Schema, described: Sequence[Sequence[Any]]) -> pa.Schema:
    """The schema with the SQL type of each column beside Arrow's."""
    types = [str(kind) if len(str(kind)) <= LONGEST_TYPE else str(kind.id).upper() for _, kind, *_ in described]
    return pa.schema(
        [field.with_metadata({SQL_TYPE: told.encode()}) for field, told in zip(schema, types, strict=True)]
    )


def _kinds(kind: Any) -> Iterator[str]:
    """The names of a type and of the types within it."""
    yield str(kind.id)
    if kind.id in NESTED:
        for _, child in kind.children:
            if isinstance(child, type(kind)):
                yield from _kinds(child)


@contextmanager
def _interrupted() -> Iterator[None]:
    """An interrupt as DuckDB 2 tells it; DuckDB 1.5 ends a reader of Arrow by an OSError."""
    try:
        yield
    except OSError as error:
        raise (duckdb.InterruptException(str(error)) if INTERRUPTED in str(error) else error) from None
