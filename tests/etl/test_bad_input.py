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
from etl.source import Source
from tests.etl.mteb import result, write_catalogue, write_tree
from warehouse.store import Store

NOBODY = Hub("http://127.0.0.1:9", None, Path("cache"))
GIGABYTE = 2**30
VERSIONS = "easi/leaderboard/versions"
IMPOSSIBLE = "bench_20261399T000000.json"
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
    return build(store, open_sources(named, NOBODY, store))


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


def test_bad_result_files_and_versions_are_named_and_the_others_load(store: Store, inputs: Path) -> None:
    """Each bad result file is one of a model of its own; the good ones have other values than before."""
    for name, harm in HARMS.items():
        write_tree(inputs, {f"mteb/results/acme__{name}/r/Arguing.json": result("Arguing")})
        harm(inputs / f"mteb/results/acme__{name}/r/Arguing.json")
    harms = {f"bench_202602{day}T000000.json": harm for day, harm in enumerate(HARMS.values(), 10)}
    write_tree(inputs, {f"{VERSIONS}/{name}": version(99.0) for name in (*harms, IMPOSSIBLE)})
    for name, harm in harms.items():
        harm(inputs / VERSIONS / name)
    write_tree(inputs, {f"{RESULTS}/Bitext.json": bitext(0.8), f"{VERSIONS}/bench_20260301T000000.json": version(60.0)})

    report = run(store, "mteb", "easi")

    mteb, easi = report.sources
    assert mteb.error is None
    assert sorted(Path(problem.path).parts[-3] for problem in mteb.problems) == sorted(
        f"acme__{name}" for name in HARMS
    )
    assert all(problem.message for problem in mteb.problems)
    assert (easi.error, easi.versions) == (None, 3)
    messages = {Path(problem.path).name: problem.message for problem in easi.problems}
    assert sorted(Path(problem.path).name for problem in easi.problems) == sorted([*harms, IMPOSSIBLE])
    assert "date" in messages[IMPOSSIBLE]
    assert report.published
    assert current(store)["mteb"] == {"Arguing": 0.5, "Bitext": 0.8}
    assert current(store)["easi"]["vsi_bench"] == 60.0


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


def opened(name: str, place: Path, store: Store) -> Source:
    """A source at another place than that of the good inputs."""
    (source,) = open_sources({name: str(place), "mteb-catalog": "catalogue"}, NOBODY, store)
    return source


def test_a_table_that_cannot_be_read_is_an_error_of_its_source_alone(store: Store, inputs: Path) -> None:
    harms = [wrong_schema, garbage, truncate, inflate, become_a_folder]
    places = [shutil.copytree(inputs / "openevals", inputs / f"openevals-{harm.__name__}") for harm in harms]
    for harm, place in zip(harms, places, strict=True):
        harm(place / Path(OPENEVALS).relative_to("openevals"))
    write_tree(inputs, {f"{VERSIONS}/bench_20260301T000000.json": version(60.0)})

    report = build(
        store, [*(opened("openevals", place, store) for place in places), opened("easi", Path("easi"), store)]
    )

    *bad, easi = report.sources
    assert easi.error is None
    assert len(bad) == len(harms)
    for place, source in zip(places, bad, strict=True):
        assert place.name in (source.error or ""), place
    assert current(store) == {
        "mteb": {"Arguing": 0.5, "Bitext": 0.7}, "easi": {"vsi_bench": 60.0}, "openevals": {"Idavidrein/gpqa": 60.0},
    }  # fmt: skip


def test_wrong_parquet_instead_of_a_tree_is_an_error_of_mteb_alone(store: Store, inputs: Path) -> None:
    bad = []
    for harm in (wrong_schema, garbage):
        table = inputs / harm.__name__ / "data" / "train-00000-of-00001.parquet"
        table.parent.mkdir(parents=True)
        harm(table)
        bad.append(opened("mteb", inputs / harm.__name__, store))

    report = build(store, [*bad, *(opened(name, Path(name), store) for name in ("easi", "openevals"))])

    assert [source.error is None for source in report.sources] == [False, False, True, True]
    assert current(store)["mteb"] == {"Arguing": 0.5, "Bitext": 0.7}


def test_a_source_that_is_not_there_is_named(store: Store) -> None:
    names = ("mteb", "easi", "openevals")
    gone = [opened(name, Path("elsewhere") / name, store) for name in names]

    report = build(store, [*gone, *(opened(name, Path(name), store) for name in names)])

    missing, there = report.sources[:3], report.sources[3:]
    assert [source.name for source in missing] == list(names)
    assert all("not there" in (source.error or "") for source in missing)
    assert [source.error for source in there] == [None] * 3
    assert not report.published
