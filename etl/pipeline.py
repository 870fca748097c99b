"""Load sources, merge them with the last snapshot, check, publish; and say what happened."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl.identity import Name, read_curated, resolve
from etl.source import Describer, Load, Problem, Source, State, Unreadable
from warehouse.build import MODEL_HINTS, Build, Version
from warehouse.checks import check
from warehouse.description import read_files
from warehouse.export import describe, write_parquet
from warehouse.history import Change
from warehouse.layout import write
from warehouse.store import FILE, KEEP, Published, Store
from warehouse.tables import MODEL_ALIASES, PROBLEMS

PRECEDENCE = ("mteb", "easi", "hub", "openevals", "submissions")


@dataclass
class SourceReport:
    """What became of one source. Counts are rows of `scores`; `error` says why nothing of it was taken."""

    name: str
    uri: str
    revision: str | None = None
    files: int = 0
    rows: int = 0
    versions: int = 0
    change: Change = field(default_factory=Change)
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None


@dataclass
class Report:
    """What a build did. `snapshot` is what is served afterwards; `published` whether it is new."""

    snapshot: str | None
    published: bool
    sources: list[SourceReport]
    seconds: float


Progress = Callable[[str], None]


def build(store: Store, sources: Sequence[Source], progress: Progress = lambda step: None, keep: int = KEEP) -> Report:
    """Load `sources` into a new snapshot of `store`. A source that cannot be read leaves its rows as they were.

    Raises `StoreError` where the directory cannot be written or another build runs, `ChecksFailed` where the
    result may not be published; either way the last good snapshot stays.
    """
    started = time.monotonic()
    current = store.current()
    with store.building() as workspace:
        staged = Build(workspace, current.file if current else None, PRECEDENCE)
        try:
            reports = [_load(staged, source, progress) for source in sources]
            progress("telling models apart")
            _identify(staged)
            _describe_more(
                staged, [source for source, report in zip(sources, reports, strict=True) if not report.error]
            )
            published = _publish(store, staged, workspace, progress, keep) if staged.differs() else None
        finally:
            staged.close()
    snapshot = published or current
    return Report(snapshot.id if snapshot else None, published is not None, reports, time.monotonic() - started)


def _load(staged: Build, source: Source, progress: Progress) -> SourceReport:
    progress(f"loading {source.name}")
    report = SourceReport(source.name, source.uri)
    started = time.monotonic()
    try:
        load = source.load()
        unread: set[str] = set()
        for state in load.states:
            _merge(staged, source, state, report)
            unread |= state.unread_tasks
        _finish(staged, source, load, report, unread)
    except Unreadable as error:
        report.error = str(error)
    report.seconds = time.monotonic() - started
    return report


def _merge(staged: Build, source: Source, state: State, report: SourceReport) -> None:
    version = Version(state.label, state.at, state.revision)
    report.change += staged.merge(source.name, version, state.tables, state.unread_tasks)
    report.rows += state.tables["scores"].num_rows if "scores" in state.tables else 0
    report.versions += 1


def _finish(staged: Build, source: Source, load: Load, report: SourceReport, unread: Collection[str]) -> None:
    hints = [asdict(hint) for hint in load.hints]
    staged.describe(source.name, {**load.described, "model_hints": MODEL_HINTS.rows(hints)}, unread)
    problems = [{"path": problem.path, "message": problem.message} for problem in load.problems]
    now = datetime.now(UTC)
    row = {"name": source.name, "uri": source.uri, "revision": load.revision, "files": load.files, "loaded_at": now}
    staged.record(row, PROBLEMS.rows(problems))
    for companion in load.companions:
        staged.record({**asdict(companion), "loaded_at": now}, PROBLEMS.rows([]))
    report.revision, report.files, report.problems = load.revision, load.files, load.problems


def _identify(staged: Build) -> None:
    aliases = resolve((Name(*row) for row in staged.model_names()), read_curated())
    staged.name_models(MODEL_ALIASES.rows([vars(alias) for alias in aliases]))


def _describe_more(staged: Build, sources: Sequence[Source]) -> None:
    """Ask the sources that know models by their Hub id about those that others name."""
    for source in sources:
        if isinstance(source, Describer):
            staged.describe_more(source.name, source.describe(staged.undescribed()))
            _identify(staged)


def _publish(store: Store, staged: Build, workspace: Path, progress: Progress, keep: int) -> Published:
    folder = workspace / "snapshot"
    folder.mkdir()
    progress("writing tables and ranking boards")
    write(staged, folder / FILE)
    with duckdb.connect(str(folder / FILE), read_only=True) as written:
        progress("checking")
        check(written)
        progress("writing Parquet")
        write_parquet(written, folder)
        files = read_files(folder)
        name = store.next_id(next(file.sha256 for file in files if file.name == FILE))
        describe(written, folder, Published(name, folder), files)
    progress("publishing")
    return store.publish(folder, name, keep)
