"""A plain Strawberry server, as one would write it with all objects in memory: parser and validation cache, orjson."""

import datetime
import gc
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import orjson
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from api.graphql.scalars import SCALARS, BigInt
from tests.bench.bare import connect

BOARD = "STANDINGS_BENCH_BOARD"


@strawberry.type
class Task:
    name: str


@strawberry.type
class Model:
    name: str
    organization: str | None
    display_name: str
    url: str | None
    parameters: BigInt | None
    embedding_dimension: int | None
    max_tokens: int | None
    license: str | None
    open_weights: bool | None
    release_date: datetime.date | None


@strawberry.type
class TaskScore:
    task: Task
    value: float | None


@strawberry.type
class Entry:
    rank: int | None
    value: float | None
    mean_task: float | None
    model: Model
    task_scores: list[TaskScore]


@strawberry.type
class Entries:
    nodes: list[Entry]


@strawberry.type
class Leaderboard:
    tasks: list[Task]
    whole: strawberry.Private[Entries]

    @strawberry.field
    def entries(self, first: int) -> Entries:
        return self.whole


@strawberry.type
class Benchmark:
    leaderboard: Leaderboard


@strawberry.type
class Query:
    boards: strawberry.Private[dict[str, Benchmark]]
    known: strawberry.Private[dict[str, Model]]

    @strawberry.field
    def benchmark(self, name: str) -> Benchmark | None:
        return self.boards.get(name)

    @strawberry.field
    def model(self, name: str) -> Model | None:
        return self.known.get(name)


class View(GraphQL[Any, Query]):
    """Strawberry's own view, with what is ready at the root and orjson at the end."""

    def __init__(self, root: Query) -> None:
        super().__init__(
            strawberry.Schema(
                Query,
                config=StrawberryConfig(scalar_map=SCALARS),
                extensions=[ParserCache, ValidationCache],
            )
        )
        self._root = root

    async def get_root_value(self, request: Request | WebSocket) -> Query:
        return self._root

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


def create() -> Starlette:
    """The application that serves the board the environment names."""
    return create_plain(Path(os.environ["STANDINGS_DATA_DIR"]), os.environ[BOARD])


def create_plain(data: Path, board: str) -> Starlette:
    """The application that serves one board, and all models."""
    view = View(read(data, board))
    gc.collect()
    gc.freeze()  # a server that is made well does not have its objects looked at over and over

    async def ready(request: Request) -> JSONResponse:
        return JSONResponse({"status": "ready"})

    return Starlette(routes=[Route("/ready", ready), Route("/graphql", view)])


def read(data: Path, board: str) -> Query:
    """Every object of a board, made once."""
    with connect(data) as connection:
        columns = ", ".join(Model.__annotations__)
        models = {row["name"]: Model(**row) for row in _rows(connection, f"select {columns} from models")}
        return Query(boards={board: Benchmark(leaderboard=_leaderboard(connection, board, models))}, known=models)


def _leaderboard(connection: duckdb.DuckDBPyConnection, board: str, models: dict[str, Model]) -> Leaderboard:
    tasks: dict[str, Task] = {}
    for row in _rows(connection, "select task from leaderboard_tasks where benchmark = $board order by place", board):
        tasks[row["task"]] = Task(name=row["task"])
    scores: dict[int, list[TaskScore]] = defaultdict(list)
    for row in _rows(
        connection,
        "select position, task, value from leaderboard_task_scores where benchmark = $board order by position, place",
        board,
    ):
        scores[row["position"]].append(TaskScore(task=tasks[row["task"]], value=row["value"]))
    entries = [
        Entry(
            rank=row["rank"],
            value=row["value"],
            mean_task=row["mean_task"],
            model=models[row["model"]],
            task_scores=scores[row["position"]],
        )
        for row in _rows(connection, "from leaderboard_entries where benchmark = $board order by position", board)
    ]
    return Leaderboard(tasks=list(tasks.values()), whole=Entries(nodes=entries))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, board: str | None = None) -> list[dict[str, Any]]:
    relation = connection.sql(sql, params={"board": board} if board else None)
    return list(relation.to_arrow_table().to_pylist())
