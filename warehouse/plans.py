"""How DuckDB plans our statements: as they are written, where sums must be made in stored order."""

import duckdb

# It takes 30 ms to plan statements of a few CTEs, to save nothing in ours.
SLOW = ("common_subplan",)
# They may swap the sides of a join, and then rows come out in another order than that of the scores.
HOLDING_BACK = "enable_caching_operators"
REORDERING = ("join_order", "build_side_probe_side")


def plan_freely(connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB choose how to join."""
    _disable(connection, SLOW)


def plan_as_written(connection: duckdb.DuckDBPyConnection) -> None:
    """Join in the order in which statements say it: rows then come in the order of what is on the left."""
    _disable(connection, (*SLOW, *REORDERING))


def keep_order(cursor: duckdb.DuckDBPyConnection) -> None:
    """Let a join give its rows as it finds them: DuckDB 1.5 holds back those of a chunk that are few."""
    if cursor.execute("select 1 from duckdb_settings() where name = $name", {"name": HOLDING_BACK}).fetchall():
        cursor.execute(f"set {HOLDING_BACK} = false")


def _disable(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    known = {name for (name,) in connection.execute("select name from duckdb_optimizers()").fetchall()}
    connection.execute(f"set disabled_optimizers = '{','.join(name for name in names if name in known)}'")
