"""Submitted scores count where a board's own source has nothing to say, and only once they are approved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from tests.warehouse.boards import read_rows
from tests.warehouse.stores import Row, day, score
from tests.warehouse.submitted import BOARD, SUBMITTED, pending, submitted, write_submitted
from warehouse.build import Build
from warehouse.checks import check
from warehouse.rankings import LATEST, Ranking
from warehouse.statements import statement
from warehouse.task_rankings import TaskRanking

# What a source may say of a cell: nothing, that there is no number, or a number.
SAID = (None, "null", 1.0, 2.0)


@contextmanager
def read(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
        check(connection)
        yield connection


def standing(connection: duckdb.DuckDBPyConnection, board: str, at: datetime = LATEST) -> dict[str, float | None]:
    """Value by model on a board at a time, by the statement that ranks."""
    asked = Ranking((board,), "MEAN_SCORED", "POSITION", at).entries()
    return {row["model"]: row["value"] for row in read_rows(connection, asked.sql, **asked.values)}


def stored(connection: duckdb.DuckDBPyConnection, board: str) -> dict[str, float | None]:
    rows = read_rows(connection, "select model, value from leaderboard_entries where benchmark = $board", board=board)
    return {row["model"]: row["value"] for row in rows}


def listed(connection: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[dict[str, Any]]:
    return read_rows(connection, statement(f"queries/{name}"), **values)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`old` has no score on b, and `new` is on the board by what was submitted alone; EASI scores it on c on day 5."""
    versions = {
        1: [score("old", "a", 50.0), score("old", "b", None, 1), score("old", "c", 20.0, 2)],
        5: [score("old", "a", 50.0), score("old", "b", None, 1), score("old", "c", 20.0, 2), score("new", "c", 9.0, 3)],
    }
    states = {
        2: [submitted("old", "a", 99.0), submitted("old", "b", 60.0, 1), pending("new", "c", 80.0, 2)],
        3: [
            submitted("old", "a", 99.0), submitted("old", "b", 60.0, 1), submitted("new", "c", 80.0, 2),
            submitted("new", "a", 70.0, 3, status="SUPERSEDED", counts_for=None),
            submitted("new", "a", 71.0, 4, model_revision="2"), pending("new", "b", 100.0, 5),
            pending("who", "what", 5.0, 6), submitted("new", "b", 6.0, 7, variant="again"),
            submitted("far", "a", 7.0, 8, counts_for="elsewhere"),
        ],
    }  # fmt: skip
    return write_submitted(tmp_path_factory.mktemp("filled") / "filled.duckdb", versions, states)


@pytest.fixture(scope="module")
def filled(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with read(file) as connection:
        yield connection


def test_a_submitted_score_counts_where_the_boards_source_has_no_value(filled: duckdb.DuckDBPyConnection) -> None:
    assert stored(filled, "b") == {"old": 60.0}
    assert stored(filled, "a") == {"old": 50.0, "new": 71.0}
    assert stored(filled, "All") == {"old": (50.0 + 60.0 + 20.0) / 3, "new": (71.0 + 9.0) / 2}


def test_the_boards_own_word_comes_first_from_its_version_on(filled: duckdb.DuckDBPyConnection) -> None:
    by_day = {number: standing(filled, "c", day(number)) for number in (1, 3, 4, 5)}

    assert by_day == {
        1: {"old": 20.0}, 3: {"old": 20.0, "new": 80.0}, 4: {"old": 20.0, "new": 80.0}, 5: {"old": 20.0, "new": 9.0}
    }  # fmt: skip
    assert standing(filled, "c") == stored(filled, "c") == by_day[5]


def test_all_submitted_scores_stay_scores_of_their_own_source(filled: duckdb.DuckDBPyConnection) -> None:
    rows = read_rows(
        filled,
        "select model::varchar as model, task::varchar as task, value from scores "
        "where source = $source and valid_to is null order by all",
        source=SUBMITTED,
    )
    assert [(row["model"], row["task"], row["value"]) for row in rows] == [
        ("far", "a", 7.0), ("new", "a", 70.0), ("new", "a", 71.0), ("new", "b", 6.0), ("new", "c", 80.0),
        ("old", "a", 99.0), ("old", "b", 60.0),
    ]  # fmt: skip


def test_what_is_counted_beside_boards_counts_them_too(filled: duckdb.DuckDBPyConnection) -> None:
    (row,) = read_rows(filled, "select model_count from benchmarks where name = 'All'")
    counts = read_rows(filled, "select model_count from tasks where source = $own order by name", own=BOARD)
    means = read_rows(filled, "select model, value from capability_scores order by model")

    assert row["model_count"] == 1
    assert [count["model_count"] for count in counts] == [2, 1, 2]
    assert means == [{"model": "new", "value": None}, {"model": "old", "value": (50.0 + 60.0 + 20.0) / 3}]


def test_a_task_is_ranked_by_them_too(filled: duckdb.DuckDBPyConnection) -> None:
    asked = TaskRanking("a", BOARD).entries()
    assert [(row["model"], row["value"]) for row in read_rows(filled, asked.sql, **asked.values)] == [
        ("new", 71.0), ("old", 50.0)
    ]  # fmt: skip
    asked = TaskRanking("c", BOARD, day(4)).statement("task_board_cells")
    assert sorted((row["model"], row["value"]) for row in read_rows(filled, asked.sql, **asked.values)) == [
        ("new", 80.0), ("old", 20.0)
    ]  # fmt: skip


def test_lists_about_boards_hold_them(filled: duckdb.DuckDBPyConnection) -> None:
    cells = listed(filled, "cells", benchmarks=["c"], at=day(4))
    changes = listed(filled, "score_changes", benchmark="c", source=BOARD, before=day(1), after=day(4))
    edges = [
        row["edge"].astimezone(day(1).tzinfo) for row in listed(filled, "board_edges", benchmark="c", source=BOARD)
    ]
    boards = sorted(row["name"] for row in listed(filled, "boards_of_model", model="new"))
    (moments,) = [row["moments"] for row in listed(filled, "moments_of_sources") if row["source"] == BOARD]

    assert sorted((row["model"], row["value"], row["source"]) for row in cells) == [
        ("new", 80.0, SUBMITTED), ("old", 20.0, BOARD)
    ]  # fmt: skip
    assert [(row["model"], row["from"], row["to"]) for row in changes] == [("new", None, 80.0)]
    assert edges == [day(1), day(3), day(5)]
    assert boards == ["All", "a", "b", "c"]
    assert [moment.astimezone(day(1).tzinfo) for moment in moments] == [day(number) for number in (1, 2, 3, 5)]


def test_pending_scores_are_apart(filled: duckdb.DuckDBPyConnection) -> None:
    rows = read_rows(filled, "select *, model::varchar as name from pending_scores order by seq")
    (last,) = read_rows(filled, "select max(seq) as seq, count(*) as rows from scores")

    assert [(row["name"], row["task"], row["value"], row["verified"]) for row in rows if row["valid_to"] is None] == [
        ("new", "b", 100.0, False), ("who", "what", 5.0, False)
    ]  # fmt: skip
    assert [(row["name"], row["task"]) for row in rows if row["valid_to"] is not None] == [("new", "c")]
    assert [row["seq"] for row in rows] == [last["rows"] + number for number in (1, 2, 3)]
    assert last["seq"] == last["rows"]
    assert read_rows(filled, "from latest_scores where model = 'who'") == []
    assert "new" not in stored(filled, "b")


def test_what_only_pending_scores_name_is_there(filled: duckdb.DuckDBPyConnection) -> None:
    models = read_rows(filled, "select name from models order by name")
    tasks = read_rows(filled, "select name, source, sources from tasks where name in ('what', 'b') order by name")

    assert [model["name"] for model in models] == ["far", "new", "old", "who"]
    assert tasks == [
        {"name": "b", "source": BOARD, "sources": [BOARD, SUBMITTED]},
        {"name": "what", "source": SUBMITTED, "sources": [SUBMITTED]},
    ]


def test_a_score_for_boards_of_a_source_without_the_task_counts_on_none(filled: duckdb.DuckDBPyConnection) -> None:
    assert "far" not in stored(filled, "a")
    assert read_rows(filled, "from guest_scores where model = 'far'") == []


def test_another_run_of_a_model_does_not_fill_the_plain_ones_gap(filled: duckdb.DuckDBPyConnection) -> None:
    assert stored(filled, "b") == {"old": 60.0}


def test_the_next_build_reads_them_back_as_they_were(file: Path, tmp_path: Path) -> None:
    build = Build(tmp_path, file, (BOARD, SUBMITTED))
    try:
        build.gather()
        found = build.connection.sql(
            "select source_model, task, status, counts_for, day(valid_from), day(valid_to) from known_scores "
            f"where source = '{SUBMITTED}' and source_model <> 'old' order by all"
        ).fetchall()
    finally:
        build.close()
    assert found == [
        ("far", "a", None, "elsewhere", 3, None),
        ("new", "a", "SUPERSEDED", None, 3, None), ("new", "a", None, BOARD, 3, None),
        ("new", "b", "PENDING", None, 3, None), ("new", "b", None, BOARD, 3, None),
        ("new", "c", "PENDING", None, 2, 3), ("new", "c", None, BOARD, 3, None),
        ("who", "what", "PENDING", None, 3, None),
    ]  # fmt: skip


def test_at_any_time_one_source_counts_on_a_cell(tmp_path: Path) -> None:
    """Whatever each source said and took back: its own number where the board's source has one, else the other's."""
    random = Random(5)
    own, sent = ({f"m{number}": random.choices(SAID, k=3) for number in range(60)} for _ in range(2))
    versions = {1 + 2 * place: _rows(score, own, place) for place in range(3)}
    states = {2 + 2 * place: _rows(submitted, sent, place) for place in range(3)}
    with read(write_submitted(tmp_path / "x.duckdb", versions, states)) as connection:
        for number in range(1, 7):
            at = day(number) + timedelta(hours=1)
            now = {
                model: (own[model][(number - 1) // 2], sent[model][number // 2 - 1] if number > 1 else None)
                for model in own
            }
            assert standing(connection, "a", at) == _counted(now), number
        assert standing(connection, "a") == stored(connection, "a")


def _rows(kind: Any, said: dict[str, list[float | str | None]], place: int) -> list[Row]:
    return [
        kind(model, "a", value if isinstance(value, float) else None)
        for model, values in said.items()
        if (value := values[place]) is not None
    ]


def _counted(now: dict[str, tuple[float | str | None, float | str | None]]) -> dict[str, float | None]:
    """What stands on the board: a number, or of the board's own source that there is none."""
    found = {model: next((said for said in both if isinstance(said, float)), None) for model, both in now.items()}
    return {model: value for model, value in found.items() if value is not None or now[model][0] == "null"}
