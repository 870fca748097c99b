"""How long rank intervals take: of a made-up board of a given size, and of the largest of the real data."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.bench.inputs import Inputs
from tests.bench.results import Result, limited
from tests.bench.stores import whole_store
from warehouse.intervals import RESAMPLES, resample_ranks
from warehouse.rankings import Ranking, own_rule
from warehouse.snapshot import Snapshot
from warehouse.store import Store
from warehouse.uncertainty import resample, resampled_cells

MODELS, TASKS, SECONDS = 500, 131, 1.0
GAPS = 0.2
SEED = 7


def resample_boards(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """Sums, and means of what there is, of 500 models on 131 tasks; and a board from SQL to intervals."""
    random = np.random.default_rng(SEED)
    values = random.random((MODELS, TASKS))
    values[random.random(values.shape) < GAPS] = np.nan
    size = f"{MODELS} models x {TASKS} tasks x {RESAMPLES:,} resamples / {SECONDS:g} s"
    return [
        _timed(f"rank intervals of sums: {size}", repeat, lambda: resample_ranks(values)),
        _timed(f"rank intervals of means: {size}", repeat, lambda: resample_ranks(values, np.ones(TASKS))),
        _largest(whole_store(inputs, folder), repeat),
    ]


def _largest(data: Path, repeat: int) -> Result:
    """The board with the most entries, by its own method."""
    published = Store(data).current()
    assert published is not None
    with closing(Snapshot(published)) as snapshot:
        sizes = snapshot.dimensions.sizes
        board = max(snapshot.dimensions.benchmarks, key=lambda each: sizes.get(each["name"], 0))
        method = board["default_method"]
        ranking = Ranking((board["name"],), method, own_rule(method, ranks_variants=board["ranks_variants"]))
        clause = resampled_cells(ranking)
        name = f"rank intervals from SQL on: {board['name']} / {SECONDS:g} s"
        return _timed(name, repeat, lambda: resample(ranking, snapshot.arrow(clause.sql, clause.values)))


def _timed(name: str, repeat: int, run: Callable[[], Any]) -> Result:
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return limited(name, median(seconds), SECONDS, "s", {"seconds": seconds})
