"""Versions of a source become validity ranges: in any order, given once or more, with parts unread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.stores import SOURCE, day, declared, described, name_models, score
from warehouse.build import Build, Version
from warehouse.history import Change
from warehouse.layout import write
from warehouse.tables import SCORES

TASKS = ("t", "u")
BETWEEN = [name for name in SCORES.names if name not in ("place", "provenance_path", "provenance_revision")]
LATER = st.permutations(range(4))

Content = tuple[str, str, int, float | None]
Given = tuple[str, str, float | None]


@dataclass(frozen=True)
class Arrival:
    """A version as a source gives it: rows (model, task, value) in the source's order, and what it could not read."""

    number: int
    rows: tuple[Given, ...]
    unread: frozenset[str] = frozenset()

    @property
    def table(self) -> pa.Table:
        path = f"version {self.number}"
        rows = [
            score(model, task, value, place, provenance_path=path)
            for place, (model, task, value) in enumerate(self.rows)
        ]
        return SCORES.rows(rows)

    @property
    def content(self) -> frozenset[Content]:
        """What it says: the occurrence of a repeated key counts its repeats, in order."""
        seen: dict[tuple[str, str], Iterator[int]] = {}
        return frozenset(
            (model, task, next(seen.setdefault((model, task), count())), value) for model, task, value in self.rows
        )


rows = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(TASKS), st.sampled_from([None, 0.0, 0.5])), max_size=5)


@st.composite
def arrivals(draw: st.DrawFn, *, unread: bool = False) -> Arrival:
    missing = draw(st.frozensets(st.sampled_from(TASKS), max_size=1)) if unread else frozenset()
    found = tuple(row for row in draw(rows) if row[1] not in missing)
    return Arrival(draw(st.integers(1, 4)), found, missing)


class Laboratory:
    """One build that takes in the versions of many sources."""

    def __init__(self, workspace: Path) -> None:
        self.build = Build(workspace, None, ())
        self.build.connection.execute("set threads = 1")
        self._names = (f"source {number}" for number in count())

    def source(self) -> "Versions":
        return Versions(self.build, next(self._names))


class Versions:
    """The versions of one source in a build."""

    def __init__(self, build: Build, name: str) -> None:
        self.build = build
        self.name = name

    def merge(self, arrival: Arrival) -> Change:
        version = Version(f"v{arrival.number}", day(arrival.number), None)
        return self.build.merge(self.name, version, {"scores": arrival.table}, arrival.unread)

    @property
    def rows(self) -> list[dict[str, Any]]:
        table = self.build.histories[self.name, "scores"].name
        return self.build.connection.execute(f"from {table}").to_arrow_table().to_pylist()

    def at(self, number: int) -> list[dict[str, Any]]:
        """The rows valid at the time of a version."""
        moment = day(number)
        return [
            row
            for row in self.rows
            if row["valid_from"] <= moment and (row["valid_to"] is None or row["valid_to"] > moment)
        ]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    made = Laboratory(tmp_path_factory.mktemp("laboratory"))
    yield made
    made.build.close()


def contents(found: Sequence[dict[str, Any]]) -> list[Content]:
    return sorted(((row["source_model"], row["task"], row["occurrence"], row["value"]) for row in found), key=repr)


def reference(given: Sequence[Arrival]) -> dict[int, frozenset[Content]]:
    """The content of each version after all: what it last said, and of what it could not read what was valid before."""
    known: dict[int, frozenset[Content]] = {}
    for arrival in given:
        before = [number for number in known if number <= arrival.number]
        valid = known[max(before)] if before else frozenset()
        kept = frozenset(row for row in valid if row[1] in arrival.unread)
        known[arrival.number] = arrival.content | kept
    return known


def assert_ranges_are_whole(found: Sequence[dict[str, Any]], numbers: set[int]) -> None:
    """Ranges run from a version to a later one, and an unchanged row is one range."""
    moments = {day(number) for number in numbers}
    ends = {(row["valid_to"], *(repr(row[name]) for name in BETWEEN)) for row in found if row["valid_to"]}
    for row in found:
        assert row["valid_from"] in moments
        assert row["valid_to"] is None or (row["valid_to"] in moments and row["valid_to"] > row["valid_from"])
        assert (row["valid_from"], *(repr(row[name]) for name in BETWEEN)) not in ends, "two ranges touch"


@settings(max_examples=25, deadline=None)
@given(st.lists(arrivals(unread=True), min_size=1, max_size=4))
def test_each_version_is_what_it_last_said_at_its_own_time(laboratory: Laboratory, given: list[Arrival]) -> None:
    source = laboratory.source()
    for arrival in given:
        source.merge(arrival)

    expected = reference(given)
    found = source.rows
    for number, content in expected.items():
        assert contents(source.at(number)) == sorted(content, key=repr)
    assert_ranges_are_whole(found, set(expected))


@settings(max_examples=12, deadline=None)
@given(st.lists(rows, min_size=4, max_size=4), LATER)
def test_the_order_of_merging_does_not_matter(
    laboratory: Laboratory, states: list[list[Given]], order: list[int]
) -> None:
    given = [Arrival(number, tuple(state)) for number, state in enumerate(states, 1)]
    in_order, out_of_order = laboratory.source(), laboratory.source()
    for arrival in given:
        in_order.merge(arrival)
    for place in order:
        out_of_order.merge(given[place])

    def ranges(source: Versions) -> list[Any]:
        return sorted(((*contents([row]), row["valid_from"], row["valid_to"]) for row in source.rows), key=repr)

    def current_places(source: Versions) -> list[Any]:
        return sorted(((*contents([row]), row["place"]) for row in source.rows if row["valid_to"] is None), key=repr)

    assert ranges(out_of_order) == ranges(in_order)
    assert current_places(out_of_order) == current_places(in_order)


@settings(max_examples=15, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4))
def test_versions_in_order_are_counted_and_keep_place_and_provenance(
    laboratory: Laboratory, states: list[list[Given]]
) -> None:
    source = laboratory.source()
    before: dict[tuple[str, str, int], float | None] = {}
    first: dict[Content, str] = {}
    for number, state in enumerate(states, 1):
        arrival = Arrival(number, tuple(state))
        now = {content[:3]: content[3] for content in arrival.content}
        first = {content: first.get(content, f"version {number}") for content in arrival.content}

        assert source.merge(arrival) == Change(
            new=len(now.keys() - before.keys()),
            changed=sum(before[key] != now[key] for key in now.keys() & before.keys()),
            closed=len(before.keys() - now.keys()),
        )
        current = source.at(number)
        assert {contents([row])[0]: row["provenance_path"] for row in current} == first
        assert [
            (row["source_model"], row["task"], row["value"]) for row in sorted(current, key=lambda row: row["place"])
        ] == state
        before = now


def test_a_repeated_key_gets_occurrences_in_the_sources_order(laboratory: Laboratory) -> None:
    source = laboratory.source()
    source.merge(Arrival(1, (("a", "t", 0.5), ("b", "t", 0.1), ("a", "t", 0.5), ("a", "u", 0.2), ("a", "t", 0.3))))

    found = {(row["source_model"], row["task"], row["occurrence"]): row["value"] for row in source.rows}

    assert found == {("a", "t", 0): 0.5, ("a", "t", 1): 0.5, ("a", "t", 2): 0.3, ("b", "t", 0): 0.1, ("a", "u", 0): 0.2}


def test_null_and_zero_are_two_contents(laboratory: Laboratory) -> None:
    source = laboratory.source()
    source.merge(Arrival(1, (("a", "t", None),)))

    assert source.merge(Arrival(2, (("a", "t", 0.0),))) == Change(changed=1)
    assert source.merge(Arrival(3, (("a", "t", None),))) == Change(changed=1)
    assert [row["value"] for row in sorted(source.rows, key=lambda row: row["valid_from"])] == [None, 0.0, None]


def test_a_row_that_comes_back_is_two_ranges_until_the_gap_is_filled(laboratory: Laboratory) -> None:
    source = laboratory.source()
    given = [Arrival(1, (("a", "t", 0.5),)), Arrival(2, ()), Arrival(3, (("b", "t", 0.1), ("a", "t", 0.5)))]
    for arrival in given:
        source.merge(arrival)
    of_a = [row for row in source.rows if row["source_model"] == "a"]
    assert len(of_a) == 2

    source.merge(Arrival(2, (("a", "t", 0.5),)))

    (row,) = [row for row in source.rows if row["source_model"] == "a"]
    assert (row["valid_from"], row["valid_to"]) == (day(1), None)
    assert (row["place"], row["provenance_path"]) == (1, "version 1")


def test_a_source_that_lists_a_row_twice_stores_it_once(laboratory: Laboratory) -> None:
    """Only scores tell repeats apart; a board that names a task twice has it once."""
    boards = described(benchmark_tasks=[declared("Board", "t"), declared("Board", "t")])
    for number in (1, 2, 3):
        laboratory.build.merge("repeating", Version(f"v{number}", day(number), None), boards)

    table = laboratory.build.histories["repeating", "benchmark_tasks"].name
    assert laboratory.build.connection.sql(f"select count(*) from {table}").fetchall() == [(1,)]


def test_two_versions_of_one_time_both_stand_however_often_they_are_given(laboratory: Laboratory) -> None:
    source = laboratory.source()
    given = [("first", 0.1), ("second", 0.2), ("third", 0.3)]
    for label, value in given * 3:
        table = SCORES.rows([score("a", "t", value)])
        source.build.merge(source.name, Version(label, day(1), None), {"scores": table})

    assert [version.label for version in source.build.versions(source.name)] == ["first", "second", "third"]
    assert sorted(row["value"] for row in source.rows) == [0.1, 0.2, 0.3]


def test_an_older_version_that_was_corrected_replaces_what_it_said(laboratory: Laboratory) -> None:
    source = laboratory.source()
    for label, number, revision, value in (("old", 1, "r1", 0.1), ("new", 2, "r1", 0.2), ("old", 1, "r2", 0.15)):
        table = SCORES.rows([score("a", "t", value)])
        source.build.merge(source.name, Version(label, day(number), revision), {"scores": table})

    assert [(version.label, version.revision) for version in source.build.versions(source.name)] == [
        ("old", "r2"),
        ("new", "r1"),
    ]
    assert [row["value"] for row in source.at(1)] == [0.15]
    assert [row["value"] for row in source.at(2)] == [0.2]


def test_a_table_that_is_left_out_stays_as_it_was(laboratory: Laboratory) -> None:
    build = laboratory.build
    boards = described(scores=[score("a", "t", 0.5)], benchmark_tasks=[declared("Board", "t")])
    build.merge("partial", Version("v1", day(1), None), boards)
    build.merge("partial", Version("v2", day(2), None), described(scores=[]))

    rows = build.connection.sql(f"select valid_to from {build.histories['partial', 'benchmark_tasks'].name}").fetchall()
    assert rows == [(None,)]


def test_an_unread_dataset_keeps_the_rows_of_all_its_tasks(laboratory: Laboratory) -> None:
    build = laboratory.build
    build.merge(
        "boards",
        Version("v1", day(1), None),
        described(scores=[score("a", task, 0.5) for task in ("d#one", "d#two", "dd")]),
    )
    build.merge("boards", Version("v2", day(2), None), described(scores=[]), frozenset({"d"}))

    rows = build.connection.sql(f"select task from {build.histories['boards', 'scores'].name} where valid_to is null")
    assert sorted(rows.fetchall()) == [("d#one",), ("d#two",)]


def test_versions_of_several_builds_are_one_history(tmp_path: Path) -> None:
    given = [
        Arrival(1, (("a", "t", 0.1), ("b", "t", 0.2))),
        Arrival(3, (("b", "t", 0.2),)),
        Arrival(2, (("a", "t", 0.1), ("b", "t", 0.3))),
    ]
    previous = None
    for number, arrival in enumerate(given):
        build = Build(tmp_path, previous, (SOURCE,))
        Versions(build, SOURCE).merge(arrival)
        name_models(build)
        previous = tmp_path / f"{number}.duckdb"
        write(build, previous)
        build.close()

    build = Build(tmp_path, previous, (SOURCE,))
    build.merge(SOURCE, Version("v3", day(3), None), {"scores": given[1].table})
    source = Versions(build, SOURCE)
    for number, content in reference(given).items():
        assert contents(source.at(number)) == sorted(content, key=repr)
    assert_ranges_are_whole(source.rows, {1, 2, 3})
    assert not build.changed
    build.close()
