"""Other people's SQL: what it may ask, what it is refused, and that it learns nothing of the machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pytest

from warehouse.sandbox.limits import RefusedStatement, TooLarge, WrongStatement
from warehouse.sandbox.locked import Parameters, Sandbox
from warehouse.store import Store
from warehouse.watch import QueryTimeout


@pytest.fixture(scope="module")
def file(sample_dir: Path) -> Path:
    current = Store(sample_dir).current()
    assert current is not None
    return current.file


@pytest.fixture(scope="module")
def sandbox(file: Path) -> Iterator[Sandbox]:
    sandbox = Sandbox(file, "200MB", 20.0)
    yield sandbox
    sandbox.close()


def ask(sandbox: Sandbox, query: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
    with sandbox.answering(query, parameters) as found:
        return list(found.table(list(found.batches)).to_pylist())


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from scores",
        "from leaderboard('EASI-8')",
        "from latest_scores limit 3",
        "from standings.main.models limit 1",
        "from origin.layout",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 9) select sum(i) from n",
        "values (1), (2)",
        "select * from unnest([1, 2]), range(2), generate_series(1, 2)",
        "select model, value from leaderboard('EASI-8') where value > (select avg(value) from leaderboard('EASI-8'))",
        "pivot (select license, open_weights from models) on open_weights in (true, false) using count(*)",
        "describe scores",
        "show tables",
        "show all tables",
        "summarize models",
        "explain select * from scores",
        "explain analyze from models",
        "Explain (format json) select 1",
        "select column_name, comment from duckdb_columns() where table_name = 'scores'",
        "from information_schema.columns limit 1",
        "select now() is not null, random() < 1, uuid() is not null, current_date is not null",
        "/* a comment; */ select 1 -- and; another",
        "select 1;;",
    ],
)
def test_what_reads_is_answered(sandbox: Sandbox, query: str) -> None:
    assert ask(sandbox, query)


@pytest.mark.parametrize(
    "query",
    [
        "",
        " -- nothing\n/* at all */",
        "select 1; select 2",
        "select 1; drop table scores",
        "insert into models select * from models",
        "update models set license = 'x'",
        "delete from scores",
        "create table t as select 1",
        "create temp table t as select 1",
        "create or replace temp view v as select 1",
        "create macro m() as 1",
        "create temp macro m() as 1",
        "create type t as enum ('a')",
        "create sequence s",
        "create secret s (type http)",
        "drop view latest_scores",
        "alter table models rename to m",
        "truncate models",
        "vacuum",
        "analyze",
        "checkpoint",
        "force checkpoint",
        "begin",
        "commit",
        "rollback",
        "set threads = 4",
        "set variable a = 1",
        "reset all",
        "reset lock_configuration",
        "use memory",
        "pragma version",
        "pragma enable_logging",
        "pragma database_size",
        "call pragma_version()",
        "load json",
        "install httpfs",
        "attach ':memory:' as other",
        "detach standings",
        "copy scores to 'out.csv'",
        "copy (select 1) to '/tmp/out.parquet'",
        "copy models from 'in.csv'",
        "export database 'folder'",
        "import database 'folder'",
        "prepare p as select 1",
        "execute p",
        "deallocate p",
        "pivot models on license using count(*)",
        "explain create table t as select 1",
        "explain analyze create table memory.main.t as select 1",
        "explain analyze create temp table t as select 1",
        "explain analyze insert into memory.main.t select 1",
        "explain analyze set threads = 4",
        "explain analyze copy (select 1) to 'out.csv'",
        "explain analyze prepare p as select 1",
        "explain explain select 1",
        "/* first */ explain select 1",
        "explain select 1; select 2",
    ],
)
def test_what_does_more_than_read_is_refused(sandbox: Sandbox, query: str) -> None:
    with pytest.raises(WrongStatement):
        ask(sandbox, query)
    assert ask(sandbox, "select database_name from duckdb_tables() where database_name <> 'standings'") == []


REFUSED_FUNCTIONS = [
    "duckdb_databases()", "duckdb_settings()", "duckdb_secrets()", "duckdb_extensions()", "duckdb_logs()",
    "duckdb_temporary_files()", "duckdb_external_file_cache()", "duckdb_prepared_statements()", "duckdb_variables()",
    "duckdb_log_contexts()", "duckdb_logs_parsed('x')", "duckdb_profiling_settings()", "pragma_database_size()",
    "pragma_platform()", "pragma_user_agent()", "read_text('x')", "read_blob('x')", "read_csv('x')", "read_json('x')",
    "read_parquet('x')", "parquet_metadata('x')", "parquet_scan('x')", "sniff_csv('x')", "glob('*')", "read_duckdb('x')",
    "enable_logging()", "disable_logging()", "truncate_duckdb_logs()", "enable_profiling()", "checkpoint()",
    "force_checkpoint()", "which_secret('s3://x', 's3')", "query('select 1')", "query_table('models')",
    "query_table('duckdb_databases')", "histogram('duckdb_databases', 'path')", "json_execute_serialized_sql('{}')",
    "pandas_scan(null)", "arrow_scan(null, null, null)", "arrow_scan_dumb(null, null, null)", "python_map_function(null)",
    "seq_scan('models')", "test_all_types()", "sql_auto_complete('from ')",
]  # fmt: skip
ROUNDABOUT = [
    "from {}",
    'select * from "{name}"{arguments}',
    "select * from system.main.{}",
    "with a as (select * from {}) select 1",
    "select (select count(*) from {})",
    "select 1 where exists (from {})",
    "select 1 union all select 2 from {}",
    "select * from models, lateral (select * from {})",
    "describe select * from {}",
    "summarize select * from {}",
    "explain analyze select * from {}",
    "select 1 order by (select count(*) from {})",
    "from (pivot (select * from {}) on a in (1) using count(*))",
]


@pytest.mark.parametrize("call", REFUSED_FUNCTIONS)
def test_table_functions_that_reach_out_are_refused(sandbox: Sandbox, call: str) -> None:
    with pytest.raises(RefusedStatement, match="table function"):
        ask(sandbox, f"from {call}")


@pytest.mark.parametrize("around", ROUNDABOUT)
def test_they_are_refused_wherever_they_stand(sandbox: Sandbox, around: str) -> None:
    with pytest.raises(RefusedStatement, match="duckdb_databases"):
        ask(sandbox, around.format("duckdb_databases()", name="DuckDB_Databases", arguments="()"))


def test_every_table_function_is_let_in_by_name(sandbox: Sandbox) -> None:
    """A newer DuckDB may bring more of them: none is called unless somebody has looked at it."""
    with duckdb.connect() as connection:
        known = connection.execute(
            "select distinct function_name from duckdb_functions() where function_type = 'table'"
        )
        names = {name for (name,) in known.fetchall()}
    admission = sandbox._admission
    assert {"read_csv", "range", "duckdb_databases"} <= names
    for name in names - admission.table_functions:
        with pytest.raises(RefusedStatement):
            ask(sandbox, f'select * from "{name}"()')


@pytest.mark.parametrize(
    "call",
    [
        "current_setting('secret_directory')",
        "getvariable('a')",
        "nextval('s')",
        "write_log('x')",
        "setseed(0.5)",
        "txid_current()",
    ],
)
@pytest.mark.parametrize(
    "query", ["select {}", "select 1 from models where {} is null", "select list_transform([1], lambda x: {})"]
)
def test_functions_of_the_server_are_refused(sandbox: Sandbox, call: str, query: str) -> None:
    with pytest.raises(RefusedStatement, match="the function"):
        ask(sandbox, query.format(call))


@pytest.mark.parametrize(
    "view",
    [
        "duckdb_databases",
        "pragma_database_list",
        "duckdb_logs",
        "pg_catalog.pg_settings",
        "pg_prepared_statements",
        '"Duckdb_Databases"',
    ],
)
def test_views_of_the_server_are_refused(sandbox: Sandbox, view: str) -> None:
    with pytest.raises(RefusedStatement, match="view"):
        ask(sandbox, f"from {view}")


def test_files_and_addresses_are_no_tables(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    for name in (tmp_path / "a.csv", "/etc/passwd", "https://127.0.0.1/a.parquet", "s3://a/b.parquet", "a.db"):
        with pytest.raises(WrongStatement):
            ask(sandbox, f"from '{name}'")


def test_variables_of_the_program_are_no_tables(sandbox: Sandbox) -> None:
    secret = pa.table({"token": ["x"]})
    with pytest.raises(WrongStatement, match="does not exist"):
        ask(sandbox, "from secret")
    assert len(secret) == 1


def test_nothing_that_can_be_asked_names_a_place_of_the_machine(sandbox: Sandbox, file: Path) -> None:
    """All that is let in, asked whole: the catalog, its functions and views, and errors."""
    private = {str(file), str(file.parent), file.parent.name, str(Path.home()), str(Path.cwd())} - {"/"}
    told = []
    admission = sandbox._admission
    views = {
        row["name"] for row in ask(sandbox, "select distinct view_name as name from duckdb_views() where internal")
    }
    tables = sorted(
        {
            row["name"]
            for row in ask(sandbox, "select table_schema || '.' || table_name as name from information_schema.tables")
        }
    )
    asked = [
        f"from {name}() limit 5000" for name in admission.table_functions if name.startswith(("duckdb_", "pragma_v"))
    ]
    asked += [f"from {name}" for name in views - admission.refused_views]
    asked += [
        "show databases",
        "show all tables",
        "explain from scores",
        "explain analyze from scores",
        "from information_schema.schemata",
    ]
    asked += [
        "select error('x')",
        "from nowhere",
        "from nowhere.nothing",
        "attach 'x'",
        "select 1 +",
        "select $a",
        *(f"from {name}_" for name in tables[:3]),
    ]
    for query in asked:
        try:
            told.append(str(ask(sandbox, query)))
        except WrongStatement as error:
            told.append(str(error))
    text = "\n".join(told)
    assert len(text) > 100_000
    assert [place for place in private if place in text] == []


@pytest.mark.parametrize(
    "query",
    [
        "selec 1",
        "from nowhere",
        "select 1 +",
        "select nothing from scores",
        "select 'a'::int",
        "select error('boom')",
        "select * from range(1e18)",
        "select $a",
        "select $1",
    ],
)
def test_what_is_wrong_says_why(sandbox: Sandbox, query: str) -> None:
    with pytest.raises(WrongStatement, match="Error"):
        ask(sandbox, query)


@pytest.mark.parametrize(
    "query",
    [
        f"select {'(' * 50_000}1{')' * 50_000}",
        f"select {'[' * 50_000}",
        f"select {'not ' * 40_000}true",
        "select " + "+".join("1" * 90_000),
        "select " + "case when true then " * 9_000,
        "select * from " + "(select * from " * 10_000,
        "with " + ", ".join(f"a{n} as (select 1)" for n in range(9_000)),
        "select 1 -- " + "x" * 250_000,
        "select 1\0; drop table models",
        "select '\ud800'",
        "\ufeff\u200bselect 1 from",
    ],
)
def test_odd_texts_are_refused_quickly(sandbox: Sandbox, query: str) -> None:
    with pytest.raises(WrongStatement):
        ask(sandbox, query)
    assert ask(sandbox, "select 1 as one") == [{"one": 1}]


def test_parameters_go_by_name_or_by_place(sandbox: Sandbox) -> None:
    assert ask(sandbox, "select $a as a, $b as b", {"a": 1, "b": "x'; --"}) == [{"a": 1, "b": "x'; --"}]
    assert ask(sandbox, "select ? as a, ? as b", [1.5, None]) == [{"a": 1.5, "b": None}]
    assert ask(sandbox, "select $2 as a, $1 as b", ["one", ["two"]]) == [{"a": ["two"], "b": "one"}]
    assert ask(sandbox, "select count(*) > 0 as some from leaderboard($board)", {"board": "EASI-8"}) == [{"some": True}]
    assert ask(sandbox, "select $a.x as x", {"a": {"x": 3}}) == [{"x": 3}]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("select $a", {}),
        ("select $a", {"b": 1}),
        ("select $a", {"a": 1, "b": 2}),
        ("select 1", {"a": 1}),
        ("select ?", []),
        ("select ?", [1, 2]),
        ("select $a", [1]),
        ("select ? + 1", ["many"]),
        ("select ?::int", ["many"]),
        ("select ?", [2**200]),
        ("select 1", [1] * 2_000),
        ("from query($a)", {"a": "select 1"}),
        ("from $a", {"a": "models"}),
    ],
)
def test_parameters_that_do_not_fit_are_refused(sandbox: Sandbox, query: str, parameters: Parameters) -> None:
    with pytest.raises(WrongStatement):
        ask(sandbox, query, parameters)


def test_a_statement_leaves_nothing_behind(sandbox: Sandbox) -> None:
    for query in ("select 1", "explain analyze select 1", "selec", "create temp table left_behind as select 1"):
        try:
            ask(sandbox, query)
        except WrongStatement:
            continue
    assert ask(sandbox, "select current_database() as d, current_schema() as s") == [{"d": "standings", "s": "main"}]
    assert ask(sandbox, "select table_name from duckdb_tables() where temporary or database_name <> 'standings'") == []


def test_the_connection_refuses_to_write_whatever_was_let_in(sandbox: Sandbox) -> None:
    """Behind the admission there is a second wall: what passed it by a mistake still cannot write or reach out."""
    with sandbox._watch.over(sandbox._connection), sandbox._reading(), pytest.raises(duckdb.Error, match="read-only"):
        sandbox._connection.execute("create table memory.main.t as select 1")
    for query in (
        "from read_text('/etc/passwd')",
        "from glob('/*')",
        "attach 'x.db'",
        "install httpfs",
        "set threads = 2",
        "copy (select 1) to '/tmp/x'",
        "set lock_configuration = false",
        "set enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            sandbox._connection.execute(query)


def test_a_statement_that_takes_too_long_is_stopped(file: Path) -> None:
    sandbox = Sandbox(file, "200MB", 0.2)
    for query in (
        "select count(*) from range(100000000000) t(i) where hash(i) % 7 = 9",
        "with recursive a as (select 1 as x union all select x + 1 from a) select count(*) from a",
    ):
        with pytest.raises(QueryTimeout, match=r"after 0\.2 seconds"):
            ask(sandbox, query)
    assert ask(sandbox, "select 1 as one") == [{"one": 1}]
    sandbox.close()


def test_a_statement_that_takes_too_much_memory_is_stopped(file: Path) -> None:
    sandbox = Sandbox(file, "50MB", 20.0)
    with pytest.raises(TooLarge):
        ask(sandbox, "select count(distinct i::varchar || 'some more text to hold') from range(3000000) t(i)")
    with pytest.raises(TooLarge):
        ask(sandbox, "select a.i from range(3000000) a(i) order by hash(a.i)")
    assert ask(sandbox, "select 1 as one") == [{"one": 1}]
    sandbox.close()


def test_of_two_columns_of_one_name_the_second_gets_a_number(sandbox: Sandbox) -> None:
    assert ask(sandbox, "select 1 as a, 2 as a, 3 as a_1, 4 as a") == [{"a": 1, "a_2": 2, "a_1": 3, "a_3": 4}]


def test_enums_tell_their_type_in_short(sandbox: Sandbox) -> None:
    with sandbox.answering("select model, value from scores limit 1") as found:
        kinds = [field.metadata[b"sql_type"] for field in found.schema]
    assert kinds == [b"ENUM", b"DOUBLE"]
    assert orjson.dumps(ask(sandbox, "select model from scores limit 1"))
