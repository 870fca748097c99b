"""Which statements may run: one that reads, of tables and functions that tell nothing but the snapshot.

DuckDB parses the statement and gives its tree; nothing is told from the text. Table functions are let in by name, for
most of the others reach out or keep something. Of other functions those are kept out that DuckDB says hang on more than
their arguments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson

from warehouse.sandbox.limits import RefusedStatement, WrongStatement

LONGEST = 200_000  # characters
DEEPEST = 800  # of brackets within brackets in the tree, which is read by recursion
TABLE_FUNCTIONS = frozenset({
    "duckdb_columns", "duckdb_constraints", "duckdb_functions", "duckdb_indexes", "duckdb_keywords",
    "duckdb_schemas", "duckdb_tables", "duckdb_types", "duckdb_views", "generate_series", "json_each",
    "json_tree", "pg_timezone_names", "pragma_collations", "pragma_show", "pragma_storage_info",
    "pragma_table_info", "pragma_version", "range", "repeat", "repeat_row", "unnest",
})  # fmt: skip
CATALOG_VIEWS = frozenset({
    "duckdb_columns", "duckdb_constraints", "duckdb_indexes", "duckdb_schemas", "duckdb_tables", "duckdb_types",
    "duckdb_views", "sqlite_master", "sqlite_schema",
})  # fmt: skip
CATALOG_SCHEMA = "information_schema"
CHANGING = frozenset({
    "current_database", "current_date", "current_schema", "current_schemas", "error", "gen_random_uuid",
    "get_current_time", "get_current_timestamp", "in_search_path", "now", "random", "today",
    "transaction_timestamp", "uuid", "uuidv4", "uuidv7",
})  # fmt: skip
TELLING = frozenset({"current_setting", "getvariable"})  # 1.5 does not say that they hang on more
READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
EXPLAINED = re.compile(r"\s*explain\s+(analyze\s+)?(\(\s*format\s+\w+\s*\)\s*)?", re.IGNORECASE)
ONE = "send one statement that reads: SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN"


@dataclass(frozen=True)
class Admission:
    """What may be named in a statement, in lower case, by what a connection has."""

    connection: duckdb.DuckDBPyConnection
    table_functions: frozenset[str]
    refused_functions: frozenset[str]
    refused_views: frozenset[str]

    def check(self, query: str) -> None:
        """Raise `RefusedStatement` for what may not run, `WrongStatement` for what cannot be read."""
        if len(query) > LONGEST:
            raise RefusedStatement(f"the statement has more than {LONGEST:,} characters")
        if "\0" in query or not _is_text(query):
            raise RefusedStatement("the statement holds what is no character")
        self._check_kind(query)
        for kind, name in _named(_tree(self.connection, self._selecting(query))):
            self._check_name(kind, name)

    def _check_kind(self, query: str) -> None:
        try:
            statements = self.connection.extract_statements(query)
        except duckdb.Error as error:
            raise WrongStatement(str(error)) from None
        if len(statements) != 1:
            raise RefusedStatement(f"{len(statements) or 'no'} statements were sent: {ONE}")
        if statements[0].type not in READING:
            raise RefusedStatement(f"{statements[0].type.name} is refused: {ONE}")

    def _selecting(self, query: str) -> str:
        """The statement, or the one it explains."""
        if self.connection.extract_statements(query)[0].type != duckdb.StatementType.EXPLAIN:
            return query
        explained = EXPLAINED.match(query)
        if explained is None:
            raise RefusedStatement("begin with EXPLAIN or EXPLAIN ANALYZE and then the statement")
        return query[explained.end() :]

    def _check_name(self, kind: str, name: str) -> None:
        if kind == "table function" and name not in self.table_functions:
            raise RefusedStatement(f"the table function `{name}` is refused: it is none that reads the snapshot")
        if kind == "function" and name in self.refused_functions:
            raise RefusedStatement(f"the function `{name}` is refused: it hangs on more than its arguments")
        if kind == "table" and name in self.refused_views:
            raise RefusedStatement(f"the view `{name}` is refused: it tells of the server, not of the snapshot")


def read_admission(connection: duckdb.DuckDBPyConnection, database: str) -> Admission:
    """What a connection admits whose snapshot is attached by that name."""
    functions = connection.execute(
        "select lower(function_name), function_type, stability, database_name from duckdb_functions()"
    ).fetchall()
    macros = {name for name, kind, _, where in functions if kind == "table_macro" and where == database}
    changing = {name for name, kind, stability, _ in functions if kind == "scalar" and stability != "CONSISTENT"}
    views = connection.execute(
        "select lower(view_name), schema_name from duckdb_views() where internal and database_name <> $database",
        {"database": database},
    ).fetchall()
    telling = {name for name, schema in views if schema != CATALOG_SCHEMA and name not in CATALOG_VIEWS}
    return Admission(connection, TABLE_FUNCTIONS | macros, frozenset(changing - CHANGING) | TELLING, frozenset(telling))


def _is_text(query: str) -> bool:
    """Whether it can be written as UTF-8, which half a surrogate pair cannot."""
    try:
        query.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tree(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The statement as DuckDB parses it."""
    try:
        found = connection.execute("select json_serialize_sql($query::varchar)", {"query": query}).fetchone()
    except duckdb.Error as error:
        raise WrongStatement(str(error)) from None
    text = found[0] if found else "null"
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RefusedStatement("the statement is nested too deeply") from None
    if not isinstance(tree, dict) or tree.get("error") or len(tree.get("statements", ())) != 1:
        raise RefusedStatement(f"this kind of statement is refused: {ONE}")
    return tree["statements"]


def _named(tree: Any) -> Iterator[tuple[str, str]]:
    """(kind, name) of each function and table that is named anywhere below. Raises `RefusedStatement`."""
    left = [(tree, 0, False)]
    while left:
        node, depth, is_table = left.pop()
        if depth > DEEPEST:
            raise RefusedStatement("the statement is nested too deeply")
        if isinstance(node, list):
            left += ((each, depth + 1, False) for each in node)
        elif isinstance(node, dict):
            if isinstance(node.get("function_name"), str):
                yield "table function" if is_table else "function", node["function_name"].lower()
            if node.get("type") == "BASE_TABLE":
                yield "table", str(node.get("table_name")).lower()
            calls = node.get("type") == "TABLE_FUNCTION"
            if calls and not isinstance(node.get("function", {}).get("function_name"), str):
                raise RefusedStatement("a table function is called in a way that cannot be checked")
            left += ((each, depth + 1, calls and key == "function") for key, each in node.items())
