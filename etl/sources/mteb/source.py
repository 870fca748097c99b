"""The MTEB source: results as a tree, an archive or Parquet, and the catalogue that explains them."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from etl.fetch import Tree
from etl.source import Companion, Load, Problem, State, Unreadable
from etl.sources.mteb import archive, described, models, parquet, tree
from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.places import ROOT
from etl.sources.mteb.results import Reading
from etl.sources.mteb.scores import observed
from warehouse.tables import BENCHMARK_TASKS, MODELS, SCORES

LABEL = 16  # hexadecimal digits of a hash that name a state


class MtebSource:
    """Scores of the Massive Text Embedding Benchmark.

    `tree.path` is a results repository (`results/...`), the tree itself, a tar archive of either, the Hub dataset
    (`data/train-*.parquet`) or one Parquet file. Without a catalogue there are scores, and the names in them.
    """

    name = "mteb"

    def __init__(self, uri: str, tree: Tree, catalogue: Catalogue | None, processes: int | None = None) -> None:
        self.uri = uri
        self._tree = tree
        self._given = catalogue is not None
        self._catalogue = catalogue or Catalogue()
        self._processes = processes

    def load(self) -> Load:
        """Read everything as one state. Raises `Unreadable` where there is no score at all."""
        reading = self._read()
        if not reading.scores.num_rows:
            raise Unreadable(_nothing(self.uri, reading.problems))
        digest = f"sha256:{sha256(f'{reading.digest}{self._catalogue.digest}'.encode()).hexdigest()}"
        revision = self._tree.revision or digest
        label = self._tree.revision or digest[: len("sha256:") + LABEL]
        state = State(label, self._at(reading), revision, self._historied(reading))
        described = self._described(reading)
        return Load(
            revision=revision,
            states=iter([state]),
            described=described,
            hints=models.hints(described[MODELS.name]["name"].to_pylist()),
            problems=[*self._catalogue.problems, *reading.problems],
            files=reading.files,
            companions=self._companions(),
        )

    def _companions(self) -> list[Companion]:
        catalogue = self._catalogue
        given = Companion(f"{self.name}-catalog", catalogue.uri, f"sha256:{catalogue.digest}", catalogue.files)
        return [given] if self._given else []

    def _read(self) -> Reading:
        path, revision = self._tree.path, self._tree.revision
        if path.is_file():
            return self._read_file(path, revision)
        if (path / ROOT).is_dir():
            return tree.read(path / ROOT, self._catalogue, revision, self._processes)
        if shards := parquet.shards(path):
            return parquet.read(path, shards, self._catalogue, revision)
        if path.is_dir() and tree.is_tree(path):
            return tree.read(path, self._catalogue, revision, self._processes)
        raise Unreadable(_unknown(self.uri))

    def _read_file(self, path: Path, revision: str | None) -> Reading:
        if archive.is_archive(path):
            return archive.read(path, self._catalogue, revision)
        if path.suffix == parquet.SUFFIX:
            root = path.parent.parent if path.parent.name == "data" else path.parent
            return parquet.read(root, [path], self._catalogue, revision)
        raise Unreadable(_unknown(self.uri))

    def _historied(self, reading: Reading) -> dict[str, pa.Table]:
        tables = {SCORES.name: reading.scores}
        return {**tables, BENCHMARK_TASKS.name: described.benchmark_tasks(self._catalogue)} if self._given else tables

    def _described(self, reading: Reading) -> dict[str, pa.Table]:
        declared = {task.name: described.declared_subsets(task).keys() for task in self._catalogue.tasks}
        seen = observed(reading.scores, declared, reading.is_public)
        met = reading.scores["source_model"].chunk(0).dictionary.to_pylist()
        names = models.describe(self._catalogue, met, reading.metas)
        return {MODELS.name: names, **described.describe(self._catalogue, seen)}

    def _at(self, reading: Reading) -> datetime:
        """The commit's time, else that of the newest file: in whole seconds, and not in the future."""
        now = datetime.now(UTC)
        newest = max(reading.newest, self._catalogue.newest)
        at = self._tree.at or datetime.fromtimestamp(min(max(newest, 0.0), now.timestamp()), UTC)
        return min(at, now).replace(microsecond=0)


def _nothing(uri: str, problems: list[Problem]) -> str:
    first = "".join(f" The first: {problem.path} {problem.message}." for problem in problems[:1])
    return f"{uri} holds no MTEB score that can be read; {len(problems)} problems were met.{first}"


def _unknown(uri: str) -> str:
    return (
        f"{uri} holds no MTEB results. Name a directory with results/<org__model>/<revision>/<Task>.json or with "
        f"{parquet.PATTERNS[0]}, one such Parquet file, or a {', '.join(archive.SUFFIXES)} of the tree."
    )
