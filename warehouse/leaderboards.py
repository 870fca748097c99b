"""Work out every board as it stands, by the statements in `sql/rankings`."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa

from warehouse.statements import statement

WORKERS = 2
BATCH_CELLS = 12_000
STAGED = (
    "board", "cells", "cell_scores", "required_cells", "task_scores", "columns", "ranked", "task_type_scores",
    "subset_scores", "votes", "points", "means", "entries",
)  # fmt: skip
RESULTS = {
    "leaderboard_entries": "from entries order by benchmark, position",
    "leaderboard_tasks": "select benchmark, task, place from columns order by benchmark, place",
    "leaderboard_task_scores": """
        select task_scores.benchmark, entries.position, columns.place, entries.model, entries.variant,
            task_scores.task, task_scores.value, task_scores.trained_on
        from task_scores
        join columns on columns.benchmark = task_scores.benchmark and columns.task = task_scores.task
        join entries
            on entries.benchmark = task_scores.benchmark and entries.model = task_scores.model
            and entries.variant is not distinct from task_scores.variant
        order by task_scores.benchmark, entries.position, columns.place
    """,
    "leaderboard_task_type_scores": """
        select types.benchmark, entries.position, types.place, types.model, types.variant, types.task_type, types.value
        from task_type_scores as types
        join entries
            on entries.benchmark = types.benchmark and entries.model = types.model
            and entries.variant is not distinct from types.variant
        order by types.benchmark, entries.position, types.place
    """,
    "model_counts": statement("rankings/model_count", frozenset(STAGED)),
}


def rank_boards(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the leaderboard tables and `benchmarks.model_count` from the other tables of the snapshot in the making.

    One statement runs on one thread, so that sums are made in stored order; batches of boards run side by side.
    """
    with ThreadPoolExecutor(WORKERS) as workers:
        ranked = list(workers.map(lambda boards: _rank(connection, boards), _batches(connection)))
    for table in RESULTS:
        if table != "model_counts":
            _write(connection, f"insert into {table} by name select * from _rows", [found[table] for found in ranked])
    counted = "update benchmarks set model_count = _rows.models from _rows where benchmarks.name = _rows.benchmark"
    _write(connection, counted, [found["model_counts"] for found in ranked])


def _batches(connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """Boards by name, as many together as keep the rows of a batch few: their cells decide."""
    sizes = connection.execute(
        "select benchmark::varchar as name, count(*) from benchmark_cells where valid_to is null group by 1 order by 1"
    ).fetchall()
    batches: list[list[str]] = []
    filled = BATCH_CELLS
    for name, cells in sizes:
        if filled + cells > BATCH_CELLS:
            batches.append([])
            filled = 0
        batches[-1].append(name)
        filled += cells
    return batches


def _rank(connection: duckdb.DuckDBPyConnection, boards: list[str]) -> dict[str, pa.Table]:
    with connection.cursor() as cursor:
        cursor.execute("use store")
        for place, step in enumerate(STAGED):
            sql = f"create or replace temp table {step} as {statement(f'rankings/{step}', frozenset(STAGED[:place]))}"
            cursor.execute(sql, {"benchmarks": boards} if "$benchmarks" in sql else {})
        return {name: cursor.sql(sql).to_arrow_table() for name, sql in RESULTS.items()}


def _write(connection: duckdb.DuckDBPyConnection, sql: str, parts: list[pa.Table]) -> None:
    """Run a statement on all parts as the table `_rows`."""
    if parts:
        connection.register("_rows", pa.concat_tables(parts))
        connection.execute(sql)
        connection.unregister("_rows")
