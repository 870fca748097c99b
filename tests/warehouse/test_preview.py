"""A preview of a submission says what the boards say once it is approved."""

from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from tests.warehouse.boards import read_rows
from tests.warehouse.stores import Row, score
from tests.warehouse.submitted import TASKS, submitted, write_submitted
from warehouse.preview import MOST_SCORES, held_scores, model_of, previewed_boards

MODELS = ("org/a", "org/b", "org/c")
VALUES = (None, 10.0, 20.0, 30.1)
Held = dict[str, dict[str, float | None]]


def rows_of(kind: Any, held: Held) -> list[Row]:
    cells = [(model, task, value) for model, scores in held.items() for task, value in scores.items()]
    return [kind(*cell, place) for place, cell in enumerate(cells) if cell[2] is not None]


def boards(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool]]:
    rows = read_rows(connection, "select name, default_method, ranks_variants from benchmarks")
    return [(row["name"], row["default_method"], row["ranks_variants"]) for row in rows]


def preview(file: Path, model: str, scores: dict[str, float | None]) -> dict[str, Row]:
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
        asked = previewed_boards(boards(connection), model, scores)
        rows = [row for clause in asked for row in read_rows(connection, clause.sql, **clause.values)]
    assert len({row["benchmark"] for row in rows}) == len(rows)
    return {row["benchmark"]: row for row in rows}


def stored(file: Path, model: str) -> dict[str, Row]:
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = read_rows(
            connection,
            "select entries.benchmark::varchar as benchmark, rank, total, value from leaderboard_entries as entries "
            "join (select benchmark, count(*) as total from leaderboard_entries group by benchmark) as sizes "
            "using (benchmark) where model = $model",
            model=model,
        )
    return {row["benchmark"]: row for row in rows}


@pytest.mark.parametrize(("method", "model"), [("MEAN_SCORED", "org/a"), ("BORDA", "org/new")])
def test_a_preview_is_what_approval_makes_of_it(tmp_path: Path, method: str, model: str) -> None:
    """With what the board's source has, and with what was approved before, which the new scores take the place of."""
    random = Random(method)
    own, before = ({known: {task: random.choice(VALUES) for task in TASKS} for known in MODELS} for _ in range(2))
    sent = {task: random.choice(VALUES) for task in (*TASKS, "unknown")}
    after = {**before, model: {**before.get(model, {}), **{task: value for task, value in sent.items() if value}}}
    now = write(tmp_path / "now.duckdb", own, before, method)
    then = write(tmp_path / "then.duckdb", own, after, method)

    assert preview(now, model, sent) == stored(then, model), (own, before, sent)
    if model in before:  # and back again
        assert preview(then, model, before[model]) == stored(now, model), (own, after, before)


def write(file: Path, own: Held, sent: Held, method: str) -> Path:
    return write_submitted(file, {1: rows_of(score, own)}, {2: rows_of(submitted, sent)}, method=method)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = [score("org/a", "a", 50.0), score("org/b", "a", 40.0, 1), score("org/b", "b", 40.0, 2)]
    return write_submitted(
        tmp_path_factory.mktemp("preview") / "x.duckdb", {1: own}, {2: [submitted("org/c", "c", 5.0)]}
    )


def test_a_model_that_is_not_in_the_store_has_a_rank_too(file: Path) -> None:
    found = preview(file, "new/'model'", {"a": 45.0, "b": None})

    assert found["a"] == {"benchmark": "a", "rank": 2, "total": 3, "value": 45.0}
    assert set(found) == {"All", "a"}


def test_the_word_of_the_boards_source_stays(file: Path) -> None:
    found = preview(file, "org/a", {"a": 99.0, "b": 45.0})

    assert (found["a"]["value"], found["b"]["value"], found["b"]["rank"]) == (50.0, 45.0, 1)


def test_what_a_model_has_already_is_told_and_whose_it_is(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
        asked = {model: held_scores(model) for model in ("org/a", "org/b", "org/c", "new/model")}
        found = {
            model: {row["task"]: row["is_own"] for row in read_rows(connection, clause.sql, **clause.values)}
            for model, clause in asked.items()
        }
    assert found == {"org/a": {"a": True}, "org/b": {"a": True, "b": True}, "org/c": {"c": False}, "new/model": {}}


def test_other_runs_of_the_model_are_no_part_of_it(tmp_path: Path) -> None:
    own = [score("org/a", "a", 50.0), score("org/a", "b", 99.0, 1, variant="again")]
    file = write_submitted(tmp_path / "x.duckdb", {1: own}, {}, ranks_variants=True)

    found = preview(file, "org/a", {"b": 20.0})

    assert (found["b"]["rank"], found["b"]["total"], found["b"]["value"]) == (2, 2, 20.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="the score on 'a' is not a finite number"):
        previewed_boards([], "org/a", {"a": value})


def test_too_many_scores_are_refused() -> None:
    with pytest.raises(ValueError, match=f"there may be {MOST_SCORES}"):
        previewed_boards([], "org/a", {str(number): 1.0 for number in range(MOST_SCORES + 1)})


@pytest.mark.parametrize(
    ("known", "meant"),
    [
        (["Some-Model-7B", "Other"], "Some-Model-7B"),
        (["some_model_7b", "lab/some-model-7b"], "some_model_7b"),
        (["Some-Model-7B", "Lab/Some-Model-7B"], "Lab/Some-Model-7B"),
        (["Some-Model-7B", "some_model_7b"], "Lab/Some-Model-7B"),
        (["other/Some-Model-7B"], "Lab/Some-Model-7B"),
        ([], "Lab/Some-Model-7B"),
    ],
)
def test_a_hub_id_means_the_model_that_approval_would_find(known: list[str], meant: str) -> None:
    assert model_of("Lab/Some-Model-7B", known) == meant
