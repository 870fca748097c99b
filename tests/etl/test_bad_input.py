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


def test_bad_files_are_named_and_the_others_load(store: Store, inputs: Path) -> None:
    """Each bad result file is one of a model of its own; the good ones have other values than before.

    A capability map that is a list costs only the labels.
    """
    for name, harm in HARMS.items():
        write_tree(inputs, {f"mteb/results/acme__{name}/r/Arguing.json": result("Arguing")})
        harm(inputs / f"mteb/results/acme__{name}/r/Arguing.json")
    harms = {f"bench_202602{day}T000000.json": harm for day, harm in enumerate(HARMS.values(), 10)}
    write_tree(inputs, {f"{VERSIONS}/{name}": version(99.0) for name in (*harms, IMPOSSIBLE)})
    for name, harm in harms.items():
        harm(inputs / VERSIONS / name)
    changed = {f"{RESULTS}/Bitext.json": bitext(0.8), f"{VERSIONS}/bench_20260301T000000.json": version(60.0)}
    write_tree(inputs, {**changed, MAP: ["mm"]})

    report = run(store, "mteb", "easi")

    mteb, easi = report.sources
    assert mteb.error is None
    assert sorted(Path(problem.path).parts[-3] for problem in mteb.problems) == sorted(
        f"acme__{name}" for name in HARMS
    )
    assert all(problem.message for problem in mteb.problems)
    assert (easi.error, easi.versions) == (None, 3)
    messages = {Path(problem.path).name: problem.message for problem in easi.problems}
    assert sorted(Path(problem.path).name for problem in easi.problems) == sorted([*harms, IMPOSSIBLE, Path(MAP).name])
    assert "date" in messages[IMPOSSIBLE]
    assert report.published
    assert current(store)["mteb"] == {"Arguing": 0.5, "Bitext": 0.8}
    assert current(store)["easi"]["vsi_bench"] == 60.0


def wrong_schema(file: Path) -> None:
    pq.write_table(pa.table({"name": [1], "numbers": [[2.0]]}), file)


def garbage(file: Path) -> None:
    file.write_bytes(b"PAR1" + b"\0" * 100)


def opened(name: str, place: Path, store: Store) -> Source:
    """A source at another place than that of the good inputs."""
    (source,) = open_sources({name: str(place), "mteb-catalog": "catalogue"}, NOBODY, store)
    return source


def openevals_of(harm: Callable[[Path], object]) -> Path:
    """A copy of the good table with that harm done to it."""
    place = Path(shutil.copytree("openevals", f"openevals-{harm.__name__}"))
    harm(place / Path(OPENEVALS).relative_to("openevals"))
    return place


def parquet_of_mteb(harm: Callable[[Path], object]) -> Path:
    """Bad Parquet where a tree of result files may be."""
    table = Path(f"mteb-{harm.__name__}") / "data" / "train-00000-of-00001.parquet"
    table.parent.mkdir(parents=True)
    harm(table)
    return table.parent.parent


def test_a_source_that_cannot_be_read_or_is_not_there_is_an_error_of_its_own(store: Store, inputs: Path) -> None:
    bad = [("openevals", openevals_of(harm)) for harm in (wrong_schema, garbage, truncate, inflate, become_a_folder)]
    bad += [("mteb", parquet_of_mteb(harm)) for harm in (wrong_schema, garbage)]
    gone = [(name, Path("elsewhere") / name) for name in ("mteb", "easi", "openevals")]
    good = [(name, Path(name)) for name in ("easi", "openevals")]
    write_tree(inputs, {f"{VERSIONS}/bench_20260301T000000.json": version(60.0)})

    report = build(store, [opened(*source, store) for source in (*bad, *gone, *good)])

    errors = [source.error for source in report.sources]
    assert [error is None for error in errors] == [False] * len(bad + gone) + [True] * len(good)
    assert [str(place) in str(error) for (_, place), error in zip(bad, errors, strict=False)] == [True] * len(bad)
    assert all("not there" in str(error) for error in errors[len(bad) : -len(good)])
    assert current(store) == {
        "mteb": {"Arguing": 0.5, "Bitext": 0.7}, "easi": {"vsi_bench": 60.0}, "openevals": {"Idavidrein/gpqa": 60.0},
    }  # fmt: skip
