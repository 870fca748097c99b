"""The catalogue and the tables that come of it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.source import Load, Unreadable
from etl.sources.mteb import Catalogue
from tests.etl.mteb import BOARD, EMBED, RETRIEVAL, described, load_files, messages, result, table, write_catalogue

FILES = {"acme__embed/r/Arguing.json": result()}


def load_with(tmp_path: Path, **files: object) -> Load:
    return load_files(tmp_path, FILES, **files)[1]


def task(tmp_path: Path, **more: object) -> dict[str, Any]:
    return described(load_with(tmp_path, tasks=[{**RETRIEVAL, **more}]), "tasks")["Arguing"]


def board(tmp_path: Path, **more: object) -> dict[str, Any]:
    return described(load_with(tmp_path, benchmarks=[{**BOARD, **more}]), "benchmarks")["Board"]


def test_a_task_is_described_as_its_maintainers_do(tmp_path: Path) -> None:
    found = task(
        tmp_path,
        simplified_type="retrieval",
        dataset={"path": "acme/arguing", "revision": "d1", "split": "x"},
        license="mit",
        reference="https://example.org",
        citation="@x",
        date=["2015-01-01T00:00:00", "2015-12-31"],
        dialect=["", "en-CA"],
        n_samples={"test": 500},
        is_public=False,
        domains=["Web"],
    )
    assert found == {
        "name": "Arguing",
        "display_name": "Arguing",
        "description": None,
        "url": "https://example.org",
        "citation": "@x",
        "type": "Retrieval",
        "simplified_type": "retrieval",
        "languages": ["eng"],
        "domains": ["Web"],
        "modalities": [],
        "metric": "ndcg_at_10",
        "unit": "FRACTION",
        "lower_is_better": False,
        "dataset": "acme/arguing",
        "dataset_revision": "d1",
        "license": "mit",
        "is_public": False,
        "date_from": date(2015, 1, 1),
        "date_to": date(2015, 12, 31),
        "annotations_creators": None,
        "sample_creation": None,
        "dialects": ["en-CA"],
        "descriptive_statistics": '{"n_samples": {"test": 500}}',
        "splits": ["test"],
        "place": 0,
    }


def test_placeholders_are_null(tmp_path: Path) -> None:
    nowhere = {"path": "aggregate tasks do not have a path", "revision": "1"}
    found = task(tmp_path, dataset=nowhere, license="not specified", date=["soon", None], n_samples=None)
    empty = ("dataset", "dataset_revision", "license", "date_from", "date_to", "descriptive_statistics")
    assert [found[name] for name in empty] == [None] * 6


def test_a_benchmark_is_described_with_its_tasks(tmp_path: Path) -> None:
    found = load_with(tmp_path, benchmarks=[{**BOARD, "aliases": ["B"], "display_on_leaderboard": True, "order": 7}])
    row = described(found, "benchmarks")["Board"]
    assert (row["display_name"], row["aliases"], row["superseded_by"], row["place"]) == ("Board", ["B"], [], 7)
    assert (row["in_menu"], row["ranks_variants"], row["language_view"]) == (True, False, None)
    assert table(found, "benchmark_tasks").to_pylist() == [
        {
            "benchmark": "Board",
            "task": name,
            "place": place,
            "splits": ["test"],
            "subsets": [subset],
            "languages": languages,
        }
        for place, (name, subset, languages) in enumerate(
            [("Arguing", "default", ["eng"]), ("Bitext", "en-de", ["deu", "eng"])]
        )
    ]


def test_a_task_that_a_benchmark_names_twice_is_one_row_with_all_its_subsets(tmp_path: Path) -> None:
    twice = [{"name": "Bitext", "eval_splits": ["test"], "hf_subsets": [name]} for name in ("en-fr", "en-de", "en-fr")]
    found = load_with(tmp_path, benchmarks=[{**BOARD, "tasks": twice}])
    assert [row["subsets"] for row in table(found, "benchmark_tasks").to_pylist()] == [["en-fr", "en-de"]]


@pytest.mark.parametrize(
    ("kind", "aggregations", "method"),
    [
        ("Benchmark", ["mean_task", "mean_task_type"], "BORDA"),
        ("RtebBenchmark", ["mean_task"], "BORDA"),
        ("MIEBBenchmark", ["mean_task_type"], "MEAN_TASK_TYPE"),
        ("VidoreBenchmark", ["mean_task", "public_private"], "MEAN_PUBLIC_PRIVATE"),
        ("HUMEBenchmark", ["mean_subset"], "MEAN_SUBSET"),
        ("NewBenchmark", ["mean_subset", "task_types"], "MEAN_SUBSET"),
        ("NewBenchmark", ["mean_task", "public_private"], "MEAN_PUBLIC_PRIVATE"),
        ("NewBenchmark", ["mean_task_type"], "MEAN_TASK_TYPE"),
        ("NewBenchmark", ["mean_task", "mean_task_type"], "BORDA"),
        (None, [], "BORDA"),
    ],
)
def test_the_method_comes_of_the_class_and_else_of_the_aggregations(
    tmp_path: Path, kind: str | None, aggregations: list[str], method: str
) -> None:
    found = board(tmp_path, **{"class": kind, "aggregations": aggregations})
    assert (found["default_method"], found["aggregations"]) == (method, aggregations)


def test_a_board_may_hide_private_tasks(tmp_path: Path) -> None:
    assert board(tmp_path, filters_is_public=True)["public_tasks_only"] is True


@pytest.mark.parametrize(("view", "stored"), [([], None), (None, None), ("all", ["all"]), (["eng-Latn"], ["eng-Latn"])])
def test_the_language_view_is_null_where_there_is_none(tmp_path: Path, view: object, stored: object) -> None:
    assert board(tmp_path, language_view=view)["language_view"] == stored


@pytest.mark.parametrize(("shown", "stored"), [(False, False), (True, True), (None, True)])
def test_a_board_is_in_the_menu_as_it_says_and_else_where_the_menu_names_it(
    tmp_path: Path, shown: bool | None, stored: bool
) -> None:
    assert board(tmp_path, display_on_leaderboard=shown)["in_menu"] is stored


def test_the_menu_is_flattened_in_reading_order(tmp_path: Path) -> None:
    inner = {"name": "Inner", "children": [{"benchmark": "B"}]}
    menu = [
        {
            "name": "Outer",
            "description": "All",
            "open": True,
            "children": [{"benchmark": "A"}, inner, {"benchmark": "C"}],
        },
        {"name": "Last", "children": []},
    ]
    assert load_with(tmp_path, menu=menu).described["menu"].to_pylist() == [
        {"path": ["Outer"], "description": "All", "open": True, "benchmarks": ["A", "C"], "place": 0},
        {"path": ["Outer", "Inner"], "description": None, "open": False, "benchmarks": ["B"], "place": 1},
        {"path": ["Last"], "description": None, "open": False, "benchmarks": [], "place": 2},
    ]


def test_languages_are_codes_and_names(tmp_path: Path) -> None:
    found = load_with(tmp_path, language_labels={"eng": "English", "bad": 3})
    assert found.described["languages"].to_pylist() == [{"code": "eng", "name": "English"}]
    assert "entry bad is left out" in messages(found)["language_labels.json"]


@pytest.mark.parametrize("name", ["benchmarks", "tasks", "models"])
@pytest.mark.parametrize("content", [None, "[{", {"not": "a list"}])
def test_a_required_file_that_is_missing_or_broken_is_named(tmp_path: Path, name: str, content: object) -> None:
    with pytest.raises(Unreadable, match=f"{name}.json"):
        Catalogue.read(write_catalogue(tmp_path, **{name: content}))


@pytest.mark.parametrize("name", ["language_labels", "similar_tasks", "menu"])
@pytest.mark.parametrize("content", [None, "{", '"text"'])
def test_an_optional_file_that_is_missing_or_broken_is_a_problem(tmp_path: Path, name: str, content: object) -> None:
    found = load_with(tmp_path, **{name: content})
    assert "without it" in messages(found)[f"{name}.json"]
    assert list(described(found, "benchmarks")) == ["Board"]


@pytest.mark.parametrize(
    ("name", "good", "bad", "reason"),
    [
        ("tasks", RETRIEVAL, {"name": 3}, "Expected `str`"),
        ("tasks", RETRIEVAL, RETRIEVAL, "repeats Arguing"),
        ("models", EMBED, {"name": "a/b", "n_parameters": 2**70}, "entry 1 is left out"),
        ("models", EMBED, "acme/embed", "Expected `object`"),
        ("benchmarks", BOARD, {"name": "X", "tasks": [{}]}, "missing required field `name`"),
        ("menu", {"name": "A"}, {"name": "B", "children": {}}, "Expected `array | null`"),
    ],
)
def test_a_bad_entry_is_a_problem_and_the_rest_loads(
    tmp_path: Path, name: str, good: object, bad: object, reason: str
) -> None:
    found = load_with(tmp_path, **{name: [good, bad]})
    assert reason in messages(found)[f"{name}.json"]
    assert found.described[name].num_rows == 1


def test_a_catalogue_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    with (write_catalogue(tmp_path) / "tasks.json").open("wb") as file:
        file.truncate(1024**3)
    with pytest.raises(Unreadable, match="1,073,741,824 bytes"):
        Catalogue.read(tmp_path)


def test_every_field_but_the_name_may_be_null_or_missing(tmp_path: Path) -> None:
    empty: dict[str, dict[str, Any]] = {"tasks": RETRIEVAL, "benchmarks": BOARD, "models": EMBED}
    nulls = {name: [{**dict.fromkeys(entry), "name": "Null"}, {"name": "Bare"}] for name, entry in empty.items()}
    found = load_with(tmp_path, **nulls, menu=[{"name": None, "children": None}])
    assert found.problems == []
    for name in empty:
        rows = described(found, name)
        assert {**rows["Null"], "name": "", "display_name": "", "place": 0} == {
            **rows["Bare"],
            "name": "",
            "display_name": "",
            "place": 0,
        }
    assert (rows["Bare"]["trained_on"], described(found, "tasks")["Bare"]["is_public"]) == (None, True)


def test_fields_that_are_not_known_are_ignored(tmp_path: Path) -> None:
    assert json.loads(json.dumps(task(tmp_path, invented={"a": 1}), default=str))["name"] == "Arguing"
