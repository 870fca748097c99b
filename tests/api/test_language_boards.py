"""Means by language are those of a naive reference, over the scores that the board's cells have at that time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.small import AGAIN, State, serving, write_data
from tests.asking import ask, refusal
from tests.thorough import cases
from tests.warehouse.stores import Row, benchmark, day, declared, score

ROUND = 27720.0  # has every number up to 12 as a divisor: means of multiples are exact
BOARDS = 6  # in one store, because writing a file takes longer than asking
MODELS = ("lab/b", "lab/a", "Lab/z", "lab/c")
NO_SHRINKING = (Phase.explicit, Phase.generate)
CODES = ("eng-Latn", "eng-Brai", "fra-Latn", "deu")
BOARD = """
query ($name: String!, $languages: [String!], $models: ModelWhere, $asOf: DateTime) {
  benchmark(name: $name) {
    languageView
    perLanguage(languages: $languages, models: $models, asOf: $asOf) { languages entries { model { name } values } }
  }
}
"""


@dataclass(frozen=True)
class Scored:
    """One row of scores; `declared` says whether its cell is one of the board's."""

    model: str
    value: float | None
    languages: tuple[str, ...] | None
    declared: bool = True
    variant: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Board:
    """A board of one task, and that task's scores."""

    name: str
    rows: tuple[Scored, ...]
    ranks_variants: bool = False


def reference(board: Board, languages: Sequence[str] | None, models: Sequence[str] | None) -> tuple[list[str], Any]:
    """The languages, and by model its means in their order."""
    values: dict[str, dict[str, list[Fraction]]] = {}
    for row in board.rows:
        if row.value is None or row.variant is not None or not row.declared:
            continue
        for code in row.languages or ():
            if languages is None or code in languages:
                values.setdefault(row.model, {}).setdefault(code, []).append(Fraction(row.value))
    columns = sorted({code for found in values.values() for code in found})
    means = {
        model: [float(sum(found[code]) / len(found[code])) if code in found else None for code in columns]
        for model, found in sorted(values.items())
        if models is None or model in models
    }
    return columns, list(means.items())


def state(boards: Sequence[Board], number: int = 1) -> State:
    """A version that has these boards."""
    places = count()
    scores = [
        score(
            row.model + AGAIN * row.again, f"task of {board.name}", row.value, next(places), variant=row.variant,
            subset="x" if row.declared else "undeclared", languages=row.languages and list(row.languages),
        )
        for board in boards
        for row in board.rows
    ]  # fmt: skip
    tables: dict[str, list[Row]] = {
        "scores": scores,
        "benchmark_tasks": [declared(board.name, f"task of {board.name}", subsets=["x"]) for board in boards],
        "benchmarks": [benchmark(board.name, ranks_variants=board.ranks_variants) for board in boards],
        "tasks": [{"name": f"task of {board.name}", "is_public": False} for board in boards],
        "models": [{"name": name} for name in MODELS],
        "languages": [{"code": "deu", "name": "German"}, {"code": "fra-Latn", "name": "French"}],
    }
    return State(tables, number)


def answer(client: TestClient, name: str, **asked: Any) -> tuple[list[str], Any]:
    board = ask(client, BOARD, name=name, **asked)["benchmark"]["perLanguage"]
    return board["languages"], [(entry["model"]["name"], entry["values"]) for entry in board["entries"]]


rows = st.builds(
    Scored,
    st.sampled_from(MODELS),
    st.none() | st.integers(-1, 3).map(lambda number: number * ROUND),
    st.none() | st.lists(st.sampled_from(CODES), max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from([None, None, "With tools"]),
    st.booleans(),
)
lists_of_boards = st.tuples(
    *[
        st.builds(Board, st.just(f"board {number}"), st.lists(rows, max_size=4).map(tuple), st.booleans())
        for number in range(BOARDS)
    ]
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return iter(lambda: tmp_path_factory.mktemp("languages"), None)


@settings(max_examples=cases(1, 4), deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(
    lists_of_boards,
    st.lists(st.sampled_from(CODES), unique=True),
    st.lists(st.sampled_from(MODELS), unique=True),
)
def test_means_are_those_of_the_reference(
    folders: Iterator[Path], boards: tuple[Board, ...], languages: list[str], models: list[str]
) -> None:
    # Every store has all languages, so that none that is asked for is unknown.
    known = [*boards, Board("all languages", (Scored("lab/c", ROUND, CODES),))]
    with serving(next(folders), state(known)) as client:
        for board in known:
            assert answer(client, board.name) == reference(board, None, None), board
            where = {"name": {"in": models}}
            found = answer(client, board.name, languages=languages, models=where)
            assert found == reference(board, languages, models), board


def test_the_order_in_which_rows_arrive_changes_nothing(tmp_path: Path) -> None:
    """Not even the last bit of a mean: sums are made in the order of the source's places."""
    random = Random(5)
    drawn = [
        Scored(random.choice(MODELS), random.random() * 10 ** random.randrange(6), tuple(random.choices(CODES, k=2)))
        for _ in range(400)
    ]
    given_once = state([Board("awkward", tuple(drawn))])
    backwards = {name: list(rows)[::-1] for name, rows in given_once.tables.items()}
    found = []
    for place, tables in enumerate((given_once.tables, backwards)):
        with serving(tmp_path / str(place), State(tables)) as client:
            found.append(answer(client, "awkward"))
    assert found[0] == found[1]
    assert len(found[0][1]) == len(MODELS)


A, B = "lab/a", "lab/b"
OLDER = Board(
    "Board",
    (
        Scored(A, 3.0, ("eng-Latn", "eng-Latn", "fra-Latn")),
        Scored(A, 9.0, ("eng-Latn",), again=True),
        Scored(B, 4.0, ("deu",)),
        Scored(B, 0.0, ("eng-Brai",)),
        Scored("lab/c", 1.0, None),
        Scored(A, 100.0, ("fra-Latn",), variant="With tools"),
        Scored(A, 100.0, ("fra-Latn",), declared=False),
    ),
)
NEWER = Board("Board", (Scored(B, 7.0, ("deu",)),))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Two versions of a board."""
    data = write_data(tmp_path_factory.mktemp("versions"), state([OLDER]), state([NEWER], 3))
    with TestClient(create_app(Settings(data_dir=data))) as client:
        yield client


def test_a_plain_score_on_a_declared_cell_counts_for_each_language_as_often_as_it_lists_it(client: TestClient) -> None:
    assert answer(client, "Board", asOf=day(2).isoformat()) == (
        ["deu", "eng-Brai", "eng-Latn", "fra-Latn"],
        [(A, [None, None, 5.0, 3.0]), (B, [4.0, 0.0, None, None])],
    )


def test_models_decide_the_rows_and_leave_the_columns(client: TestClient) -> None:
    found = answer(client, "Board", asOf=day(2).isoformat(), models={"name": {"eq": B}})
    assert found == (["deu", "eng-Brai", "eng-Latn", "fra-Latn"], [(B, [4.0, 0.0, None, None])])


def test_languages_are_asked_for_by_code_or_by_name(client: TestClient) -> None:
    at = day(2).isoformat()
    assert answer(client, "Board", asOf=at, languages=["German", "fra"]) == (
        ["deu", "fra-Latn"],
        [(A, [None, 3.0]), (B, [4.0, None])],
    )
    assert answer(client, "Board", asOf=at, languages=["eng"])[0] == ["eng-Brai", "eng-Latn"]
    assert answer(client, "Board", asOf=at, languages=[]) == ([], [])
    error = refusal(client, BOARD, name="Board", languages=["Klingon"])
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "'Klingon'" in error["message"]


def test_it_is_answered_as_of_any_time_with_or_without_a_view_of_languages(client: TestClient) -> None:
    assert ask(client, BOARD, name="Board")["benchmark"]["languageView"] is None
    assert answer(client, "Board") == (["deu"], [(B, [7.0])])
    assert answer(client, "Board", asOf=day(0).isoformat()) == ([], [])
