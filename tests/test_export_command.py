"""`standings export`: rows survive every format, and what is written is whole or not there."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from warehouse import taking
from warehouse.export import write_csv
from warehouse.store import Store
from warehouse.stored import STORED

TABLES = ("models", "scores", "leaderboard_entries", "versions", "tasks")


def export(sample_dir: Path, out: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["export", str(out), "--data-dir", str(sample_dir), *words])


def chosen(tables: tuple[str, ...] = TABLES) -> list[str]:
    return [word for table in tables for word in ("--table", table)]


@pytest.fixture(scope="module")
def rows(sample_dir: Path) -> dict[str, pa.Table]:
    """The rows of some tables, strings as plain strings."""
    current = Store(sample_dir).current()
    assert current is not None
    with duckdb.connect() as store:  # the server of other tests has the file open with settings of its own
        store.execute(f"attach '{current.file}' as store (read_only); use store; set timezone = 'UTC'")
        return {table: plain(store.sql(f"from {table}").to_arrow_table()) for table in TABLES}


def plain(table: pa.Table) -> pa.Table:
    columns = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.table(columns, names=table.column_names)


@pytest.mark.parametrize("form", ["parquet", "arrow", "csv", "duckdb"])
def test_rows_survive(sample_dir: Path, rows: dict[str, pa.Table], tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    result = export(sample_dir, out, "--format", form, *chosen())
    assert result.exit_code == 0, result.output
    with duckdb.connect() as reader:
        reader.execute("set timezone = 'UTC'")
        if form == "duckdb":
            reader.execute(f"attach '{out}' as taken (read_only); use taken")
        for table, expected in rows.items():
            assert plain(read(reader, out / f"{table}.{form}", table, expected.schema)).to_pylist() == (
                expected.to_pylist()
            )


def read(reader: duckdb.DuckDBPyConnection, file: Path, table: str, schema: pa.Schema) -> pa.Table:
    if file.suffix == ".arrow":
        with pa.ipc.open_file(file) as opened:
            return opened.read_all()
    if file.suffix == ".parquet":
        return reader.sql(f"from '{file}'").to_arrow_table()
    if file.suffix == ".duckdb":
        return reader.sql(f"from {table}").to_arrow_table()
    types = {field.name: "varchar" if pa.types.is_list(field.type) else DUCKDB[str(field.type)] for field in schema}
    texts = reader.read_csv(str(file), dtype=types, allow_quoted_nulls=False).to_arrow_table()
    for place, field in enumerate(schema):
        if pa.types.is_list(field.type):
            lists = [None if text is None else json.loads(text) for text in texts[field.name].to_pylist()]
            texts = texts.set_column(place, field.name, pa.array(lists, field.type))
    return texts


DUCKDB = {
    "string": "varchar", "int64": "bigint", "double": "double", "bool": "boolean", "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamptz",
}  # fmt: skip


def test_csv_tells_no_text_from_the_empty_text(tmp_path: Path) -> None:
    with duckdb.connect() as store:
        store.execute("create table problems as select 'lab' as source, null::varchar as path, '' as message")
        problems = next(table for table in STORED if table.name == "problems")
        write_csv(store, tmp_path, [problems])
    assert (tmp_path / "problems.csv").read_text("utf-8").splitlines() == ["source,path,message", 'lab,,""']


def test_a_folder_tells_what_it_holds(sample_dir: Path, tmp_path: Path) -> None:
    for form, described in (("csv", ["datapackage.json"]), ("parquet", ["croissant.json", "datapackage.json"])):
        out = tmp_path / form
        assert export(sample_dir, out, "--format", form, *chosen(("models", "tasks"))).exit_code == 0
        assert sorted(path.name for path in out.iterdir()) == sorted([f"models.{form}", f"tasks.{form}", *described])
        package = json.loads((out / "datapackage.json").read_bytes())
        assert [each["path"] for each in package["resources"]] == [f"models.{form}", f"tasks.{form}"]


def test_one_file_holds_views_and_comments(sample_dir: Path, tmp_path: Path) -> None:
    assert export(sample_dir, tmp_path / "all.duckdb", "--format", "duckdb").exit_code == 0
    assert export(sample_dir, tmp_path / "one.duckdb", "--format", "duckdb", "--table", "models").exit_code == 0
    with duckdb.connect(str(tmp_path / "all.duckdb"), read_only=True) as store:
        assert store.execute("select count(*) > 0 from leaderboard('EASI-8')").fetchall() == [(True,)]
    with duckdb.connect(str(tmp_path / "one.duckdb"), read_only=True) as store:
        told = store.execute("select comment from duckdb_columns() where column_name = 'license'").fetchall()
        assert told == [("Licence name or address.",)]


def test_what_is_there_stays_unless_it_is_to_be_replaced(sample_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert export(sample_dir, out, "--table", "models").exit_code == 0

    refused = export(sample_dir, out, "--table", "tasks")
    assert (refused.exit_code, "--force" in refused.output) == (1, True)
    assert (out / "models.parquet").is_file()

    assert export(sample_dir, out, "--table", "tasks", "--force").exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["croissant.json", "datapackage.json", "tasks.parquet"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_no_export_is_never_replaced(sample_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("words")
    refused = export(sample_dir, tmp_path / "thesis", "--force")
    assert (refused.exit_code, "is not replaced" in refused.output) == (1, True)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "words"


def test_an_export_that_fails_leaves_nothing(sample_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "out"
    assert export(sample_dir, out, "--table", "models").exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    monkeypatch.setattr(taking, "describe", fail)

    failed = export(sample_dir, out, "--table", "tasks", "--force")

    assert (failed.exit_code, "No space left on device" in failed.output) == (1, True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--table", "nothing"], 1, "there is no table nothing"),
        (["--snapshot", "20200101T000000Z-00000000"], 3, "`standings snapshots` lists them"),
        (["--snapshot", "../../etc"], 3, "there is no snapshot"),
        (["--format", "excel"], 2, "'excel' is not one of"),
    ],
)
def test_what_cannot_be_is_told(sample_dir: Path, tmp_path: Path, words: list[str], code: int, told: str) -> None:
    result = export(sample_dir, tmp_path / "out", *words)
    assert (result.exit_code, told in result.output) == (code, True), result.output
    assert list(tmp_path.iterdir()) == []


def test_an_older_snapshot_may_be_asked_for(sample_dir: Path, tmp_path: Path) -> None:
    current = Store(sample_dir).current()
    assert current is not None
    result = export(sample_dir, tmp_path / "out", "--snapshot", current.id, "--table", "models")
    assert result.output == f"Wrote snapshot {current.id} to {tmp_path / 'out'}.\n"
