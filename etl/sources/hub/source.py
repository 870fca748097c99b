"""The Hub's leaderboards as a source: every official benchmark, task by task, and the models met there."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa

from etl.client import HubError
from etl.source import Load, ModelHint, Problem, State, Unreadable
from etl.sources.hub.boards import Boards
from etl.sources.hub.catalog import Board, read_catalog
from etl.sources.hub.models import model_row, results
from etl.sources.hub.reading import Reading, read_board
from etl.sources.hub.rows import MODEL_ID
from etl.sources.hub.tables import Results, benchmark_row, benchmark_task_row, digest, score_rows, subset_row, task_row
from etl.sources.hub.units import Facts, curated, facts_of
from warehouse.tables import BENCHMARK_TASKS, BENCHMARKS, MODELS, SCORES, TASK_SUBSETS, TASKS

log = logging.getLogger(__name__)

MAX_MODELS = 5_000
MAX_MODEL_SECONDS = 900.0

Known = dict[str, dict[str, Any] | None]


class HubSource:
    """Reads all boards into one state, whose label names what the boards say.

    A board that fails is named in `State.unread_tasks` and in a Problem, and nothing else is said of it: what is
    known of it stays. An unread name stands for the board and, where a dataset's tasks could not be told, for all
    its `dataset#task`. The label takes what a failing board said last, so that a failure alone is no new version.
    At most `max_models` models are looked up, within `model_seconds`.
    """

    name = "hub"

    def __init__(
        self, uri: str, boards: Boards, *, facts: Mapping[str, Facts] | None = None, max_models: int = MAX_MODELS,
        model_seconds: float = MAX_MODEL_SECONDS, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.uri = uri
        self._boards = boards
        self._facts = curated() if facts is None else facts
        self._max_models = max_models
        self._model_seconds = model_seconds
        self._clock = clock

    def load(self) -> Load:
        """Read everything. Raises `Unreadable` where the Hub gives no list of benchmarks."""
        problems: list[Problem] = []
        try:
            at = self._boards.at()
            catalog = read_catalog(self._boards, problems)
            readings = [self._read(board, problems) for board in catalog.boards]
            models = _models(readings)
            known = self._known(models, problems)
        except HubError as error:
            raise Unreadable(f"{self.uri}: the list of official benchmarks cannot be read: the Hub {error}") from None
        finally:
            self._boards.close()
        said = {name: results(name, of_model, problems) for name, of_model in known.items()}
        read = [reading for reading in readings if reading.is_read]
        believed = _state(readings, said)
        label = digest(believed.values())
        unread = catalog.unread | {reading.board.name for reading in readings if not reading.is_read}
        return Load(
            revision=digest([*believed.values(), *self._described(readings, models, known).values()]),
            states=iter([State(label, at, label, _state(read, said), unread)]),
            described=self._described(read, models, known),
            hints=[ModelHint(model, hub_id=model) for model in models],
            problems=problems,
            files=len(read),
        )

    def describe(self, names: Iterable[str]) -> pa.Table:
        """MODELS rows of the models with these Hub ids; one that the Hub does not show has none."""
        wanted = [name for name in dict.fromkeys(names) if "/" in name and re.fullmatch(MODEL_ID, name)]
        problems: list[Problem] = []
        try:
            known = self._known(dict.fromkeys(wanted), problems)
        finally:
            self._boards.close()
        for problem in problems:
            log.warning("%s: %s", problem.path, problem.message)
        site = self._boards.site
        rows = [model_row(site, name, said, None) for name, said in known.items() if said is not None]
        return MODELS.rows([row | {"place": place} for place, row in enumerate(rows)])

    def _read(self, board: Board, problems: list[Problem]) -> Reading:
        return read_board(self._boards, board, facts_of(board.name, self._facts), problems)

    def _known(self, names: Iterable[str], problems: list[Problem]) -> Known:
        """What the Hub says of models, each asked for once; those it fails for are one Problem."""
        wanted = list(names)
        deadline = self._clock() + self._model_seconds
        known: Known = {}
        missed: list[str] = wanted[self._max_models :]
        reason = f"more than {self._max_models:,} are not looked up"
        for name in wanted[: self._max_models]:
            try:
                if self._clock() > deadline:
                    raise HubError(f"was not asked after {self._model_seconds:g} s")
                known[name] = self._boards.model(name)
            except HubError as error:
                missed.append(name)
                reason = f"the Hub {error}"
        if missed:
            problems.append(Problem("models", f"{len(missed):,} were not described, such as {missed[0]}: {reason}"))
        return known

    def _described(
        self, readings: list[Reading], models: Mapping[str, int | None], known: Known
    ) -> dict[str, pa.Table]:
        site = self._boards.site
        rows = [
            model_row(site, name, known.get(name), size) | {"place": place}
            for place, (name, size) in enumerate(models.items())
        ]
        boards = [reading.board for reading in readings]
        return {
            "benchmarks": BENCHMARKS.rows([benchmark_row(board, place, site) for place, board in enumerate(boards)]),
            "tasks": TASKS.rows([task_row(reading, place, site) for place, reading in enumerate(readings)]),
            "task_subsets": TASK_SUBSETS.rows([subset_row(board) for board in boards]),
            "models": MODELS.rows(rows),
        }


def _models(readings: list[Reading]) -> dict[str, int | None]:
    """The models of all boards in the order in which they are met, with their size where a board gives it."""
    sizes: dict[str, int | None] = {}
    for row in (row for reading in readings for row in reading.rows):
        sizes[row.model] = sizes.get(row.model) or row.num_parameters
    return sizes


def _state(readings: list[Reading], said: Results) -> dict[str, pa.Table]:
    return {
        "scores": SCORES.rows([row for reading in readings for row in score_rows(reading, said)]),
        "benchmark_tasks": BENCHMARK_TASKS.rows([benchmark_task_row(reading.board) for reading in readings]),
    }
