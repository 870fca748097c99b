"""OpenEvals' table as a source."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from etl.fetch import Tree
from etl.source import Load, ModelHint, Problem, State, Unreadable
from etl.sources.openevals.tables import HUB_ID, benchmark_task, described, model_rows, score_tables
from etl.sources.openevals.wide import Wide, WrongTable, read_wide
from warehouse.tables import BENCHMARK_TASKS, SCORES

PATTERNS = ("data/train-*.parquet",)
MAX_FILES = 100
LABEL = len("sha256:") + 16


class OpenEvalsSource:
    """Reads `data/train-*.parquet` below a folder, or one Parquet file. New `*_score` columns need no change here.

    The lossy `model_id` and the placeholder columns (licence, context window, ...) are ignored, and so is
    `aggregate_score`, a mean over whatever a model happens to have.
    """

    name = "openevals"

    def __init__(self, uri: str, tree: Tree) -> None:
        self.uri = uri
        self._tree = tree

    def load(self) -> Load:
        """Read everything as one state. Raises `Unreadable` where no file holds such a table."""
        problems: list[Problem] = []
        files = self._files()
        wides = [wide for file in files if (wide := self._read(file, problems))]
        if not wides:
            raise Unreadable(f"{self.uri}: {'; '.join(f'{each.path} {each.message}' for each in problems)}")
        content = _digest(files)
        revision = self._tree.revision or content
        keys = list(dict.fromkeys(key for wide in wides for key in wide.keys))
        models = model_rows(wides)
        tables = {
            "scores": pa.concat_tables(
                [SCORES.schema.empty_table(), *score_tables(wides, self._tree.revision, problems)]
            ),
            "benchmark_tasks": BENCHMARK_TASKS.rows([benchmark_task(key) for key in keys]),
        }
        return Load(
            revision=revision,
            states=iter([State(self._tree.revision or content[:LABEL], self._at(files), revision, tables)]),
            described=described(keys, models),
            hints=[ModelHint(name, name) for name in models if HUB_ID.fullmatch(name)],
            problems=problems,
            files=len(wides),
        )

    def _at(self, files: Sequence[Path]) -> datetime:
        """The commit's time, else that of the newest file: in whole seconds, and not in the future."""
        now = datetime.now(UTC)
        newest = max(file.stat().st_mtime for file in files)
        at = self._tree.at or datetime.fromtimestamp(min(max(newest, 0.0), now.timestamp()), UTC)
        return min(at, now).replace(microsecond=0)

    def _files(self) -> list[Path]:
        path = self._tree.path
        files = [path] if path.is_file() else sorted(file for file in path.glob(PATTERNS[0]) if file.is_file())
        if not files:
            raise Unreadable(f"{self.uri} holds no {PATTERNS[0]}; name the folder that has it, or one Parquet file")
        if len(files) > MAX_FILES:
            raise Unreadable(f"{self.uri} holds {len(files):,} files, and more than {MAX_FILES} are not read")
        return files

    def _read(self, file: Path, problems: list[Problem]) -> Wide | None:
        path = file.name if file == self._tree.path else file.relative_to(self._tree.path).as_posix()
        try:
            return read_wide(file, path, problems)
        except (WrongTable, pa.ArrowException, OSError) as error:
            problems.append(Problem(path, f"cannot be read: {str(error).splitlines()[0][:200]}"))
            return None


def _digest(files: Sequence[Path]) -> str:
    content = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            content.update(hashlib.file_digest(opened, "sha256").digest())
    return f"sha256:{content.hexdigest()}"
