"""From sources to a published snapshot: what is kept, what is joined, what is reported."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etl.pipeline import Report, SourceReport, build
from etl.source import Problem, Unreadable
from tests.etl.told import Knowing, Told, held, rows
from warehouse.checks import ChecksFailed
from warehouse.store import Store

A, B = {("org/a", "T"): 0.5}, {("org/b", "U"): 0.7}
# What easi and the Hub tell first: values that change, and two tasks of one place.
EASI = {("m", "T"): 0.1, ("m", "U"): 0.2, ("n", "T"): 0.3, ("Some-Model", "T"): 1.0}
TASKS = [{"name": name, "unit": "PERCENT"} for name in ("d#one", "d#two", "e")]
HUB = {("m", task["name"]): 1.0 for task in TASKS}
BAD = Problem("bad.json", "is cut off")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def first_states() -> list[Told]:
    """What three sources tell first, and again while nothing changes."""
    easi = Told("easi", EASI, {"models": [{"name": "m", "license": "mit"}]}, problems=(BAD,))
    return [easi, Told("mteb", B), Told("hub", HUB, {"tasks": TASKS})]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Report]:
    """A store that holds what three sources tell first, and the report of its one build."""
    store = Store(tmp_path_factory.mktemp("first") / "data")
    return store, build(store, first_states())


@pytest.fixture
def filled(first: tuple[Store, Report], tmp_path: Path) -> Store:
    """A copy of that store to build into."""
    return Store(shutil.copytree(first[0].root, tmp_path / "filled"))


def only(report: Report) -> SourceReport:
    (source,) = report.sources
    return source


def test_a_second_run_on_unchanged_input_publishes_nothing(first: tuple[Store, Report], filled: Store) -> None:
    before = first[1]
    again = build(filled, first_states())

    assert (before.published, again.published) == (True, False)
    assert again.snapshot == before.snapshot == filled.current().id  # type: ignore[union-attr]
    assert len(filled.list()) == 1
    assert [vars(source.change) for source in again.sources] == [{"new": 0, "changed": 0, "closed": 0}] * 3


def test_a_changed_source_publishes_a_new_snapshot_and_counts_what_changed(filled: Store) -> None:
    scores = {("m", "T"): 0.15, ("m", "U"): 0.2, ("o", "T"): 0.4, ("Some-Model", "T"): 1.0}

    report = build(filled, [Told("easi", scores, label="v2", day=2)])

    source = only(report)
    assert (source.rows, source.versions, source.files) == (4, 1, 1)
    assert vars(source.change) == {"new": 1, "changed": 1, "closed": 1}
    assert report.published
    labels = rows(filled, "select label from versions where source = 'easi' order by published_at")
    assert labels == [{"label": "v1"}, {"label": "v2"}]
    history = rows(
        filled, "select value, first_version, gone_version from score_history where model = 'm' and task = 'T'"
    )
    assert sorted(history, key=lambda row: row["first_version"]) == [
        {"value": 0.1, "first_version": "v1", "gone_version": "v2"},
        {"value": 0.15, "first_version": "v2", "gone_version": None},
    ]


def test_sources_that_are_not_named_stay_as_they_were(filled: Store) -> None:
    build(filled, [Told("mteb", {("org/c", "U"): 0.9}, label="v2", day=2)])

    assert held(filled, "easi") == EASI
    assert held(filled, "hub") == HUB
    assert held(filled, "mteb") == {("org/c", "U"): 0.9}
    assert rows(filled, "select license from models where name = 'm'") == [{"license": "mit"}]
    assert [row["name"] for row in rows(filled, "from sources order by name")] == ["easi", "hub", "mteb"]


def test_a_source_that_cannot_be_read_keeps_its_rows_and_is_asked_for_no_models_and_the_others_load(
    filled: Store,
) -> None:
    down = Knowing("easi", error=Unreadable("easi at /x: not there"), sizes={"org/a": 5})

    report = build(filled, [down, Told("openevals", A)])

    assert [source.error for source in report.sources] == ["easi at /x: not there", None]
    assert report.published
    assert (held(filled, "easi"), held(filled, "openevals")) == (EASI, A)
    assert down.asked == []


def test_nothing_readable_publishes_nothing(store: Store) -> None:
    report = build(store, [Told("easi", error=Unreadable("easi at /x: not there"))])

    assert (report.published, report.snapshot) == (False, None)
    assert store.list() == []


def test_a_mistake_in_a_source_leaves_the_last_snapshot_and_the_next_build_works(filled: Store) -> None:
    before = filled.current()

    with pytest.raises(ZeroDivisionError):
        build(filled, [Told("easi", B), Told("mteb", error=ZeroDivisionError())])

    assert filled.current() == before
    assert build(filled, [Told("mteb", A)]).published


def test_a_failed_check_publishes_nothing_and_names_the_row(filled: Store) -> None:
    before = filled.current()

    with pytest.raises(ChecksFailed, match="values: .*model=org/z"):
        build(filled, [Told("easi", {("org/z", "T"): float("inf")}, label="v2", day=2)])

    assert filled.list() == [before]
    assert held(filled, "easi") == EASI
    assert not (filled.root / "workspace").exists()


def test_retention_keeps_the_newest(filled: Store) -> None:
    made = [build(filled, [Told("easi", A, label=f"v{day}", day=day)], keep=2).snapshot for day in (2, 3)]

    assert sorted(snapshot.id for snapshot in filled.list()) == sorted(made)  # type: ignore[type-var]


def test_problems_and_sources_are_in_the_snapshot_until_the_source_is_read_again(filled: Store) -> None:
    assert rows(filled, "from problems") == [{"source": "easi", "path": "bad.json", "message": "is cut off"}]
    (source,) = rows(filled, "from sources where name = 'easi'")
    assert (source["uri"], source["revision"], source["files"]) == ("told", "v1", 1)

    assert build(filled, [replace(first_states()[0], problems=())]).published
    assert rows(filled, "from problems") == []


def describing(name: str) -> dict[str, list[dict[str, Any]]]:
    """A task and a board of it, described by each source that tells this in its own words."""
    board = {"name": "Both", "display_name": f"by {name}", "default_method": "BORDA", "place": 0}
    task = {"name": "T", "display_name": f"by {name}", "splits": ["test"]}
    declared = {"benchmark": "Both", "task": "T", "place": 0, "splits": ["test"], "subsets": ["default"]}
    return {"tasks": [task], "benchmarks": [board], "benchmark_tasks": [declared]}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One build of four sources that tell of the same task, board and models, under several names."""
    store = Store(tmp_path_factory.mktemp("described") / "data")
    hub = {"org/b": 1.0, "OpenGVLab/InternVL3-8B": 5.0, "sensenova/SenseNova-SI-1.3-8B": 6.0}
    names = {"B": 2.0, "InternVL3-8B": 1.0, "sensenova si 1.3 8b": 2.0, "Unheard-of": 3.0, "org/told": 4.0}
    hub_model = {"name": "org/b", "license": "apache-2.0", "parameters": 7}
    easi_model = {"name": "B", "display_name": "The B", "license": None}
    mteb_model = {"name": "org/b", "parameters": 8, "embedding_dimension": 3}
    told = [
        Told("openevals", {("org/z", "T"): 0.9}, describing("openevals")),
        Told(
            "hub",
            A | {(name, "H"): value for name, value in hub.items()},
            {**describing("hub"), "models": [hub_model]},
            {name: name for name in hub},
        ),
        Told(
            "easi",
            A | {(name, "U"): value for name, value in names.items()},
            {**describing("easi"), "models": [easi_model]},
            {"B": "org/b", "org/told": "org/told"},
        ),
        Told("mteb", {}, {"models": [mteb_model]}),
    ]
    build(store, told)
    return store


def test_the_first_source_that_describes_a_task_or_a_board_counts(described: Store) -> None:
    assert rows(described, "select display_name from tasks where name = 'T'") == [{"display_name": "by easi"}]
    boards = rows(described, "select display_name, source from benchmarks")
    assert boards == [{"display_name": "by easi", "source": "easi"}]
    assert rows(described, "select sources from tasks where name = 'T'") == [{"sources": ["easi", "hub", "openevals"]}]
    assert [row["model"] for row in rows(described, "from leaderboard('Both')")] == ["org/a"]


def test_a_models_metadata_is_merged_column_by_column(described: Store) -> None:
    (model,) = rows(described, "from models where name in ('org/b', 'B')")
    assert (model["name"], model["organization"], model["display_name"]) == ("org/b", "org", "The B")
    assert (model["license"], model["parameters"], model["embedding_dimension"]) == ("apache-2.0", 8, 3)
    found = rows(described, "select model from latest_scores where model in ('org/b', 'B')")
    assert found == [{"model": "org/b"}] * 2


def test_names_of_one_model_are_joined_and_each_says_how_it_was_matched(described: Store) -> None:
    found = rows(described, "select name, model, match from model_aliases where source = 'easi'")
    assert {row["name"]: (row["model"], row["match"]) for row in found if row["name"] not in {"org/a", "B"}} == {
        "InternVL3-8B": ("OpenGVLab/InternVL3-8B", "CURATED"),
        "sensenova si 1.3 8b": ("sensenova/SenseNova-SI-1.3-8B", "NORMALIZED"),
        "Unheard-of": ("Unheard-of", "EXACT"),
        "org/told": ("org/told", "EXACT"),
    }
    assert [row["name"] for row in rows(described, "select name from models order by name")] == [
        "OpenGVLab/InternVL3-8B", "Unheard-of", "org/a", "org/b", "org/told", "org/z", "sensenova/SenseNova-SI-1.3-8B"
    ]  # fmt: skip


def test_a_model_is_told_anew_when_its_hub_id_becomes_known(filled: Store) -> None:
    named = "select name from models where name like '%Some-Model'"
    assert rows(filled, named) == [{"name": "Some-Model"}]

    known = Told("openevals", {("org/Some-Model", "H"): 1.0}, hub_ids={"org/Some-Model": "org/Some-Model"})
    build(filled, [known])

    assert rows(filled, named) == [{"name": "org/Some-Model"}]
    found = rows(filled, "select model from latest_scores where model like '%Some-Model'")
    assert found == [{"model": "org/Some-Model"}] * 2


def test_tasks_that_could_not_be_read_stay_with_what_was_said_of_them(filled: Store) -> None:
    build(filled, [Told("hub", {("m", "e"): 2.0}, {"tasks": TASKS[2:]}, label="v2", day=2, unread=frozenset({"d"}))])

    assert held(filled, "hub") == {("m", "d#one"): 1.0, ("m", "d#two"): 1.0, ("m", "e"): 2.0}
    units = {row["name"]: row["unit"] for row in rows(filled, "from tasks where source = 'hub'")}
    assert units == dict.fromkeys(("d#one", "d#two", "e"), "PERCENT")


def test_a_source_that_knows_models_is_asked_for_those_nobody_describes(store: Store) -> None:
    easi = Told("easi", {("org/a", "T"): 1.0, ("org/b", "T"): 2.0}, {"models": [{"name": "org/b", "parameters": 3}]})
    hub = Knowing("hub", {("org/c", "H"): 1.0}, sizes={"org/a": 5, "org/b": 6})
    build(store, [easi, hub])

    assert hub.asked == [["org/a", "org/c"]]
    assert rows(store, "select name, parameters from models order by name") == [
        {"name": "org/a", "parameters": 5}, {"name": "org/b", "parameters": 3}, {"name": "org/c", "parameters": None},
    ]  # fmt: skip
    assert not build(store, [easi, hub]).published
