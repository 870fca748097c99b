"""Leaderboards by GraphQL, with any arguments."""

from typing import Any

from starlette.testclient import TestClient

from tests.asking import ask

METHODS = (
    "BORDA", "MEAN_TASK", "MEAN_SCORED", "MEAN_TASK_TYPE", "MEAN_PUBLIC_PRIVATE", "MEAN_SUBSET", "WEIGHTED", "WIN_RATE",
)  # fmt: skip
TYPES = {
    "method": "RankingMethod",
    "weights": "[TaskWeight!]",
    "asOf": "DateTime",
    "version": "ID",
    "models": "ModelWhere",
    "zeroShotPercent": "IntWhere",
    "tasks": "TaskWhere",
    "commonTasksOnly": "Boolean!",
    "languages": "[String!]",
}
WHOLE = """
  method totalModels taskTypes
  version { label }
  tasks { name type }
  entries {
    nodes {
      rank variant value meanTask meanTaskType meanPublic meanPrivate zeroShotPercent trainedOnTasks taskValues
      model { name parameters releaseDate openness { score } }
      coverage { scored expected }
      taskScores { value trainedOn task { name } }
      taskTypeScores { taskType value }
    }
  }
"""
RANKED = "entries { nodes { rank value coverage { scored expected } model { name parameters } } }"
Entry = dict[str, Any]


def document(arguments: dict[str, Any], fields: str = WHOLE) -> str:
    """A request for `fields` of the leaderboard of the board `$board` with these arguments as variables."""
    variables = "".join(f", ${name}: {TYPES[name]}" for name in arguments)
    given = ", ".join(f"{name}: ${name}" for name in arguments)
    given = f"({given})" if given else ""
    return f"query ($board: String!{variables}) {{ benchmark(name: $board) {{ leaderboard{given} {{ {fields} }} }} }}"


def rank(client: TestClient, board: str, fields: str = WHOLE, **arguments: Any) -> Any:
    """`fields` of a leaderboard that is asked for with these arguments."""
    found = ask(client, document(arguments, fields), board=board, **arguments)
    return found["benchmark"]["leaderboard"]


def entries(board: Any) -> list[Entry]:
    """The entries of an answer."""
    return list(board["entries"]["nodes"])


def names(board: Any) -> list[str]:
    """The models of an answer in the order of display."""
    return [entry["model"]["name"] for entry in entries(board)]


def every_task(client: TestClient, board: str) -> list[str]:
    """The tasks that are ranked where nothing is asked for."""
    return [task["name"] for task in rank(client, board, "tasks { name }")["tasks"]]


def versions(client: TestClient, board: str) -> list[Any]:
    """The versions of a board's source, oldest first."""
    query = "query ($board: String!) { benchmark(name: $board) { versions { nodes { id label at } } } }"
    return list(ask(client, query, board=board)["benchmark"]["versions"]["nodes"])


def size(entry: Entry) -> int | None:
    """How many parameters the model of an entry has."""
    known = entry["model"]["parameters"]
    return None if known is None else int(known)
