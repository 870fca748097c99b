"""Collecting what VLMEvalKit leaves: which files are read, which numbers come out, and what is said of the rest."""

import json
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.etl.workbooks import write_workbook
from tests.running import Run

pytest_plugins = ("tests.running",)

MODEL = "small-lab/Tiny-1B"
RUN = "T20260101_Gabc"
MINDCUBE = "MindCubeBench_tiny_raw_qa"
SITE_COLUMNS = ("index", "category", "hit", "options")


class Results:
    """A result directory of one model; each file is newer than the one before."""

    def __init__(self, out: Path) -> None:
        self.folder = out / "Tiny-1B"
        self.folder.mkdir(parents=True)
        self._time = 1_700_000_000

    def add(self, rest: str, content: str | Sequence[Sequence[object]], run: str = RUN, *, link: bool = True) -> Path:
        """A file of a run, and the link to it as VLMEvalKit makes it."""
        file = self.folder / run / f"Tiny-1B_{rest}"
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            file.write_text(content)
        else:
            write_workbook(file, content)
        self._time += 1
        os.utime(file, (self._time, self._time))
        place = self.folder / file.name
        place.unlink(missing_ok=True)
        if link:
            place.symlink_to(file.absolute())
        return file


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "results")


Collect = Callable[..., dict[str, Any]]


@pytest.fixture
def collect(run: Run, tmp_path: Path) -> Collect:
    """Runs the command on the directory, and gives what it wrote and said."""

    def invoke(*words: str, directory: Path = tmp_path / "results") -> dict[str, Any]:
        given = ("--backend", "vlmevalkit", "--model", MODEL, "--out", tmp_path / "out", *words)
        result = run("collect", directory, *given)
        assert result.exit_code == 0, result.output
        payload = json.loads((tmp_path / "out/easi_results.json").read_text(), parse_constant=pytest.fail)
        return {**payload, "said": result.output}

    return invoke


def failing(run: Run, tmp_path: Path, directory: Path) -> str:
    result = run("collect", directory, "--backend", "vlmevalkit", "--model", MODEL, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()
    return result.output


def wide(**columns: object) -> str:
    return "\t".join(columns) + "\n" + "\t".join(map(str, columns.values())) + "\n"


def mindcube(overall: float) -> str:
    return wide(overall=overall, rotation_accuracy=10, among_accuracy=20, around_accuracy=30)


def site(*questions: tuple[str, int, int]) -> list[Sequence[object]]:
    """A workbook of (category, hit, number of options)."""
    rows = [
        (number, category, hit, str([f"option {each}" for each in range(options)]))
        for number, (category, hit, options) in enumerate(questions)
    ]
    return [SITE_COLUMNS, *rows]


def test_a_directory_becomes_the_payload_and_the_archive(results: Results, collect: Collect, tmp_path: Path) -> None:
    table = results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(77.77777))
    results.add(f"{MINDCUBE}.xlsx", [("index",), (1,)])
    results.add(f"{MINDCUBE}_result.pkl", "pickled")

    made = collect("--model-type", "instruction", "--precision", "bfloat16", "--remarks", "first try")

    said = made.pop("said")
    assert made == {
        "modelName": MODEL, "modelType": "instruction", "precision": "bfloat16", "revision": "main", "weightType": "",
        "baseModel": "", "backend": "vlmevalkit", "remarks": "first try", "scores": {"mindcube_tiny": 77.7778},
        "subScores": {"mindcube_tiny": {"among_accuracy": 20.0, "around_accuracy": 30.0, "rotation_accuracy": 10.0}},
    }  # fmt: skip
    assert list(made)[:2] == ["modelName", "modelType"]
    with zipfile.ZipFile(tmp_path / "out/easi_results.zip") as archive:
        names = [f"Tiny-1B/Tiny-1B_{MINDCUBE}.xlsx", f"Tiny-1B/Tiny-1B_{MINDCUBE}_extract_matching_acc.csv"]
        assert archive.namelist() == names
        assert archive.read(names[1]) == table.read_bytes()
    assert "Missing of EASI-8: VSI-Bench, MMSI-Bench, ViewSpatial, SITE, BLINK, 3DSRBench, EmbSpatial." in said
    assert "looked for Tiny-1B_BLINK_acc.csv" in said
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["easi_results.json", "easi_results.zip"]


def test_the_models_own_directory_can_be_given(results: Results, collect: Collect) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    assert collect(directory=results.folder)["scores"] == {"mindcube_tiny": 50.0}


def test_the_newest_of_several_runs_counts_in_score_and_archive(
    results: Results, collect: Collect, tmp_path: Path
) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(1), "T20260301_Gold", link=False)
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(2), "T20260201_Gnew", link=False)

    assert collect()["scores"] == {"mindcube_tiny": 2.0}
    with zipfile.ZipFile(tmp_path / "out/easi_results.zip") as archive:
        (only,) = archive.infolist()
        assert archive.read(only) == mindcube(2).encode()


def test_multiple_choice_is_scaled_and_the_circular_rows_come_as_sub_scores(results: Results, collect: Collect) -> None:
    results.add("BLINK_acc.csv", '"split","Overall","Art_Style","Counting"\n"val","0.5","0.25",""\n')
    results.add(
        "3DSRBench_full_acc.csv",
        '"Overall","height_higher","setting"\n"0.1","0.2","circ_eval"\n"0.5","0.75","vanilla"\n"0","0","flip_eval"\n',
    )

    made = collect()

    assert made["scores"] == {"3dsrbench": 50.0, "blink": 50.0}
    assert {key: value for key, value in made["subScores"]["3dsrbench"].items() if value is not None} == {
        "overall": 50.0, "height_higher": 75.0, "circ_eval_overall": 10.0, "circ_eval_height_higher": 20.0,
    }  # fmt: skip
    assert len(made["subScores"]["3dsrbench"]) == 26
    assert made["subScores"]["blink"]["art_style"] == 25.0
    assert made["subScores"]["blink"]["counting"] is None
    assert "13 sub-scores are not in the file" in made["said"]


def test_site_is_one_chance_adjusted_accuracy_over_images_and_videos(results: Results, collect: Collect) -> None:
    images = site(("counting & existence", 1, 2), ("counting & existence", 0, 4))
    results.add("SiteBenchImage_extract_matching.xlsx", [*images, (9, "counting & existence", 1, "no list")])
    results.add("SiteBenchVideo_32frame_extract_matching.xlsx", site(("spatial relationship reasoning", 0, 2)))

    made = collect()

    # (1 - 1/2) + (0 - 1/4) + (0 - 1/2) of (1 - 1/2) + (1 - 1/4) + (1 - 1/2)
    assert made["scores"] == {"site": round(100 * -0.25 / 1.75, 4)}
    subs = made["subScores"]["site"]
    assert subs["counting_and_existence_caa"] == 20.0
    assert subs["spatial_relationship_reasoning_caa"] == -100.0
    assert subs["3d_information_understanding_caa"] is None
    assert len(subs) == 6


def test_site_of_images_alone_is_taken_and_said(results: Results, collect: Collect) -> None:
    results.add("SiteBenchImage_extract_matching.xlsx", site(("counting & existence", 1, 4)))
    made = collect()
    assert made["scores"] == {"site": 100.0}
    assert "without SiteBenchVideo_32frame" in made["said"]


@pytest.mark.parametrize("way", ["extract_matching", "llm_gpt-4o"])
def test_the_table_of_the_whole_mmsi_video_bench_is_read_not_the_newer_one_of_a_subset(
    results: Results, collect: Collect, way: str
) -> None:
    columns = {"overall": 43.75, "task_type.Cross-Video_accuracy": 50, "task_type.Planning_accuracy": 25}
    results.add(f"MMSIVideoBench_50frame_{way}_acc.csv", wide(**columns))
    results.add(f"MMSIVideoBench_50frame_{way}_subset_acc.csv", "metric\tvalue\n(Robot)Avg\t50\n")

    made = collect()

    assert made["scores"] == {"mmsi_video_bench": 43.75}
    assert made["subScores"]["mmsi_video_bench"]["cross_video_accuracy"] == 50.0
    assert made["subScores"]["mmsi_video_bench"]["prediction_accuracy"] is None
    assert "repaired" in made["said"]


def test_spar_is_read_from_its_full_row_and_never_nan(results: Results, collect: Collect) -> None:
    table = "overall\tLow\tview_change_infer_vci_metric\tposition_matching_accuracy\n0.4\t0.5\t\t\n0.4\t0.5\t0.6\tnan\n"
    results.add("SparBench_extract_matching_acc.csv", table)

    made = collect()

    assert made["scores"] == {"spar_bench": 40.0}
    assert made["subScores"]["spar_bench"]["view_change_infer_vci_metric"] == 60.0
    assert made["subScores"]["spar_bench"]["position_matching_accuracy"] is None
    assert "repaired" in made["said"]


def test_core_leaves_the_others_out_of_the_scores_and_says_so(results: Results, collect: Collect) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    results.add("SparBench_extract_matching_acc.csv", wide(overall=0.4))
    made = collect("--benchmarks", "core")
    assert list(made["scores"]) == list(made["subScores"]) == ["mindcube_tiny"]
    assert "left out: not of EASI-8" in made["said"]


def test_a_run_that_a_judge_matched_keeps_the_benchmarks_id(results: Results, collect: Collect) -> None:
    results.add(f"{MINDCUBE}_llm_gpt-4o_acc.csv", mindcube(60))
    made = collect()
    assert made["scores"] == {"mindcube_tiny": 60.0}
    assert "judged by gpt-4o" in made["said"]


def test_what_a_judge_scored_again_comes_twice_under_ids_of_its_own(results: Results, collect: Collect) -> None:
    backup = f"{RUN}/exact_matching_backup"
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50), backup, link=False)
    results.add(f"{MINDCUBE}_llm_gpt-4o-1120_acc.csv", mindcube(60))
    blink = '"split","Overall"\n"val","{}"\n'
    results.add("BLINK_acc.csv", blink.format(0.1), backup, link=False)
    results.add("BLINK_acc.csv", blink.format(0.2))
    results.add("BLINK_gpt-4o-1120_result.xlsx", [("index",), (1,)])
    video = site(("counting & existence", 1, 2))
    results.add("SiteBenchVideo_32frame_extract_matching.xlsx", video, backup, link=False)
    results.add("SiteBenchVideo_32frame_llm_gpt-4o-1120.xlsx", site(("counting & existence", 0, 2)))

    made = collect()

    assert made["scores"] == {
        "blink_exact_matching": 10.0, "blink_gpt-4o-1120": 20.0, "mindcube_tiny_exact_matching": 50.0,
        "mindcube_tiny_gpt-4o-1120": 60.0, "site_exact_matching": 100.0, "site_gpt-4o-1120": -100.0,
    }  # fmt: skip
    assert "Missing of EASI-8: VSI-Bench, MMSI-Bench, ViewSpatial, 3DSRBench, EmbSpatial." in made["said"]


def test_a_judged_table_whose_judge_no_file_names_is_an_error(results: Results, run: Run, tmp_path: Path) -> None:
    results.add("BLINK_acc.csv", '"Overall"\n"0.1"\n', f"{RUN}/exact_matching_backup", link=False)
    results.add("BLINK_acc.csv", '"Overall"\n"0.2"\n')
    assert "no file names its judge" in failing(run, tmp_path, results.folder)


def test_links_that_git_wrote_as_text_are_followed(results: Results, collect: Collect) -> None:
    file = results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50), link=False)
    (results.folder / file.name).write_text(f"{RUN}/{file.name}")
    made = collect()
    assert made["scores"] == {"mindcube_tiny": 50.0}
    assert "1 links are text files" in made["said"]


def test_links_that_lead_nowhere_are_named(results: Results, collect: Collect) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    (results.folder / "Tiny-1B_BLINK_acc.csv").symlink_to("/nowhere/else/Tiny-1B_BLINK_acc.csv")
    made = collect()
    assert made["scores"] == {"mindcube_tiny": 50.0}
    assert "1 links lead to files that are not there, Tiny-1B_BLINK_acc.csv among them" in made["said"]


@pytest.mark.parametrize("written", [False, True], ids=["link", "text"])
def test_a_link_that_leads_out_of_the_directory_is_an_error(
    results: Results, run: Run, tmp_path: Path, written: bool
) -> None:
    outside = tmp_path / "Tiny-1B_BLINK_acc.csv"
    outside.write_text('"Overall"\n"0.9"\n')
    place = results.folder / outside.name
    if written:
        place.write_text(f"../../{outside.name}")
    else:
        place.symlink_to(outside)
    said = failing(run, tmp_path, tmp_path / "results")
    assert str(outside) in said
    assert "leads out of" in said


def test_a_wrong_directory_is_an_error_that_names_what_was_looked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/Other-7B_BLINK_acc.csv").write_text("")
    said = failing(run, tmp_path, tmp_path / "other")
    assert "looked for Tiny-1B_*_acc.csv" in said
    assert "Other-7B_BLINK_acc.csv" in said
    assert "is no directory" in failing(run, tmp_path, tmp_path / "nowhere")


def test_an_unfinished_evaluation_is_told(results: Results, collect: Collect) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    results.add("ViewSpatialBench.xlsx", [("index",)])
    made = collect()
    assert (
        "looked for Tiny-1B_ViewSpatialBench_*_acc.csv (there are predictions: the evaluation did not" in made["said"]
    )


@pytest.mark.parametrize("content", ["", "overall\tamong_accuracy\n", "among_accuracy\n1\n", "\0\xff"])
def test_a_table_that_is_none_is_an_error_that_names_it(
    results: Results, run: Run, tmp_path: Path, content: str
) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", content)
    said = failing(run, tmp_path, results.folder)
    assert f"Tiny-1B_{MINDCUBE}_extract_matching_acc.csv" in said
    assert "run it again" in said


@pytest.mark.parametrize("rows", [[], [("index", "category", "hit")], [("category", "options")]])
def test_a_workbook_without_the_columns_is_an_error(
    results: Results, run: Run, tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    results.add("SiteBenchImage_extract_matching.xlsx", rows)
    assert "lacks a column" in failing(run, tmp_path, results.folder)


def test_a_broken_workbook_and_one_that_unpacks_to_too_much_are_errors(
    results: Results, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.add("SiteBenchImage_extract_matching.xlsx", "no zip")
    assert "is not a workbook" in failing(run, tmp_path, results.folder)
    results.add("SiteBenchImage_extract_matching.xlsx", site(("counting & existence", 1, 4)))
    monkeypatch.setattr("etl.collect.workbooks.MAX_UNPACKED_BYTES", 100)
    assert "unpacks to more than 100 bytes" in failing(run, tmp_path, results.folder)


@pytest.mark.parametrize("place", ["ZZ1", "A999999"])
def test_a_workbook_with_a_cell_far_out_is_an_error(results: Results, run: Run, tmp_path: Path, place: str) -> None:
    file = results.add("SiteBenchImage_extract_matching.xlsx", [("category", "hit", "options")])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b'"C1"', f'"{place}"'.encode()))
    assert "more than 200 columns or 200,000 rows" in failing(run, tmp_path, results.folder)


@pytest.mark.parametrize(
    ("bound", "most"),
    [("files.MAX_ENTRIES", 1), ("files.MAX_FOLDERS", 0), ("accuracies.MAX_BYTES", 10), ("writing.MAX_BYTES", 10)],
)
def test_what_is_larger_than_its_bound_is_an_error(
    results: Results, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    results.add(f"{MINDCUBE}.xlsx", [("index",)])
    monkeypatch.setattr(f"etl.collect.{bound}", most)
    assert "more than" in (said := failing(run, tmp_path, results.folder)) or "at most" in said


def test_files_that_were_made_before_stay_whole_when_writing_fails(
    results: Results, collect: Collect, run: Run, tmp_path: Path
) -> None:
    table = results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    collect()
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    table.write_text("")

    again = run("collect", results.folder, "--backend", "vlmevalkit", "--model", MODEL, "--out", tmp_path / "out")

    assert again.exit_code == 1
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_a_place_that_cannot_be_written_is_an_error(results: Results, run: Run, tmp_path: Path) -> None:
    results.add(f"{MINDCUBE}_extract_matching_acc.csv", mindcube(50))
    (tmp_path / "file").write_text("")
    words = ("--backend", "vlmevalkit", "--model", MODEL, "--out", tmp_path / "file/out")
    result = run("collect", results.folder, *words)
    assert result.exit_code == 1
    assert "cannot be read or written" in result.output


@pytest.mark.parametrize("model", ["../secret", "org/..", "a/b/c", "", "org/na me"])
def test_a_name_that_no_model_has_is_an_error(results: Results, run: Run, model: str) -> None:
    result = run("collect", results.folder, "--backend", "vlmevalkit", "--model", model, "--out", "out")
    assert result.exit_code in (1, 2)
    assert not Path("out").exists()


def test_the_backend_and_the_place_are_needed(run: Run) -> None:
    assert run("collect", ".", "--model", MODEL, "--out", "out").exit_code == 2
    assert run("collect", ".", "--model", MODEL, "--backend", "vlmevalkit").exit_code == 2
    assert run("collect", ".", "--model", MODEL, "--backend", "opencompass", "--out", "out").exit_code == 2
