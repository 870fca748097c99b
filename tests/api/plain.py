"""Plain answers: every relation becomes a list of rows in the simplest way, and graphql-core does all the rest.

It shares the declarations with the executor that is served (`Relation`, `Children`, cursors, resolvers), and nothing
of how they are read: all columns are read whatever is selected, and pages are cut from the whole list.
"""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from graphql import ExecutionResult, execute, get_named_type, parse
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.cursors import Cursors
from api.graphql.errors import bad_input
from api.graphql.query import Query
from api.graphql.relation import Children, Columns, Connection, Page, Relation, Row, Spread, resolve_attribute
from api.graphql.scalars import SCALARS
from api.graphql.types.benchmark import Benchmark
from api.graphql.types.score import Score
from api.graphql.types.submission import Submission
from api.graphql.types.version import Version
from api.submissions.service import Submissions
from api.submissions.visit import Visit
from warehouse.easi.facts import Facts
from warehouse.select import Clause, Order, Selection
from warehouse.snapshot import Dimensions, Snapshot

MOST_KEPT = 300


@dataclass(frozen=True)
class AtOnce:
    """Stands for the application's engine: what is asked of it is worked out at once, and nothing is remembered."""

    table: Callable[[Clause], pa.Table]

    async def remembered(self, snapshot: Snapshot, key: Any, work: Callable[[Any], Any], size: Any) -> Any:
        return work(self)


@dataclass
class PlainContext:
    """What resolvers find in a request; statements run where they are asked for."""

    snapshot: Snapshot
    read: dict[str, pa.Table] = field(default_factory=dict)
    request_id: str = ""
    extensions: dict[str, Any] = field(default_factory=dict)
    submissions: Submissions | None = None

    def ask(self) -> Visit:
        """Nobody's visit."""
        assert self.submissions is not None
        return Visit(self.submissions, {"type": "http", "method": "POST", "headers": [], "client": None})

    @property
    def facts(self) -> Facts:
        return self.ask().submissions.facts

    @property
    def engine(self) -> AtOnce:
        return AtOnce(self.table)

    @property
    def dimensions(self) -> Dimensions:
        return self.snapshot.dimensions

    def table(self, clause: Clause) -> pa.Table:
        """The rows of a statement; a snapshot does not change, so what was read once is kept."""
        asked = repr((clause.sql, sorted(clause.values.items())))
        if asked not in self.read:
            if len(self.read) > MOST_KEPT:
                self.read.clear()
            self.read[asked] = self.snapshot.arrow(clause.sql, clause.values)
        return self.read[asked]

    async def arrow(self, clause: Clause) -> pa.Table:
        return self.table(clause)

    async def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return list(self.table(Clause(sql, values or {})).to_pylist())


class Values(dict[str, Any]):
    """The columns of a row, and the lists under it, each read when it is first asked for."""

    def __init__(self, columns: dict[str, Any], lists: "Lists") -> None:
        super().__init__(columns)
        self.lists = lists

    def __missing__(self, name: str) -> list[Any]:
        found = self[name] = self.lists.read(name, self)
        return found


@dataclass(frozen=True)
class Lists:
    """What may be listed under the rows of a selection."""

    executor: "PlainExecutor"
    context: PlainContext
    selection: Selection
    declared: Mapping[str, Any]

    def read(self, name: str, parent: Mapping[str, Any]) -> list[Any]:
        """What the field of that name lists under a parent: rows, or the values that are spread from them."""
        metadata = self.declared[name]
        found = self._rows(metadata["children"], parent)
        if "spread" not in metadata:
            return found
        spread: Spread = metadata["spread"]
        values: list[Any] = [None] * (found[0][spread.width] if found else 0)
        for row in found:
            values[row[spread.place]] = row[spread.value]
        return values

    def _rows(self, asked: Children, parent: Mapping[str, Any]) -> list[Row]:
        """All of that list's source in the declared order, of which those whose keys are the parent's are kept."""
        element = self.executor.schema.type_map[asked.kind]
        given = self.selection.below[asked.source]
        columns = [
            *dict.fromkeys([*columns_of(element), *asked.columns]),
            *(f"{key} as _parent{number}" for number, key in enumerate(asked.keys)),
        ]
        source = Selection(given.sql, given.values, below=self.selection.below)
        clause = source.rows(columns)
        ordered = Clause(f"{clause.sql}\norder by {', '.join(asked.order)}", clause.values)
        table = self.context.table(ordered)
        keys = zip(*(table[f"_parent{number}"].to_pylist() for number in range(len(asked.keys))), strict=True)
        mine = tuple(parent[key] for key in asked.keys)
        places = [] if mine[0] is None else [place for place, key in enumerate(keys) if key == mine]
        return self.executor.elements(self.context, Relation(asked.kind, source), table.take(_numbers(places)))


class PlainExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, to which relations are lists and connections objects with lists."""

    def complete_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, *rest: Any
    ) -> Any:
        if isinstance(result, Relation):
            table = info.context.table(result.selection.rows(columns_of(self.schema.type_map[result.kind])))
            result = self.elements(info.context, result, table)
        elif isinstance(result, Connection):
            result = self.page(info.context, result.relation, _checked(result.page))
        return super().complete_value(return_type, field_details_list, info, path, result, *rest)

    def elements(self, context: PlainContext, relation: Relation, table: pa.Table) -> list[Row]:
        """A row each, with all its columns and the lists under it."""
        declared = lists_of(self.schema.type_map[relation.kind])
        lists = Lists(self, context, relation.selection, declared)
        return [Row(relation.kind, Values(values, lists), relation.origin) for values in table.to_pylist()]

    def page(self, context: PlainContext, relation: Relation, page: Page) -> Row:
        """The page that the Relay specification cuts from the whole list."""
        selection = relation.selection
        cursors = Cursors(context.snapshot.id, selection)
        table = context.table(selection.rows(columns_of(self.schema.type_map[relation.kind])))
        columns = [table[f"_key{number}"].to_pylist() for number in range(len(selection.order))]
        keys = [list(key) for key in zip(*columns, strict=True)]
        places = list(range(len(keys)))
        if page.after is not None:
            after = cursors.read(page.after)
            places = [place for place in places if compare(selection.order, keys[place], after) > 0]
        if page.before is not None:
            before = cursors.read(page.before)
            places = [place for place in places if compare(selection.order, keys[place], before) < 0]
        kept = places if page.first is None else places[: page.first]
        kept = kept if page.last is None else kept[max(0, len(kept) - page.last) :]
        given = [cursors.write(keys[place]) for place in kept]
        nodes = self.elements(context, relation, table.take(_numbers(kept)))
        info = {
            "has_next_page": page.before is not None if page.first is None else len(places) > page.first,
            "has_previous_page": page.after is not None if page.last is None else len(places) > page.last,
            "start_cursor": given[0] if given else None,
            "end_cursor": given[-1] if given else None,
        }
        edges = [Row("Edge", {"cursor": cursor, "node": node}) for cursor, node in zip(given, nodes, strict=True)]
        parts = {"total_count": len(keys), "edges": edges, "nodes": nodes, "page_info": Row("PageInfo", info)}
        return Row("Connection", parts)


class ForgivingExecutor(PlainExecutor):
    """Tells every error that there is: none of them nulls more than its own place, so none hides another."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.error_propagation = False


class QuietSchema(Schema):
    """A schema that does not log the errors it answers with."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Nothing."""


class Plain:
    """Plain answers to documents, from one snapshot."""

    def __init__(self, snapshot: Snapshot, submissions: Submissions | None = None) -> None:
        self.context = PlainContext(snapshot, submissions=submissions)
        self.schema = _schema(PlainExecutor)
        self.forgiving = _schema(ForgivingExecutor)
        self.runner = asyncio.Runner()

    def execute(self, document: str, variables: dict[str, Any], *, forgiving: bool = False, valid: bool = False) -> Any:
        """The answer as graphql-core gives it; what is `valid` already is not validated, which takes longest."""
        schema = self.forgiving if forgiving else self.schema
        return self.runner.run(self._execute(schema, document, variables, valid=valid))

    async def _execute(self, schema: Schema, document: str, variables: dict[str, Any], *, valid: bool) -> Any:
        if not valid:
            return await schema.execute(document, variable_values=variables, context_value=self.context)
        found = execute(
            schema._schema,
            parse(document),
            variable_values=variables,
            context_value=self.context,
            executor_class=schema.execution_context_class,
        )
        return found if isinstance(found, ExecutionResult) else await found

    def close(self) -> None:
        self.runner.close()
        self.context.snapshot.close()


def _schema(executor: type[PlainExecutor]) -> Schema:
    """The types that are served, without the limits and caches of the served schema."""
    return QuietSchema(
        query=Query,
        types=[Benchmark, Score, Submission, Version],
        execution_context_class=executor,
        config=StrawberryConfig(default_resolver=resolve_attribute, scalar_map=SCALARS),
    )


def declarations(element: Any) -> list[Any]:
    """Our declarations of all fields of a type, those of the types that stand in the same row among them."""
    found = []
    for each in element.fields.values():
        declared = each.extensions["strawberry-definition"]
        found.append(declared)
        if declared.metadata.get("embedded"):
            found += declarations(get_named_type(each.type))
    return found


def columns_of(element: Any) -> list[str]:
    """Everything that any field of a type reads, as columns of a statement."""
    wanted: dict[str, str] = {}
    for declared in declarations(element):
        if "column" in declared.metadata:
            wanted[declared.python_name] = declared.metadata["column"] or declared.python_name
        wanted.update(declared.metadata.get("columns", Columns({})).expressions)
    return [f"{expression} as {name}" for name, expression in wanted.items()]


def lists_of(element: Any) -> dict[str, Any]:
    """How what is listed under an element is declared, by the name it is found under."""
    return {
        declared.python_name: declared.metadata for declared in declarations(element) if "children" in declared.metadata
    }


def compare(orders: Sequence[Order], left: Sequence[Any], right: Sequence[Any]) -> int:
    """Below, at or above 0 as `left` stands before, at or behind `right`; unknown values are last either way."""
    for order, one, other in zip(orders, left, right, strict=True):
        if one == other or (_rank(one), _rank(other)) in {(1, 1), (2, 2)}:
            continue
        if one is None or other is None:
            return 1 if one is None else -1
        larger = (_rank(one), one) > (_rank(other), other) if _rank(one) == _rank(other) else _rank(one) > _rank(other)
        return 1 if larger != order.descending else -1
    return 0


def _rank(value: Any) -> int:
    """0: a value, 1: not a number, which DuckDB sorts above all values, 2: unknown."""
    if value is None:
        return 2
    return 1 if isinstance(value, float) and math.isnan(value) else 0


def _checked(page: Page) -> Page:
    if page.first is not None and page.last is not None:
        raise bad_input("give `first` or `last`, not both")
    for name, value in (("first", page.first), ("last", page.last)):
        if value is not None and not 0 <= value <= 5_000:
            raise bad_input(f"`{name}` is {value}: it may be 0 to 5,000; read further pages with `after`")
    return page


def _numbers(places: Sequence[int]) -> pa.Array:
    return pa.array(places, pa.int64())
