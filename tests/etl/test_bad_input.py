"""Bad files among good ones: the report names them, the rest loads, and the last good snapshot is served."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.commands.build import open_sources
from etl.fetch import Hub
from etl.pipeline import Report, build
from tests.etl.mteb import result, write_catalogue, write_tree
from warehouse.store import Store

NOWHERE = "http://127.0.0.1:9"
GIGABYTE = 2**30
VERSIONS = "easi/leaderboard/versions"
MAP = "easi/leaderboard/capability_map.json"
RESULTS = "mteb/results/acme__embed/" + "a" * 40
OPENEVALS = "openevals/data/train-00000-of-00001.parquet"


def version(value: float) -> dict[str, Any]:
    """An EASI version with one model on one benchmark, and one sub-score."""
    results = {"vsi_bench": {"acc": value, "sub_scores": {"object_counting": value}}}
    return {"org/seer": {"config": {"model_name": "org/seer"}, "results": results}}


def bitext(value: float) -> dict[str, Any]:
    """A result file of one subset."""
    return result("Bitext", {"test": [{"hf_subset": "en-de", "languages": ["eng-Latn"], "main_score": value}]})


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with good inputs of three sources (two result files, two versions, one table), and `data` built from them."""
    root = tmp_path_factory.mktemp("good")
    write_catalogue(root / "catalogue")
    files = {
        f"{RESULTS}/Arguing.json": result("Arguing"),
        f"{RESULTS}/Bitext.json": bitext(0.7),
        f"{VERSIONS}/bench_20260101T000000.json": version(40.0),
        f"{VERSIONS}/bench_20260201T000000.json": version(50.0),
        MAP: {"vsi_bench": {"object_counting": ["cr"]}},
    }
    write_tree(root, files)
    (root / OPENEVALS).parent.mkdir(parents=True)
    pq.write_table(pa.table({"model_name": ["org/seer"], "gpqa_score": [60.0]}), root / OPENEVALS)
    with contextlib.chdir(root):
        report = run(Store(root / "data"))
    assert [(source.error, source.problems) for source in report.sources] == [(None, [])] * 3
    return root


@pytest.fixture
def inputs(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder to do harm in; it is the current directory."""
    monkeypatch.chdir(shutil.copytree(good, tmp_path / "inputs"))
    return tmp_path / "inputs"


@pytest.fixture
def store(inputs: Path) -> Store:
    """The store built from the good inputs."""
    return Store(inputs / "data")


def run(store: Store, *names: str) -> Report:
    """Build from the inputs in the current directory: all three, or those named."""
    named = {name: name for name in names or ("mteb", "easi", "openevals")} | {"mteb-catalog": "catalogue"}
    return build(store, open_sources(named, Hub(NOWHERE, None, store.root / "cache"), store))


def current(store: Store) -> dict[str, dict[str, float]]:
    """The current values by source and task."""
    snapshot = store.current()
    assert snapshot is not None
    with duckdb.connect(str(snapshot.file), read_only=True) as connection:
        found = connection.sql(
            "select source, task, value from latest_scores where subset in ('default', 'en-de')"
        ).fetchall()
    values: dict[str, dict[str, float]] = {}
    for source, task, value in found:
        values.setdefault(source, {})[task] = value
    return values


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def inflate(file: Path) -> None:
    """One gigabyte, of which the disk holds nothing."""
    os.truncate(file, GIGABYTE)


def become_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


HARMS: dict[str, Callable[[Path], object]] = {
    "truncated": truncate,
    "huge": inflate,
    "a_folder": become_a_folder,
    "a_number": lambda file: file.write_text("5"),
    "empty": lambda file: file.write_bytes(b""),
}


def test_bad_result_files_are_named_and_the_others_load(store: Store, inputs: Path) -> None:
    """Each of them is a file of a model of its own; the good file has another value than before."""
    for name, harm in HARMS.items():
        write_tree(inputs, {f"mteb/results/acme__{name}/r/Arguing.json": result("Arguing")})
        harm(inputs / f"mteb/results/acme__{name}/r/Arguing.json")
    write_tree(inputs, {f"{RESULTS}/Bitext.json": bitext(0.8)})

    report = run(store, "mteb")

    (mteb,) = report.sources
    assert mteb.error is None
    assert sorted(Path(problem.path).parts[-3] for problem in mteb.problems) == sorted(
        f"acme__{name}" for name in HARMS
    )
    assert all(problem.message for problem in mteb.problems)
    assert report.published
    assert current(store)["mteb"] == {"Arguing": 0.5, "Bitext": 0.8}


def test_bad_versions_are_named_and_the_others_load(store: Store, inputs: Path) -> None:
    names = {f"bench_202602{day}T000000.json": harm for day, harm in enumerate(HARMS.values(), 10)}
    for name, harm in names.items():
        write_tree(inputs, {f"{VERSIONS}/{name}": version(99.0)})
        harm(inputs / VERSIONS / name)
    write_tree(inputs, {f"{VERSIONS}/bench_20260301T000000.json": version(60.0)})

    report = run(store, "easi")

    (easi,) = report.sources
    assert (easi.error, easi.versions) == (None, 3)
    assert [Path(problem.path).name for problem in easi.problems] == list(names)
    assert current(store)["easi"]["vsi_bench"] == 60.0


def test_a_version_with_an_impossible_date_is_left_out(store: Store, inputs: Path) -> None:
    write_tree(inputs, {f"{VERSIONS}/bench_20261399T000000.json": version(99.0)})

    report = run(store, "easi")

    (problem,) = report.sources[0].problems
    assert problem.path.endswith("bench_20261399T000000.json")
    assert "date" in problem.message
    assert current(store)["easi"]["vsi_bench"] == 50.0


def test_a_capability_map_that_is_a_list_costs_only_the_labels(store: Store, inputs: Path) -> None:
    write_tree(inputs, {MAP: ["mm"], f"{VERSIONS}/bench_20260301T000000.json": version(60.0)})

    report = run(store, "easi")

    (problem,) = report.sources[0].problems
    assert problem.path.endswith("capability_map.json")
    assert current(store)["easi"]["vsi_bench"] == 60.0


def wrong_schema(file: Path) -> None:
    pq.write_table(pa.table({"name": [1], "numbers": [[2.0]]}), file)


def garbage(file: Path) -> None:
    file.write_bytes(b"PAR1" + b"\0" * 100)


@pytest.mark.parametrize("harm", [wrong_schema, garbage, truncate, inflate, become_a_folder])
def test_a_table_that_cannot_be_read_is_an_error_of_its_source_alone(
    store: Store, inputs: Path, harm: Callable[[Path], None]
) -> None:
    harm(inputs / OPENEVALS)
    write_tree(inputs, {f"{VERSIONS}/bench_20260301T000000.json": version(60.0)})

    report = run(store, "easi", "openevals")

    assert [source.error is None for source in report.sources] == [True, False]
    assert "openevals" in (report.sources[1].error or "")
    assert current(store) == {
        "mteb": {"Arguing": 0.5, "Bitext": 0.7}, "easi": {"vsi_bench": 60.0}, "openevals": {"Idavidrein/gpqa": 60.0},
    }  # fmt: skip


@pytest.mark.parametrize("harm", [wrong_schema, garbage])
def test_wrong_parquet_instead_of_a_tree_is_an_error_of_mteb_alone(
    store: Store, inputs: Path, harm: Callable[[Path], None]
) -> None:
    table = inputs / "table" / "data" / "train-00000-of-00001.parquet"
    table.parent.mkdir(parents=True)
    harm(table)
    (inputs / "mteb").rename(inputs / "tree")
    (inputs / "table").rename(inputs / "mteb")

    report = run(store)

    assert [source.error is None for source in report.sources] == [False, True, True]
    assert current(store)["mteb"] == {"Arguing": 0.5, "Bitext": 0.7}


@pytest.mark.parametrize("name", ["mteb", "easi", "openevals"])
def test_a_source_that_is_not_there_is_named(store: Store, inputs: Path, name: str) -> None:
    (inputs / name).rename(inputs / "elsewhere")

    report = run(store)

    errors = {source.name: source.error for source in report.sources if source.error}
    assert list(errors) == [name]
    assert "not there" in (errors[name] or "")
    assert not report.published
