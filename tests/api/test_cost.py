"""What operations cost, counted before they run, and the limit on it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from graphql import (
    ExecutionResult,
    GraphQLSchema,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    graphql_sync,
    is_list_type,
    is_object_type,
    parse,
    print_ast,
)
from starlette.testclient import TestClient

from api.graphql.context import Context
from api.graphql.cost import MOST_COST, count_cost
from api.graphql.cost.elements import EACH, ENTERED
from api.graphql.cost.lists import SCHEMA_TYPES, SIZES
from api.graphql.cost.rankings import ASKED_ONE_BY_ONE, RANKING, RANKINGS
from api.graphql.errors import RequestError
from api.graphql.operations import Operations
from api.graphql.schema import build_schema
from tests.api.generating import write_document
from tests.api.known import read_known
from tests.api.plain import Plain
from tests.api.test_pages import documents, variables
from tests.asking import ask
from tests.conftest import PROJECT
from tests.pages import SAMPLE, VERSIONS
from tests.warehouse.stores import opened, publish
from warehouse.snapshot import Snapshot
from warehouse.store import Store

DOCUMENT = PROJECT / "docs/cost.md"
GENERATED = 75
WHOLE = "leaderboard { entries { nodes { rank taskScores { task { name } value trainedOn } } } }"
CELLS = "leaderboard { entries { nodes { taskScores { cells { score { id } } } } } }"
BOARD = 'benchmark(name: "SampleMTEB(v2)")'


@pytest.fixture(scope="module")
def snapshot(sample_dir: Path) -> Iterator[Snapshot]:
    with opened(sample_dir) as snapshot:
        yield snapshot


@pytest.fixture(scope="module")
def tiny_snapshot(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    data = tmp_path_factory.mktemp("tiny-data")
    publish(Store(data), tiny, 1)
    with opened(data) as snapshot:
        yield snapshot


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema()._schema


def counting(snapshot: Snapshot, schema: GraphQLSchema) -> Any:
    def count(text: str, **given: Any) -> float:
        return count_cost(schema, parse(text), None, given, snapshot.dimensions).values

    return count


@pytest.fixture(scope="module")
def cost(snapshot: Snapshot, schema: GraphQLSchema) -> Any:
    """What a document costs on the sample, given its variables."""
    return counting(snapshot, schema)


@pytest.fixture(scope="module")
def real_cost(real_dir: Path, schema: GraphQLSchema) -> Iterator[Any]:
    """What a document costs on the real inputs."""
    with opened(real_dir) as snapshot:
        yield counting(snapshot, schema)


def values(data: Any) -> int:
    """How many values JSON holds: texts, numbers, nulls, objects and lists."""
    if isinstance(data, dict):
        return 1 + sum(map(values, data.values()))
    return 1 + sum(map(values, data)) if isinstance(data, list) else 1


def answered(data: Any) -> int:
    """How many values `data` holds beside itself."""
    return values(data) - 1


# What is counted


def test_every_list_of_the_schema_has_a_length(schema: GraphQLSchema) -> None:
    fields = {
        f"{kind.name}.{name}": field
        for kind in schema.type_map.values()
        if is_object_type(kind)
        for name, field in kind.fields.items()
    }
    unbounded = {
        place
        for place, field in fields.items()
        if is_list_type(get_nullable_type(field.type)) or get_named_type(field.type).name == "JSON"
    }
    assert sorted(unbounded - set(SIZES)) == []
    paged = {place for place, field in fields.items() if {"first", "last"} & set(field.args)}
    assert sorted(paged - set(SIZES)) == []
    declared = {*SIZES, *ENTERED, *RANKINGS, *EACH, *ASKED_ONE_BY_ONE}
    assert sorted(declared - set(fields)) == [], "declared for no field"


def test_a_cost_is_the_number_of_values(client: TestClient, cost: Any) -> None:
    text = '{ model(name: "Sample-VL-7B") { id name languages aliases { name source } openness { score } __typename } }'
    assert cost(text) == answered(ask(client, text)) > 10


@pytest.mark.parametrize(
    "asked",
    [
        WHOLE,
        "leaderboard { entries { totalCount edges { cursor node { model { name languages } taskValues } } } }",
        "leaderboard { entries { nodes { taskTypeScores { taskType value } trainedOnTasks capabilityScores { value } } } }",
        "leaderboard { entries { nodes { taskScores { cells { subset score { id languages } } } } } }",
        "perLanguage { languages entries { model { name } values } }",
        "tasks { splits subsets languages task { name subsets { name languages } benchmarks { name } } }",
    ],
)
def test_a_whole_board_costs_no_less_than_it_holds(client: TestClient, cost: Any, asked: str) -> None:
    boards = ask(client, "{ benchmarks(first: 1000) { nodes { name } } }")["benchmarks"]["nodes"]
    assert len(boards) > 10
    for board in boards:
        text = f"{{ benchmark(name: {json.dumps(board['name'])}) {{ {asked} }} }}"
        assert cost(text) >= answered(ask(client, text)), board["name"]


def test_pages_of_the_documents_cost_what_the_document_says(client: TestClient, cost: Any) -> None:
    told = re.findall(r"^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    found = []
    for file in documents():
        text = file.read_text("utf-8")
        given = variables(text)
        counted, held = cost(text, **given), answered(ask(client, text, **given))
        rankings = int(counted // RANKING * RANKING)
        found.append((file.stem, f"{counted:,.0f}", f"{rankings:,}", f"{held:,}"))
        assert held <= counted - rankings <= 5 * held
    assert found == told


def test_pages_of_a_site_cost_what_they_hold(client: TestClient, cost: Any, shared: Path) -> None:
    ids = [each["id"] for each in ask(client, VERSIONS)["benchmark"]["versions"]["nodes"]]
    near = 0
    for name, operation in SAMPLE.operations().items():
        if any(part in name for part in ("Preview", "Submit", "Review", "Mine")):
            continue
        text, given = print_ast(operation), orjson.loads(orjson.dumps(SAMPLE.variables(name, ids)))
        counted, true = cost(text, **given), answered(ask(client, text, **given))
        assert counted >= true, name
        near += counted % RANKING <= 5 * true + 100
    assert near >= 10


def test_generated_documents_cost_no_less_than_they_hold(sample_dir: Path) -> None:
    with opened(sample_dir) as snapshot:
        plain = Plain(snapshot)
        known, schema, checked = read_known(plain), plain.schema._schema, 0
        for seed in range(GENERATED):
            document = write_document(Random(seed), schema, known)
            given = orjson.loads(orjson.dumps(document.variables))
            data = plain.execute(document.text, given).data
            if data:
                counted = count_cost(schema, parse(document.text), None, given, snapshot.dimensions).values
                assert counted >= answered(data), f"{document.text}\n{given}"
                checked += 1
        plain.runner.close()
    assert checked > GENERATED / 2


# Syntax


def test_pages_are_as_long_as_asked_and_no_longer_than_the_list(cost: Any) -> None:
    models = "{ models(first: %s) { nodes { name } } }"
    assert cost(models % 7) == 2 + 7 * 2
    assert cost("{ models(last: 7) { edges { node { name } } } }") == 2 + 7 * 3
    assert cost(models % 5000) == cost("{ models { nodes { name } } }") == 2 + 45 * 2
    assert cost(models % 0) == 2
    assert cost("{ scores { nodes { value } } }") == 2 + 100 * 2


def test_variables_and_their_defaults_decide(cost: Any) -> None:
    text = "query ($n: Int = 3) { models(first: $n) { nodes { name } } }"
    assert [cost(text), cost(text, n=9), cost(text, n=None)] == [8, 20, 92]
    wanted = "query ($w: Boolean!) { models(first: 10) { nodes { name @include(if: $w) url @skip(if: $w) aliases @include(if: $w) { name } } } }"
    assert cost(wanted, w=False) == 2 + 10 * 2
    assert cost(wanted, w=True) > cost(wanted, w=False)
    listed = "query ($names: [String!]) { models(where: { name: { in: $names } }) { nodes { name } } }"
    assert [cost(listed, names=["GPT-5-2025-08-07", "x"]), cost(listed)] == [2 + 2 * 2, 92]


def test_directives_without_variables_decide(cost: Any) -> None:
    assert cost("{ models(first: 10) @skip(if: true) { nodes { name } } languages @include(if: false) { code } }") == 0
    assert cost("{ ... @include(if: false) { languages { code } } ... @skip(if: false) { __typename } }") == 1


def test_a_board_is_found_by_any_name(cost: Any) -> None:
    text = "query ($name: String!) { benchmark(name: $name) { leaderboard { entries { nodes { rank } } } } }"
    by_name, by_alias = cost(text, name="SampleMTEB(v2)"), cost(text, name="SampleMTEB")
    assert by_name == by_alias == cost(f"{{ {BOARD} {{ leaderboard {{ entries {{ nodes {{ rank }} }} }} }} }}")
    assert cost(text, name="EASI-8") > by_name
    assert cost(text, name="no such board") == 1


def test_aliases_and_fragments_add_up(cost: Any) -> None:
    one = cost("{ models(first: 9) { nodes { name } } }")
    assert cost("{ a: models(first: 9) { nodes { name } } b: models(first: 9) { nodes { name } } }") == 2 * one
    nested = """{ ...Outer a: models(first: 9) { nodes { ...Name } } ... on Query { b: models(first: 9) { nodes { name } } } }
        fragment Outer on Query { c: models(first: 9) { nodes { ... on Node { ...Name } } } }
        fragment Name on Model { name }"""
    assert cost(nested) == 3 * one


def test_of_several_types_the_dearest_counts(client: TestClient, cost: Any) -> None:
    text = "query ($id: ID!) { node(id: $id) { id ... on Model { name } ... on Benchmark { name source url icon } } }"
    model, board = ask(client, '{ model(name: "GPT-5-2025-08-07") { id } benchmark(name: "EASI-8") { id } }').values()
    assert cost(text, id=model["id"]) == 3
    assert cost(text, id=board["id"]) == 6
    assert cost(text, id="W10") == 6


def test_introspection_is_counted(schema: GraphQLSchema, cost: Any) -> None:
    assert len(schema.type_map) <= SCHEMA_TYPES
    text = get_introspection_query()
    assert answered(graphql_sync(schema, text).data) <= cost(text) < 200_000


def test_fragments_do_not_multiply_the_work(cost: Any) -> None:
    chain = "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    assert cost(f"{{ ...F0 }}{chain} fragment F40 on Query {{ __typename }}") == 2**40
    boards = "".join(
        f" fragment B{n} on Benchmark {{ a: tasks {{ task {{ benchmarks {{ ...B{n + 1} }} }} }} b: leaderboard "
        f"{{ tasks {{ benchmarks {{ ...B{n + 1} }} }} }} }}"
        for n in range(5)
    )
    assert cost(f"{{ benchmarks {{ nodes {{ ...B0 }} }} }}{boards} fragment B5 on Benchmark {{ {CELLS} }}") > 10**9


@pytest.mark.parametrize(
    "wrong", [None, True, -5, 10**30, 1.5, "", "x", "WyJNb2RlbCJd", [], [None, 1], {}, {"name": 3}]
)
def test_variables_of_a_wrong_type_are_counted_too(cost: Any, wrong: Any) -> None:
    counted = cost(
        """query ($v: Int) {
            node(id: $v) { id ... on Model { languages } }
            benchmark(name: $v) { name leaderboard { totalModels } }
            models(first: $v, where: $v) { nodes { history(benchmark: $v) { rank @include(if: $v) } } }
            benchmarks(last: $v, where: { name: $v }) {
                nodes { leaderboard(method: $v, weights: $v) { entries(where: $v, first: $v) { nodes { rank } } } }
            }
            conflicts(where: { model: $v }) { nodes { spread } }
            board: benchmark(name: "EASI-8") { perLanguage(languages: $v) { languages } diff(from: $v, to: $v) { to { id } } }
        }""",
        v=wrong,
    )
    assert 0 < counted < 10**9


# Rankings


@pytest.mark.parametrize(
    ("asked", "rankings"),
    [
        ("leaderboard { totalModels entries { nodes { taskValues } } }", 0),
        ("leaderboard(method: BORDA, commonTasksOnly: false, models: null) { totalModels }", 0),
        ("leaderboard(method: MEAN_TASK) { totalModels }", 1),
        ("leaderboard(method: MEAN_TASK) { method version { label } }", 0),
        ("leaderboard(models: { openWeights: true }) { entries { totalCount nodes { taskScores { value } } } }", 3),
        ('leaderboard(asOf: "2026-01-01T00:00:00Z") { tasks { name } taskTypes }', 2),
        (
            "leaderboard { a: entries { nodes { rankInterval { low } } } b: entries { nodes { rankInterval { low } } } }",
            2,
        ),
        ("leaderboard { entries { nodes { capabilityScores { value } } } }", 1),
        ("perLanguage { languages entries { values } }", 2),
        ('diff(from: "a", to: "b") { entered { rank } moved { toRank } }', 3),
    ],
)
def test_rankings_that_are_worked_out_cost_extra(cost: Any, asked: str, rankings: int) -> None:
    counted = cost(f"{{ {BOARD} {{ {asked} }} }}")
    assert counted // RANKING == rankings
    assert counted % RANKING < 2_000


def test_a_ranking_costs_for_each_board_and_once_for_all_its_entries(cost: Any) -> None:
    ranked = "leaderboard(method: WIN_RATE) { entries(first: 2) { nodes { rank } } }"
    assert cost(f"{{ benchmarks(first: 20) {{ nodes {{ {ranked} }} }} }}") // RANKING == 20
    assert (
        cost("{ tasks(first: 20) { nodes { leaderboard { entries(first: 1) { nodes { rank } } } } } }") // RANKING == 20
    )
    assert (
        cost('{ models(first: 20) { nodes { standings(asOf: "2026-04-01T00:00:00Z") { totalModels } } } }') // RANKING
        == 20
    )


# The limit


class Asking:
    """A schema with the limit, on a snapshot of which nothing may be read but its dimensions."""

    def __init__(self, snapshot: Snapshot, most: int) -> None:
        self.operations = Operations(build_schema(), most)
        self.context = Context(snapshot, Unasked())  # type: ignore[arg-type]

    async def ask(self, text: str, **given: Any) -> Any:
        try:
            return await self.operations.run(await self.operations.read(text), None, given, self.context)
        except RequestError as error:
            return ExecutionResult(None, [error])


class Unasked:
    """An engine that nobody may ask for a statement."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("it was asked")


@pytest.mark.anyio
async def test_what_costs_too_much_is_refused_before_anything_is_read(snapshot: Snapshot) -> None:
    asking = Asking(snapshot, 100)
    result = await asking.ask(
        f"{{ dear: benchmarks(first: 76) {{ nodes {{ name {CELLS} }} }} warehouse {{ snapshot }} }}"
    )
    (error,) = result.errors
    assert result.data is None
    assert error.extensions == {"code": "TOO_COSTLY"}
    counted = asking.context.extensions["cost"]["requested"]
    assert asking.context.extensions["cost"] == {"requested": counted, "limit": 100}
    assert counted > 100
    assert error.message == (
        f"the operation costs {counted:,} and may cost 100, the dearest part is "
        "`dear.nodes.leaderboard.entries.nodes.taskScores.cells.score`: ask for shorter pages (`first`), fewer fields, "
        "or fewer boards at once, in several requests"
    )


@pytest.mark.anyio
async def test_what_costs_as_much_as_it_may_is_answered_and_its_cost_told(snapshot: Snapshot) -> None:
    asking = Asking(snapshot, 3)
    result = await asking.ask("{ warehouse { snapshot } __typename }")
    assert result.errors is None
    assert result.data == {"warehouse": {"snapshot": snapshot.id}, "__typename": "Query"}
    assert asking.context.extensions["cost"] == {"requested": 3, "limit": 3}


def test_a_planned_document_is_counted_for_each_request(snapshot: Snapshot, schema: GraphQLSchema) -> None:
    document = parse("query ($names: [String!]) { benchmarks(where: { name: { in: $names } }) { nodes { name } } }")

    def count(*names: str) -> float:
        return count_cost(schema, document, None, {"names": list(names)}, snapshot.dimensions).values

    assert [count("EASI-8"), count("EASI-8", "EASI-12"), count(), count("EASI-8")] == [4, 6, 2, 4]


def test_each_snapshot_is_counted_by_its_own_lists(
    snapshot: Snapshot, tiny_snapshot: Snapshot, schema: GraphQLSchema
) -> None:
    document = parse("{ models(first: 5000) { nodes { name } } }")
    for each in (snapshot, tiny_snapshot, snapshot):
        counted = count_cost(schema, document, None, None, each.dimensions).values
        assert counted == 2 + 2 * len(each.dimensions.models)
    assert len(snapshot.dimensions.models) != len(tiny_snapshot.dimensions.models)


@pytest.mark.anyio
async def test_what_nests_deeper_than_python_goes_is_refused(snapshot: Snapshot) -> None:
    asking = Asking(snapshot, MOST_COST)
    result = await asking.ask("{ __schema { types " + "{ ofType " * 150 + "{ name }" + " }" * 152)
    assert [error.extensions for error in result.errors] == [{"code": "TOO_COSTLY"}]


@pytest.mark.parametrize(
    "text",
    [
        "{{ {} }}".format(
            " ".join(f'a{n}: benchmark(name: "MTEB(Multilingual, v2)") {{ {CELLS} }}' for n in range(60))
        ),
        f"{{ benchmarks(first: 76) {{ nodes {{ {CELLS} }} }} }}",
        "{ tasks(first: 5000) { nodes { leaderboard { entries(first: 1) { nodes { rank } } } } } }",
    ],
)
def test_by_default_nobody_reads_all_of_the_real_data_at_once(real_cost: Any, text: str) -> None:
    assert real_cost(text) > MOST_COST


@pytest.mark.parametrize(
    "text",
    [
        f'{{ benchmark(name: "MTEB(Multilingual, v2)") {{ {WHOLE} }} }}',
        '{ benchmark(name: "MTEB(Multilingual, v2)") { perLanguage { languages entries { model { name } values } } } }',
        "{ benchmarks(first: 100) { nodes { name leaderboard { entries(first: 1) { nodes { rank model { name } } } } } } }",
        "{ models(first: 5000) { nodes { name languages aliases { name } trainingDatasets { name } } } }",
    ],
)
def test_by_default_whole_tables_of_the_real_data_are_answered(
    real_client: TestClient, real_cost: Any, text: str
) -> None:
    assert answered(ask(real_client, text)) <= real_cost(text) <= MOST_COST
