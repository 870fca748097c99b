"""The results tree on disk: current files, and what is wrong in real trees."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.fetch import Tree
from etl.source import Unreadable
from etl.sources.mteb import MtebSource, worker, workers
from tests.etl.mteb import (
    MODEL,
    REVISION,
    cell,
    described,
    load,
    load_files,
    messages,
    read_catalogue,
    result,
    scores,
    write_tree,
)

FILE = f"{MODEL}/{REVISION}/Arguing.json"
PATH = f"results/{FILE}"


def test_a_result_file_becomes_rows_with_all_that_it_says(tmp_path: Path) -> None:
    rows, found = load_files(tmp_path, {FILE: result(date=1754000000.5)})
    assert rows == [
        {
            "source_model": "acme/embed",
            "model_revision": REVISION,
            "variant": None,
            "task": "Arguing",
            "split": "test",
            "subset": "default",
            "metric": "ndcg_at_10",
            "value": 0.5,
            "languages": ["eng-Latn"],
            "trained_on": True,
            "dataset_revision": "d1",
            "provenance_name": "mteb/results",
            "provenance_path": PATH,
            "evaluated_at": datetime(2025, 7, 31, 22, 13, 20, 500000, UTC),
            "tool": "mteb 2.1.0",
            "place": 0,
        }
    ]
    assert found.problems == []


def test_the_directory_may_be_the_tree_itself(tmp_path: Path) -> None:
    write_tree(tmp_path / "tree", {FILE: result()})
    (row,) = scores(load(tmp_path / "tree", read_catalogue(tmp_path)))
    assert row["provenance_path"] == PATH


def test_rows_come_in_the_order_of_paths_and_then_of_cells(tmp_path: Path) -> None:
    cells = {"test": [cell(0.2, "b"), cell(0.1, "a")], "dev": [cell(0.3, "a")]}
    rows, _ = load_files(tmp_path, {f"{MODEL}/{REVISION}/Zebra.json": result("Zebra"), FILE: result(scores=cells)})
    assert [(row["task"], row["split"], row["subset"], row["place"]) for row in rows] == [
        ("Arguing", "test", "b", 0),
        ("Arguing", "test", "a", 1),
        ("Arguing", "dev", "a", 2),
        ("Zebra", "test", "default", 3),
    ]


def test_the_order_is_that_of_a_sorted_walk_whatever_the_format(tmp_path: Path) -> None:
    names = {"r/Bold.json": "Bold", "r/Arguing.json": "Arguing", "r-2/Arguing.json": "Arguing", "r/Clear.json": "Clear"}
    files: dict[str, object] = {f"{MODEL}/{name}": result(task) for name, task in names.items()}
    files[f"{MODEL}/r/Bold.json"] = {"mteb_dataset_name": "Bold", "test": {"main_score": 0.1}}
    rows, _ = load_files(tmp_path, files)
    assert [(row["model_revision"], row["task"], row["place"]) for row in rows] == [
        ("r", "Arguing", 0),
        ("r", "Bold", 1),
        ("r", "Clear", 2),
        ("r-2", "Arguing", 3),
    ]


def test_nan_and_infinity_are_null_and_zero_is_zero(tmp_path: Path) -> None:
    listed = '"curve": [0.1, NaN], "top": Infinity'
    one = '{{"hf_subset": "{0}", "languages": [], {2}"main_score": {1}}}'
    shape = '{{"task_name": "Arguing", "scores": {{"test": [' + one + "]}}}}"
    files = {
        "a": shape.format("a", "NaN", ""),
        "b": shape.format("b", "-Infinity", ""),
        "c": shape.format("c", "0", '"nauc": NaN, '),
        "d": shape.format("d", "0.7", f"{listed}, "),
        "e": shape.format("e", "1e999", ""),
    }
    rows, found = load_files(tmp_path, {f"{MODEL}/{REVISION}/{name}.json": text for name, text in files.items()})
    assert {row["subset"]: row["value"] for row in rows} == {"a": None, "b": None, "c": 0.0, "d": 0.7, "e": None}
    assert found.problems == []


def test_a_text_that_looks_like_nan_stays_as_it_is(tmp_path: Path) -> None:
    name = 'odd\\": NaN'
    rows, _ = load_files(tmp_path, {FILE: result(scores={"test": [cell(0.5, name)]})})
    assert [row["value"] for row in rows] == [0.5]
    assert worker.without_nan(b'{"Name": "NaN", "N": [NaN]}') == b'{"Name": "NaN", "N": [NaN]}'


def test_repeated_keys_and_repeated_languages_are_all_kept(tmp_path: Path) -> None:
    twice = [cell(0.1), cell(0.2, languages=["eng-Latn", "eng-Latn", "eng_Latn", "python-Code"])]
    rows, _ = load_files(tmp_path, {FILE: result(scores={"test": twice})})
    assert [row["value"] for row in rows] == [0.1, 0.2]
    assert rows[1]["languages"] == ["eng-Latn", "eng-Latn", "eng_Latn", "python-Code"]


def test_every_revision_and_every_experiment_is_kept(tmp_path: Path) -> None:
    names = [REVISION, "external", f"{REVISION}/experiments/dim_256"]
    rows, _ = load_files(tmp_path, {f"{MODEL}/{name}/Arguing.json": result() for name in names})
    assert [(row["model_revision"], row["variant"]) for row in rows] == [
        (REVISION, None),
        (REVISION, "dim_256"),
        ("external", None),
    ]


def test_the_tool_is_the_cells_own_version_where_it_has_one(tmp_path: Path) -> None:
    cells = [cell(0.1, "a", mteb_version="2.0.0"), cell(0.2, "b"), cell(0.3, "c", mteb_version=None)]
    rows, _ = load_files(tmp_path, {FILE: result(scores={"test": cells}, mteb_version="1.12.85-2.18.7")})
    assert [row["tool"] for row in rows] == ["mteb 2.0.0", "mteb 1.12.85-2.18.7", "mteb 1.12.85-2.18.7"]


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2025-07-31T10:00:00", datetime(2025, 7, 31, 10, tzinfo=UTC)),
        ("2025-07-31T10:00:00+02:00", datetime(2025, 7, 31, 8, tzinfo=UTC)),
        ("yesterday", None),
        (1e30, None),
        (None, None),
        ([2025], None),
    ],
)
def test_a_date_is_an_epoch_or_iso_and_null_when_it_is_neither(
    tmp_path: Path, date: object, moment: datetime | None
) -> None:
    rows, found = load_files(tmp_path, {FILE: result(date=date)})
    assert rows[0]["evaluated_at"] == moment
    assert found.problems == []


def test_trained_on_is_null_where_training_data_is_undeclared(tmp_path: Path) -> None:
    models = [
        {"name": "acme/secret", "training_datasets": None, "training_datasets_closure": None},
        {"name": "acme/clean", "training_datasets": [], "training_datasets_closure": []},
    ]
    files = {f"acme__{name}/r/Arguing.json": result() for name in ("clean", "secret")}
    rows, _ = load_files(tmp_path, files, models=models)
    assert [row["trained_on"] for row in rows] == [False, None]


def test_a_directory_is_named_by_its_model_meta_then_by_the_catalogue_then_by_itself(tmp_path: Path) -> None:
    files = {f"{name}/r/Arguing.json": result() for name in ("a__b_(dim=2)", "c__d_(dim=2)", "e__f")}
    meta = {"a__b_(dim=2)/r/model_meta.json": {"name": "a/b (dim=2)"}}
    rows, _ = load_files(tmp_path, {**files, **meta}, models=[{"name": "c/d (dim=2)"}])
    assert [row["source_model"] for row in rows] == ["a/b (dim=2)", "c/d (dim=2)", "e/f"]


def test_a_model_meta_of_another_model_is_a_problem_and_the_directory_counts(tmp_path: Path) -> None:
    meta = f"{MODEL}/{REVISION}/model_meta.json"
    rows, found = load_files(tmp_path, {FILE: result(), meta: {"name": "victim/model"}})
    assert rows[0]["source_model"] == "acme/embed"
    assert "victim/model" in messages(found)[f"results/{meta}"]


def test_scripts_settings_and_the_index_are_ignored_silently(tmp_path: Path) -> None:
    strays = {f"{MODEL}/{REVISION}/run_settings.jsonl": "{}", "fix.py": "", "paths.json": "{}", ".git/a/b.json": "{"}
    rows, found = load_files(tmp_path, {FILE: result(), **strays})
    assert (len(rows), found.problems, found.files) == (1, [], 1)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("Bad.json", '{"task_name": "Bad", "scores": {', "not valid JSON"),
        ("Bad.json", "", "not valid JSON"),
        ("Bad.json", b"\xff\xfe{}", "not valid JSON"),
        ("Bad.json", "[" * 100_000, "not valid JSON"),
        ("Bad.json", "[1, 2]", "a JSON list where an object is meant"),
        ("Bad.json", {"something": "else"}, "shape of no result"),
        ("Bad.json", {"scores": {"test": []}}, "no task_name"),
        ("Bad.json", '{"task_name": "\\ud800", "scores": {}}', "not Unicode"),
        ("Bad.json", result("Bad", {"test": "none"}), "no list of scores in the split test"),
        ("Bad.json/inner.txt", "", "is a directory where a file is meant"),
        ("deep/Bad.json", result(), "where results are"),
    ],
)
def test_a_bad_file_is_a_problem_and_its_neighbours_load(
    tmp_path: Path, name: str, content: object, reason: str
) -> None:
    rows, found = load_files(tmp_path, {FILE: result(), f"{MODEL}/{REVISION}/{name}": content})
    assert [row["task"] for row in rows] == ["Arguing"]
    bad = f"results/{MODEL}/{REVISION}/{name.removesuffix('/inner.txt')}"
    assert reason in messages(found)[bad]


def test_a_bad_cell_is_a_problem_and_its_neighbours_load(tmp_path: Path) -> None:
    cells = [cell(0.1, "a"), {"main_score": 1.0}, cell("high", "b"), {"hf_subset": "c"}, cell(True, "d")]
    rows, found = load_files(tmp_path, {FILE: result(scores={"test": cells})})
    assert {row["subset"]: row["value"] for row in rows} == {"a": 0.1, "b": None, "c": None, "d": None}
    message = messages(found)[PATH]
    assert "no hf_subset in score 1 of the split test" in message
    assert "a str as main_score in test/b" in message
    assert "and 1 more flaws" in message


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "results" / MODEL / REVISION / "Huge.json"
    write_tree(tmp_path / "results", {FILE: result()})
    with huge.open("wb") as file:
        file.truncate(1024**3)
    rows, found = load_files(tmp_path, {})
    assert len(rows) == 1
    assert "1,073,741,824 bytes" in messages(found)[f"results/{MODEL}/{REVISION}/Huge.json"]


def test_a_pipe_does_not_block_and_a_linked_directory_is_not_followed(tmp_path: Path) -> None:
    write_tree(tmp_path / "results", {FILE: result()})
    os.mkfifo(tmp_path / "results" / MODEL / REVISION / "Pipe.json")
    (tmp_path / "results" / "loop").symlink_to(tmp_path / "results", target_is_directory=True)
    rows, found = load_files(tmp_path, {})
    assert len(rows) == 1
    assert "no regular file" in messages(found)[f"results/{MODEL}/{REVISION}/Pipe.json"]
    assert "not followed" in messages(found)["results/loop"]


@pytest.mark.parametrize("files", [{}, {"README.md": "hello"}, {FILE: "{"}])
def test_a_tree_without_any_score_cannot_be_read(tmp_path: Path, files: dict[str, object]) -> None:
    write_tree(tmp_path, files)
    with pytest.raises(Unreadable, match="holds no MTEB"):
        load(tmp_path)


def test_tasks_and_subsets_that_only_results_hold_are_described(tmp_path: Path) -> None:
    cells = {"test": [cell(0.1, "en-de"), cell(0.2, "en-xx", languages=["eng-Latn", "xxx-Latn"])]}
    files = {"Bitext": result("Bitext", cells), "CPUSpeedTask": result("CPUSpeedTask", {"test": [cell(78556.1)]})}
    rows, found = load_files(tmp_path, {f"{MODEL}/r/{name}.json": content for name, content in files.items()})
    task = described(found, "tasks")["CPUSpeedTask"]
    assert (task["place"], task["is_public"], task["unit"], task["metric"], task["splits"]) == (
        2,
        True,
        None,
        None,
        ["test"],
    )
    assert rows[-1]["metric"] == "main_score"
    subsets = [tuple(row.values()) for row in found.described["task_subsets"].to_pylist() if row["task"] != "Arguing"]
    assert subsets == [
        ("Bitext", "en-de", ["eng-Latn", "deu-Latn"], True, 0),
        ("Bitext", "en-fr", ["eng-Latn", "fra-Latn"], True, 1),
        ("Bitext", "en-xx", ["eng-Latn", "xxx-Latn"], False, 2),
        ("CPUSpeedTask", "default", ["eng-Latn"], False, 0),
    ]


def test_scores_load_without_a_catalogue(tmp_path: Path) -> None:
    write_tree(tmp_path / "results", {FILE: result()})
    found = load(tmp_path)
    (row,) = scores(found)
    assert (row["metric"], row["trained_on"], row["value"]) == ("main_score", None, 0.5)
    assert list(described(found, "models")) == ["acme/embed"]
    (state,) = found.states
    assert set(state.tables) == {"scores"}


def test_the_state_is_named_by_the_commit_or_by_a_hash_of_all_that_was_read(tmp_path: Path) -> None:
    catalogue = read_catalogue(tmp_path)
    root = write_tree(tmp_path / "root", {PATH: result()})
    (committed,) = load(root, catalogue, "c" * 40).states
    assert (committed.label, committed.revision) == ("c" * 40, "c" * 40)
    assert committed.tables["scores"]["provenance_revision"][0].as_py() == "c" * 40
    (first,) = load(root, catalogue).states
    assert first.label == next(load(root, catalogue).states).label
    assert first.label.startswith("sha256:")
    assert len(first.label) == len("sha256:") + 16
    assert first.revision is not None
    assert first.revision.startswith(first.label)
    other = read_catalogue(tmp_path / "other", language_labels={})
    assert next(load(root, other).states).label != first.label
    write_tree(root, {PATH: result(scores={"test": [cell(0.51)]})})
    assert next(load(root, catalogue).states).label != first.label


def test_the_state_has_the_time_of_the_newest_file_but_never_of_the_future(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {PATH: result(), f"results/{MODEL}/r/Old.json": result()})
    os.utime(root / PATH, (0, 1_750_000_000.7))
    os.utime(root / "results" / MODEL / "r" / "Old.json", (0, 1_000_000_000))
    assert next(load(root).states).at == datetime.fromtimestamp(1_750_000_000, UTC)
    os.utime(root / PATH, (0, 4_000_000_000))
    assert next(load(root).states).at <= datetime.now(UTC)
    ahead = Tree(root, "c" * 40, datetime(2999, 1, 1, tzinfo=UTC))
    assert next(MtebSource("x", ahead, None).load().states).at <= datetime.now(UTC)
    committed = Tree(root, "c" * 40, datetime(2025, 1, 1, 12, 0, 0, 500, UTC))
    assert next(MtebSource("x", committed, None).load().states).at == datetime(2025, 1, 1, 12, tzinfo=UTC)


def test_workers_give_what_one_process_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, object] = {f"{MODEL}/r/T{n:02}.json": result(f"T{n}", {"test": [cell(n / 50)]}) for n in range(40)}
    files |= {f"{MODEL}/r/Bad.json": "{", FILE: {"mteb_dataset_name": "Arguing", "test": {"ndcg_at_10": 0.4}}}
    write_tree(tmp_path / "results", files)
    alone = load(tmp_path)
    monkeypatch.setattr(workers, "FEW", 1)
    monkeypatch.setattr(workers, "BATCH", 5)
    together = load(tmp_path, processes=2)
    assert scores(together) == scores(alone)
    assert (together.revision, together.problems) == (alone.revision, alone.problems)


def test_the_work_of_a_dead_worker_is_done_nevertheless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = write_tree(tmp_path, {"dies.py": "raise SystemExit(1)"}) / "dies.py"
    write_tree(tmp_path / "results", {f"{MODEL}/r/T{n}.json": result(f"T{n}") for n in range(12)})
    monkeypatch.setattr(workers, "FEW", 1)
    monkeypatch.setattr(workers, "BATCH", 2)
    monkeypatch.setattr(worker, "__file__", str(script))
    assert len(scores(load(tmp_path, processes=2))) == 12
