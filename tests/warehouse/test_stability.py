"""A ranking is the same to the last bit, however often, by however many at once and beside whatever it is worked out."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from tests.warehouse.boards import NOW
from tests.warehouse.stores import opened
from warehouse.rankings import Ranking, own_rule
from warehouse.select import Clause
from warehouse.snapshot import Snapshot

REAL = (
    "MTEB(Multilingual, v2)",
    "MTEB(fra, v1)",
    "HUME(v1)",
    "MIEB(Multilingual)",
    "ViDoRe(v3)",
    "RTEB(Health, beta)",
    "EASI-12",
)
SAMPLE = ("SampleMTEB(v2)", "SampleMIEB", "SampleViDoRe", "EASI-8", "sample-lab/sample-reasoning#algebra")
WORKERS = (1, 2, 8)
LOAD = "select model, task, avg(value), stddev(value), count(*) from scores group by all order by all limit $rows"
SCORES = """
select scores.model::varchar as model, scores.task::varchar as task, scores.value
from scores
join benchmark_cells as cells on cells.cell = scores.cell and cells.valid_to is null and cells.benchmark = $board
join benchmarks on benchmarks.name = cells.benchmark::varchar and benchmarks.source = scores.source::varchar
left join language_sets on language_sets.language_set = scores.language_set
where scores.valid_to is null and scores.value is not null and scores.variant is null
    and ($languages is null or list_has_any(language_sets.languages, $languages))
order by scores.seq
"""
# Where rows of a join could come in another order: where it finds few, or where boards that share cells are ranked at once.
IN_ORDER = [
    ("MTEB(Indic, v1)", None),
    ("MTEB(Multilingual, v2)", ["fra-Latn"]),
    ("RTEB(Health, beta)", None),
    ("MTEB(Europe, v1)", ["eng-Latn"]),
    ("MTEB(Europe, v1)", ["fra-Latn"]),
]
STORED = "from leaderboard_entries where benchmark = $board order by position"


def plain(snapshot: Snapshot, board: str) -> Clause:
    """The statement of a board as it stands, from scores."""
    (row,) = snapshot.rows(
        "select default_method, ranks_variants from benchmarks where name = $board", {"board": board}
    )
    method = row["default_method"]
    return Ranking((board,), method, own_rule(method, ranks_variants=row["ranks_variants"]), at=NOW).entries()


Rows = list[dict[str, Any]]


def read(snapshot: Snapshot, clause: Clause) -> Rows:
    """All rows of a statement; they are equal where every number is, to the last bit."""
    return snapshot.rows(clause.sql, clause.values)


@contextmanager
def load(snapshot: Snapshot) -> Iterator[None]:
    """Two others who keep the machine busy."""
    done = Event()

    def work(seed: int) -> None:
        random = Random(seed)
        while not done.is_set():
            snapshot.arrow(LOAD, {"rows": random.randrange(1, 100_000)})

    with ThreadPoolExecutor(2) as busy:
        tasks = [busy.submit(work, seed) for seed in range(2)]
        try:
            yield
        finally:
            done.set()
            for task in tasks:
                task.result()


def check(snapshot: Snapshot, boards: tuple[str, ...], rounds: Callable[[int], int]) -> None:
    statements = {board: plain(snapshot, board) for board in boards}
    wanted = {board: read(snapshot, Clause(STORED, {"board": board})) for board in boards}
    with load(snapshot):
        for workers in WORKERS:
            asked = list(boards) * rounds(workers)
            Random(workers).shuffle(asked)
            with ThreadPoolExecutor(workers) as pool:
                found = list(pool.map(lambda board: read(snapshot, statements[board]), asked))
            for board, said in zip(asked, found, strict=True):
                assert said == wanted[board], board


def test_real_boards_are_the_stored_ones_bit_by_bit_by_any_number_of_workers(real_dir: Path) -> None:
    with opened(real_dir) as snapshot:
        check(snapshot, REAL, lambda workers: 1 if workers < 8 else 2)


def test_sample_boards_are_the_stored_ones_bit_by_bit_by_any_number_of_workers(sample_dir: Path) -> None:
    with opened(sample_dir) as snapshot:
        check(snapshot, SAMPLE, lambda workers: 2)


@pytest.mark.parametrize("method", ["WIN_RATE", "MEAN_SUBSET", "MEAN_TASK_TYPE"])
def test_rankings_that_are_not_stored_are_the_same_again(real_dir: Path, method: str) -> None:
    asked = Ranking(("MTEB(Multilingual, v2)",), method, "COMPETITION", languages=("fra-Latn", "deu-Latn"))
    clause = asked.entries()
    with opened(real_dir) as snapshot, load(snapshot), ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(lambda _: read(snapshot, clause), range(4))
    assert first
    assert all(other == first for other in others)


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those there are, summed from the left one by one: another order may differ in the last bit."""
    total, number = 0.0, 0
    for value in values:
        if value is not None:
            total += value
            number += 1
    return total / number if number else None


def average(values: Iterable[float | None], languages: Any) -> float | None:
    """Null where one is missing, but for a filter of languages."""
    found = list(values)
    return None if languages is None and None in found else mean(found)


@pytest.mark.parametrize(("board", "languages"), IN_ORDER)
def test_task_scores_are_sums_in_the_order_of_the_source(
    real_dir: Path, board: str, languages: list[str] | None
) -> None:
    asked = Ranking((board,), "BORDA", "POINTS", NOW, languages=None if languages is None else tuple(languages))
    values: dict[tuple[str, str], list[float]] = {}
    with opened(real_dir) as snapshot:
        for row in read(snapshot, Clause(SCORES, {"board": board, "languages": languages})):
            values.setdefault((row["model"], row["task"]), []).append(row["value"])
        found = read(snapshot, asked.statement("shown_task_scores"))
    known = [row for row in found if row["value"] is not None]
    assert known
    assert [row for row in known if row["value"] != mean(values[row["model"], row["task"]])] == []


@pytest.mark.parametrize(("board", "languages"), [IN_ORDER[1], IN_ORDER[4], ("MTEB(fra, v1)", None)])
def test_means_are_sums_in_the_order_of_the_columns(real_dir: Path, board: str, languages: list[str] | None) -> None:
    asked = Ranking((board,), "BORDA", "POINTS", NOW, languages=None if languages is None else tuple(languages))
    with opened(real_dir) as snapshot:
        columns = read(snapshot, asked.statement("shown_columns"))
        values: dict[str, dict[int, float | None]] = {}
        for row in read(snapshot, asked.statement("shown_task_scores")):
            values.setdefault(row["model"], {})[row["place"]] = row["value"]
        entries = read(snapshot, asked.entries())
    kinds = list(dict.fromkeys(column["type"] for column in columns))
    assert entries
    for entry in entries:
        held = values[entry["model"]]
        types = [
            average((held.get(column["place"]) for column in columns if column["type"] == kind), languages)
            for kind in kinds
        ]
        assert entry["mean_task"] == average((held.get(column["place"]) for column in columns), languages)
        assert entry["mean_task_type"] == average(types, languages)
