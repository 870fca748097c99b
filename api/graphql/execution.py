"""Answer relations: from what graphql-core says is selected, one flat statement a list level."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from graphql import GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.context import Context
from api.graphql.cursors import read_cursor, write_cursor
from api.graphql.errors import bad_input
from api.graphql.relation import Children, Columns, Connection, Page, Relation, Row
from warehouse.select import Clause, Selection

DEFAULT_FIRST = 100
MOST_FIRST = 5_000
Selected = list[tuple[Any, FieldDetailsList]]


class RelationExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, for which a `Relation` or a `Connection` is a value that is yet to be read."""

    def complete_value(
        self, return_type: Any, field_details_list: FieldDetailsList, info: Any, path: Any, result: Any, *rest: Any
    ) -> Any:
        if isinstance(result, Relation | Connection):
            return self._complete_read(return_type, field_details_list, info, path, result, *rest)
        return super().complete_value(return_type, field_details_list, info, path, result, *rest)

    async def _complete_read(
        self,
        return_type: Any,
        details: FieldDetailsList,
        info: Any,
        path: Any,
        result: Relation | Connection,
        *rest: Any,
    ) -> Any:
        named = get_named_type(return_type)
        if isinstance(result, Relation):
            value: Any = await self._read_list(info.context, named, [details], result)
        else:
            value = await self._read_page(info.context, named, details, result)
        completed = super().complete_value(return_type, details, info, path, value, *rest)
        return await completed if self.is_awaitable(completed) else completed

    async def _read_list(
        self, context: Context, element: GraphQLObjectType, details: Sequence[FieldDetailsList], relation: Relation
    ) -> list[Row]:
        selected = self._selected(element, details)
        return await self.read(context, relation, relation.selection.rows(_columns(selected)), selected)

    async def _read_page(
        self, context: Context, connection: GraphQLObjectType, details: FieldDetailsList, asked: Connection
    ) -> Row:
        parts = self._selected(connection, [details])
        edge = get_named_type(connection.fields["edges"].type)
        element = get_named_type(edge.fields["node"].type)
        nodes = [found for field, found in parts if field.python_name == "nodes"]
        edges = [found for field, found in parts if field.python_name == "edges"]
        nodes += [found for field, found in self._selected(edge, edges) if field.python_name == "node"]
        selected = self._selected(element, nodes)
        page = await _Reader(context, asked).page(self, selected)
        if any(field.python_name == "total_count" for field, _ in parts):
            page.values["total_count"] = (await context.rows(*_unpacked(asked.relation.selection.count())))[0]["rows"]
        return page

    async def read(self, context: Context, relation: Relation, clause: Clause, selected: Selected) -> list[Row]:
        rows = [Row(relation.kind, values, relation.origin) for values in (await context.arrow(clause)).to_pylist()]
        if rows:
            for field, details in _lists(selected):
                await self._read_children(context, relation.selection, rows, field, details)
        return rows

    async def _read_children(
        self, context: Context, parent: Selection, rows: list[Row], field: Any, details: list[FieldDetailsList]
    ) -> None:
        asked: Children = field.metadata["children"]
        element = get_named_type(self.schema.type_map[asked.kind])
        selected = self._selected(element, details)
        columns = [
            *dict.fromkeys([*_columns(selected), *asked.columns]),
            *(f"{key} as _parent{place}" for place, key in enumerate(asked.keys)),
        ]
        given, first = parent.below[asked.source], asked.keys[0]
        among = Clause(
            f"{first} in (select unnest($among))",
            {"among": sorted({row[first] for row in rows if row[first] is not None})},
        )
        source = Selection(given.sql, given.values, among, below=parent.below)
        clause = source.rows(columns)
        ordered = Clause(f"{clause.sql}\norder by {asked.order}", clause.values)
        found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for child in await self.read(context, Relation(asked.kind, source), ordered, selected):
            found[tuple(child[f"_parent{place}"] for place in range(len(asked.keys)))].append(child)
        for row in rows:
            row.values[field.python_name] = found.get(tuple(row[key] for key in asked.keys), [])

    def _selected(self, parent: Any, details: Iterable[FieldDetailsList]) -> Selected:
        """Our declarations of the fields that a selection asks for, each with its own selection."""
        selected: Selected = []
        for each in details:
            for found in self.collect_subfields(parent, each).grouped_field_set.values():
                known = parent.fields.get(found[0].node.name.value)
                if known is not None:
                    field = known.extensions["strawberry-definition"]
                    selected.append((field, found))
                    if field.metadata.get("embedded"):
                        selected += self._selected(get_named_type(known.type), [found])
        return selected


class _Reader:
    """One page of a connection."""

    def __init__(self, context: Context, asked: Connection) -> None:
        self.context = context
        self.relation = asked.relation
        self.asked = _checked(asked.page)
        self.backward = self.asked.last is not None

    async def page(self, executor: RelationExecutor, selected: Selected) -> Row:
        """`edges`, `nodes` and `page_info`."""
        limit = self.asked.last if self.backward else self.asked.first
        clause = self.relation.selection.rows(
            _columns(selected),
            after=self._key(self.asked.after),
            before=self._key(self.asked.before),
            limit=None if limit is None else limit + 1,
            backward=self.backward,
        )
        rows = await executor.read(self.context, self.relation, clause, selected)
        more = limit is not None and len(rows) > limit
        rows = rows[:limit]
        if self.backward:
            rows.reverse()
        edges = [Row("Edge", {"cursor": self._cursor(row), "node": row}) for row in rows]
        info = {
            "has_next_page": self.asked.before is not None if self.asked.first is None else more,
            "has_previous_page": self.asked.after is not None if self.asked.last is None else more,
            "start_cursor": edges[0]["cursor"] if edges else None,
            "end_cursor": edges[-1]["cursor"] if edges else None,
        }
        return Row("Connection", {"edges": edges, "nodes": rows, "page_info": Row("PageInfo", info)})

    def _key(self, cursor: str | None) -> list[Any] | None:
        return None if cursor is None else read_cursor(self.context.snapshot.id, self.relation.selection, cursor)

    def _cursor(self, row: Row) -> str:
        selection = self.relation.selection
        return write_cursor(
            self.context.snapshot.id, selection, [row[f"_key{number}"] for number in range(len(selection.order))]
        )


def _checked(page: Page) -> Page:
    if page.first is not None and page.last is not None:
        raise bad_input("give `first` or `last`, not both")
    for name, value in (("first", page.first), ("last", page.last)):
        if value is not None and not 0 <= value <= MOST_FIRST:
            raise bad_input(f"`{name}` is {value}: it may be 0 to {MOST_FIRST:,}; read further pages with `after`")
    return page


def _lists(selected: Selected) -> Iterable[tuple[Any, list[FieldDetailsList]]]:
    """The selected fields that list children, each once with all selections that its aliases make."""
    found: dict[str, tuple[Any, list[FieldDetailsList]]] = {}
    for field, details in selected:
        if "children" in field.metadata:
            found.setdefault(field.python_name, (field, []))[1].append(details)
    return found.values()


def _columns(selected: Selected) -> list[str]:
    """The columns that the selected fields read, once each."""
    wanted: dict[str, str] = {}
    for field, _ in selected:
        if "column" in field.metadata:
            wanted[field.python_name] = field.metadata["column"] or field.python_name
        wanted.update(field.metadata.get("columns", Columns({})).expressions)
    return [name if name == expression else f"{expression} as {name}" for name, expression in wanted.items()]


def _unpacked(clause: Clause) -> tuple[str, dict[str, Any]]:
    return clause.sql, dict(clause.values)
