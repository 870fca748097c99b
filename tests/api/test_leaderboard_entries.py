"""What is asked of the entries of a leaderboard chooses and arranges them, however they are ranked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.rankings import METHODS, Entry, document, entries, rank, size
from tests.asking import ask, refusal

TEXTS = "SampleMTEB(v2)"
PAGES = "SampleViDoRe"
NOT_GIANT = {"not": {"name": {"contains": "giant"}}}
SHOWN = """
fragment Shown on LeaderboardEntry {
  rank value meanTask meanTaskType meanPublic meanPrivate zeroShotPercent taskValues
  model { name parameters releaseDate openness { score } }
  taskScores { task { name } value }
  taskTypeScores { taskType value }
}
"""
ORDERED = (
    SHOWN
    + """
query ($board: String!, $by: LeaderboardOrderBy!, $models: ModelWhere) {
  benchmark(name: $board) {
    leaderboard(method: MEAN_TASK, models: $models) {
      entries { nodes { ...Shown } }
      ascending: entries(orderBy: { by: $by }) { nodes { ...Shown } }
      descending: entries(orderBy: { by: $by, direction: DESC }) { nodes { ...Shown } }
    }
  }
}
"""
)
Key = Callable[[Entry], Any]
KEYS: dict[str, Key] = {
    "RANK": lambda entry: entry["rank"],
    "NAME": lambda entry: entry["model"]["name"],
    "MEAN_TASK": lambda entry: entry["meanTask"],
    "MEAN_TASK_TYPE": lambda entry: entry["meanTaskType"],
    "MEAN_PUBLIC": lambda entry: entry["meanPublic"],
    "MEAN_PRIVATE": lambda entry: entry["meanPrivate"],
    "ZERO_SHOT": lambda entry: entry["zeroShotPercent"],
    "PARAMETERS": size,
    "RELEASE_DATE": lambda entry: entry["model"]["releaseDate"],
    "OPENNESS": lambda entry: (entry["model"]["openness"] or {}).get("score"),
}
FILTERS: list[dict[str, Any]] = [
    {"models": {"parameters": {"lt": 600_000_000}}},
    {"tasks": {"type": {"in": ["Classification", "STS"]}}},
    {"languages": ["deu", "fra"]},
    {"commonTasksOnly": True},
    {"zeroShotPercent": {"gte": 60}, "tasks": {"not": {"type": {"eq": "Retrieval"}}}},
]


@pytest.mark.parametrize("method", METHODS)
def test_conditions_on_entries_change_no_rank(client: TestClient, method: str) -> None:
    weights = [{"task": "SampleNewsRetrieval", "weight": 1}] if method == "WEIGHTED" else None
    entry = "nodes { rank value meanTask zeroShotPercent model { name parameters } }"
    shown = f"""
      whole: entries {{ {entry} }}
      some: entries(where: {{ parameters: {{ lt: 600000000 }} }}) {{ totalCount {entry} }}
      leader: entries(first: 1, where: {{ parameters: {{ gte: 1000000000 }} }}) {{ {entry} }}
    """
    board = rank(client, TEXTS, shown, method=method, weights=weights)
    whole, chosen = board["whole"]["nodes"], board["some"]["nodes"]
    sized = [(each, known) for each in whole if (known := size(each)) is not None]
    assert chosen == [each for each, known in sized if known < 600_000_000]
    assert board["some"]["totalCount"] == len(chosen) < len(whole)
    assert board["leader"]["nodes"] == [each for each, known in sized if known >= 1_000_000_000][:1]


@pytest.mark.parametrize("field", KEYS)
def test_entries_are_sorted_by_any_field_and_what_is_unknown_comes_last(client: TestClient, field: str) -> None:
    check_order(client, PAGES if field in ("MEAN_PUBLIC", "MEAN_PRIVATE") else TEXTS, {"field": field}, KEYS[field])


@pytest.mark.parametrize("by", [{"task": "SampleTopicClassification"}, {"taskType": "STS"}, {"taskType": "Retrieval"}])
def test_entries_are_sorted_by_one_task_or_type(client: TestClient, by: dict[str, str]) -> None:
    def key(entry: Entry) -> float | None:
        scores = {score["task"]["name"]: score["value"] for score in entry["taskScores"]}
        types = {each["taskType"]: each["value"] for each in entry["taskTypeScores"]}
        found: float | None = scores.get(by["task"]) if "task" in by else types.get(by["taskType"])
        return found

    check_order(client, TEXTS, by, key)


def check_order(client: TestClient, board: str, by: dict[str, str], key: Key) -> None:
    """What is unknown comes last both ways, and what is equal in the order of display."""
    found = ask(client, ORDERED, board=board, by=by, models=NOT_GIANT)["benchmark"]["leaderboard"]
    own = found["entries"]["nodes"]
    known = [entry for entry in own if key(entry) is not None]
    unknown = [entry for entry in own if key(entry) is None]
    assert known
    assert found["ascending"]["nodes"] == sorted(known, key=key) + unknown
    assert found["descending"]["nodes"] == sorted(known, key=key, reverse=True) + unknown


def test_a_task_that_is_not_there_cannot_be_sorted_by(client: TestClient) -> None:
    error = refusal(client, ORDERED, board=TEXTS, by={"task": "Nothing"}, models=None)
    assert "'Nothing'" in error["message"]


def test_a_type_that_is_not_on_the_board_sorts_nothing(client: TestClient) -> None:
    found = ask(client, ORDERED, board=TEXTS, by={"taskType": "Nothing"}, models=None)["benchmark"]["leaderboard"]
    assert found["descending"] == found["ascending"] == found["entries"]


@pytest.mark.parametrize(
    ("by", "most"),
    [({"task": "SampleTopicClassification"}, 4), ({"field": "MEAN_TASK"}, 4), ({"field": "PARAMETERS"}, 5), (None, 5)],
)
def test_pages_of_a_board_that_is_ranked_anew_give_each_entry_once(
    client: TestClient, by: dict[str, str] | None, most: int
) -> None:
    arguments = {"method": "MEAN_TASK", "models": NOT_GIANT, "languages": ["eng", "deu"]}
    order = None if by is None else {"by": by, "direction": "DESC"}
    forth = [*walk(client, most, order, arguments, forth=True)]
    back = [*walk(client, most, order, arguments, forth=False)]
    assert forth == back[::-1]
    (whole,) = pages(client, 5_000, order, arguments, forth=True)
    assert forth == whole
    assert len({entry["model"]["name"] for entry in forth}) == len(forth) > 5


def walk(client: TestClient, most: int, order: Any, arguments: dict[str, Any], *, forth: bool) -> Iterator[Entry]:
    for page in pages(client, most, order, arguments, forth=forth):
        yield from page if forth else page[::-1]


def pages(
    client: TestClient, most: int, order: Any, arguments: dict[str, Any], *, forth: bool
) -> Iterator[list[Entry]]:
    """Pages of the entries with parameters or without, from either end."""
    ends = ("first: $most, after: $at", "endCursor", "hasNextPage")
    if not forth:
        ends = ("last: $most, before: $at", "startCursor", "hasPreviousPage")
    given, cursor, more = ends
    fields = f"""entries(where: {{ not: {{ name: {{ contains: "averages" }} }} }}, orderBy: $order, {given}) {{
        totalCount nodes {{ rank value meanTask model {{ name }} }} pageInfo {{ {cursor} {more} }} }}"""
    query = document(arguments, fields).replace(
        "query (", "query ($order: LeaderboardOrder, $most: Int!, $at: String, ", 1
    )
    at, seen = None, 0
    while True:
        found = ask(client, query, board=TEXTS, order=order, most=most, at=at, **arguments)["benchmark"]["leaderboard"]
        page = found["entries"]
        seen += len(page["nodes"])
        yield page["nodes"]
        if not page["pageInfo"][more]:
            assert seen == page["totalCount"]
            return
        at = page["pageInfo"][cursor]


@pytest.mark.parametrize(
    ("board", "arguments"),
    [
        *((TEXTS, arguments) for arguments in FILTERS),
        *zip([PAGES, "SampleMIEB", "SampleRTEB(beta)", PAGES, "SampleMIEB"], FILTERS, strict=True),
    ],
)
def test_lists_under_an_entry_are_in_the_order_of_the_columns_that_are_ranked(
    client: TestClient, board: str, arguments: dict[str, Any]
) -> None:
    found = rank(client, board, **arguments)
    columns = [task["name"] for task in found["tasks"]]
    kinds = list(dict.fromkeys(task["type"] for task in found["tasks"] if task["type"]))
    assert found["taskTypes"] == kinds
    assert found["totalModels"] == len(entries(found))
    for entry in entries(found):
        scores = {score["task"]["name"]: score["value"] for score in entry["taskScores"]}
        assert list(scores) == [name for name in columns if name in scores]
        assert entry["taskValues"] == [scores.get(name) for name in columns]
        types = [each["taskType"] for each in entry["taskTypeScores"]]
        assert types == [kind for kind in kinds if kind in types]
        known = [value for value in entry["taskValues"] if value is not None]
        assert entry["coverage"] == {"scored": len(known), "expected": len(columns)}
        marked = [score["task"]["name"] for score in entry["taskScores"] if score["trainedOn"]]
        assert (entry["trainedOnTasks"] or []) == marked
