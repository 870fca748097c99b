"""Where sources or revisions of one model disagree, what is compared, and what is no conflict."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from graphql import print_ast
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.small import State, serving
from tests.asking import ask, refusal
from tests.conftest import build_dir
from tests.pages import Pages
from tests.warehouse.stores import Row, benchmark, declared, score

CONFLICTS = """
query Conflicts($where: ScoreWhere, $minSpread: Float, $first: Int, $after: String) {
  conflicts(where: $where, minSpread: $minSpread, first: $first, after: $after) {
    totalCount
    nodes {
      model { name } task { name } split subset metric variant unit spread
      scores { id source value unit modelRevision provenance { path } validFrom { label } }
    }
    edges { cursor node { spread } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
"""
BOARD = "Counting"
QWEN = "Qwen/Qwen3.5-397B-A17B"


def conflicts(client: TestClient, **asked: Any) -> list[Any]:
    found = ask(client, CONFLICTS, **asked)["conflicts"]
    assert found["totalCount"] == len(found["nodes"]) == len(found["edges"])
    return list(found["nodes"])


def told(found: list[Any]) -> list[tuple[str, float, list[tuple[str, float]]]]:
    """Model, spread, and who says what."""
    return [
        (node["model"]["name"], node["spread"], [(each["source"], each["value"]) for each in node["scores"]])
        for node in found
    ]


def state(source: str, *rows: Row, number: int = 1, units: Mapping[str, str | None] | None = None) -> State:
    """A version of a source that declares tasks, each a board of its own, with its scores; by default one task."""
    units = units or {BOARD: "PERCENT"}
    tables = {
        "scores": [{**row, "place": place} for place, row in enumerate(rows)],
        "benchmark_tasks": [declared(name, name) for name in units],
        "tasks": [{"name": name, "unit": unit, "splits": ["test"]} for name, unit in units.items()],
        "benchmarks": [benchmark(name, "MEAN_SCORED", place) for place, name in enumerate(units)],
        "models": [{"name": name, "place": 0} for name in {row["source_model"] for row in rows}],
    }
    return State(tables, number, source)


@pytest.fixture(scope="module")
def disagreeing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Two sources and several revisions: some agree, some do not, some are about other things."""
    one = [
        score("sources", BOARD, 50.0),
        score("agreed", BOARD, 60.0),
        score("revisions", BOARD, 10.0, model_revision="a"),
        score("revisions", BOARD, 10.0, model_revision="b"),
        score("revisions", BOARD, 12.5, model_revision="c", provenance_path="c.json"),
        score("undated", BOARD, 1.0, model_revision="a"),
        score("undated", BOARD, 3.0),
        score("repeated", BOARD, 5.0),
        score("repeated", BOARD, 9.0),
        score("repeated and else", BOARD, 5.0),
        score("repeated and else", BOARD, 9.0),
        score("unusable", BOARD, 5.0, model_revision="a"),
        score("unusable", BOARD, None, model_revision="b"),
        score("variants", BOARD, 5.0, variant="With tools"),
        score("variants", BOARD, 6.0),
        score("metrics", BOARD, 5.0, metric="recall"),
        score("cells", BOARD, 5.0),
        score("corrected", BOARD, 5.0),
    ]
    other = [
        score("sources", BOARD, 80.0, model_revision="x"),
        score("agreed", BOARD, 60.0),
        score("repeated and else", BOARD, 5.0),
        score("variants", BOARD, 8.0, variant="With tools"),
        score("metrics", BOARD, 7.0),
        score("cells", BOARD, 6.0, subset="other"),
        score("cells", BOARD, 7.0, split="dev"),
        score("corrected", BOARD, 6.0),
    ]
    corrected = [{**row, "value": 6.0} if row["source_model"] == "corrected" else row for row in one]
    states = [state("lab", *one), state("lab", *corrected, number=2), state("press", *other)]
    with serving(tmp_path_factory.mktemp("disagreeing"), *states) as client:
        yield client


def test_sources_and_revisions_that_disagree_are_found_the_largest_spread_first(disagreeing: TestClient) -> None:
    assert told(conflicts(disagreeing)) == [
        ("sources", 30.0, [("lab", 50.0), ("press", 80.0)]),
        ("repeated and else", 4.0, [("lab", 5.0), ("lab", 9.0), ("press", 5.0)]),
        ("variants", 3.0, [("lab", 5.0), ("press", 8.0)]),
        ("revisions", 2.5, [("lab", 10.0), ("lab", 10.0), ("lab", 12.5)]),
        ("undated", 2.0, [("lab", 1.0), ("lab", 3.0)]),
    ]


def test_a_conflict_says_what_it_is_about_and_each_score_where_it_is_from(disagreeing: TestClient) -> None:
    (found,) = conflicts(disagreeing, where={"model": {"name": {"eq": "revisions"}}})
    scores = found.pop("scores")
    assert found == {
        "model": {"name": "revisions"},
        "task": {"name": BOARD},
        "split": "test",
        "subset": "default",
        "metric": "accuracy",
        "variant": None,
        "unit": "PERCENT",
        "spread": 2.5,
    }
    assert [each["modelRevision"] for each in scores] == ["a", "b", "c"]
    assert scores[2]["provenance"] == {"path": "c.json"}
    assert {each["validFrom"]["label"] for each in scores} == {"v1"}
    found = ask(disagreeing, "query ($id: ID!) { node(id: $id) { ... on Score { value } } }", id=scores[2]["id"])
    assert found == {"node": {"value": 12.5}}
    (variant,) = conflicts(disagreeing, where={"variant": {"isNull": False}})
    assert (variant["model"]["name"], variant["variant"]) == ("variants", "With tools")


@pytest.mark.parametrize(
    ("where", "models"),
    [
        ({"source": {"eq": "lab"}}, ["revisions", "undated"]),
        ({"source": {"eq": "press"}}, []),
        ({"value": {"lte": 10.0}}, ["repeated and else", "variants", "undated"]),
        ({"not": {"model": {"name": {"in": ["sources", "undated"]}}}}, ["repeated and else", "variants", "revisions"]),
        (
            {"benchmark": {"eq": BOARD}, "variant": {"isNull": True}},
            ["sources", "repeated and else", "revisions", "undated"],
        ),
        ({"task": {"benchmark": {"eq": "Other"}}}, []),
        ({"or": []}, []),
        ({}, ["sources", "repeated and else", "variants", "revisions", "undated"]),
        (None, ["sources", "repeated and else", "variants", "revisions", "undated"]),
    ],
)
def test_where_chooses_the_scores_that_are_compared(disagreeing: TestClient, where: Any, models: list[str]) -> None:
    found = conflicts(disagreeing, where=where)
    assert [node["model"]["name"] for node in found] == models
    if where == {"value": {"lte": 10.0}}:
        assert told(found)[0] == ("repeated and else", 4.0, [("lab", 5.0), ("lab", 9.0), ("press", 5.0)])


def test_the_least_spread_is_itself_enough(disagreeing: TestClient) -> None:
    counts = [len(conflicts(disagreeing, minSpread=least)) for least in (None, 0, 2.0, 2.5, 2.6, 30.0, 30.1, 1e308)]
    assert counts == [5, 5, 5, 4, 3, 1, 0, 0]
    assert conflicts(disagreeing, minSpread=2.5, where={"source": {"eq": "lab"}})[0]["spread"] == 2.5


def test_a_spread_that_is_none_is_refused(disagreeing: TestClient) -> None:
    error = refusal(disagreeing, CONFLICTS, minSpread=-0.5)
    assert error["message"] == "`minSpread` is -0.5: it must be 0 or more"
    assert (error["extensions"]["code"], error["path"]) == ("BAD_USER_INPUT", ["conflicts"])
    for odd in ("NaN", "Infinity", "1e999", '"0"'):
        body = f'{{"query": {json.dumps(CONFLICTS)}, "variables": {{"minSpread": {odd}}}}}'
        answer = disagreeing.post("/graphql", content=body, headers={"content-type": "application/json"})
        assert answer.status_code < 500
        assert "errors" in answer.json()


def test_pages_hold_all_in_one_order(disagreeing: TestClient) -> None:
    whole, paged, after = conflicts(disagreeing), list[Any](), None
    for page in range(5):
        found = ask(disagreeing, CONFLICTS, first=1, after=after)["conflicts"]
        assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (5, page < 4)
        paged += found["nodes"]
        after = found["pageInfo"]["endCursor"]
    assert paged == whole
    assert ask(disagreeing, CONFLICTS, after=after)["conflicts"]["nodes"] == []
    other = refusal(disagreeing, CONFLICTS, after=after, where={"source": {"eq": "lab"}})
    assert other["extensions"]["code"] == "BAD_CURSOR"


# What lab and press say on tasks of different units, and the conflicts there are.
UNITS: dict[str, tuple[tuple[str | None, str | None], list[tuple[str | None, float]]]] = {
    "two units": (("PERCENT", "FRACTION"), []),
    "one unit": (("PERCENT", "PERCENT"), [("PERCENT", 49.5)]),
    "a unit and none": (("PERCENT", None), [("PERCENT", 49.5)]),
    "no unit": ((None, None), [(None, 49.5)]),
}
TWICE = {
    "lab": ("PERCENT", 50.0),
    "press": ("FRACTION", 0.5),
    "radio": ("FRACTION", 0.75),
    "tv": ("PERCENT", 40.0),
}
SEEDS = range(3)


@pytest.fixture(scope="module")
def drawn() -> list[dict[str, list[Row]]]:
    """What lab and press say on each of the tasks that are drawn."""
    found = []
    for seed in SEEDS:
        random = Random(seed)
        rows = {source: [_random_score(random, f"drawn {seed}") for _ in range(60)] for source in ("lab", "press")}
        found.append(rows)
    return found


@pytest.fixture(scope="module")
def apart(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[dict[str, list[Row]]]
) -> Iterator[Callable[..., list[Any]]]:
    """The conflicts on one task of a store in which every task has what one test is about."""
    equal = [score(model, "equal", 1.0, subset=subset) for model in "ba" for subset in "yx"]
    rows = {source: [score("a", "twice", value)] for source, (_, value) in TWICE.items()}
    units: dict[str, dict[str, str | None]] = {source: {"twice": unit} for source, (unit, _) in TWICE.items()}
    rows["lab"] += equal
    rows["press"] += [{**row, "value": 2.0} for row in equal]
    for place, (source, value) in enumerate((("lab", 50.0), ("press", 0.5))):
        rows[source] += [score("a", task, value) for task in UNITS]
        rows[source] += [row for each in drawn for row in each[source]]
        units[source] |= {task: declared_units[place] for task, (declared_units, _) in UNITS.items()}
        units[source] |= dict.fromkeys(["equal", *(f"drawn {seed}" for seed in SEEDS)], "PERCENT")
    states = [state(source, *each, units=units[source]) for source, each in rows.items()]
    with serving(tmp_path_factory.mktemp("apart"), *states) as client:
        yield lambda task, **asked: conflicts(client, where={"task": {"name": {"eq": task}}}, **asked)


def test_equal_spreads_are_in_the_order_of_names(apart: Callable[..., list[Any]]) -> None:
    names = [(node["model"]["name"], node["subset"]) for node in apart("equal")]
    assert names == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]


@pytest.mark.parametrize("task", UNITS)
def test_values_of_different_units_are_not_compared(apart: Callable[..., list[Any]], task: str) -> None:
    _, found = UNITS[task]
    assert [(node["unit"], node["spread"]) for node in apart(task)] == found


def test_what_one_unit_says_twice_is_a_conflict_beside_another(apart: Callable[..., list[Any]]) -> None:
    found = apart("twice")
    assert [node["unit"] for node in found] == ["PERCENT", "FRACTION"]
    assert told(found) == [
        ("a", 10.0, [("lab", 50.0), ("tv", 40.0)]),
        ("a", 0.25, [("press", 0.5), ("radio", 0.75)]),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_conflicts_are_those_that_a_plain_reading_finds(
    apart: Callable[..., list[Any]], drawn: list[dict[str, list[Row]]], seed: int
) -> None:
    for minimum in (0.0, 1.0, 2.0):
        found = apart(f"drawn {seed}", minSpread=minimum, first=1000)
        keys = [_key(node["model"]["name"], node) for node in found]
        expected = _plain(drawn[seed], minimum)
        assert {key: node["spread"] for key, node in zip(keys, found, strict=True)} == {
            key: max(values) - min(values) for key, values in expected.items()
        }
        assert {key: len(node["scores"]) for key, node in zip(keys, found, strict=True)} == {
            key: len(values) for key, values in expected.items()
        }
        order = [(-node["spread"], *key) for key, node in zip(keys, found, strict=True)]
        assert all(before < after for before, after in pairwise(order))


def _random_score(random: Random, task: str) -> Row:
    more: Row = {
        "split": random.choice(["test", "dev"]),
        "subset": random.choice("xy"),
        "metric": random.choice("fg"),
        "variant": random.choice([None, None, "tools"]),
        "model_revision": random.choice([None, "a", "b"]),
    }
    return {**score(random.choice("mno"), task, random.choice([None, 1.0, 2.0, 3.0])), **more}


def _key(model: str, row: Any) -> tuple[str, ...]:
    return model, row["split"], row["subset"], row["metric"], row["variant"] or "~"


def _plain(rows: dict[str, list[Row]], minimum: float) -> dict[tuple[str, ...], list[float]]:
    values, runs = defaultdict[Any, list[float]](list), defaultdict[Any, set[Any]](set)
    for source, each in rows.items():
        for row in each:
            if row["value"] is not None:
                key = _key(row["source_model"], row)
                values[key].append(row["value"])
                runs[key].add((source, row["model_revision"]))
    spreads = {key: max(found) - min(found) for key, found in values.items()}
    return {key: values[key] for key, spread in spreads.items() if len(runs[key]) > 1 and 0 < spread >= minimum}


def test_the_hub_and_openevals_conflict_where_the_copy_is_an_older_one(tmp_path: Path) -> None:
    _save_hub(tmp_path / "hub", {QWEN: 52.5, "org/agreed": 30.0})
    _save_openevals(tmp_path / "openevals", {QWEN: 50.2, "org/agreed": 30.0})
    named = {name: str(tmp_path / name) for name in ("hub", "openevals")}
    document = Pages((), (), "", "", {}).operations().get("easi_and_hub:Conflicts")
    with TestClient(create_app(Settings(data_dir=build_dir(tmp_path / "data", named)))) as client:
        (found,) = conflicts(client, where={"task": {"benchmark": {"eq": "cais/hle"}}})
        if document is not None:
            (same,) = ask(client, print_ast(document))["conflicts"]["nodes"]
            assert (same["model"]["name"], same["spread"]) == (QWEN, found["spread"])
    assert found["spread"] == pytest.approx(2.3)
    assert (found["metric"], found["unit"], found["split"], found["subset"]) == ("score", "PERCENT", "test", "default")
    assert [(each["source"], each["value"], each["unit"]) for each in found["scores"]] == [
        ("hub", 52.5, "PERCENT"),
        ("openevals", 50.2, "PERCENT"),
    ]


def _save_hub(folder: Path, values: dict[str, float]) -> None:
    board = folder / "cais/hle"
    (board / "leaderboard").mkdir(parents=True)
    (folder / "datasets.json").write_text('[{"id": "cais/hle", "tags": ["benchmark:official"]}]')
    (folder / "at").write_text("2026-07-20T00:00:00Z\n")
    (board / "eval.yaml").write_text("name: HLE\ntasks: [{id: hle, config: default, split: test}]\n")
    rows = [
        {"rank": place, "modelId": model, "value": value, "filename": ".eval_results/hle.yaml"}
        for place, (model, value) in enumerate(values.items(), start=1)
    ]
    for name in ("hle.json", "hle.default.json"):
        (board / "leaderboard" / name).write_text(json.dumps(rows))


def _save_openevals(folder: Path, values: dict[str, float]) -> None:
    (folder / "data").mkdir(parents=True)
    table = pa.table({"model_name": list(values), "hle_score": list(values.values())})
    pq.write_table(table, folder / "data/train-00000-of-00001.parquet")


def test_the_conflicts_of_the_sample_are_those_of_its_scores(client: TestClient, sample_dir: Path) -> None:
    (file,) = sample_dir.glob("snapshots/*/scores.parquet")
    cells = defaultdict[Any, list[Row]](list)
    for row in pq.read_table(file).to_pylist():
        if row["valid_to"] is None and row["value"] is not None:
            names = tuple(row[name] for name in ("model", "task", "split", "subset", "metric", "variant"))
            cells[names].append(row)
    expected = {}
    for names, rows in cells.items():
        values = [row["value"] for row in rows]
        if len({(row["source"], row["model_revision"]) for row in rows}) > 1 and min(values) < max(values):
            expected[names] = (max(values) - min(values), sorted(values))
    found = {
        (
            node["model"]["name"],
            node["task"]["name"],
            *(node[name] for name in ("split", "subset", "metric", "variant")),
        ): (
            node["spread"],
            sorted(each["value"] for each in node["scores"]),
        )
        for node in conflicts(client)
    }
    assert found == expected
    assert len(found) > 2


def test_the_conflicts_of_the_real_results_are_those_of_their_file(real_client: TestClient, shared_data: Path) -> None:
    (file,) = (shared_data / "mteb/hub/data").glob("*.parquet")
    cells = duckdb.execute(
        """
        select model_name, task_name, split, subset, max(score) - min(score) as spread, count(score) as scores
        from read_parquet($file)
        group by all having count(distinct model_revision) > 1
        """,
        {"file": str(file)},
    ).fetchall()
    assert len(cells) == 53
    found = conflicts(real_client, first=5000)
    assert sorted(_row(node) for node in found) == sorted(row for row in cells if row[4] > 0)
    assert round(found[0]["spread"], 3) == 0.849


def _row(node: Any) -> tuple[Any, ...]:
    names = node["model"]["name"], node["task"]["name"], node["split"], node["subset"]
    return (*names, node["spread"], len(node["scores"]))
