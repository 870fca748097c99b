"""Result files that a worker passes over: formats before mteb 1.11, and files of the current one with flaws."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec

from etl.sources.mteb.worker import Cell, Result

SHOWN = 3  # flaws of one file that are named one by one
DEFAULT = "default"
# Groups of metrics, by the key that they have and the prefix that their metrics get.
GROUPS = {
    "cos_sim": "cosine",
    "euclidean": "euclidean",
    "manhattan": "manhattan",
    "dot": "dot",
    "max": "max",
    "similarity": "similarity",
}
NO_SUBSETS = GROUPS.keys() | {"v_measures"}
# These two versions knew the French subset only, and called it default.
FRENCH_ONLY = {"1.1.2.dev0", "1.1.3.dev0"}
MLSUM = {"MLSUMClusteringP2P", "MLSUMClusteringS2S"}

Metrics = Mapping[str, Any]


class Tasks(Protocol):
    """What is known of tasks without reading results."""

    def current_name(self, name: str) -> str:
        """The name that a task of an old file has today."""

    def metric(self, task: str) -> str | None:
        """The main metric; null where the task is unknown."""

    def subset_languages(self, task: str, subset: str) -> list[str]:
        """Language codes of a subset; empty where it is unknown."""


class Odd(Exception):
    """A file that holds no result that can be read, and why."""


def convert(content: bytes, tasks: Tasks) -> tuple[Result, str | None]:
    """A result and what is wrong in it. Raises `Odd`."""
    data = decode(content)
    reader = _Current(tasks) if isinstance(data.get("scores"), dict) else _Historic(tasks)
    result = reader.result(data)
    try:
        msgspec.msgpack.encode(result)
    except UnicodeError as error:
        raise Odd("holds text that is not Unicode") from error
    return result, _summary(reader.flaws)


def decode(content: bytes) -> dict[str, Any]:
    """A JSON object, in which NaN and Infinity are numbers. Raises `Odd`."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Odd(f"is not valid JSON: {error}") from error
    if not isinstance(data, dict):
        raise Odd(f"holds a JSON {type(data).__name__} where an object is meant")
    return data


def _summary(flaws: list[str]) -> str | None:
    if not flaws:
        return None
    more = len(flaws) - SHOWN
    return "; ".join(flaws[:SHOWN]) + (f"; and {more} more flaws" if more > 0 else "")


class _Reader:
    """Builds results and notes flaws."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self.flaws: list[str] = []

    def _cell(self, task: str, split: str, subset: str, metrics: Metrics) -> Cell:
        languages = metrics.get("languages")
        if not _is_texts(languages):
            languages = self._tasks.subset_languages(task, subset)
        score = self._score(task, f"{split}/{subset}", metrics)
        return Cell(subset, msgspec.Raw(msgspec.json.encode(languages)), score, _text(metrics.get("mteb_version")))

    def _score(self, task: str, cell: str, metrics: Metrics) -> float | None:
        metric = "main_score"
        if metric not in metrics:
            metric = self._tasks.metric(task) or metric
        if metric not in metrics:
            self.flaws.append(f"has no {metric} in {cell} ({self._why(task)}), its value is null")
            return None
        value = metrics[metric]
        if value is None or _is_number(value):
            return _real(value)
        self.flaws.append(f"has a {type(value).__name__} as {metric} in {cell}, its value is null")
        return None

    def _why(self, task: str) -> str:
        metric = self._tasks.metric(task)
        return f"the main metric of {task}" if metric else f"and the catalogue knows no main metric of {task}"


class _Current(_Reader):
    """Reads the current format, cell by cell."""

    def result(self, data: dict[str, Any]) -> Result:
        task = _text(data.get("task_name"))
        if task is None:
            raise Odd("has no task_name")
        scores = {split: list(self._cells(task, split, cells)) for split, cells in data["scores"].items()}
        return Result(task, scores, **_origin(data))

    def _cells(self, task: str, split: str, cells: object) -> Iterator[Cell]:
        if not isinstance(cells, list):
            self.flaws.append(f"has no list of scores in the split {split}, which is left out")
            return
        for position, cell in enumerate(cells):
            if isinstance(cell, dict) and _text(cell.get("hf_subset")) is not None:
                yield self._cell(task, split, cell["hf_subset"], cell)
            else:
                self.flaws.append(f"has no hf_subset in score {position} of the split {split}, which is left out")


class _Historic(_Reader):
    """Reads the formats before 1.11: every object is a split, of metrics or of subsets with metrics."""

    def result(self, data: dict[str, Any]) -> Result:
        name = _text(data.get("mteb_dataset_name"))
        splits = {split: metrics for split, metrics in data.items() if isinstance(metrics, dict)}
        if name is None or not splits:
            raise Odd("has the shape of no result: neither scores nor mteb_dataset_name and splits")
        task = self._tasks.current_name(name)
        version = _text(data.get("mteb_version"))
        scores = {split: self._cells(task, version, split, metrics) for split, metrics in splits.items()}
        return Result(task, scores, **_origin(data))

    def _cells(self, task: str, version: str | None, split: str, metrics: Metrics) -> list[Cell]:
        return [
            self._cell(task, split, _renamed(task, version, split, subset), dict(_flat(scores)))
            for subset, scores in _subsets(metrics)
        ]


def _subsets(metrics: Metrics) -> Iterable[tuple[str, Metrics]]:
    nested = {key: value for key, value in metrics.items() if isinstance(value, dict) and key not in NO_SUBSETS}
    return nested.items() if nested else [(DEFAULT, metrics)]


def _flat(metrics: Metrics) -> Iterator[tuple[str, Any]]:
    for key, value in metrics.items():
        if key in GROUPS and isinstance(value, dict):
            yield from ((f"{GROUPS[key]}_{name}", score) for name, score in value.items())
        else:
            yield key, value


def _renamed(task: str, version: str | None, split: str, subset: str) -> str:
    if task in MLSUM and version in FRENCH_ONLY and (split, subset) == ("test", DEFAULT):
        return "fr"
    if task == "XPQARetrieval" and (split, subset) == ("test", "fr"):
        return "fra-fra"
    return subset


def _origin(data: dict[str, Any]) -> dict[str, Any]:
    date = data.get("date")
    return {
        "dataset_revision": _text(data.get("dataset_revision")),
        "mteb_version": _text(data.get("mteb_version")),
        "date": _real(date) if _is_number(date) else _text(date),
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _real(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
