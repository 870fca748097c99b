"""What must hold in every snapshot: statements that return the rows where it does not."""

from dataclasses import dataclass

import duckdb

from warehouse.statements import heading, names, read

SHOWN = 5


@dataclass(frozen=True)
class Failure:
    """A check that found rows: what is wrong with them, how many, and the first few."""

    check: str
    meaning: str
    count: int
    rows: tuple[dict[str, object], ...]

    def __str__(self) -> str:
        shown = "; ".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in self.rows)
        return f"{self.check}: {self.meaning} {self.count} rows, such as {shown}"


class ChecksFailed(Exception):
    """A build that may not be published; the message names each failed check and shows rows."""

    def __init__(self, failures: list[Failure]) -> None:
        super().__init__("nothing was published. " + " | ".join(map(str, failures)))
        self.failures = failures


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Run every check. Raises `ChecksFailed`."""
    failures = [failure for name in names("checks") if (failure := _run(connection, name))]
    if failures:
        raise ChecksFailed(failures)


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> Failure | None:
    rows = connection.sql(read(name)).to_arrow_table()
    if not rows.num_rows:
        return None
    return Failure(name.removeprefix("checks/"), heading(name), rows.num_rows, tuple(rows.slice(0, SHOWN).to_pylist()))
