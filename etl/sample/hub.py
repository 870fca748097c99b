"""The sample's saved answers of the Hub: two invented benchmarks, their boards and their models."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from etl.sample.files import Files, commit, facts

ANSWERED = datetime(2026, 6, 1, 9, tzinfo=UTC)
TOOLS = "With tools"
EVAL_YAML = """\
# An invented benchmark of the Standings sample.
name: {title}
description: >-
  {description}
evaluation_framework: {framework}
tasks:
{tasks}"""


@dataclass(frozen=True)
class Board:
    """An invented benchmark dataset. `tasks` maps a task to its column in chat_models.csv."""

    dataset: str
    title: str
    description: str
    framework: str
    tasks: dict[str, str]
    lower_is_better: bool = False


BOARDS = (
    Board(
        "sample-lab/sample-reasoning",
        "Sample Reasoning",
        "Invented problems of algebra and geometry; the score is the percentage solved.",
        "inspect-ai",
        {"algebra": "algebra", "plane/geometry": "geometry"},
    ),
    Board(
        "sample-works/sample-transcription",
        "Sample Transcription",
        "Invented recordings to be written down; the score is the word error rate, so less is better.",
        "open-asr-leaderboard",
        {"default": "transcription"},
        lower_is_better=True,
    ),
)


@dataclass(frozen=True)
class Result:
    """One published result of a model on one task."""

    model: dict[str, str]
    board: Board
    task: str
    value: float
    verified: bool
    pull_request: int | None
    notes: str | None

    @property
    def filename(self) -> str:
        """Result file in the model's repository."""
        column = self.board.tasks[self.task]
        return f".eval_results/{column}{'_tools' if self.notes else ''}.yaml"


def read_models() -> list[dict[str, str]]:
    """The models, as the facts say."""
    return facts("chat_models.csv")


def cell_values(cell: str) -> list[float]:
    """The scores of a cell: the plain run, then the one with tools."""
    return [float(value) for value in cell.rstrip("!?").split("+") if value]


def write_hub(files: Files) -> None:
    """The answers that the Hub would give, in the layout of `etl.sources.hub.SavedBoards`."""
    files = Files(files.root, ANSWERED)
    files.text("at", f"{ANSWERED:%Y-%m-%dT%H:%M:%SZ}\n")
    files.json("datasets.json", [_dataset(board) for board in BOARDS])
    for board in BOARDS:
        files.text(f"{board.dataset}/eval.yaml", _declaration(board))
        for task in board.tasks:
            _write_board(files.inside(f"{board.dataset}/leaderboard"), board, task)
    for model in read_models():
        files.json(f"models/{model['model']}.json", _model(model))


def _dataset(board: Board) -> dict[str, Any]:
    return {
        "id": board.dataset,
        "author": board.dataset.split("/")[0],
        "sha": commit("dataset", board.dataset),
        "private": False,
        "gated": False,
        "tags": ["benchmark:official", "license:cc-by-4.0"],
        "description": board.description,
    }


def _declaration(board: Board) -> str:
    tasks = "".join(f"  - id: {task}\n    config: default\n    split: test\n" for task in board.tasks)
    return EVAL_YAML.format(title=board.title, description=board.description, framework=board.framework, tasks=tasks)


def _write_board(files: Files, board: Board, task: str) -> None:
    """All rows, and those of the default view, which leaves out models made from others."""
    results = sorted(_results(board, task), key=lambda one: one.value, reverse=not board.lower_is_better)
    shown = [one for one in results if not one.model["base_model"]]
    name = task.replace("/", "__")
    files.json(f"{name}.json", [_row(rank, one) for rank, one in enumerate(results, start=1)])
    files.json(f"{name}.default.json", [_row(rank, one) for rank, one in enumerate(shown, start=1)])


def _results(board: Board, task: str) -> Iterator[Result]:
    for number, model in enumerate(read_models(), start=1):
        cell = model[board.tasks[task]]
        pull_request = number if cell.endswith("?") else None
        for value, notes in zip(cell_values(cell), (None, TOOLS), strict=False):
            yield Result(model, board, task, value, cell.endswith("!"), pull_request, notes)


def _row(rank: int, result: Result) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rank": rank,
        "modelId": result.model["model"],
        "value": result.value,
        "verified": result.verified,
        "filename": result.filename,
        "lower_is_better": result.board.lower_is_better,
        "num_parameters": int(result.model["parameters"]),
        "source": _source(result),
        "author": _author(result.model["model"].split("/")[0]),
    }
    optional = {"pullRequest": result.pull_request, "notes": result.notes}
    return {**row, **{key: value for key, value in optional.items() if value is not None}}


def _source(result: Result) -> dict[str, Any]:
    page = f"https://example.org/standings-sample/{result.model['model']}"
    return {"url": page, "name": "Invented model card", "isExternal": True}


def _author(name: str) -> dict[str, Any]:
    return {"_id": commit("author", name)[:24], "name": name, "fullname": f"{name} (invented)", "type": "org"}


def _model(model: dict[str, str]) -> dict[str, Any]:
    card = {"license": model["license"], "base_model": model["base_model"]}
    card = {key: value for key, value in card.items() if value}
    if model["license"] == "other":
        card["license_name"] = "sample-community-license"
    parameters = int(model["parameters"])
    return {
        "id": model["model"],
        "author": model["model"].split("/")[0],
        "sha": commit("model", model["model"]),
        "createdAt": f"{model['released']}T12:00:00.000Z",
        "private": False,
        "gated": False,
        "tags": [f"license:{model['license']}", "invented"],
        "cardData": card,
        "safetensors": {"parameters": {"BF16": parameters}, "total": parameters},
        "evalResults": [_evaluated(one) for board in BOARDS for task in board.tasks for one in _of(model, board, task)],
    }


def _of(model: dict[str, str], board: Board, task: str) -> Iterator[Result]:
    return (one for one in _results(board, task) if one.model == model)


def _evaluated(result: Result) -> dict[str, Any]:
    dataset = {"id": result.board.dataset, "task_id": result.task, "revision": commit("dataset", result.board.dataset)}
    data: dict[str, Any] = {"dataset": dataset, "value": result.value, "date": "2026-05-20"}
    if result.notes:
        data["notes"] = result.notes
    entry: dict[str, Any] = {"filename": result.filename, "verified": result.verified, "data": data}
    return {**entry, "pullRequest": result.pull_request} if result.pull_request else entry
