"""The catalogue: what results do not hold of tasks, benchmarks and models."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from etl.source import Problem, Unreadable
from etl.sources.mteb.entries import BenchmarkEntry, MenuEntry, ModelEntry, TaskEntry
from etl.sources.mteb.worker import Refused, read

BENCHMARKS, TASKS, MODELS = "benchmarks.json", "tasks.json", "models.json"
LABELS, SIMILAR, MENU = "language_labels.json", "similar_tasks.json", "menu.json"
REQUIRED = (BENCHMARKS, TASKS, MODELS)

RENAMED = {
    "NorwegianParliament": "NorwegianParliamentClassification",
    "CMedQAv1": "CMedQAv1-reranking",
    "CMedQAv2": "CMedQAv2-reranking",
    "8TagsClustering": "EightTagsClustering",
    "PPC": "PpcPC",
}
# Tasks that mteb has dropped and whose old results it still reads.
DROPPED = tuple(
    TaskEntry(name, subset_languages={"default": [language]}, main_score="accuracy")
    for name, language in (
        ("ScalaDaClassification", "dan-Latn"),
        ("ScalaNbClassification", "nob-Latn"),
        ("ScalaNnClassification", "nob-Latn"),
        ("ScalaSvClassification", "swe-Latn"),
    )
)

BROKEN = (Refused, msgspec.DecodeError, UnicodeError, RecursionError)

Entry = TypeVar("Entry", TaskEntry, BenchmarkEntry, ModelEntry)
Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class Catalogue:
    """Tasks, benchmarks and models as their maintainers describe them, in their order.

    `uri` is where they were read, `digest` a hash of the files, `newest` their latest modification time in seconds,
    `files` their number.
    """

    benchmarks: Sequence[BenchmarkEntry] = ()
    tasks: Sequence[TaskEntry] = ()
    models: Sequence[ModelEntry] = ()
    labels: dict[str, str] = field(default_factory=dict)
    similar: dict[str, list[str]] = field(default_factory=dict)
    menu: Sequence[MenuEntry] = ()
    problems: Sequence[Problem] = ()
    uri: str = ""
    digest: str = ""
    newest: float = 0.0
    files: int = 0

    @classmethod
    def read(cls, directory: Path) -> "Catalogue":
        """The catalogue files of a directory. Raises `Unreadable` for a required file that is missing or broken."""
        reader = _Reader(directory)
        return cls(
            benchmarks=reader.required(BENCHMARKS, BenchmarkEntry),
            tasks=reader.required(TASKS, TaskEntry),
            models=reader.required(MODELS, ModelEntry),
            labels=reader.mapped(LABELS, str),
            similar=reader.mapped(SIMILAR, list[str]),
            menu=reader.listed(MENU, MenuEntry),
            problems=reader.problems,
            uri=str(directory),
            digest=reader.digest.hexdigest(),
            newest=reader.newest,
            files=reader.files,
        )

    def current_name(self, name: str) -> str:
        """The name that a task of an old file has today."""
        name = RENAMED.get(name, name)
        return name if name in self._tasks else self._lowered.get(name.lower(), name)

    def metric(self, task: str) -> str | None:
        """The main metric of a task; null where the task is unknown."""
        entry = self._tasks.get(task)
        return entry.main_score if entry else None

    def subset_languages(self, task: str, subset: str) -> list[str]:
        """Languages of a subset; those of the whole task where the subset is unknown."""
        entry = self._tasks.get(task)
        subsets = (entry and entry.subset_languages) or {}
        return subsets[subset] if subset in subsets else _distinct(subsets.values())

    def trained_on(self, model: ModelEntry) -> list[str] | None:
        """All tasks that a model has seen in training, with its ancestors' and similar ones; null where undeclared."""
        declared = model.training_datasets_closure
        if declared is not msgspec.UNSET:
            return declared
        return None if model.training_datasets is None else sorted(self._similar_to(self._training_data(model)))

    def _training_data(self, model: ModelEntry) -> Iterator[str]:
        """The training data of a model and of its ancestors, as far as they declare any."""
        seen: set[str] = set()
        ancestor: ModelEntry | None = model
        while ancestor and ancestor.name not in seen and ancestor.training_datasets is not None:
            seen.add(ancestor.name)
            yield from ancestor.training_datasets
            ancestor = self._models.get(ancestor.adapted_from or "")

    def _similar_to(self, tasks: Iterable[str]) -> set[str]:
        """The tasks and all that a path of similarity leads to."""
        reached, waiting = set(), list(tasks)
        while waiting:
            task = waiting.pop()
            if task not in reached:
                reached.add(task)
                waiting.extend(self._similar.get(task, ()))
        return reached

    @cached_property
    def model_names(self) -> dict[str, str]:
        """Names of models by the directory that their results have."""
        return {directory_of(model.name): model.name for model in self.models}

    @cached_property
    def _tasks(self) -> dict[str, TaskEntry]:
        return {task.name: task for task in (*DROPPED, *self.tasks)}

    @cached_property
    def _lowered(self) -> dict[str, str]:
        return {name.lower(): name for name in self._tasks}

    @cached_property
    def _similar(self) -> dict[str, set[str]]:
        graph: dict[str, set[str]] = {}
        for task, others in self.similar.items():
            for other in others:
                graph.setdefault(task, set()).add(other)
                graph.setdefault(other, set()).add(task)
        return graph

    @cached_property
    def _models(self) -> dict[str, ModelEntry]:
        return {model.name: model for model in self.models}


def directory_of(model: str) -> str:
    """The directory that a model's results have."""
    return model.replace("/", "__").replace(" ", "_")


def _distinct(lists: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(item for items in lists for item in items))


class _Reader:
    """Reads the files of a directory and notes what is wrong in them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()
        self.newest = 0.0
        self.files = 0

    def required(self, name: str, kind: type[Entry]) -> list[Entry]:
        """The entries of a list that must be there, each name once. Raises `Unreadable`."""
        try:
            encoded = msgspec.json.decode(self._content(name), type=list[msgspec.Raw])
        except BROKEN as error:
            raise Unreadable(
                f"The MTEB catalogue cannot be read: {self._directory / name} {error}. "
                "`standings catalog mteb` writes its files."
            ) from error
        return list(self._distinct(name, self._decoded(name, enumerate(encoded), kind)))

    def listed(self, name: str, kind: type[Any]) -> list[Any]:
        """The entries of a list that may be missing."""
        encoded: list[msgspec.Raw] = self._optional(name, list[msgspec.Raw], [])
        return [entry for _, entry in self._decoded(name, enumerate(encoded), kind)]

    def mapped(self, name: str, kind: Any) -> dict[str, Any]:
        """The entries of an object that may be missing."""
        encoded: dict[str, msgspec.Raw] = self._optional(name, dict[str, msgspec.Raw], {})
        return dict(self._decoded(name, encoded.items(), kind))

    def _optional(self, name: str, kind: Any, default: Any) -> Any:
        try:
            return msgspec.json.decode(self._content(name), type=kind)
        except BROKEN as error:
            self.problems.append(Problem(name, f"{error}; the catalogue is used without it"))
            return default

    def _content(self, name: str) -> bytes:
        content, modified = read(str(self._directory / name))
        self.digest.update(f"{name}\0{len(content)}\0".encode() + content)
        self.newest = max(self.newest, modified)
        self.files += 1
        return content

    def _decoded(self, name: str, encoded: Iterable[tuple[Key, msgspec.Raw]], kind: Any) -> Iterator[tuple[Key, Any]]:
        for key, entry in encoded:
            try:
                yield key, msgspec.json.decode(entry, type=kind)
            except BROKEN as error:
                self.problems.append(Problem(name, f"entry {key} is left out: {error}"))

    def _distinct(self, name: str, entries: Iterator[tuple[int, Entry]]) -> Iterator[Entry]:
        seen = set()
        for position, entry in entries:
            if entry.name in seen:
                self.problems.append(Problem(name, f"entry {position} repeats {entry.name}; the first one counts"))
                continue
            seen.add(entry.name)
            yield entry
