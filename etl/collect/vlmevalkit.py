"""A result directory of VLMEvalKit: folders of runs, and links beside them to the newest files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from etl.collect.accuracies import read_accuracies
from etl.collect.chance import Question, adjusted
from etl.collect.collected import Collected, Found, Missing
from etl.collect.facts import VlmBenchmark, read_facts
from etl.collect.files import Listing, ResultFile, Unusable, list_files, names, newest, newest_by_name, subfolders
from etl.collect.questions import read_workbook

SUBSET = "_subset_acc.csv"
BACKUP = "exact_matching_backup"
EXACT = "exact_matching"
ARCHIVED = re.compile(r".+(_acc\.csv|\.xlsx)", re.DOTALL)
WAYS = r"(?:_(?:exact_matching|extract_matching|llm_(?P<judge>.+)))?"
REPAIRED = "EASI's own tool gives null here"


@dataclass(frozen=True)
class Run:
    """The files of one model: the current ones, and those from before a judge looked at some benchmarks again."""

    model: str
    current: tuple[ResultFile, ...]
    before: tuple[ResultFile, ...]

    def tables(self, benchmark: VlmBenchmark, files: Iterable[ResultFile]) -> list[tuple[ResultFile, str | None]]:
        """Tables of accuracies of a benchmark, each with the judge in its name."""
        way = WAYS if benchmark.kind == "matching" else "(?P<judge>(?!))?"
        return self._named(benchmark.data[0], f"{way}{re.escape(benchmark.suffix)}", files)

    def workbooks(self, data: str, files: Iterable[ResultFile]) -> list[tuple[ResultFile, str | None]]:
        """Workbooks of matched answers, each with the judge in its name."""
        return self._named(data, r"_(?:extract_matching|llm_(?P<judge>.+))\.xlsx", files)

    def verdicts(self, data: str) -> list[tuple[ResultFile, str | None]]:
        """Workbooks of judged choices, each with the judge in its name."""
        return self._named(data, rf"_(?!{EXACT}_)(?P<judge>.+)_result\.xlsx", self.current)

    def has_predictions(self, data: str) -> bool:
        return any(file.name == f"{self.model}_{data}.xlsx" for file in self.current)

    def _named(self, data: str, rest: str, files: Iterable[ResultFile]) -> list[tuple[ResultFile, str | None]]:
        pattern = re.compile(re.escape(f"{self.model}_{data}") + rest)
        matches = ((file, pattern.fullmatch(file.name)) for file in files)
        return [(file, match["judge"]) for file, match in matches if match and not file.name.endswith(SUBSET)]


def collect(root: Path, model: str) -> Collected:
    """What VLMEvalKit left of a model, in its own directory or the one above. Raises `Unusable`."""
    name = model.rpartition("/")[2]
    folder = root / name if (root / name).is_dir() else root
    run, listing = _run(root, folder, name)
    found: list[Found] = []
    missing: list[Missing] = []
    for benchmark in read_facts().vlmevalkit:
        scores = list(_scores(run, benchmark))
        found += scores
        missing += [] if scores else [Missing(benchmark.id, _sought(run, benchmark))]
    if not found:
        raise Unusable(_nothing(folder, name))
    archived = newest_by_name(file for file in run.current if ARCHIVED.fullmatch(file.name))
    return Collected("vlmevalkit", name, tuple(found), tuple(missing), archived, listing.notes)


def _run(root: Path, folder: Path, name: str) -> tuple[Run, Listing]:
    runs = list(subfolders(folder))
    listing = list_files(root, [folder, *runs], lambda file: file.startswith(f"{name}_"))
    backups = [run / BACKUP for run in runs if (run / BACKUP).is_dir()]
    before = list_files(root, backups, lambda file: file.startswith(f"{name}_"))
    return Run(name, listing.files, before.files), listing


def _scores(run: Run, benchmark: VlmBenchmark) -> Iterator[Found]:
    if benchmark.kind == "questions":
        yield from _site(run, benchmark)
        return
    table, judge = _newest(run.tables(benchmark, run.current))
    before, _ = _newest(run.tables(benchmark, run.before))
    if before is not None:
        yield _read(before, benchmark, f"{benchmark.id}_{EXACT}")
    if table is None:
        return
    judge = judge or (_newest(run.verdicts(benchmark.data[0]))[1] if benchmark.kind == "choices" else None)
    if before is None:
        yield _read(table, benchmark, benchmark.id, *([f"judged by {judge}"] if judge else []))
        return
    if judge is None:
        raise Unusable(
            f"{table.path} comes after files in {BACKUP}, but no file names its judge: the judge's run may not have "
            "finished; run it again, or put the files of the backup in their place"
        )
    yield _read(table, benchmark, f"{benchmark.id}_{judge}")


def _read(file: ResultFile, benchmark: VlmBenchmark, id: str, *notes: str) -> Found:  # noqa: A002 the field's name
    read = read_accuracies(file, benchmark)
    columns = ("EASI's own tool reads another file or other columns, and gives null",)
    repairs = read.repairs + (columns if benchmark.misread_columns else ())
    lacking = sum(value is None for value in read.subs.values())
    said = (*notes, *([f"{lacking} sub-scores are not in the file"] if lacking else []))
    return Found(id, read.value, read.subs, (file.name,), repairs, said)


def _site(run: Run, benchmark: VlmBenchmark) -> Iterator[Found]:
    """SITE: computed over the questions on images and on videos together."""
    current = [_newest(run.workbooks(data, run.current)) for data in benchmark.data]
    before = [_newest(run.workbooks(data, run.before)) for data in benchmark.data]
    judges = {judge for _, judge in current if judge}
    if any(file for file, _ in before):
        first = [old if old[0] else new for old, new in zip(before, current, strict=True)]
        yield _computed(first, benchmark, f"{benchmark.id}_{EXACT}", REPAIRED)
    if not any(file for file, _ in current):
        return
    is_variant = any(file for file, _ in before) and len(judges) == 1
    repairs = [REPAIRED] if judges else []
    yield _computed(current, benchmark, f"{benchmark.id}_{judges.pop()}" if is_variant else benchmark.id, *repairs)


def _computed(
    workbooks: Sequence[tuple[ResultFile | None, str | None]],
    benchmark: VlmBenchmark,
    id: str,  # noqa: A002 the field's name
    *repairs: str,
) -> Found:
    files = [file for file, _ in workbooks if file]
    absent = [data for (file, _), data in zip(workbooks, benchmark.data, strict=True) if file is None]
    questions: Iterator[Question] = chain.from_iterable(map(read_workbook, files))
    value, subs = adjusted(questions, benchmark.subs, empty=0.0)
    notes = tuple(f"without {data}, which is not there" for data in absent)
    return Found(id, value, subs, tuple(file.name for file in files), tuple(repairs), notes)


def _newest(candidates: Sequence[tuple[ResultFile, str | None]]) -> tuple[ResultFile | None, str | None]:
    """The file that was modified last, and its judge."""
    chosen = newest(file for file, _ in candidates)
    return next(((file, judge) for file, judge in candidates if file is chosen), (None, None))


def _sought(run: Run, benchmark: VlmBenchmark) -> str:
    if benchmark.kind == "questions":
        sought = " or ".join(f"{run.model}_{data}_extract_matching.xlsx" for data in benchmark.data)
    else:
        way = "_*" if benchmark.kind == "matching" else ""
        sought = f"{run.model}_{benchmark.data[0]}{way}{benchmark.suffix}"
    unfinished = any(map(run.has_predictions, benchmark.data))
    return sought + (" (there are predictions: the evaluation did not finish)" if unfinished else "")


def _nothing(folder: Path, name: str) -> str:
    there = ", ".join(names(folder)[:5]) or "nothing"
    return (
        f"{folder} holds no results of {name}: looked for {name}_*_acc.csv in it and in the folders below, and found "
        f"{there}. Give the directory VLMEvalKit wrote, and with --model the model whose name its files begin with"
    )
