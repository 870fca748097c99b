"""Opens the current snapshot of a data directory with a DuckDB of a given version, and reads all of it."""

import sys
from pathlib import Path

import duckdb

root, version = Path(sys.argv[1]), sys.argv[2]
assert duckdb.__version__ == version, duckdb.__version__
current = (root / "current").read_text("ascii").strip()
with duckdb.connect(str(root / "snapshots" / current / "standings.duckdb"), read_only=True) as store:
    tables = store.sql("select schema_name, table_name, comment from duckdb_tables() where not internal").fetchall()
    views = store.sql("select schema_name, view_name, comment from duckdb_views() where not internal").fetchall()
    for schema, name, comment in tables + views:
        assert comment, f"{name} has no comment"
        store.execute(f'create or replace temp table opened as from "{schema}"."{name}"')
    (leader,) = store.sql("select model from leaderboard('EASI-8') limit 1").fetchall()
print(f"DuckDB {version} read {len(tables)} tables and {len(views)} views of {current}; {leader[0]} leads EASI-8")
