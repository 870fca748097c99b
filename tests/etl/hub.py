"""What the tests of the Hub source share: a synced loopback Hub, its rows, and what a load says."""

import json
from pathlib import Path
from typing import Any

from etl.access import Hub, Waits
from etl.source import Load, State
from etl.sources.hub import HubSource, LiveBoards
from tests.hub import FakeHub
from warehouse.tables import SCORES

TOKEN = "hf_operatorsecret"
QUICK = Waits(silence=2.0, answer=2.0, attempts=2, first=0.0, longest=0.0)
GSM8K = {
    "name": "GSM8K",
    "description": "Grade school maths.",
    "evaluation_framework": "unheard-of",
    "tasks": [{"id": "gsm8k", "config": "main", "split": "validation", "solvers": [{"name": "generate"}]}],
}


class Sync:
    """Reads the loopback Hub, as often as a test wants, with one cache."""

    def __init__(self, hub: FakeHub, folder: Path) -> None:
        self.hub = hub
        self.folder = folder
        self.now = 1_780_000_000.0
        self.boards: LiveBoards | None = None

    def source(self, token: str | None = None, waits: Waits = QUICK, **settings: Any) -> HubSource:
        self.boards = LiveBoards(Hub(self.hub.url, token, self.folder), waits, clock=lambda: self.now)
        return HubSource(self.hub.url, self.boards, **settings)

    def load(self, token: str | None = None, **settings: Any) -> tuple[Load, State]:
        load = self.source(token, **settings).load()
        (state,) = load.states
        return load, state


def bench(hub: FakeHub, name: str = "openai/gsm8k", rows: list[Any] | None = None, **info: Any) -> None:
    """A benchmark of one task, `gsm8k`."""
    hub.add_dataset(name, {"eval.yaml": json.dumps(GSM8K)}, official=True, **info)
    hub.set_board(name, [row()] if rows is None else rows, "gsm8k")


def row(model: str = "org/model", value: Any = 86.2, **said: Any) -> dict[str, Any]:
    author = {"_id": "0", "name": model.split("/", maxsplit=1)[0], "type": "org"}
    return {
        "rank": 1,
        "modelId": model,
        "value": value,
        "filename": ".eval_results/gsm8k.yaml",
        "author": author,
        **said,
    }


def result(model: str = "org/model", **said: Any) -> dict[str, Any]:
    """An entry of the model's `evalResults`."""
    data = {"dataset": {"id": "openai/gsm8k", "task_id": "gsm8k"}, "value": 86.2, **said.pop("data", {})}
    return {"filename": ".eval_results/gsm8k.yaml", "verified": False, "data": data, **said}


def scores(state: State) -> list[dict[str, Any]]:
    assert state.tables["scores"].schema.equals(SCORES.schema)
    rows: list[dict[str, Any]] = state.tables["scores"].to_pylist()
    return rows


def described(load: Load, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = load.described[table].to_pylist()
    return rows


def told(load: Load) -> dict[str, str]:
    return {problem.path: problem.message for problem in load.problems}
