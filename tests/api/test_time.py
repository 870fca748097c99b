"""Standings, history and differences say what the leaderboards of their versions say."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.small import State, serving
from tests.asking import ask, refusal
from tests.warehouse.stores import benchmark, declared, score

ENTRY = """
    rank variant value meanTask meanTaskType zeroShotPercent trainedOnTasks taskValues model { name }
    coverage { scored expected } taskTypeScores { taskType value }
    taskScores { task { name } value cells { subset split value score { id } } }
    capabilityScores { capability { label } value scored expected }
"""
BOARDS = "{ benchmarks(first: 1000) { nodes { name source versions(first: 1000) { nodes { id label at } } } } }"
AT = f"""
query At($name: String!, $at: DateTime, $version: ID) {{
  benchmark(name: $name) {{
    leaderboard(asOf: $at, version: $version) {{
      totalModels version {{ id }} entries {{ nodes {{ {ENTRY} }} }}
    }}
  }}
}}
"""
STANDINGS = f"""
query Standings($model: String!, $at: DateTime, $where: BenchmarkWhere) {{
  model(name: $model) {{ standings(asOf: $at, where: $where) {{ totalModels benchmark {{ name }} entry {{ {ENTRY} }} }} }}
}}
"""
HISTORY = """
query History($model: String!, $board: String!) {
  model(name: $model) { history(benchmark: $board) { version { id } rank value variant } }
}
"""
DIFF = f"""
query Diff($board: String!, $from: ID!, $to: ID!) {{
  benchmark(name: $board) {{
    diff(from: $from, to: $to) {{
      from {{ id }} to {{ id }}
      entered {{ {ENTRY} }} left {{ {ENTRY} }}
      moved {{ model {{ name }} variant fromRank toRank }}
      changed {{ model {{ name }} variant task {{ name }} subset split from to }}
    }}
  }}
}}
"""
SCORES = """
query Scores($at: DateTime!, $source: String!, $after: String) {
  scores(asOf: $at, where: { source: { eq: $source } }, first: 5000, after: $after) {
    nodes { model { name } variant task { name } subset split value metric modelRevision }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest.fixture(scope="module")
def boards(client: TestClient) -> list[Any]:
    return list(ask(client, BOARDS)["benchmarks"]["nodes"])


@pytest.fixture(scope="module")
def easi(boards: list[Any]) -> Any:
    (found,) = [board for board in boards if board["name"] == "EASI-8"]
    assert len(found["versions"]["nodes"]) > 1
    return found


def ranked(client: TestClient, name: str, **at: Any) -> Any:
    return ask(client, AT, name=name, **at)["benchmark"]["leaderboard"]


def key(entry: Any) -> tuple[str, str | None]:
    return entry["model"]["name"], entry["variant"]


def scores(client: TestClient, source: str, at: str) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        page = ask(client, SCORES, at=at, source=source, after=after)["scores"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("back", [0, 1])
def test_a_model_stands_on_each_board_as_the_board_says(
    client: TestClient, boards: list[Any], easi: Any, back: int
) -> None:
    """Of today, and of a time at which some sources were in an older state, or not there yet."""
    at = easi["versions"]["nodes"][-1 - back]["at"] if back else None
    expected: dict[str, list[Any]] = {}
    for board in boards:
        leaderboard = ranked(client, board["name"], at=at)
        for entry in leaderboard["entries"]["nodes"]:
            standing = {"totalModels": leaderboard["totalModels"], "benchmark": {"name": board["name"]}, "entry": entry}
            expected.setdefault(entry["model"]["name"], []).append(standing)
    assert expected
    busiest = sorted(expected, key=lambda model: -len(expected[model]))[:2]
    for model in busiest:
        found = ask(client, STANDINGS, model=model, at=at)["model"]["standings"]
        assert sorted(found, key=repr) == sorted(expected[model], key=repr)
        ranks = [standing["entry"]["rank"] or 10**9 for standing in found]
        assert ranks == sorted(ranks)


def test_standings_are_of_the_boards_that_are_asked_for(client: TestClient, easi: Any) -> None:
    model = ranked(client, "EASI-8")["entries"]["nodes"][0]["model"]["name"]
    found = ask(client, STANDINGS, model=model, where={"name": {"in": ["EASI-8", "EASI-12"]}})["model"]["standings"]
    assert {standing["benchmark"]["name"] for standing in found} == {"EASI-8", "EASI-12"}
    assert ask(client, STANDINGS, model=model, where={"name": {"in": []}})["model"]["standings"] == []


def test_history_is_the_rank_in_each_version(client: TestClient, easi: Any) -> None:
    versions = easi["versions"]["nodes"]
    then = [
        {key(entry): entry for entry in ranked(client, "EASI-8", version=each["id"])["entries"]["nodes"]}
        for each in versions
    ]
    for model in sorted({name for entries in then for name, _ in entries})[::2]:
        expected = [
            {
                "version": {"id": version["id"]},
                "rank": entries[model, None]["rank"],
                "value": entries[model, None]["value"],
            }
            for version, entries in zip(versions, then, strict=True)
            if (model, None) in entries
        ]
        found = ask(client, HISTORY, model=model, board="EASI-8")["model"]["history"]
        assert found == [{**point, "variant": None} for point in expected]


def test_history_of_several_runs_is_that_of_the_best(client: TestClient, boards: list[Any]) -> None:
    for board in (board for board in boards if board["source"] == "hub"):
        entries = ranked(client, board["name"])["entries"]["nodes"]
        for model in {entry["model"]["name"] for entry in entries if entry["variant"]}:
            own = [entry for entry in entries if entry["model"]["name"] == model]
            point = ask(client, HISTORY, model=model, board=board["name"])["model"]["history"][-1]
            assert point["rank"] == min((entry["rank"] for entry in own if entry["rank"]), default=None)
            assert {"variant": point["variant"], "value": point["value"]} in [
                {"variant": entry["variant"], "value": entry["value"]} for entry in own
            ]


def test_a_difference_is_what_two_leaderboards_and_their_scores_differ_in(client: TestClient, easi: Any) -> None:
    older, newer = easi["versions"]["nodes"][0], easi["versions"]["nodes"][-1]
    for before, after in ((older, newer), (newer, older), (newer, newer)):
        found = ask(client, DIFF, board="EASI-8", **{"from": before["id"], "to": after["id"]})["benchmark"]["diff"]
        assert (found["from"]["id"], found["to"]["id"]) == (before["id"], after["id"])
        old, new = [
            {key(entry): entry for entry in ranked(client, "EASI-8", version=each["id"])["entries"]["nodes"]}
            for each in (before, after)
        ]
        assert found["entered"] == [entry for at, entry in new.items() if at not in old]
        assert found["left"] == [entry for at, entry in old.items() if at not in new]
        assert found["moved"] == [
            {"model": entry["model"], "variant": entry["variant"], "fromRank": old[at]["rank"], "toRank": entry["rank"]}
            for at, entry in new.items()
            if at in old and old[at]["rank"] != entry["rank"]
        ]
        assert [tuple(each.items()) for each in found["changed"]] == changes(
            client, before, after, old.keys() & new.keys()
        )


def changes(client: TestClient, before: Any, after: Any, both: Any) -> list[Any]:
    tasks = ask(client, '{ benchmark(name: "EASI-8") { tasks { task { name } } } }')["benchmark"]["tasks"]
    names = {task["task"]["name"] for task in tasks}
    values: list[dict[Any, Any]] = []
    for version in (before, after):
        rows = [row for row in scores(client, "easi", version["at"]) if row["task"]["name"] in names]
        values.append({(*key(row), row["task"]["name"], row["subset"], row["split"]): row["value"] for row in rows})
    cells = sorted(values[0].keys() | values[1].keys(), key=lambda cell: (cell[0], cell[1] or "", *cell[2:]))
    return [
        tuple(
            {
                "model": {"name": cell[0]}, "variant": cell[1], "task": {"name": cell[2]}, "subset": cell[3],
                "split": cell[4], "from": values[0].get(cell), "to": values[1].get(cell),
            }.items()
        )
        for cell in cells
        if cell[:2] in both and values[0].get(cell) != values[1].get(cell)
    ]  # fmt: skip


def growing(source: str) -> tuple[State, State]:
    """A board that gains a task, while a model comes and one goes."""
    first = {"one": {"org/a": 3.0, "org/b": 2.0, "org/c": 1.0}}
    then = {"one": {"org/a": 3.0, "org/b": 2.0, "org/d": 1.0}, "two": {"org/a": 1.0, "org/b": 5.0, "org/d": 3.0}}
    models = sorted({model for values in then.values() for model in values} | first["one"].keys())

    def state(number: int, values: dict[str, dict[str, float]]) -> State:
        return State(
            {
                "scores": [
                    score(model, task, value) for task, found in values.items() for model, value in found.items()
                ],
                "benchmark_tasks": [declared("Board", task, place) for place, task in enumerate(values)],
                "models": [{"name": model, "place": place} for place, model in enumerate(models)],
                "tasks": [{"name": task, "splits": ["test"], "place": place} for place, task in enumerate(values)],
                "benchmarks": [benchmark("Board", aggregations=["mean_task"])],
            },
            number,
            source,
        )

    return state(1, first), state(2, then)


@pytest.mark.parametrize("source", ["mteb", "hub"])
def test_a_board_that_gained_a_task_is_told_as_it_was_and_what_changed(tmp_path: Path, source: str) -> None:
    with serving(tmp_path, *growing(source)) as client:
        (board,) = ask(client, BOARDS)["benchmarks"]["nodes"]
        older, newer = board["versions"]["nodes"]
        then, now = (ranked(client, "Board", version=version["id"])["entries"]["nodes"] for version in (older, newer))
        found = ask(client, DIFF, board="Board", **{"from": older["id"], "to": newer["id"]})["benchmark"]["diff"]
        history = {
            model: ask(client, HISTORY, model=model, board="Board")["model"]["history"] for model in ("org/a", "org/c")
        }

    assert ranks(then) == [("org/a", 1, 1), ("org/b", 2, 1), ("org/c", 3, 1)]
    assert ranks(now) == [("org/b", 1, 2), ("org/a", 2, 2), ("org/d", 3, 2)]
    assert (ranks(found["entered"]), ranks(found["left"])) == ([("org/d", 3, 2)], [("org/c", 3, 1)])
    assert [(each["model"]["name"], each["fromRank"], each["toRank"]) for each in found["moved"]] == [
        ("org/b", 2, 1), ("org/a", 1, 2),
    ]  # fmt: skip
    assert [(each["model"]["name"], each["task"]["name"], each["from"], each["to"]) for each in found["changed"]] == [
        ("org/a", "two", None, 1.0), ("org/b", "two", None, 5.0),
    ]  # fmt: skip
    assert [(point["version"]["id"], point["rank"]) for point in history["org/a"]] == [
        (older["id"], 1),
        (newer["id"], 2),
    ]
    assert [(point["version"]["id"], point["rank"]) for point in history["org/c"]] == [(older["id"], 3)]


def ranks(entries: list[Any]) -> list[tuple[str, int | None, int]]:
    """Of each entry the model, its rank, and how many tasks the board had."""
    return [(entry["model"]["name"], entry["rank"], entry["coverage"]["expected"]) for entry in entries]


def test_before_the_first_version_a_board_is_empty(client: TestClient, easi: Any) -> None:
    found = ranked(client, "EASI-8", at="2001-01-01T00:00:00Z")
    assert found == {"totalModels": 0, "version": None, "entries": {"nodes": []}}


def test_between_versions_the_older_one_holds(client: TestClient, easi: Any) -> None:
    older = easi["versions"]["nodes"][-2]
    later = datetime.fromisoformat(older["at"]) + timedelta(seconds=1)
    found = ranked(client, "EASI-8", at=later.isoformat())
    assert found["version"]["id"] == older["id"]
    assert found == ranked(client, "EASI-8", version=older["id"])
    newest = easi["versions"]["nodes"][-1]
    assert ranked(client, "EASI-8", version=newest["id"]) == ranked(client, "EASI-8")


def test_what_is_no_version_of_the_board_is_refused(client: TestClient, boards: list[Any], easi: Any) -> None:
    foreign = next(board for board in boards if board["source"] == "mteb")["versions"]["nodes"][0]
    own = easi["versions"]["nodes"][0]["id"]
    assert (
        "is a version of mteb" in refusal(client, DIFF, board="EASI-8", **{"from": own, "to": foreign["id"]})["message"]
    )
    assert "id of no version" in refusal(client, DIFF, board="EASI-8", **{"from": "nonsense", "to": own})["message"]
    assert "no benchmark 'Nothing'" in refusal(client, HISTORY, model=busiest(client), board="Nothing")["message"]


def busiest(client: TestClient) -> str:
    return str(ranked(client, "EASI-8")["entries"]["nodes"][0]["model"]["name"])
