"""Collecting what lmms-eval leaves: results of several runs, samples, and the archive of what still counts."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.running import Run

pytest_plugins = ("tests.running",)

MODEL = "small-lab/Tiny-1B"
CONFIG = {"config": {"model": "tiny_vl"}, "model_name": MODEL}


class Results:
    """A result directory of one model."""

    def __init__(self, out: Path) -> None:
        self.folder = out / "small-lab__Tiny-1B"
        self.folder.mkdir(parents=True)

    def add(self, stamp: str, results: Mapping[str, Mapping[str, object]], **others: object) -> None:
        (self.folder / f"{stamp}_results.json").write_text(json.dumps({"results": results, **CONFIG, **others}))

    def add_samples(self, stamp: str, task: str, *samples: object) -> None:
        lines = "".join(json.dumps(sample) + "\n" for sample in samples)
        (self.folder / f"{stamp}_samples_{task}.jsonl").write_text(lines)


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "results")


Collect = Callable[..., dict[str, Any]]


@pytest.fixture
def collect(run: Run, tmp_path: Path) -> Collect:
    def invoke(*words: str, directory: Path = tmp_path / "results", model: str = MODEL) -> dict[str, Any]:
        given = ("--backend", "lmms-eval", "--model", model, "--out", tmp_path / "out", *words)
        result = run("collect", directory, *given)
        assert result.exit_code == 0, result.output
        payload = json.loads((tmp_path / "out/easi_results.json").read_text(), parse_constant=pytest.fail)
        with zipfile.ZipFile(tmp_path / "out/easi_results.zip") as archive:
            return {**payload, "said": result.output, "names": archive.namelist()}

    return invoke


def failing(run: Run, tmp_path: Path, directory: Path) -> str:
    result = run("collect", directory, "--backend", "lmms-eval", "--model", MODEL, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()
    return result.output


def question(category: str, gained: float, possible: float) -> dict[str, Any]:
    adjusted = {"overall": gained, category: gained, "some dataset": gained, "total": possible}
    return {"doc_id": 0, "accuracy": {"overall": 1.0, "total": 1}, "chance_adjusted_acc": adjusted}


def test_metrics_are_read_without_their_filter_and_scaled(results: Results, collect: Collect) -> None:
    metrics = {"alias": "embspatial", "embspatial_acc,none": 0.5, "embspatial_acc_stderr,none": "N/A"}
    results.add(
        "20260101_000000", {"embspatial": {**metrics, "mp3d_accuracy,none": 0.25, "scannet_accuracy,none": "N/A"}}
    )
    results.add("20260102_000000", {"sparbench": {"sparbench_score,none": 37.5}, "mmmu": {"acc,none": 1}})
    results.add(
        "20260103_000000", {"mmsi_bench": {"average,none": 0.3, "Positional Relationship (Cam.–Obj.),none": 0.2}}
    )

    made = collect()

    assert made["scores"] == {"embspatial": 50.0, "mmsi_bench": 30.0, "spar_bench": 37.5}
    assert made["subScores"]["embspatial"] == {
        "ai2thor_accuracy": None, "mp3d_accuracy": 25.0, "scannet_accuracy": None,
    }  # fmt: skip
    assert made["subScores"]["mmsi_bench"]["pos_cam_obj_accuracy"] == 20.0
    assert "spar_bench" not in made["subScores"]
    assert made["backend"] == "lmmseval"
    assert "the task blink in *_results.json" in made["said"]
    assert all(name.startswith("tiny_vl/2026010") for name in made["names"])


def test_a_later_run_replaces_a_task_wholly_and_the_earlier_files_stay_out_of_the_archive(
    results: Results, collect: Collect
) -> None:
    results.add("20260101_000000", {"embspatial": {"embspatial_acc,none": 0.1, "mp3d_accuracy,none": 0.1}})
    results.add_samples("20260101_000000", "embspatial", {})
    results.add("20260102_000000", {"embspatial": {"embspatial_acc,none": 0.2}, "blink": {"blink_acc,none": 0.3}})
    results.add_samples("20260102_000000", "embspatial", {})
    results.add("20260103_000000", {"blink": {"blink_acc,none": 0.4}})

    made = collect()

    assert made["scores"] == {"blink": 40.0, "embspatial": 20.0}
    assert made["subScores"]["embspatial"]["mp3d_accuracy"] is None
    assert [name.removeprefix("tiny_vl/") for name in made["names"]] == [
        "20260102_000000_results.json", "20260102_000000_samples_embspatial.jsonl", "20260103_000000_results.json",
    ]  # fmt: skip


def test_site_is_summed_over_the_newest_samples_of_images_and_videos(results: Results, collect: Collect) -> None:
    results.add("20260101_000000", {"site_bench_image": {"accuracy,none": 1}, "site_bench_video_multiimage": {}})
    results.add_samples("20260101_000000", "site_bench_image", question("counting & existence", 0.75, 0.75))
    results.add_samples("20260102_000000", "site_bench_image", question("counting & existence", -0.5, 0.5))
    results.add_samples(
        "20260103_000000", "site_bench_video_multiimage", question("counting & existence", 0.75, 0.75),
        question("spatial relationship reasoning", 0, 0),
    )  # fmt: skip

    made = collect()

    assert made["scores"] == {"site": 20.0}
    assert made["subScores"]["site"]["counting_and_existence_caa"] == 20.0
    assert made["subScores"]["site"]["spatial_relationship_reasoning_caa"] is None


def test_a_headline_that_is_not_there_is_null(results: Results, collect: Collect) -> None:
    results.add("20260101_000000", {"blink": {"blink_acc,none": "N/A"}, "embspatial": {"embspatial_acc,none": 0.5}})
    made = collect(directory=results.folder)
    assert made["scores"] == {"blink": None, "embspatial": 50.0}
    assert "has no number `blink_acc`" in made["said"]


def test_files_of_another_model_are_told(results: Results, collect: Collect) -> None:
    results.add("20260101_000000", {"blink": {"blink_acc,none": 0.5}})
    made = collect(directory=results.folder, model="small-lab/Other")
    assert made["modelName"] == "small-lab/Other"
    assert "the files say that the model is small-lab/Tiny-1B, not small-lab/Other" in made["said"]


@pytest.mark.parametrize("kind", ["../../up", "", 5, None, "..", "x" * 200])
def test_a_kind_of_model_that_is_no_folder_is_not_one_in_the_archive(
    results: Results, collect: Collect, kind: object
) -> None:
    results.add("20260101_000000", {"blink": {"blink_acc,none": 0.5}}, config={"model": kind})
    assert collect()["names"] == ["Tiny-1B/20260101_000000_results.json"]


@pytest.mark.parametrize("content", ['{"results": {"blink": {"bli', "[]", "{}", '{"results": 5}', "[" * 100_000])
def test_a_broken_file_of_results_is_an_error_that_names_it(
    results: Results, run: Run, tmp_path: Path, content: str
) -> None:
    results.add("20260101_000000", {"blink": {"blink_acc,none": 0.5}})
    (results.folder / "20260102_000000_results.json").write_text(content)
    assert "20260102_000000_results.json" in failing(run, tmp_path, results.folder)


@pytest.mark.parametrize(
    "last", ['{"chance_adjusted_acc": {"over', "5", "{}", '{"chance_adjusted_acc": {"overall": 1}}']
)
def test_broken_samples_are_an_error_that_names_the_line(results: Results, run: Run, tmp_path: Path, last: str) -> None:
    results.add("20260101_000000", {"site_bench_image": {}})
    results.add_samples("20260101_000000", "site_bench_image", question("counting & existence", 1, 1))
    with (results.folder / "20260101_000000_samples_site_bench_image.jsonl").open("a") as lines:
        lines.write(last)
    assert "_samples_site_bench_image.jsonl, line 2 has no" in failing(run, tmp_path, results.folder)


def test_a_wrong_directory_is_an_error_that_names_what_was_looked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "results/other-lab__Big").mkdir(parents=True)
    said = failing(run, tmp_path, tmp_path / "results")
    assert "looked for *_results.json" in said
    assert "small-lab__Tiny-1B" in said
    assert "found other-lab__Big" in said


def test_results_of_other_tasks_only_are_an_error(results: Results, run: Run, tmp_path: Path) -> None:
    results.add("20260101_000000", {"mmmu": {"acc,none": 1}})
    assert "none of EASI's tasks, but of mmmu" in failing(run, tmp_path, results.folder)


def test_a_link_that_leads_out_of_the_directory_is_an_error(results: Results, run: Run, tmp_path: Path) -> None:
    results.add("20260101_000000", {"blink": {"blink_acc,none": 0.5}})
    (tmp_path / "secret.jsonl").write_text("{}")
    (results.folder / "20260101_000000_samples_blink.jsonl").symlink_to(tmp_path / "secret.jsonl")
    assert "leads out of" in failing(run, tmp_path, results.folder)
