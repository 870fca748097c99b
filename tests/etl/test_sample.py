"""The sample: the same to the byte every time, honest about itself, and read by the real sources."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from etl.fetch import Tree
from etl.sample import write_sample
from etl.source import Load, State
from etl.sources.easi import EasiSource
from etl.sources.hub import HubSource, SavedBoards
from etl.sources.mteb import Catalogue, MtebSource

LARGEST = 500_000


def listing(root: Path) -> dict[str, tuple[int, bytes | None]]:
    """Every path below, with its modification time and content."""
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in [root, *root.rglob("*")]
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample"))


def read(load: Load) -> tuple[list[State], list[dict[str, Any]]]:
    states = list(load.states)
    return states, states[-1].tables["scores"].to_pylist()


def test_two_processes_write_the_same_bytes_and_times(sample: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from etl.sample import write_sample; write_sample(Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "new")], env=environment, check=True)

    assert listing(tmp_path / "new") == listing(sample)


def test_writing_again_replaces_an_earlier_sample(tmp_path: Path, sample: Path) -> None:
    out = write_sample(tmp_path)
    (out / "easi/leaderboard/versions/bench_20200101T000000.json").write_text("{}")
    (out / "mteb/results/stale.json").write_text("{}")

    write_sample(tmp_path)

    assert listing(tmp_path) == listing(sample)


@pytest.mark.parametrize("name", ["notes.txt", "hub/board.json", "README.md"])
def test_a_directory_that_holds_anything_else_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")

    with pytest.raises(FileExistsError, match="not the sample's; name an empty directory"):
        write_sample(tmp_path)

    assert (tmp_path / name).read_text() == "mine"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_it_is_small_and_says_what_is_invented(sample: Path) -> None:
    assert sum(path.stat().st_size for path in sample.rglob("*") if path.is_file()) < LARGEST
    text = (sample / "README.md").read_text("utf-8")
    assert "invented" in text
    assert "Published facts" in text


def test_easi_loads_without_problems_and_shows_history(sample: Path) -> None:
    load = EasiSource("sample", Tree(sample / "easi", None, None)).load()
    states, newest = read(load)

    assert load.problems == []
    assert [state.label for state in states] == ["bench_20260301T090000", "bench_20260601T090000"]
    before, after = ({row["source_model"] for row in state.tables["scores"].to_pylist()} for state in states)
    assert len([name for name in before if not name.startswith("Sample-")]) == 14
    assert len([name for name in after if not name.startswith("Sample-")]) == 23
    assert before - after == {"Sample-VL-2B"}
    assert {"Sample-VL-72B", "Sample-Spatial-8B"} < after - before
    changed = [
        row["value"]
        for state in states
        for row in state.tables["scores"].to_pylist()
        if (row["source_model"], row["task"], row["subset"]) == ("Sample-VL-7B", "blink", "default")
    ]
    assert changed[0] != changed[1]
    assert {row["variant"] for row in newest} == {None, "exact_matching"}
    assert states[1].tables["capabilities"].num_rows > 80


def test_only_invented_models_have_sub_scores(sample: Path) -> None:
    _, newest = read(EasiSource("sample", Tree(sample / "easi", None, None)).load())

    sub_scored = {row["source_model"] for row in newest if row["subset"] != "default"}
    assert sub_scored == {"Sample-VL-7B", "Sample-VL-72B", "Sample-Spatial-8B"}


def test_the_published_scores_are_those_published(sample: Path, shared_data: Path) -> None:
    _, newest = read(EasiSource("sample", Tree(sample / "easi", None, None)).load())
    expected = json.loads((shared_data / "easi/leaderboard/expected_api_leaderboard.json").read_text("utf-8"))
    published = {model["name"]: model["scores"] for model in expected["data"][:23]}

    found: dict[str, dict[str, float]] = {}
    for row in newest:
        if row["source_model"] in published and row["subset"] == "default":
            found.setdefault(row["source_model"], {})[row["task"]] = row["value"]
    assert found == {
        name: {task: value for task, value in scores.items() if value is not None} for name, scores in published.items()
    }


def test_mteb_loads_without_problems_and_holds_the_oddities_of_real_trees(sample: Path) -> None:
    catalogue = Catalogue.read(sample / "mteb-catalog")
    load = MtebSource("sample", Tree(sample / "mteb", None, None), catalogue, processes=1).load()
    [state], rows = read(load)

    assert load.problems == []
    assert len({row["source_model"] for row in rows}) == 12
    assert len({row["task"] for row in rows}) == 10
    assert {row["model_revision"] for row in rows if row["source_model"] == "sample-works/words-hosted"} == {"external"}
    assert len({row["model_revision"] for row in rows if row["source_model"] == "sample-lab/sample-embed-large"}) == 2
    assert [row["task"] for row in rows if row["variant"]] == ["SampleNewsRetrieval"]
    assert [row["source_model"] for row in rows if row["value"] is None] == ["sample-university/many-tongues"]
    assert [row["source_model"] for row in rows if row["value"] == 0] == ["sample-works/words-sparse"]
    assert len([row for row in rows if row["source_model"] == "sample-university/old-averages"]) == 12
    assert {row["trained_on"] for row in rows} == {True, False, None}
    old = next((sample / "mteb/results/sample-university__old-averages").glob("*/SampleSentencePairs.json"))
    assert "scores" not in json.loads(old.read_text("utf-8"))
    assert any(" NaN" in file.read_text("utf-8") for file in (sample / "mteb").rglob("*.json"))
    boards = load.described["benchmarks"].to_pylist()
    assert [row["default_method"] for row in boards] == [
        *("BORDA", "BORDA", "BORDA", "MEAN_TASK_TYPE", "MEAN_PUBLIC_PRIVATE"),
    ]
    assert [row["superseded_by"] for row in boards if row["superseded_by"]] == [["SampleMTEB(v2)"]]
    assert [row["name"] for row in load.described["tasks"].to_pylist() if not row["is_public"]] == [
        "SampleHelpdeskRetrieval",
        "SampleContractPagesRetrieval",
    ]
    assert state.tables["benchmark_tasks"].num_rows == 14


def test_hub_boards_load_without_problems(sample: Path) -> None:
    load = HubSource("sample", SavedBoards(sample / "hub")).load()
    [state], rows = read(load)

    assert load.problems == []
    assert state.unread_tasks == frozenset()
    tasks = {row["name"]: row["lower_is_better"] for row in load.described["tasks"].to_pylist()}
    assert tasks == {
        "sample-lab/sample-reasoning#algebra": False,
        "sample-lab/sample-reasoning#plane/geometry": False,
        "sample-works/sample-transcription": True,
    }
    assert {row["variant"] for row in rows} == {None, "With tools"}
    assert {row["verified"] for row in rows} == {True, False}
    assert len([row for row in rows if row["pull_request"]]) == 1
    assert {row["source_model"] for row in rows if row["source_rank"] is None} == {"sample-lab/Sample-LM-7B-Tuned"}
    assert {row["adapted_from"] for row in load.described["models"].to_pylist()} == {None, "sample-lab/Sample-LM-7B"}


def test_the_wide_table_repeats_the_boards_and_has_a_column_of_its_own(sample: Path) -> None:
    table = pq.read_table(sample / "openevals/data/train-00000-of-00001.parquet")
    _, rows = read(HubSource("sample", SavedBoards(sample / "hub")).load())

    plain = {(row["task"], row["source_model"]): row["value"] for row in rows if row["variant"] is None}
    for row in table.to_pylist():
        value = plain.get(("sample-works/sample-transcription", row["model_name"]))
        assert row["sampleTranscription_score"] == value or (
            value is None and math.isnan(row["sampleTranscription_score"])
        )
    assert [name for name in table.column_names if name.endswith("_score")] == [
        *("sampleAlgebra_score", "sampleGeometry_score", "sampleTranscription_score", "sampleSummaries_score"),
        "aggregate_score",
    ]


def test_models_are_met_in_several_sources(sample: Path) -> None:
    easi = EasiSource("sample", Tree(sample / "easi", None, None)).load()
    mteb = Catalogue.read(sample / "mteb-catalog")
    hub = {hint.hub_id for hint in HubSource("sample", SavedBoards(sample / "hub")).load().hints}

    hinted = {hint.name: hint.hub_id for hint in easi.hints}
    assert hinted["Sample-VL-7B"] == "sample-lab/Sample-VL-7B"
    assert "sample-lab/Sample-VL-7B" in hub & {model.name for model in mteb.models}
    assert hinted["Sample-VL-72B"] is None
    assert [name for name in hub if name and name.endswith("/Sample-VL-72B")] == ["sample-lab/Sample-VL-72B"]
