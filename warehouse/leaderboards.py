"""Work out every board as it stands, by the statements in `sql/rankings`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa

from warehouse.plans import keep_order
from warehouse.rankings import OWN, Ranking
from warehouse.statements import statement

WORKERS = 2
BATCH_CELLS = 12_000
STAGED = (
    "board_cells", "required_cells", "task_scores", "subset_means", "declared_tasks", "zero_shot", "entities",
    "entity_scores", "ranked", "columns", "board_sizes", "task_type_scores", "entries",
)  # fmt: skip
ENTRY = """
    join entities on entities.entry = scores.entry
    join entries
        on entries.benchmark = entities.benchmark and entries.model = entities.model
        and entries.variant is not distinct from entities.variant
"""
RESULTS = {
    "board_task_scores": """
        select scores.benchmark, scores.task, scores.model, scores.variant, scores.raw, scores.value, scores.trained_on,
            means.subsets, means.mean as subset_mean
        from task_scores as scores
        join subset_means as means
            on means.benchmark = scores.benchmark and means.task = scores.task and means.model = scores.model
            and means.variant is not distinct from scores.variant
        order by scores.benchmark, scores.task, scores.model, scores.variant nulls first
    """,
    "leaderboard_entries": "from entries order by benchmark, position",
    "leaderboard_tasks": "select benchmark, task, place from columns order by benchmark, place",
    "leaderboard_task_scores": f"""
        select scores.benchmark, entries.position, columns.place, entries.model, entries.variant, scores.task,
            scores.value, scores.trained_on
        from entity_scores as scores {ENTRY}
        join columns on columns.benchmark = scores.benchmark and columns.task = scores.task
        order by scores.benchmark, entries.position, columns.place
    """,
    "leaderboard_task_type_scores": f"""
        select scores.benchmark, entries.position, scores.place, entries.model, entries.variant, scores.task_type,
            scores.value
        from task_type_scores as scores {ENTRY}
        order by scores.benchmark, entries.position, scores.place
    """,
    "model_counts": statement("rankings/model_count", frozenset(STAGED)),
}


def rank_boards(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the leaderboard tables and `benchmarks.model_count` from the other tables of the snapshot in the making.

    One statement runs on one thread, so that sums are made in stored order; batches of boards run side by side.
    """
    with ThreadPoolExecutor(WORKERS) as workers:
        ranked = list(workers.map(lambda ranking: _rank(connection, ranking), _batches(connection)))
    for table in RESULTS:
        if table != "model_counts":
            _write(connection, f"insert into {table} by name select * from _rows", [found[table] for found in ranked])
    counted = "update benchmarks set model_count = _rows.models from _rows where benchmarks.name = _rows.benchmark"
    _write(connection, counted, [found["model_counts"] for found in ranked])


def _batches(connection: duckdb.DuckDBPyConnection) -> Iterator[Ranking]:
    """As many boards together as keep the rows of a batch few: their cells decide."""
    sizes = connection.execute("""
        select benchmarks.name, count(benchmark_cells.cell)
        from benchmarks
        join benchmark_cells on benchmark_cells.benchmark = benchmarks.name and benchmark_cells.valid_to is null
        group by all order by all
    """).fetchall()
    return (Ranking(tuple(names), OWN, OWN) for names in _filled(sizes))


def _filled(sizes: list[tuple[str, int]]) -> list[list[str]]:
    batches: list[list[str]] = []
    filled = BATCH_CELLS
    for name, cells in sizes:
        if filled + cells > BATCH_CELLS:
            batches.append([])
            filled = 0
        batches[-1].append(name)
        filled += cells
    return batches


def _rank(connection: duckdb.DuckDBPyConnection, ranking: Ranking) -> dict[str, pa.Table]:
    with connection.cursor() as cursor:
        cursor.execute("use store")
        keep_order(cursor)
        for place, step in enumerate(STAGED):
            asked = ranking.statement(step, given=frozenset(STAGED[:place]))
            cursor.execute(f"create or replace temp table {step} as {asked.sql}", dict(asked.values))
        return {name: cursor.sql(sql).to_arrow_table() for name, sql in RESULTS.items()}


def _write(connection: duckdb.DuckDBPyConnection, sql: str, parts: list[pa.Table]) -> None:
    """Run a statement on all parts as the table `_rows`."""
    if parts:
        connection.register("_rows", pa.concat_tables(parts))
        connection.execute(sql)
        connection.unregister("_rows")
