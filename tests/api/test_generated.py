"""Whatever is asked is answered as plain graphql-core answers it: data, order of keys, errors and their paths.

Documents are made up from the schema, the same ones in every run. One that fails is shown whole, not shrunk.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSchema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.arguments import Arguments, Variable, written
from tests.api.compared import Compared
from tests.api.damage import MEETING, damage
from tests.api.generating import Document, documents
from tests.api.known import Known, read_known
from tests.api.plain import Plain
from tests.api.tour import all_fields, tour
from tests.thorough import cases
from tests.warehouse.submitters import submission
from warehouse.snapshot import Snapshot
from warehouse.store import Store

# graphql-core leaves a coroutine unstarted where a null overtakes its field, which Python now and then fails to warn of.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PAGES = 4
LISTS = {
    "Query.models": "%s", "Query.tasks": "%s", "Query.benchmarks": "%s", "Query.scores": "%s", "Query.conflicts": "%s",
    "Leaderboard.entries": 'benchmark(name: "EASI-8") { leaderboard { %s } }',
    "TaskLeaderboard.entries": 'task(name: "vsi_bench") { leaderboard { %s } }',
    "Model.scores": 'model(name: "GPT-5-2025-08-07") { %s }',
    "Task.scores": 'task(name: "SampleHelpdeskRetrieval") { %s }',
    "Benchmark.versions": 'benchmark(name: "EASI-8") { %s }',
}  # fmt: skip
PAGE = "{ totalCount edges { cursor } nodes { __typename } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
SUBMITTED = 7
DOCUMENTS = cases(200, 1005)


def generated(most: int) -> settings:
    """The same examples in every run."""
    return settings(
        max_examples=most,
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def comparing(folder: Path, copy: Path) -> Iterator[Compared]:
    """A data directory served, and plain answers from a copy of it."""
    shutil.copytree(folder, copy)
    published = Store(copy).current()
    assert published is not None
    app = create_app(Settings(data_dir=folder))
    ledger = app.state.desk.ledger
    for _ in range(SUBMITTED):
        ledger.submissions.add(submission(), push=False)
    plain = Plain(Snapshot(published), app.state.desk.service)
    logging.disable()  # each value that breaks the schema would be logged with all the calls above it
    try:
        with TestClient(app) as client:
            yield Compared(client, plain)
    finally:
        logging.disable(logging.NOTSET)
        plain.close()


@pytest.fixture(scope="module")
def whole(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The sample."""
    with comparing(sample_dir, tmp_path_factory.mktemp("plain") / "data") as compared:
        yield compared


@pytest.fixture(scope="module")
def broken(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The sample with rows that break what the schema promises."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(sample_dir, folder / "data")
    damage(folder / "data")
    with comparing(folder / "data", folder / "plain") as compared:
        yield compared


@pytest.fixture(scope="module")
def schema(whole: Compared) -> GraphQLSchema:
    return whole.plain.schema._schema


@pytest.fixture(scope="module")
def known(whole: Compared) -> Known:
    return read_known(whole.plain)


def test_documents_of_all_kinds_are_answered_plainly(whole: Compared, schema: GraphQLSchema, known: Known) -> None:
    @generated(DOCUMENTS)
    @given(documents(schema, known))
    def check(asked: Document) -> None:
        whole.check(asked.text, asked.variables, asked.fields)

    check()
    assert whole.documents >= DOCUMENTS
    assert whole.answered > 0.6 * whole.documents
    assert whole.failed > 0.02 * whole.documents
    assert whole.refused > 0.02 * whole.documents
    assert len(whole.fields) > 0.8 * len(all_fields(schema))


@pytest.mark.parametrize("breaks", [False, True])
def test_every_field_is_answered_plainly(
    whole: Compared, broken: Compared, schema: GraphQLSchema, known: Known, breaks: bool
) -> None:
    toured = list(tour(schema, known))
    for _, document in toured:
        (broken if breaks else whole).check(document, {})
    assert {name for name, _ in toured} == {name for name, _ in all_fields(schema)}


def test_documents_are_answered_plainly_where_rows_break_the_schema(
    broken: Compared, schema: GraphQLSchema, known: Known
) -> None:
    @generated(cases(40, 100))
    @given(documents(schema, known))
    def check(asked: Document) -> None:
        broken.check(asked.text, asked.variables, asked.fields)

    check()
    assert broken.codes["INTERNAL_SERVER_ERROR"] > 30


def test_one_row_is_listed_under_in_several_ways(whole: Compared) -> None:
    """Nodes under two names are the same rows; here graphql-core completes what is below some of them."""
    below = "task { name leaderboard { task { name } } }"
    for other in ("b: nodes { taskScores { %s } }", "edges { node { taskScores { %s } } }"):
        parts = f"nodes {{ taskScores {{ value }} }} {other % below}"
        whole.check(f'{{ benchmark(name: "viewspatial") {{ leaderboard {{ entries(first: 3) {{ {parts} }} }} }} }}', {})


@pytest.mark.parametrize("place", MEETING)
def test_a_value_that_breaks_the_schema_fails_plainly(broken: Compared, place: str) -> None:
    answer = broken.check(MEETING[place], {})
    assert answer["errors"]


@pytest.mark.parametrize("field", LISTS)
def test_a_list_is_walked_plainly(whole: Compared, schema: GraphQLSchema, known: Known, field: str) -> None:
    @generated(8)
    @given(random=st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        walk(whole, schema, Arguments(random, known, odd=0), field)

    check()


def walk(compared: Compared, schema: GraphQLSchema, arguments: Arguments, field: str) -> None:
    """Read pages of a list, filtered and sorted in some way, until it ends, from either end."""
    parent, _, name = field.partition(".")
    declared = schema.type_map[parent].fields[name]  # type: ignore[attr-defined]
    asked = arguments.beside_page(field, declared)
    is_backward = "last" in declared.args and arguments.chance(0.5)
    size, bound, end = ("last", "before", "startCursor") if is_backward else ("first", "after", "endCursor")
    asked |= {size: arguments.random.randint(1, 5), bound: Variable("$cursor")}
    written_so = ", ".join(f"{name}: {written(value)}" for name, value in asked.items())
    declared_so = ", ".join(["$cursor: String", *arguments.declared])
    document = f"query ({declared_so}) {{ {LISTS[field] % f'list: {name}({written_so}) {PAGE}'} }}"
    cursor = None
    for _ in range(PAGES):
        data = compared.check(document, {**arguments.given, "cursor": cursor})["data"]
        info = found(data, "list")["pageInfo"]
        cursor = info[end]
        if cursor is None:
            break


def found(data: dict[str, Any], name: str) -> Any:
    """What is under a name, below objects with one field each."""
    return data[name] if name in data else found(next(iter(data.values())), name)
