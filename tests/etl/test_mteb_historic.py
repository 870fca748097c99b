"""Result files from before mteb 1.11."""

from pathlib import Path
from typing import Any

import pytest

from tests.etl.mteb import BITEXT, RETRIEVAL, load, load_files, messages, scores, write_tree


def old(task: str, *, version: str | None = "1.0.2", **splits: Any) -> dict[str, Any]:
    head = {"mteb_dataset_name": task, "dataset_revision": "d0"}
    return {**head, **({} if version is None else {"mteb_version": version}), **splits}


def load_one(tmp_path: Path, content: object, *tasks: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    files = {"acme__embed/r/Old.json": content}
    rows, found = load_files(tmp_path, files, tasks=[RETRIEVAL, BITEXT, *tasks])
    return rows, messages(found)


def test_flat_metrics_become_the_default_subset_with_the_catalogues_metric_and_languages(tmp_path: Path) -> None:
    rows, problems = load_one(
        tmp_path, old("Arguing", test={"ndcg_at_10": 0.4, "map_at_10": 0.3, "evaluation_time": 9})
    )
    (row,) = rows
    assert (row["task"], row["split"], row["subset"], row["value"]) == ("Arguing", "test", "default", 0.4)
    assert (row["metric"], row["languages"], row["tool"]) == ("ndcg_at_10", ["eng-Latn"], "mteb 1.0.2")
    assert (row["dataset_revision"], row["evaluated_at"]) == ("d0", None)
    assert problems == {}


def test_metrics_by_subset_keep_their_subsets(tmp_path: Path) -> None:
    subsets = {"en-de": {"f1": 0.9}, "en-fr": {"f1": 0.8}, "evaluation_time": 3.0}
    rows, _ = load_one(tmp_path, old("Bitext", test=subsets, dev={"en-de": {"f1": 0.7}}))
    assert [(row["split"], row["subset"], row["value"], row["languages"]) for row in rows] == [
        ("test", "en-de", 0.9, ["eng-Latn", "deu-Latn"]),
        ("test", "en-fr", 0.8, ["eng-Latn", "fra-Latn"]),
        ("dev", "en-de", 0.7, ["eng-Latn", "deu-Latn"]),
    ]


@pytest.mark.parametrize(
    ("group", "metric"),
    [
        ("cos_sim", "cosine_spearman"),
        ("euclidean", "euclidean_spearman"),
        ("manhattan", "manhattan_spearman"),
        ("dot", "dot_spearman"),
        ("max", "max_spearman"),
        ("similarity", "similarity_spearman"),
    ],
)
def test_groups_of_metrics_are_flattened(tmp_path: Path, group: str, metric: str) -> None:
    task = {"name": "Pairs", "main_score": metric}
    rows, _ = load_one(tmp_path, old("Pairs", test={group: {"spearman": 0.6, "ap": 0.1}, "v_measures": {"a": 1}}), task)
    assert [(row["subset"], row["metric"], row["value"]) for row in rows] == [("default", metric, 0.6)]


def test_a_main_score_in_the_file_counts_before_the_catalogues_metric(tmp_path: Path) -> None:
    rows, problems = load_one(tmp_path, old("Arguing", test={"main_score": 0.2, "ndcg_at_10": 0.4}))
    assert [row["value"] for row in rows] == [0.2]
    assert problems == {}


def test_a_file_without_the_main_metric_gives_null_and_a_problem_that_names_the_metric(tmp_path: Path) -> None:
    rows, problems = load_one(tmp_path, old("Arguing", test={"map": 0.4, "mrr": 0.5}))
    assert [(row["metric"], row["value"]) for row in rows] == [("ndcg_at_10", None)]
    assert "no ndcg_at_10 in test/default" in problems["results/acme__embed/r/Old.json"]


def test_a_file_of_a_task_that_nobody_knows_gives_null_and_a_problem(tmp_path: Path) -> None:
    write_tree(tmp_path / "results", {"acme__embed/r/Old.json": old("Arguing", test={"ndcg_at_10": 0.4})})
    found = load(tmp_path)
    assert [(row["value"], row["languages"]) for row in scores(found)] == [(None, [])]
    assert "knows no main metric of Arguing" in messages(found)["results/acme__embed/r/Old.json"]


def test_missing_revisions_and_versions_are_null(tmp_path: Path) -> None:
    rows, _ = load_one(tmp_path, {"mteb_dataset_name": "Arguing", "test": {"ndcg_at_10": 0.4}})
    assert (rows[0]["dataset_revision"], rows[0]["tool"], rows[0]["value"]) == (None, None, 0.4)


@pytest.mark.parametrize(
    ("name", "today"),
    [
        ("NorwegianParliament", "NorwegianParliamentClassification"),
        ("CMedQAv1", "CMedQAv1-reranking"),
        ("CMedQAv2", "CMedQAv2-reranking"),
        ("8TagsClustering", "EightTagsClustering"),
        ("PPC", "PpcPC"),
        ("aRGUING", "Arguing"),
        ("Unheard", "Unheard"),
    ],
)
def test_old_names_of_tasks_are_replaced(tmp_path: Path, name: str, today: str) -> None:
    tasks = [{"name": today, "main_score": "ndcg_at_10"}] if today not in {"Arguing", "Unheard"} else []
    rows, _ = load_one(tmp_path, old(name, test={"ndcg_at_10": 0.4}), *tasks)
    assert [row["task"] for row in rows] == [today]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("ScalaDaClassification", "dan-Latn"),
        ("ScalaNbClassification", "nob-Latn"),
        ("ScalaNnClassification", "nob-Latn"),
        ("ScalaSvClassification", "swe-Latn"),
    ],
)
def test_dropped_scala_tasks_keep_working(tmp_path: Path, name: str, language: str) -> None:
    rows, problems = load_one(tmp_path, old(name, test={"accuracy": 0.5, "f1": 0.4}))
    assert [(row["task"], row["metric"], row["value"], row["languages"]) for row in rows] == [
        (name, "accuracy", 0.5, [language])
    ]
    assert problems == {}


@pytest.mark.parametrize(
    ("task", "version", "subset", "today"),
    [
        ("MLSUMClusteringP2P", "1.1.2.dev0", None, "fr"),
        ("MLSUMClusteringS2S", "1.1.3.dev0", None, "fr"),
        ("MLSUMClusteringS2S", "1.2.0", None, "default"),
        ("XPQARetrieval", "1.2.0", "fr", "fra-fra"),
        ("XPQARetrieval", "1.2.0", "de", "de"),
    ],
)
def test_subsets_that_were_renamed_get_their_name_of_today(
    tmp_path: Path, task: str, version: str, subset: str | None, today: str
) -> None:
    metrics = {"v_measure": 0.3}
    split = metrics if subset is None else {subset: metrics}
    rows, _ = load_one(tmp_path, old(task, version=version, test=split), {"name": task, "main_score": "v_measure"})
    assert [(row["subset"], row["value"]) for row in rows] == [(today, 0.3)]


def test_a_subset_that_the_task_does_not_declare_gets_the_tasks_languages(tmp_path: Path) -> None:
    rows, _ = load_one(tmp_path, old("Bitext", test={"en-xx": {"f1": 0.9}}))
    assert rows[0]["languages"] == ["eng-Latn", "deu-Latn", "fra-Latn"]


def test_an_old_score_that_is_not_finite_is_null_without_a_problem(tmp_path: Path) -> None:
    text = '{"mteb_dataset_name": "Arguing", "test": {"ndcg_at_10": NaN}, "dev": {"ndcg_at_10": Infinity}}'
    rows, problems = load_one(tmp_path, text)
    assert [row["value"] for row in rows] == [None, None]
    assert problems == {}


def test_a_current_cell_of_an_old_version_is_read_as_current(tmp_path: Path) -> None:
    cells = {"test": [{"hf_subset": "default", "languages": ["eng-Latn"], "main_score": 0.3, "max": {"ap": 0.9}}]}
    rows, problems = load_one(tmp_path, {"task_name": "Arguing", "mteb_version": "1.0.1", "scores": cells})
    assert [(row["value"], row["dataset_revision"]) for row in rows] == [(0.3, None)]
    assert problems == {}
