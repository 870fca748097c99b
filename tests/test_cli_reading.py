"""The commands that show a store: `sql`, `snapshots`, `rollback`, `schema`; and `demo`, `serve` and `catalog`."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from warehouse.store import Store

pytest_plugins = ("tests.running",)
Run = Callable[..., Result]
PROJECT = Path(__file__).parents[1]
SOURCES = ("mteb", "easi", "hub", "openevals")


QUERY = "select model, value, trained_on_tasks from leaderboard('SampleMTEB') where rank <= 2 order by rank, model"


def test_sql_prints_a_table(run: Run, built: Path) -> None:
    lines = run(
        "sql", "--data-dir", built, "select 'a' as name, null as nothing, [1, 2] as list, 0 as zero"
    ).stdout.splitlines()
    assert lines[0].split() == ["name", "nothing", "list", "zero"]
    assert lines[1].split() == ["a", "[1,", "2]", "0"]


def test_sql_prints_csv_with_lists_as_json(run: Run, built: Path) -> None:
    result = run(
        "sql",
        "--data-dir",
        built,
        "--format",
        "csv",
        "select 'a,b' as text, ['x'] as list, null as nothing, 1.5 as number",
    )
    assert result.stdout.splitlines() == ['"text","list","nothing","number"', '"a,b","[""x""]",,1.5']


def test_sql_prints_json(run: Run, built: Path) -> None:
    found = json.loads(run("sql", "--data-dir", built, "--format", "json", QUERY).stdout)
    assert found
    assert set(found[0]) == {"model", "value", "trained_on_tasks"}


def test_sql_prints_parquet(run: Run, built: Path) -> None:
    result = run("sql", "--data-dir", built, "--format", "parquet", QUERY)
    table = pq.read_table(io.BytesIO(result.stdout_bytes))
    assert table.column_names == ["model", "value", "trained_on_tasks"]
    assert table.to_pylist() == json.loads(run("sql", "--data-dir", built, "--format", "json", QUERY).stdout)


@pytest.mark.parametrize("style", ["table", "csv", "json"])
def test_sql_prints_values_of_every_type(run: Run, built: Path, style: str) -> None:
    query = """
        select 1.5::decimal(5, 2) as a, map {'k': 1} as b, interval 1 day as c, 'x'::blob as d, 'nan'::double as e,
            date '2026-01-02' as f, timestamptz '2026-01-02 03:04:05Z' as g, {'h': [1]} as h, 2::hugeint as i, true as j
    """
    result = run("sql", "--data-dir", built, "--format", style, query)
    assert result.exit_code == 0
    assert "2026-01-02" in result.stdout


def test_sql_of_no_rows_prints_the_columns_alone(run: Run, built: Path) -> None:
    assert run("sql", "--data-dir", built, "select 1 as one where false").stdout.split() == ["one"]
    assert json.loads(run("sql", "--data-dir", built, "--format", "json", "select 1 as one where false").stdout) == []


@pytest.mark.parametrize(
    "query", ["selec 1", "from nowhere", "delete from scores", "create table x (a int)", "select 1 +"]
)
def test_sql_that_is_wrong_is_wrong_use(run: Run, built: Path, query: str) -> None:
    result = run("sql", "--data-dir", built, query)
    assert result.exit_code == 2
    assert "Error" in result.output


@pytest.mark.parametrize(
    "query", ["", "set threads = 1", "from read_text('/etc/passwd')", "select 1; select 2", "copy (select 1) to 'x'"]
)
def test_sql_that_does_more_than_read_is_refused(run: Run, built: Path, query: str) -> None:
    result = run("sql", "--data-dir", built, query)
    assert result.exit_code == 2
    assert "refused" in result.output or "statements were sent" in result.output


def test_sql_prints_an_arrow_stream(run: Run, built: Path) -> None:
    result = run("sql", "--data-dir", built, "--format", "arrow", QUERY)
    table = pa.ipc.open_stream(result.stdout_bytes).read_all()
    assert table.column_names == ["model", "value", "trained_on_tasks"]


def test_sql_that_takes_too_long_is_stopped_with_exit_code_1(run: Run, built: Path) -> None:
    query = "select count(*) from range(10000000000) as a (n) where hash(n) % 7 = 3"
    result = run("sql", "--data-dir", built, "--seconds", "0.1", query)
    assert result.exit_code == 1
    assert "stopped after 0.1 seconds" in result.output


def test_a_reader_that_closes_the_pipe_early_is_no_error(built: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from api.cli import main; main()",
        "sql",
        "--data-dir",
        str(built),
        "--format",
        "csv",
        "from range(500000)",
    ]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b'"range"\n'
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize("words", [["sql", "select 1"], ["rollback", "20260101T000000Z-00000000"]])
def test_a_directory_without_a_snapshot_says_what_to_do(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 3
    assert "there is no snapshot" in result.output
    assert "`standings " in result.output


def test_a_data_directory_that_is_a_file_is_wrong_use(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run("snapshots", "--data-dir", tmp_path / "file").exit_code == 2


def test_snapshots_are_listed_and_rolled_back(run: Run, data: Path) -> None:
    newer, older = json.loads(run("snapshots", "--json").stdout)
    assert (newer["current"], older["current"]) == (True, False)
    assert newer["builtAt"] > older["builtAt"]
    assert newer["bytes"] == Store(data).find(newer["id"]).file.stat().st_size
    assert [line.split()[0] for line in run("snapshots").stdout.splitlines()] == ["*", older["id"]]

    result = run("rollback", older["id"])

    assert (result.exit_code, result.stdout) == (0, f"Snapshot {older['id']} is current.\n")
    assert [each["current"] for each in json.loads(run("snapshots", "--json").stdout)] == [False, True]
    assert json.loads(run("sql", "--format", "json", "select name from sources").stdout) == [
        {"name": "mteb"},
        {"name": "mteb-catalog"},
    ]


def test_no_snapshots_are_an_empty_list(run: Run) -> None:
    assert json.loads(run("snapshots", "--json").stdout) == []
    assert "There is no snapshot in data" in run("snapshots").output


def test_snapshots_are_listed_where_the_pointer_is_broken(run: Run, data: Path) -> None:
    known = [snapshot.id for snapshot in Store(data).list()]
    (data / "current").write_text("20260101T000000Z-00000000")

    assert [each["id"] for each in json.loads(run("snapshots", "--json").stdout)] == known
    assert run("rollback", known[0]).exit_code == 0
    assert run("sql", "select 1").exit_code == 0


@pytest.mark.parametrize("name", ["../../etc", "..", "nope", ""])
def test_rollback_to_what_is_no_snapshot_changes_nothing(run: Run, data: Path, name: str) -> None:
    before = (data / "current").read_text()

    assert run("rollback", name).exit_code == 3
    assert (data / "current").read_text() == before


def test_rollback_waits_for_no_build(run: Run, built: Path) -> None:
    store = Store(built)
    with store.building():
        result = run("rollback", "--data-dir", built, store.list()[-1].id)
    assert result.exit_code == 3
    assert "another build" in result.output


def test_schema_prints_the_definition_language(run: Run) -> None:
    result = run("schema")
    assert result.exit_code == 0
    assert "type Query {" in result.stdout


def test_the_catalogue_needs_its_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mteb", None)
    result = run("catalog", "mteb", "out")
    assert result.exit_code == 1
    assert "pip install mteb" in result.output


def test_the_demo_builds_the_sample_and_can_leave_it_at_that_and_be_run_again(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: asked.append(options["port"]))

    result = run("demo", "--build-only")
    assert result.exit_code == 0
    assert all(f"\n{name} " in f"\n{result.stdout}" for name in SOURCES)
    assert "Published snapshot" in result.stdout
    assert not asked

    again = run("demo", "--port", 8765)
    assert "Nothing new" in again.stdout
    assert "Serving on http://127.0.0.1:8765/graphql" in again.stderr
    assert asked == [8765]
    assert "rank" in run("sql", "from leaderboard('EASI-8')").stdout

    assert run("demo", "--build-only", "--data-dir", tmp_path / "data").exit_code == 0


def test_serve_without_a_snapshot_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uvicorn.run", lambda app, **options: None)
    result = run("serve")
    assert result.exit_code == 0
    assert "There is no snapshot in data yet" in result.stderr
