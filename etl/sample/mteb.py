"""The sample's tree of MTEB results, with the oddities that real trees have."""

import math
from datetime import UTC, datetime
from typing import Any

from etl.sample.catalog import describe
from etl.sample.files import Files, commit, draw
from etl.sample.tasks import Embedder, Task, read_embedders, read_tasks

EVALUATED = datetime(2026, 5, 1, tzinfo=UTC)
UNSCORED = "SampleWikiRetrieval"
OLD = "sample-university/old-averages"
HOSTED = "sample-works/words-hosted"
REVISED = "sample-lab/sample-embed-large"
EXPERIMENT = "sample-lab/sample-embed-giant"
RERANKER = "sample-university/careful-reranker"
REMARK = "An invented model of the Standings sample."
RERUN = ("SampleTopicClassification", "SampleReviewClassification")
RERANKED = ("SampleNewsRetrieval", "SampleHelpdeskRetrieval")

# What was not run, and cells of a file that are lacking, not a number, or zero: model, task and subset.
NOT_RUN = {
    ("sample-works/words-sparse", "SampleForumClustering"),
    ("sample-works/photo-text-base", "SampleSentencePairs"),
}
LACKING = {("sample-lab/sample-embed-tiny", "SampleTopicClassification", "ron")}
NOT_A_NUMBER = {("sample-university/many-tongues", "SampleSentencePairs", "en-de")}
ZERO = {("sample-works/words-sparse", "SampleSentencePairs", "en-de")}

# Metrics by split and subset.
Scores = dict[str, dict[str, dict[str, float]]]


def write_mteb(files: Files) -> None:
    """`results/<model>/<revision>/<task>.json`, and `model_meta.json` beside them."""
    tasks = [task for task in read_tasks() if task.name != UNSCORED]
    for model in read_embedders():
        results = files.inside(f"results/{model.name.replace('/', '__')}", EVALUATED)
        revision = "external" if model.name == HOSTED else model.revision
        _write_run(results, revision, model, [task for task in tasks if _runs(model, task)])
        if model.name == REVISED:
            _write_run(results, commit("older", model.name), model, [task for task in tasks if task.name in RERUN])
        if model.name == EXPERIMENT:
            short = {"experiment_kwargs": {"dimensions": 256}}
            _write_run(results, f"{revision}/experiments/dimensions_256", model, tasks[:1], short)


def _runs(model: Embedder, task: Task) -> bool:
    if model.name == RERANKER:
        return task.name in RERANKED
    return set(task.modalities) <= set(model.modalities) and (model.name, task.name) not in NOT_RUN


def _write_run(
    results: Files, place: str, model: Embedder, tasks: list[Task], more: dict[str, Any] | None = None
) -> None:
    """One folder of results; where it is decides its scores too, so that two runs of a task differ."""
    for task in tasks:
        found = _scores(model, task, place)
        shaped = _historic(task, found) if model.name == OLD else _current(model, task, found)
        results.json(f"{place}/{task.name}.json", shaped)
    meta = {**describe(model), "revision": place.partition("/")[0], "remark": REMARK, **(more or {})}
    results.json(f"{place}/model_meta.json", meta)


def _scores(model: Embedder, task: Task, run: str) -> Scores:
    return {
        split: {
            subset: _metrics(model, task, split, subset, run)
            for subset in task.subsets
            if (model.name, task.name, subset) not in LACKING
        }
        for split in task.splits
    }


def _metrics(model: Embedder, task: Task, split: str, subset: str, run: str) -> dict[str, float]:
    cell = (model.name, task.name, subset)
    score = math.nan if cell in NOT_A_NUMBER else 0.0 if cell in ZERO else model.score(task, split, subset, run)
    others = [round(score * share, 6) for share in (0.87, 0.94)]
    spread = math.nan if draw("nan", *cell) < 0.2 else round(draw("spread", *cell), 6)
    match task.metric:
        case "ndcg_at_10":
            return {"ndcg_at_10": score, "map_at_10": others[0], "mrr_at_10": others[1], "nauc_ndcg_at_10_max": spread}
        case "accuracy":
            return {"accuracy": score, "f1": others[1], "ap": spread}
        case "cosine_spearman":
            return {"cosine_spearman": score, "cosine_pearson": others[1], "euclidean_spearman": others[0]}
        case _:
            return {task.metric: score, f"{task.metric}_std": spread}


def _current(model: Embedder, task: Task, found: Scores) -> dict[str, Any]:
    hosted = model.name == HOSTED
    cells = {
        split: [
            {**metrics, "main_score": metrics[task.metric], "hf_subset": subset, "languages": task.subsets[subset]}
            for subset, metrics in subsets.items()
        ]
        for split, subsets in found.items()
    }
    return {
        "dataset_revision": task.revision,
        "task_name": task.name,
        "mteb_version": None if hosted else "2.4.1",
        "scores": cells,
        "evaluation_time": None if hosted else round(100 * draw("time", model.name, task.name), 3),
        "kg_co2_emissions": None,
    }


def _historic(task: Task, found: Scores) -> dict[str, Any]:
    """The format before mteb 1.11: no cells, and metrics of one similarity in a group."""
    splits: dict[str, Any] = {}
    for split, subsets in found.items():
        grouped = {subset: _grouped(metrics) for subset, metrics in subsets.items()}
        splits[split] = {**grouped.get("default", grouped), "evaluation_time": 7.5}
    return {"mteb_version": "1.2.0", "mteb_dataset_name": task.name, "dataset_revision": task.revision, **splits}


def _grouped(metrics: dict[str, float]) -> dict[str, Any]:
    if "cosine_spearman" not in metrics:
        return dict(metrics)
    cosine = {"spearman": metrics["cosine_spearman"], "pearson": metrics["cosine_pearson"]}
    return {"cos_sim": cosine, "euclidean": {"spearman": metrics["euclidean_spearman"]}}
