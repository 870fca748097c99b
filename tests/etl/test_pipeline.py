"""From sources to a published snapshot: what is kept, what is joined, what is reported."""

from pathlib import Path
from typing import Any

import pytest

from etl.pipeline import Report, SourceReport, build
from etl.source import Problem, Unreadable
from tests.etl.told import Knowing, Told, held, rows
from warehouse.checks import ChecksFailed
from warehouse.store import Store

A, B = {("org/a", "T"): 0.5}, {("org/b", "U"): 0.7}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def only(report: Report) -> SourceReport:
    (source,) = report.sources
    return source


def test_a_second_run_on_unchanged_input_publishes_nothing(store: Store) -> None:
    first = build(store, [Told("easi", A, problems=(Problem("x", "odd"),)), Told("mteb", B)])
    second = build(store, [Told("easi", A, problems=(Problem("x", "odd"),)), Told("mteb", B)])

    assert (first.published, second.published) == (True, False)
    assert second.snapshot == first.snapshot == store.current().id  # type: ignore[union-attr]
    assert len(store.list()) == 1
    assert [vars(source.change) for source in second.sources] == [{"new": 0, "changed": 0, "closed": 0}] * 2


def test_a_changed_source_publishes_a_new_snapshot_and_counts_what_changed(store: Store) -> None:
    build(store, [Told("easi", {("m", "T"): 0.1, ("m", "U"): 0.2, ("n", "T"): 0.3})])

    report = build(store, [Told("easi", {("m", "T"): 0.15, ("m", "U"): 0.2, ("o", "T"): 0.4}, label="v2", day=2)])

    source = only(report)
    assert (source.rows, source.versions, source.files) == (3, 1, 1)
    assert vars(source.change) == {"new": 1, "changed": 1, "closed": 1}
    assert report.published
    assert rows(store, "select label from versions order by published_at") == [{"label": "v1"}, {"label": "v2"}]
    history = rows(
        store, "select value, first_version, gone_version from score_history where model = 'm' and task = 'T'"
    )
    assert sorted(history, key=lambda row: row["first_version"]) == [
        {"value": 0.1, "first_version": "v1", "gone_version": "v2"},
        {"value": 0.15, "first_version": "v2", "gone_version": None},
    ]


def test_sources_that_are_not_named_stay_as_they_were(store: Store) -> None:
    build(store, [Told("easi", A, {"models": [{"name": "org/a", "license": "mit"}]}), Told("mteb", B)])

    build(store, [Told("mteb", {("org/c", "U"): 0.9}, label="v2", day=2)])

    assert held(store, "easi") == A
    assert held(store, "mteb") == {("org/c", "U"): 0.9}
    assert rows(store, "select license from models where name = 'org/a'") == [{"license": "mit"}]
    assert [row["name"] for row in rows(store, "from sources order by name")] == ["easi", "mteb"]


def test_a_source_that_cannot_be_read_keeps_its_rows_and_the_others_load(store: Store) -> None:
    build(store, [Told("easi", A)])

    report = build(store, [Told("easi", error=Unreadable("easi at /x: not there")), Told("mteb", B)])

    assert [source.error for source in report.sources] == ["easi at /x: not there", None]
    assert report.published
    assert (held(store, "easi"), held(store, "mteb")) == (A, B)


def test_nothing_readable_publishes_nothing(store: Store) -> None:
    report = build(store, [Told("easi", error=Unreadable("easi at /x: not there"))])

    assert (report.published, report.snapshot) == (False, None)
    assert store.list() == []


def test_a_mistake_in_a_source_leaves_the_last_snapshot_and_the_next_build_works(store: Store) -> None:
    first = build(store, [Told("easi", A)])

    with pytest.raises(ZeroDivisionError):
        build(store, [Told("easi", B), Told("mteb", error=ZeroDivisionError())])

    assert store.current().id == first.snapshot  # type: ignore[union-attr]
    assert build(store, [Told("mteb", B)]).published


def test_a_failed_check_publishes_nothing_and_names_the_row(store: Store) -> None:
    first = build(store, [Told("easi", A)])

    with pytest.raises(ChecksFailed, match="values: .*model=org/z"):
        build(store, [Told("easi", {("org/z", "T"): float("inf")}, label="v2", day=2)])

    assert [snapshot.id for snapshot in store.list()] == [first.snapshot]
    assert held(store, "easi") == A
    assert not (store.root / "workspace").exists()


def test_retention_keeps_the_newest(store: Store) -> None:
    made = [build(store, [Told("easi", A, label=f"v{day}", day=day)], keep=2).snapshot for day in range(3)]

    assert sorted(snapshot.id for snapshot in store.list()) == sorted(made[-2:])  # type: ignore[type-var]


def test_problems_and_sources_are_in_the_snapshot_until_the_source_is_read_again(store: Store) -> None:
    build(store, [Told("easi", A, problems=(Problem("bad.json", "is cut off"),)), Told("mteb", B)])
    assert rows(store, "from problems") == [{"source": "easi", "path": "bad.json", "message": "is cut off"}]
    (source,) = rows(store, "from sources where name = 'easi'")
    assert (source["uri"], source["revision"], source["files"]) == ("told", "v1", 1)

    assert build(store, [Told("easi", A)]).published
    assert rows(store, "from problems") == []


def test_the_first_source_that_describes_a_task_or_a_board_counts(store: Store) -> None:
    def board(name: str, display_name: str) -> dict[str, Any]:
        return {"name": name, "display_name": display_name, "default_method": "BORDA", "place": 0}

    def task(display_name: str) -> dict[str, Any]:
        return {"name": "T", "display_name": display_name, "splits": ["test"]}

    declared = {"benchmark": "Both", "task": "T", "place": 0, "splits": ["test"], "subsets": ["default"]}
    told = [
        Told(
            name,
            A,
            {"tasks": [task(f"by {name}")], "benchmarks": [board("Both", f"by {name}")], "benchmark_tasks": [declared]},
        )
        for name in ("openevals", "hub", "easi")
    ]
    told[0].scores = {("org/z", "T"): 0.9}
    build(store, list(told))

    assert rows(store, "select display_name from tasks") == [{"display_name": "by easi"}]
    assert rows(store, "select display_name, source from benchmarks") == [{"display_name": "by easi", "source": "easi"}]
    assert rows(store, "select sources from tasks") == [{"sources": ["easi", "hub", "openevals"]}]
    assert [row["model"] for row in rows(store, "from leaderboard('Both')")] == ["org/a"]


def test_a_models_metadata_is_merged_column_by_column(store: Store) -> None:
    build(
        store,
        [
            Told("hub", {("org/a", "T"): 1.0}, {"models": [{"name": "org/a", "license": "apache-2.0", "parameters": 7}]}, {"org/a": "org/a"}),
            Told("easi", {("A", "U"): 2.0}, {"models": [{"name": "A", "display_name": "The A", "license": None}]}, {"A": "org/a"}),
            Told("mteb", {}, {"models": [{"name": "org/a", "parameters": 8, "embedding_dimension": 3}]}),
        ],
    )  # fmt: skip

    (model,) = rows(store, "from models")
    assert (model["name"], model["organization"], model["display_name"]) == ("org/a", "org", "The A")
    assert (model["license"], model["parameters"], model["embedding_dimension"]) == ("apache-2.0", 8, 3)
    assert rows(store, "select distinct model from latest_scores") == [{"model": "org/a"}]


def test_names_of_one_model_are_joined_and_each_says_how_it_was_matched(store: Store) -> None:
    names = {
        ("InternVL3-8B", "T"): 1.0,
        ("sensenova si 1.3 8b", "T"): 2.0,
        ("Unheard-of", "T"): 3.0,
        ("org/told", "T"): 4.0,
    }
    hub = {"OpenGVLab/InternVL3-8B": 5.0, "sensenova/SenseNova-SI-1.3-8B": 6.0}
    build(
        store,
        [
            Told("easi", names, hub_ids={"org/told": "org/told"}),
            Told("hub", {(name, "H"): value for name, value in hub.items()}, hub_ids={name: name for name in hub}),
        ],
    )

    found = rows(store, "select name, model, match from model_aliases where source = 'easi'")
    assert {row["name"]: (row["model"], row["match"]) for row in found} == {
        "InternVL3-8B": ("OpenGVLab/InternVL3-8B", "CURATED"),
        "sensenova si 1.3 8b": ("sensenova/SenseNova-SI-1.3-8B", "NORMALIZED"),
        "Unheard-of": ("Unheard-of", "EXACT"),
        "org/told": ("org/told", "EXACT"),
    }
    assert rows(store, "select count(*) as models from models") == [{"models": 4}]


def test_a_model_is_told_anew_when_its_hub_id_becomes_known(store: Store) -> None:
    build(store, [Told("easi", {("Some-Model", "T"): 1.0})])
    assert [row["name"] for row in rows(store, "from models")] == ["Some-Model"]

    build(store, [Told("hub", {("org/Some-Model", "H"): 1.0}, hub_ids={"org/Some-Model": "org/Some-Model"})])

    assert [row["name"] for row in rows(store, "from models")] == ["org/Some-Model"]
    assert {row["model"] for row in rows(store, "from latest_scores")} == {"org/Some-Model"}


def test_tasks_that_could_not_be_read_stay_with_what_was_said_of_them(store: Store) -> None:
    tasks = [
        {"name": "d#one", "unit": "PERCENT"},
        {"name": "d#two", "unit": "PERCENT"},
        {"name": "e", "unit": "PERCENT"},
    ]
    scores = {("m", task["name"]): 1.0 for task in tasks}
    build(store, [Told("hub", scores, {"tasks": tasks})])

    build(store, [Told("hub", {("m", "e"): 2.0}, {"tasks": tasks[2:]}, label="v2", day=2, unread=frozenset({"d"}))])

    assert held(store, "hub") == {("m", "d#one"): 1.0, ("m", "d#two"): 1.0, ("m", "e"): 2.0}
    assert {row["name"]: row["unit"] for row in rows(store, "from tasks")} == dict.fromkeys(
        ("d#one", "d#two", "e"), "PERCENT"
    )


def test_a_source_that_knows_models_is_asked_for_those_nobody_describes(store: Store) -> None:
    easi = Told("easi", {("org/a", "T"): 1.0, ("org/b", "T"): 2.0}, {"models": [{"name": "org/b", "parameters": 3}]})
    hub = Knowing("hub", {("org/c", "H"): 1.0}, sizes={"org/a": 5, "org/b": 6})
    build(store, [easi, hub])

    assert hub.asked == [["org/a", "org/c"]]
    assert rows(store, "select name, parameters from models order by name") == [
        {"name": "org/a", "parameters": 5}, {"name": "org/b", "parameters": 3}, {"name": "org/c", "parameters": None},
    ]  # fmt: skip
    assert not build(store, [easi, hub]).published


def test_a_source_that_cannot_be_read_is_not_asked_for_models_either(store: Store) -> None:
    hub = Knowing("hub", error=Unreadable("down"), sizes={"org/a": 5})
    build(store, [Told("easi", {("org/a", "T"): 1.0}), hub])

    assert hub.asked == []
