"""Work out every board as it stands, by the statements in `sql/rankings`."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa

from warehouse.statements import statement

WORKERS = 2
STAGED = ("cell_scores", "task_scores", "columns", "ranked", "task_type_scores", "subset_scores", "points", "means", "entries")
RESULTS = {
    "leaderboard_entries": "select $benchmark as benchmark, * from entries order by position",
    "leaderboard_tasks": "select $benchmark as benchmark, task, place from columns order by place",
    "leaderboard_task_scores": """
        select $benchmark as benchmark, entries.position, columns.place, entries.model, entries.variant,
            task_scores.task, task_scores.value, task_scores.trained_on
        from task_scores
        join columns on columns.task = task_scores.task
        join entries on entries.model = task_scores.model and entries.variant is not distinct from task_scores.variant
        order by entries.position, columns.place
    """,
    "leaderboard_task_type_scores": """
        select $benchmark as benchmark, entries.position, types.place, types.model, types.variant, types.task_type,
            types.value
        from task_type_scores as types
        join entries on entries.model = types.model and entries.variant is not distinct from types.variant
        order by entries.position, types.place
    """,
    "model_counts": f"select $benchmark as name, ({statement('rankings/model_count', frozenset(STAGED))}) as models",
}


def rank_boards(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the leaderboard tables and `benchmarks.model_count` from the tables of the snapshot in the making.

    One statement runs on one thread, so that sums are made in stored order; boards run side by side.
    """
    boards = [name for (name,) in connection.execute("select name::varchar from benchmarks order by place").fetchall()]
    with ThreadPoolExecutor(WORKERS) as workers:
        ranked = list(workers.map(lambda board: _rank(connection, board), boards))
    for table in RESULTS:
        if table != "model_counts":
            _insert(connection, table, [result[table] for result in ranked])
    for result in ranked:
        connection.execute(
            "update benchmarks set model_count = $models where name = $name", result["model_counts"].to_pylist()[0]
        )


def _rank(connection: duckdb.DuckDBPyConnection, benchmark: str) -> dict[str, pa.Table]:
    with connection.cursor() as cursor:
        cursor.execute("use store")
        for place, step in enumerate(STAGED):
            given = frozenset(STAGED[:place])
            sql = f"create or replace temp table {step} as {statement(f'rankings/{step}', given)}"
            cursor.execute(sql, {"benchmark": benchmark} if "$benchmark" in sql else {})
        return {name: cursor.sql(sql, params={"benchmark": benchmark}).to_arrow_table() for name, sql in RESULTS.items()}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, parts: list[pa.Table]) -> None:
    for part in parts:
        connection.register("_part", part)
        connection.execute(f"insert into {table} by name select * from _part")
        connection.unregister("_part")
