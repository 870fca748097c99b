"""A result directory of lmms-eval: one file of results for each run, and one file of samples for each task."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from etl.collect.accuracies import percent
from etl.collect.chance import adjusted
from etl.collect.collected import Collected, Found, Missing
from etl.collect.facts import LmmsBenchmark, read_facts
from etl.collect.files import ResultFile, Unusable, list_files, names, read_text
from etl.collect.questions import read_samples

RESULTS = "_results.json"
SAMPLES = re.compile(r".+?_samples_(?P<task>.+)\.jsonl")
MAX_RESULTS_BYTES = 64 * 2**20
SAFE = re.compile(r"(?!\.+$)[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True)
class Run:
    """One file of results: the metrics of each of its tasks."""

    file: ResultFile
    tasks: Mapping[str, Mapping[str, Any]]
    kind: str | None
    model: str | None


def collect(root: Path, model: str) -> Collected:
    """What lmms-eval left of a model, in its own directory or the one above. Raises `Unusable`."""
    own = root / model.replace("/", "__")
    folder = own if own.is_dir() else root
    listing = list_files(root, [folder], lambda name: name.endswith(RESULTS) or bool(SAMPLES.fullmatch(name)))
    runs = [_run(file) for file in _by_name(listing.files) if file.name.endswith(RESULTS)]
    if not runs:
        raise Unusable(_nothing(folder, own))
    samples = _newest_samples(listing.files)
    results = {task: (run.file.name, metrics) for run in runs for task, metrics in run.tasks.items()}
    found: list[Found] = []
    missing: list[Missing] = []
    for benchmark in read_facts().lmmseval:
        scores = _computed(benchmark, samples) if benchmark.kind == "samples" else _read(benchmark, results)
        found += [scores] if scores else []
        missing += [] if scores else [Missing(benchmark.id, _sought(benchmark))]
    if not found:
        raise Unusable(f"{folder} holds results of none of EASI's tasks, but of {', '.join(sorted(results)[:5])}")
    files = tuple(_by_name([*_newest_runs(runs), *samples.values()]))
    notes = (*listing.notes, *_other_models(runs, model))
    return Collected("lmmseval", _kind(runs, model), tuple(found), tuple(missing), files, notes)


def _run(file: ResultFile) -> Run:
    try:
        raw = json.loads(read_text(file, MAX_RESULTS_BYTES))
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{file.path} is not JSON: the run may not have finished; remove the file") from error
    results = raw.get("results") if isinstance(raw, dict) else None
    if not isinstance(results, dict):
        raise Unusable(f"{file.path} has no `results`: it is not a file of lmms-eval's results")
    tasks = {task: _metrics(metrics) for task, metrics in results.items() if isinstance(metrics, dict)}
    config = raw.get("config")
    kinds = (config.get("model") if isinstance(config, dict) else None, raw.get("model_source"))
    kind = next((each for each in kinds if isinstance(each, str) and SAFE.fullmatch(each)), None)
    name = raw.get("model_name")
    return Run(file, tasks, kind, name if isinstance(name, str) else None)


def _metrics(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Metrics by name: what follows the comma is a filter."""
    return {name.partition(",")[0]: value for name, value in raw.items()}


def _read(benchmark: LmmsBenchmark, results: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Found | None:
    if benchmark.tasks[0] not in results:
        return None
    name, metrics = results[benchmark.tasks[0]]
    value = percent(metrics.get(benchmark.metric), benchmark.scale)
    subs = {key: percent(metrics.get(metric), benchmark.scale) for key, metric in benchmark.subs.items()}
    lacking = sum(each is None for each in subs.values())
    notes = (f"{lacking} sub-scores are not in the file",) if lacking else ()
    headline = () if value is not None else (f"its file has no number `{benchmark.metric}`",)
    return Found(benchmark.id, value, subs, (name,), notes=headline + notes)


def _computed(benchmark: LmmsBenchmark, samples: Mapping[str, ResultFile]) -> Found | None:
    """SITE: computed over the samples on images and on videos together."""
    files = [samples[task] for task in benchmark.tasks if task in samples]
    if not files:
        return None
    questions = chain.from_iterable(read_samples(file, benchmark.metric) for file in files)
    value, subs = adjusted(questions, benchmark.subs, empty=None)
    notes = tuple(f"without {task}, which is not there" for task in benchmark.tasks if task not in samples)
    return Found(benchmark.id, value, subs, tuple(file.name for file in files), notes=notes)


def _newest_samples(files: Iterable[ResultFile]) -> dict[str, ResultFile]:
    """The file of samples of each task that was begun last."""
    return {match["task"]: file for file in _by_name(files) if (match := SAMPLES.fullmatch(file.name))}


def _newest_runs(runs: Sequence[Run]) -> list[ResultFile]:
    """Files of results without those whose tasks were all run again."""
    covered: set[str] = set()
    kept: list[ResultFile] = []
    for run in reversed(runs):
        kept += [run.file] if set(run.tasks) - covered else []
        covered |= set(run.tasks)
    return kept


def _by_name(files: Iterable[ResultFile]) -> list[ResultFile]:
    """Names begin with the time of the run."""
    return sorted(files, key=lambda file: file.name)


def _kind(runs: Sequence[Run], model: str) -> str:
    """lmms-eval's own name for the kind of model, as in the newest run."""
    return next((run.kind for run in reversed(runs) if run.kind), model.rpartition("/")[2])


def _other_models(runs: Sequence[Run], model: str) -> list[str]:
    others = sorted({run.model for run in runs if run.model and run.model != model})
    return [f"the files say that the model is {', '.join(others[:3])}, not {model}"] if others else []


def _sought(benchmark: LmmsBenchmark) -> str:
    if benchmark.kind == "samples":
        return " or ".join(f"*_samples_{task}.jsonl" for task in benchmark.tasks)
    return f"the task {benchmark.tasks[0]} in *{RESULTS}"


def _nothing(folder: Path, own: Path) -> str:
    there = ", ".join(names(folder)[:5]) or "nothing"
    return (
        f"{folder} holds no results of lmms-eval: looked for *{RESULTS} in it, and for the folder {own.name}, and "
        f"found {there}. Give the directory lmms-eval wrote, and with --model the model's name on the Hub"
    )
