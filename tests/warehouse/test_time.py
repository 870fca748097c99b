"""A board as of a version is the board that a store with that version alone has, in whatever order versions came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.thorough import cases
from tests.warehouse.stores import Row, benchmark, day, declared, described, name_models, score
from warehouse.build import Build, Version
from warehouse.layout import write
from warehouse.rankings import LATEST, Ranking, own_rule

MODELS = ("a", "b", "c")
TASKS = ("t", "u", "v")
METHODS = ("BORDA", "MEAN_SCORED", "MEAN_TASK_TYPE", "MEAN_PUBLIC_PRIVATE")
NO_SHRINKING = (Phase.explicit, Phase.generate)
MEASURED = ("entries", "capability_scores", "shown_task_scores", "shown_columns")


@dataclass(frozen=True)
class State:
    """What one version of a source says: scores, and the rules by which its one board ranks them."""

    scores: tuple[tuple[str, str, float | None], ...]
    tasks: tuple[str, ...]
    method: str
    types: tuple[str, ...]
    private: frozenset[str]
    public_tasks_only: bool
    labels: tuple[tuple[str, str], ...]
    trained_on: tuple[str, ...] | None

    def historied(self, board: str) -> dict[str, Any]:
        rows = [score(f"{board}/{model}", task, value, place) for place, (model, task, value) in enumerate(self.scores)]
        tasks = [declared(board, task, place) for place, task in enumerate(self.tasks)]
        labels = [{"task": task, "subset": "default", "label": label, "name": label} for task, label in self.labels]
        return described(scores=rows, benchmark_tasks=tasks, capabilities=labels)

    def rules(self, board: str) -> dict[str, Any]:
        shown: Row = {"aggregations": ["mean_task_type"], "public_tasks_only": self.public_tasks_only}
        kinds = zip(TASKS, self.types, strict=True)
        return described(
            benchmarks=[benchmark(board, self.method, **shown)],
            tasks=[{"name": task, "type": kind, "is_public": task not in self.private} for task, kind in kinds],
            models=[
                {"name": f"{board}/{name}", "place": place, "trained_on": self.trained_on if name == "a" else None}
                for place, name in enumerate(MODELS)
            ],
        )


states = st.builds(
    State,
    st.lists(
        st.tuples(st.sampled_from(MODELS), st.sampled_from(TASKS), st.sampled_from([None, 0.0, 0.5, 1.0])),
        max_size=8,
        unique_by=lambda row: row[:2],
    ).map(tuple),
    st.lists(st.sampled_from(TASKS), min_size=1, unique=True).map(tuple),
    st.sampled_from(METHODS),
    st.tuples(*[st.sampled_from("XY")] * len(TASKS)),
    st.frozensets(st.sampled_from(TASKS), max_size=1),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(TASKS), st.sampled_from("mn")), max_size=3, unique=True).map(tuple),
    st.none() | st.lists(st.sampled_from(TASKS), unique=True).map(tuple),
)
# Which version arrives next, by its number from 1; the same may arrive again.
arrivals = st.lists(st.tuples(st.integers(1, 4), states), min_size=1, max_size=4)


class Worlds:
    """One store of many sources, each with a board of its name."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "worlds.duckdb"
        self.build = Build(folder, None, ())

    def arrive(self, source: str, number: int, state: State) -> None:
        self.build.merge(source, Version(f"v{number}", day(number), None), state.historied(source))
        self.build.describe(source, state.rules(source))

    def open(self) -> duckdb.DuckDBPyConnection:
        name_models(self.build)
        write(self.build, self.file)
        self.build.close()
        return duckdb.connect(str(self.file), read_only=True, config={"threads": 1})


def read(
    connection: duckdb.DuckDBPyConnection, methods: Mapping[str, str], at: Any = LATEST
) -> dict[str, dict[str, list[Any]]]:
    """All that is told of boards, given their methods: without their names and what is before the slash in models'.

    Those of one method are ranked together: a statement takes as long for one board as for many.
    """
    found: dict[str, dict[str, list[Any]]] = {name: {part: [] for part in MEASURED} for name in methods}
    for method in set(methods.values()):
        names = tuple(name for name in methods if methods[name] == method)
        ranking = Ranking(names, method, own_rule(method, ranks_variants=False), at)
        for part in MEASURED:
            asked = ranking.statement(part)
            for row in connection.execute(asked.sql, dict(asked.values)).to_arrow_table().to_pylist():
                bare = {**row, "benchmark": "", "model": str(row.get("model")).partition("/")[2]}
                found[row["benchmark"]][part].append(bare)
    return {name: {part: sorted(rows, key=repr) for part, rows in parts.items()} for name, parts in found.items()}


@pytest.fixture
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return iter(lambda: tmp_path_factory.mktemp("worlds"), None)


@settings(
    max_examples=cases(1, 4),
    deadline=None,
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(worlds=st.lists(arrivals, min_size=4, max_size=4))
def test_every_version_is_ranked_as_if_it_were_alone(
    folders: Iterator[Path], worlds: Sequence[Sequence[tuple[int, State]]]
) -> None:
    replayed, alone = Worlds(next(folders)), Worlds(next(folders))
    last = [dict(versions) for versions in worlds]
    for world, versions in enumerate(worlds):
        for number, state in versions:
            replayed.arrive(f"w{world}", number, state)
        for number, state in last[world].items():
            alone.arrive(f"w{world} v{number}", number, state)
    ours, theirs = replayed.open(), alone.open()
    with ours, theirs:
        methods = {f"w{world} v{at}": state.method for world, known in enumerate(last) for at, state in known.items()}
        expected = read(theirs, methods)
        for number in {number for known in last for number in known}:
            asked = {f"w{world}": known[number].method for world, known in enumerate(last) if number in known}
            found = read(ours, asked, day(number))
            assert found == {name: expected[f"{name} v{number}"] for name in asked}
        newest = {f"w{world}": max(known) for world, known in enumerate(last)}
        found = read(ours, {name: methods[f"{name} v{number}"] for name, number in newest.items()})
        assert found == {name: expected[f"{name} v{number}"] for name, number in newest.items()}
