"""How long rankings take from SQL to Arrow, on one thread, worked out anew: every board, and the slowest with filters."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.inputs import Inputs
from tests.bench.results import Result, limited
from tests.bench.stores import large_store, whole_store
from warehouse.rankings import VALUES, Ranking, own_rule
from warehouse.select import Clause
from warehouse.snapshot import Snapshot
from warehouse.store import Store

REAL_MS, LARGE_MS = 150.0, 400.0
RUNS = 7
IN_DOUBT = (0.5, 4.0)  # of the limit: what takes less or more than that the first time is not run again
SLOWEST, SLOWEST_LARGE = 2, 0  # boards that are asked with filters, beside the one of the most cells
COMPETITION = "COMPETITION"


@dataclass(frozen=True)
class Question:
    """A ranking of one board; `kind` tells what is asked of it, the same for every board."""

    kind: str
    ranking: Ranking


@dataclass(frozen=True)
class Answer:
    """Median milliseconds, and how many entries there are."""

    question: Question
    milliseconds: float
    entries: int


def rank_boards(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """Every board of the real data."""
    return _measure(whole_store(inputs, folder), REAL_MS, SLOWEST, "")


def rank_large(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """The same of 8.7 million rows."""
    return _measure(large_store(inputs, folder), LARGE_MS, SLOWEST_LARGE, ", large table")


def _measure(data: Path, limit: float, slowest: int, where: str) -> list[Result]:
    published = Store(data).current()
    assert published is not None
    with closing(Snapshot(published)) as snapshot:
        rankings = [_whole(board) for board in snapshot.dimensions.benchmarks]
        answers = _ask(snapshot, [Question("every board", ranking) for ranking in rankings], limit)
        by_time = sorted(answers, key=lambda answer: answer.milliseconds, reverse=True)
        chosen = {answer.question.ranking.benchmarks[0]: answer.question.ranking for answer in by_time[:slowest]}
        chosen |= {
            ranking.benchmarks[0]: ranking for ranking in rankings if ranking.benchmarks[0] == _largest(snapshot)
        }
        filtered = [question for ranking in chosen.values() for question in _filters(snapshot, ranking)]
        answers += _ask(snapshot, filtered, limit)
    kinds: dict[str, list[Answer]] = {}
    for answer in answers:
        kinds.setdefault(answer.question.kind, []).append(answer)
    return [_result(kind, found, limit, where) for kind, found in kinds.items()]


def _result(kind: str, answers: Sequence[Answer], limit: float, where: str) -> Result:
    """The slowest board stands for the kind."""
    times = {answer.question.ranking.benchmarks[0]: answer.milliseconds for answer in answers}
    entries = {answer.question.ranking.benchmarks[0]: answer.entries for answer in answers}
    slowest = max(times, key=lambda name: times[name])
    name = f"{kind}{where}: {slowest} / {limit:.0f} ms"
    return limited(name, times[slowest], limit, "ms", {"milliseconds": times, "entries": entries})


def _ask(snapshot: Snapshot, questions: Sequence[Question], limit: float) -> list[Answer]:
    """Ask all of them once, then those in doubt over and over: so a slow moment of the machine meets each but once."""
    timed = [(question, [_once(snapshot, question)]) for question in questions]
    for _ in range(RUNS - 1):
        for question, runs in timed:
            if IN_DOUBT[0] < runs[0][0] / limit < IN_DOUBT[1]:
                runs.append(_once(snapshot, question))
    return [Answer(question, median(took for took, _ in runs), runs[0][1]) for question, runs in timed]


def _once(snapshot: Snapshot, question: Question) -> tuple[float, int]:
    """Milliseconds, and how many entries."""
    clause = question.ranking.entries()
    started = time.perf_counter()
    entries = len(snapshot.arrow(clause.sql, clause.values))
    return 1_000 * (time.perf_counter() - started), entries


def _largest(snapshot: Snapshot) -> str:
    """The board that declares the most cells, of those the one with the most models."""
    rows = snapshot.rows(
        "select benchmark::varchar as name from benchmark_cells join benchmarks on benchmarks.name = benchmark::varchar "
        "where valid_to is null group by benchmark, model_count order by count(*) desc, model_count desc, name limit 1"
    )
    return str(rows[0]["name"])


def _whole(board: dict[str, Any]) -> Ranking:
    method = board["default_method"]
    return Ranking((board["name"],), method, own_rule(method, ranks_variants=board["ranks_variants"]))


def _filters(snapshot: Snapshot, whole: Ranking) -> Iterator[Question]:
    """The questions of each kind about one board."""
    models = {
        "small models": Clause("parameters < $most", {"most": 1_000_000_000}),
        "models by name": Clause("contains(lower(name), $part)", {"part": "e5"}),
        "models not trained on a task": Clause("not coalesce(list_contains(trained_on, $task), false)", {"task": "NQ"}),
    }
    for kind, clause in models.items():
        yield Question(kind, replace(whole, models=clause))
    for kind, task_type in _types(snapshot, whole.benchmarks[0]).items():
        yield Question(kind, replace(whole, tasks=Clause("type = $type", {"type": task_type})))
    for kind, languages in _languages(snapshot).items():
        yield Question(kind, replace(whole, languages=languages))
    yield Question("all zero-shot", replace(whole, zero_shot=Clause("percent >= $least", {"least": 100})))
    times = _as_of(snapshot, whole.benchmarks[0])
    for kind, at in times.items():
        yield Question(kind, replace(whole, at=at))
    yield Question("tasks in common", replace(whole, common_tasks_only=True))
    for method in VALUES:
        weights = _weights(snapshot, whole.benchmarks[0]) if method == "WEIGHTED" else {}
        ranking = replace(whole, method=method, rule=COMPETITION, weights=weights)
        yield Question(f"by {method}", ranking)
        for kind, languages in _languages(snapshot).items():
            yield Question(f"{kind} by {method}", replace(ranking, languages=languages))
        for kind, at in times.items():
            yield Question(f"{kind} by {method}", replace(ranking, at=at))


def _types(snapshot: Snapshot, board: str) -> dict[str, str]:
    rows = snapshot.rows(
        "select tasks.type, count(*) from benchmark_tasks join tasks on tasks.name = benchmark_tasks.task::varchar "
        "where benchmark = $board and type is not null group by tasks.type order by all",
        {"board": board},
    )
    types = [row["type"] for row in rows]
    return {"tasks of one type": types[0], "tasks of another type": types[-1]} if types else {}


def _languages(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    rows = snapshot.rows(
        "select language, count(*) as sets from (select unnest(languages) as language from language_sets) as named "
        "group by language order by sets desc, language limit 40"
    )
    known = [row["language"] for row in rows]
    return {"one language": tuple(known[:1]), "forty languages": tuple(known)}


def _as_of(snapshot: Snapshot, board: str) -> dict[str, datetime]:
    """Just after the first version of the board's source, and just after its newest: worked out from scores."""
    rows = snapshot.rows(
        "select min(published_at) as first, max(published_at) as newest from versions "
        "where source = (select source::varchar from benchmarks where name = $board)",
        {"board": board},
    )
    later = timedelta(seconds=1)
    return {
        "as of the first version": rows[0]["first"] + later,
        "as of the newest version": rows[0]["newest"] + later,
    }


def _weights(snapshot: Snapshot, board: str) -> dict[str, float]:
    tasks = [row["task"] for row in snapshot.dimensions.benchmark_tasks.get(board, [])]
    return {task: 1.0 + place for place, task in enumerate(tasks)}
