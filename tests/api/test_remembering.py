"""What is remembered between requests answers as if it were read anew, and never another question."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.engine import Engine
from api.graphql.context import Context
from api.graphql.schema import build_schema
from api.settings import Settings
from tests.api.counting import counting
from tests.api.small import State, write_data
from tests.asking import ask
from tests.warehouse.stores import benchmark, declared, publish, score
from warehouse.snapshot import Snapshot
from warehouse.store import Store

BOARD = """query ($name: String!) { benchmark(name: $name) { leaderboard { entries { %s } } } }"""
PLAIN = BOARD % "totalCount nodes { rank model { name } taskScores { value task { name } } taskValues }"


@pytest.fixture
def fresh(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that remembers, and has not been asked anything."""
    with TestClient(create_app(Settings(data_dir=sample_dir))) as client:
        yield client


def entries(client: TestClient, query: str, **variables: Any) -> Any:
    return ask(client, query, **variables)["benchmark"]["leaderboard"]["entries"]


def test_the_same_rows_under_other_names_are_read_once_and_named_as_asked(
    fresh: TestClient, forgetful_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = (
        BOARD
        % "n: totalCount nodes { r: rank model { m: name } s: taskScores { v: value task { t: name } } taskValues }"
    )
    reordered = BOARD % "totalCount nodes { model { name } rank taskValues taskScores { task { name } value } }"
    entries(fresh, PLAIN, name="EASI-8")
    with counting(monkeypatch) as asked:
        found = [entries(fresh, query, name="EASI-8") for query in (renamed, reordered)]
    assert found == [entries(forgetful_client, query, name="EASI-8") for query in (renamed, reordered)]
    assert list(found[1]["nodes"][0]) == ["model", "rank", "taskValues", "taskScores"]
    assert list(found[0]["nodes"][0]) == ["r", "model", "s", "taskValues"]
    assert len(asked) <= 2  # the order of columns is part of a statement; what is named otherwise is not


def test_a_list_that_was_answered_is_not_read_again_in_another_document(
    fresh: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entries(fresh, PLAIN, name="EASI-8")
    with counting(monkeypatch) as asked:
        again = entries(fresh, PLAIN.replace("query (", "query Named("), name="EASI-8")
    assert (again, asked) == (before, [])


def test_another_board_page_filter_or_directive_is_another_answer(
    fresh: TestClient, forgetful_client: TestClient
) -> None:
    query = """query ($name: String!, $first: Int, $where: ModelWhere, $shown: Boolean!) { benchmark(name: $name) {
        leaderboard { entries(first: $first, where: $where) { nodes { rank value @include(if: $shown) model { name } } } } } }"""
    asked = [
        {"name": name, "first": first, "where": where, "shown": shown}
        for name in ("EASI-8", "SampleMTEB(v2)")
        for first in (None, 1, 2)
        for where in (None, {"parameters": {"gt": 1_000_000_000}})
        for shown in (True, False)
    ]
    found = [entries(fresh, query, **variables) for variables in asked]
    assert found == [entries(forgetful_client, query, **variables) for variables in asked]
    assert found == [entries(fresh, query, **variables) for variables in asked]
    assert len({orjson.dumps(each) for each in found}) > len(asked) // 2


def test_after_a_swap_the_new_snapshot_answers(tmp_path: Path) -> None:
    def rows(value: float) -> State:
        return State(
            {
                "scores": [score("a", "t", value), score("b", "t", 0.5)],
                "benchmarks": [benchmark("board")],
                "benchmark_tasks": [declared("board", "t")],
            }
        )

    data = write_data(tmp_path / "one", rows(0.25))
    other = write_data(tmp_path / "two", rows(0.75))
    query = BOARD % "nodes { model { name } taskValues }"
    with TestClient(create_app(Settings(data_dir=data, look_seconds=0.05))) as client:
        assert [node["taskValues"] for node in entries(client, query, name="board")["nodes"]] == [[0.5], [0.25]]
        publish(Store(data), (other / "snapshots" / (other / "current").read_text().strip()) / "standings.duckdb", 2)
        for _ in range(100):
            if client.get("/ready").json()["snapshot"].endswith("2"):
                break
        assert [node["taskValues"] for node in entries(client, query, name="board")["nodes"]] == [[0.75], [0.5]]


@pytest.mark.parametrize("cache_bytes", [0, 50_000_000])
async def test_many_who_ask_the_same_at_once_are_answered_by_one_reading(
    sample_dir: Path, monkeypatch: pytest.MonkeyPatch, cache_bytes: int
) -> None:
    published = Store(sample_dir).current()
    assert published is not None
    snapshot, engine, schema = Snapshot(published), Engine(2, 100, cache_bytes), build_schema()
    with counting(monkeypatch) as asked:
        answers = await asyncio.gather(
            *(
                schema.execute(PLAIN, variable_values={"name": "EASI-8"}, context_value=Context(snapshot, engine))
                for _ in range(50)
            )
        )
    assert len({orjson.dumps(answer.data) for answer in answers}) == 1
    assert all(not answer.errors for answer in answers)
    assert len(asked) == len(set(asked)) == 3  # the entries, how many there are, and their scores
    engine.close()
    snapshot.close()
