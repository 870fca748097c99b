"""The Hub dataset's Parquet files: one row a score, without dates and the revisions of data and tools."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.source import Problem
from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.results import Reading, digest_of
from etl.sources.mteb.scores import MAIN_SCORE, dictionary, finite, origin, table_of
from etl.sources.mteb.worker import Texts
from warehouse.tables import REAL, TEXT, TEXTS

PATTERNS = ("data/train-*.parquet",)
SUFFIX = ".parquet"
MOST_ROWS = 50_000_000  # of one file; the whole repository has about 8.7 million
KEYS = {"model_name": "source_model", "task_name": "task", "split": "split", "subset": "subset"}
NAMES = {**KEYS, "model_revision": "model_revision"}  # text columns, and what they are in SCORES
REQUIRED = (*NAMES, "language", "score")
FLAGS = ("is_public", "trained_on")

ENCODED = pa.dictionary(pa.int32(), TEXT)


class WrongFile(Exception):
    """A file that is no Parquet of scores, and why."""


def shards(directory: Path) -> list[Path]:
    """The dataset's files below a directory."""
    return sorted(path for pattern in PATTERNS for path in directory.glob(pattern))


def read(root: Path, paths: Sequence[Path], catalogue: Catalogue, revision: str | None) -> Reading:
    """Read files in their order, their paths told from `root`; a file that is none of the dataset's is a problem."""
    names = {path: path.relative_to(root).as_posix() for path in paths}
    problems: list[Problem] = []
    parts = dict(_parts(names, problems))
    table = _joined(list(parts.values()))
    sources = np.repeat(np.arange(len(parts), dtype=np.int32), [part.num_rows for part in parts.values()])
    columns = {name: table[name].chunk(0) for name in (*NAMES.values(), "languages", "value", "trained_on")}
    columns["metric"] = _metrics(columns["task"], catalogue)
    columns["provenance_path"] = dictionary(sources, [names[path] for path in parts])
    digests = ((names[path], b"" if revision else _digest(path)) for path in parts)
    return Reading(
        scores=table_of(columns | origin(table.num_rows, revision), table.num_rows),
        problems=problems,
        digest=digest_of(digests),
        newest=max((path.stat().st_mtime for path in parts), default=0.0),
        files=len(parts),
        is_public=dict.fromkeys(_private(table), False),
    )


def _parts(names: Mapping[Path, str], problems: list[Problem]) -> Iterator[tuple[Path, pa.Table]]:
    for path, name in names.items():
        try:
            part = _part(path)
        except (WrongFile, pa.ArrowException, OSError) as error:
            problems.append(Problem(name, f"{error}; it is left out"))
            continue
        if any(part[column].null_count for column in KEYS.values()):
            whole = part.filter(_all_valid(part))
            lost = part.num_rows - whole.num_rows
            problems.append(Problem(name, f"has {lost:,} rows without one of {', '.join(KEYS)}, which are left out"))
            part = whole
        yield path, part


def _part(path: Path) -> pa.Table:
    columns = pq.read_schema(path).names
    if missing := [name for name in REQUIRED if name not in columns]:
        raise WrongFile(f"lacks the columns {', '.join(missing)}; it has {', '.join(sorted(columns))}")
    with pq.ParquetFile(path, read_dictionary=list(NAMES)) as file:
        if file.metadata.num_rows > MOST_ROWS:
            raise WrongFile(f"has {file.metadata.num_rows:,} rows; at most {MOST_ROWS:,} are read of one file")
        table = file.read([*REQUIRED, *(name for name in FLAGS if name in columns)])
    return pa.table(
        {
            **{name: _encoded(table, column) for column, name in NAMES.items()},
            "languages": _cast(table, "language", TEXTS),
            "value": finite(_cast(table, "score", REAL).to_numpy(zero_copy_only=False)),
            **{name: _flag(table, name) for name in FLAGS},
        }
    )


def _encoded(table: pa.Table, column: str) -> pa.DictionaryArray:
    values = table[column]
    if values.type in (pa.string(), pa.large_string()):
        values = values.dictionary_encode()
    if not pa.types.is_dictionary(values.type):
        raise WrongFile(f"has {column} of the type {values.type} where text is meant")
    array = _one(values.unify_dictionaries())
    return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), array.dictionary.cast(TEXT))


def _flag(table: pa.Table, column: str) -> pa.Array:
    return _cast(table, column, pa.bool_()) if column in table.column_names else pa.nulls(table.num_rows, pa.bool_())


def _cast(table: pa.Table, column: str, kind: pa.DataType) -> pa.Array:
    try:
        return _one(table[column].cast(kind))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise WrongFile(f"has {column} of the type {table[column].type} where {kind} is meant") from error


def _one(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _all_valid(part: pa.Table) -> pa.Array:
    valid = pa.array(np.ones(part.num_rows, bool))
    for name in KEYS.values():
        valid = pc.and_(valid, part[name].is_valid())
    return valid


def _joined(parts: list[pa.Table]) -> pa.Table:
    """One chunk a column, and one dictionary."""
    empty = {**dict.fromkeys(NAMES.values(), ENCODED), "languages": TEXTS, "value": REAL}
    schema = pa.schema({**empty, **dict.fromkeys(FLAGS, pa.bool_())})
    if len(parts) == 1:
        return parts[0].combine_chunks()
    return pa.concat_tables([schema.empty_table(), *parts]).unify_dictionaries().combine_chunks()


def _metrics(task: pa.DictionaryArray, catalogue: Catalogue) -> pa.DictionaryArray:
    texts = Texts()
    of_task = [texts[catalogue.metric(name) or MAIN_SCORE] for name in task.dictionary.to_pylist()]
    return dictionary(np.array(of_task, np.int32)[task.indices.to_numpy()], list(texts))


def _private(table: pa.Table) -> list[str]:
    """Tasks whose data is not public."""
    tasks = table["task"].filter(pc.invert(table["is_public"].fill_null(True)))
    return [str(task) for task in pc.unique(tasks.cast(TEXT)).to_pylist()]


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
