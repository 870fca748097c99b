"""Chunks of parsed files as one table of scores."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from etl.sources.mteb.described import Seen
from etl.sources.mteb.worker import NONE, Chunk, File, Texts
from warehouse.tables import MOMENT, SCORES, TEXT, TEXTS

ORIGIN = "mteb/results"
MAIN_SCORE = "main_score"
CELL_COLUMNS = ("file", "split", "subset", "version", "language")

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Run:
    """What a file's place says of its rows: they are sorted by it, the columns are named as in SCORES."""

    path: str
    model: str
    revision: str
    variant: str | None


@dataclass(frozen=True)
class Facts:
    """What is known of a task and a model without the results."""

    metric: Callable[[str], str | None]
    trained_on: Mapping[str, frozenset[str] | None]

    def is_trained_on(self, model: str, task: str) -> bool | None:
        """Whether a model has been trained on a task; null: undeclared."""
        tasks = self.trained_on.get(model)
        return None if tasks is None else task in tasks


class Rows:
    """Collects chunks; equal texts and lists of languages are kept once."""

    def __init__(self) -> None:
        self._files: dict[int, File] = {}
        self._texts = Texts()
        self._encoded: dict[bytes, int] = {}
        self._languages: dict[tuple[str, ...], int] = {}
        self._ids: dict[str, list[Ids]] = {column: [] for column in CELL_COLUMNS}
        self._values: list[npt.NDArray[np.float64]] = []

    def merge(self, chunk: Chunk) -> None:
        """Append a chunk's cells."""
        self._files.update((file.number, file) for file in chunk.files)
        # One more index at the end, so that NONE (-1) stays what it is.
        texts = np.array([*map(self._texts.__getitem__, chunk.texts), NONE], np.int32)
        languages = np.array([*map(self._language, chunk.languages), NONE], np.int32)
        self._ids["file"].append(np.frombuffer(chunk.file, np.int32))
        for column in ("split", "subset", "version"):
            self._ids[column].append(texts[np.frombuffer(getattr(chunk, column), np.int32)])
        self._ids["language"].append(languages[np.frombuffer(chunk.language, np.int32)])
        self._values.append(np.frombuffer(chunk.value, np.float64))

    def _language(self, encoded: bytes) -> int:
        if encoded not in self._encoded:
            languages = tuple(msgspec.json.decode(encoded, type=list[str]))
            self._encoded[encoded] = self._languages.setdefault(languages, len(self._languages))
        return self._encoded[encoded]

    def table(self, runs: Mapping[int, Run], facts: Facts, revision: str | None) -> pa.Table:
        """SCORES of all files, in the order of a sorted walk; `runs` names every file by its number."""
        numbers = sorted(self._files, key=lambda number: runs[number].path.split("/"))
        ranks = np.zeros(max(numbers, default=-1) + 1, np.int32)
        ranks[numbers] = np.arange(len(numbers), dtype=np.int32)
        file = ranks[self._column("file")]
        order = np.argsort(file, kind="stable")
        rows = pa.array(file[order])
        files = [self._files[number] for number in numbers]
        of_files = _file_columns(files, [runs[number] for number in numbers], facts)
        columns = {name: column.take(rows) for name, column in of_files.items()}
        columns |= self._cell_columns(order) | origin(len(order), revision)
        return table_of(columns, len(order))

    def _column(self, name: str) -> Ids:
        return np.concatenate([*self._ids[name], np.empty(0, np.int32)])

    def _cell_columns(self, order: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
        texts = list(self._texts)
        tools = [f"mteb {text}" for text in texts]
        languages = pa.array(list(map(list, self._languages)), TEXTS)
        return {
            "split": dictionary(self._column("split")[order], texts),
            "subset": dictionary(self._column("subset")[order], texts),
            "tool": dictionary(self._column("version")[order], tools),
            "languages": languages.take(pa.array(self._column("language")[order])),
            "value": finite(np.concatenate([*self._values, np.empty(0)])[order]),
        }


def _file_columns(files: Sequence[File], runs: Sequence[Run], facts: Facts) -> dict[str, pa.Array]:
    pairs = list(zip(files, runs, strict=True))
    trained_on = [facts.is_trained_on(run.model, file.task) for file, run in pairs]
    return {
        "source_model": _texts(run.model for run in runs),
        "model_revision": _texts(run.revision for run in runs),
        "variant": _texts(run.variant for run in runs),
        "task": _texts(file.task for file in files),
        "metric": _texts(facts.metric(file.task) or MAIN_SCORE for file in files),
        "dataset_revision": _texts(file.dataset_revision for file in files),
        "provenance_path": _texts(run.path for run in runs),
        "evaluated_at": pa.array([moment(file.date) for file in files], MOMENT),
        "trained_on": pa.array(trained_on, pa.bool_()),
    }


def _texts(values: Iterable[str | None]) -> pa.DictionaryArray:
    return pa.array(list(values), TEXT).dictionary_encode()


def dictionary(ids: Ids, texts: Sequence[str]) -> pa.DictionaryArray:
    """Texts by their index (NONE: null), holding only those that occur."""
    used = np.zeros(len(texts) + 1, bool)
    used[ids] = True
    used[NONE] = False
    renumbered = np.where(used, np.cumsum(used) - 1, 0).astype(np.int32)
    indices = pa.array(renumbered[ids], mask=ids == NONE)
    return pa.DictionaryArray.from_arrays(
        indices, pa.array([texts[index] for index in np.flatnonzero(used).tolist()], TEXT)
    )


def finite(values: npt.NDArray[np.float64]) -> pa.Array:
    """Numbers, null where they are NaN or infinite."""
    return pa.array(values, mask=~np.isfinite(values))


def origin(count: int, revision: str | None) -> dict[str, pa.Array]:
    """Where all rows of one load come from."""
    first = np.zeros(count, np.int32)
    columns = {"provenance_name": dictionary(first, [ORIGIN])}
    return columns if revision is None else {**columns, "provenance_revision": dictionary(first, [revision])}


def table_of(columns: Mapping[str, pa.Array], count: int) -> pa.Table:
    """SCORES of what is known, `place` counting the rows. Texts are dictionaries, which take a tenth of the room."""
    known = {**columns, "place": pa.array(np.arange(count))}
    return pa.table({name: known[name] for name in SCORES.names if name in known})


def moment(date: float | str | None) -> datetime | None:
    """The time of an epoch in seconds or an ISO text, in UTC where it names no zone; null for anything else."""
    try:
        if isinstance(date, str):
            time = datetime.fromisoformat(date)
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        return None if date is None or not math.isfinite(date) else datetime.fromtimestamp(date, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def observed(
    scores: pa.Table, declared: Mapping[str, AbstractSet[str]], is_public: Mapping[str, bool]
) -> dict[str, Seen]:
    """Tasks and subsets that `declared` (subsets by task) lacks, in the order of the rows."""
    subsets: dict[str, dict[str, Sequence[str] | None]] = {}
    for task, subset, row in _first_rows(scores, "task", "subset"):
        if subset not in declared.get(task, ()):
            subsets.setdefault(task, {})[subset] = scores["languages"][row].as_py()
    splits: dict[str, list[str]] = {task: [] for task in subsets}
    for task, split, _ in _first_rows(scores, "task", "split"):
        if task in subsets:
            splits[task].append(split)
    return {task: Seen(is_public.get(task, True), splits[task], subsets[task]) for task in subsets}


def _first_rows(scores: pa.Table, *names: str) -> list[tuple[str, str, int]]:
    """Distinct pairs of two columns, each with its first row, in that order."""
    columns = [scores[name].chunk(0) for name in names]
    keys = pa.table([*(column.indices for column in columns), scores["place"]], names=[*names, "row"])
    first = keys.group_by(list(names)).aggregate([("row", "min")]).sort_by("row_min")
    texts = [column.dictionary.take(first[name]).to_pylist() for name, column in zip(names, columns, strict=True)]
    return list(zip(*texts, first["row_min"].to_pylist(), strict=True))
