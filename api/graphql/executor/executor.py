"""graphql-core's executor, for which a relation is a value that is yet to be read."""

import hashlib
from functools import partial
from typing import Any

import orjson
from graphql import GraphQLObjectType, get_named_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.context import Context
from api.graphql.executor.engine import Reader
from api.graphql.executor.pages import check, node_levels, read_page
from api.graphql.executor.plan import Level, Planner
from api.graphql.executor.projector import Items, project
from api.graphql.executor.reading import Part, Ready, Table, read_part, select
from api.graphql.executor.values import Unsure
from api.graphql.relation import Connection, Relation, Row


class RelationExecutor(StrawberryGraphQLCoreExecutionContext):
    """Answers lists from columns where that is sure to be what graphql-core would answer, and leaves it all else."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._planner = Planner(self)

    def complete_value(
        self, return_type: Any, field_details_list: FieldDetailsList, info: Any, path: Any, result: Any, *rest: Any
    ) -> Any:
        if isinstance(result, Relation | Connection):
            return self._complete_read(return_type, field_details_list, info, path, result, *rest)
        if isinstance(result, Ready):
            if path.key in result.completed:
                return result.completed[path.key]
            result = result.rows
        elif isinstance(result, list) and result and isinstance(result[0], Row):
            projected = self._project(return_type, field_details_list, result)
            if projected is not None:
                return projected
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
        if isinstance(result, Connection):
            check(result.page)
        level = self._planner.level(get_named_type(return_type), details)
        context: Context = info.context
        if level.is_plain:
            try:
                key = (context.snapshot.id, level.shape, _digest(result))
                return orjson.Fragment(
                    await context.engine.list(context.snapshot, key, partial(_read_json, level=level, asked=result))
                )
            except Unsure:
                pass
        value = await context.engine.run(context.snapshot, partial(_read_rows, level=level, asked=result))
        completed = super().complete_value(return_type, details, info, path, value, *rest)
        return await completed if self.is_awaitable(completed) else completed

    def _project(self, return_type: Any, details: FieldDetailsList, rows: list[Any]) -> orjson.Fragment | None:
        """Rows that are in memory as they are answered; null: graphql-core is to complete them."""
        named: GraphQLObjectType = get_named_type(return_type)
        if not is_object_type(named):
            return None
        level = self._planner.level(named, details)
        try:
            return orjson.Fragment(project(level, Items(named.name, rows)).list()) if level.is_plain else None
        except Unsure:
            return None


def _read_json(reader: Reader, level: Level, asked: Relation | Connection) -> bytes:
    """The answer to a plain selection. Raises `Unsure`."""
    if isinstance(asked, Connection):
        page = read_page(reader, asked, level).ready(level.kind)
        return project(level, Items(level.kind, [page])).each()[0].encode()
    return project(level, _read_list(reader, level, asked)).list().encode()


def _read_rows(reader: Reader, level: Level, asked: Relation | Connection) -> Row | list[Row]:
    """What graphql-core completes."""
    if isinstance(asked, Connection):
        return read_page(reader, asked, level).rows(level.kind, node_levels(level))
    return _read_list(reader, level, asked).rows([level])


def _read_list(reader: Reader, level: Level, asked: Relation) -> Table:
    return read_part(reader, asked, asked.selection.rows(select([level])), [level], Part())[0]


def _digest(asked: Relation | Connection) -> bytes:
    """What the rows hang on beside the snapshot, short enough for a key."""
    relation, page = (asked.relation, asked.page) if isinstance(asked, Connection) else (asked, None)
    selection = relation.selection
    below = {name: [clause.sql, dict(clause.values)] for name, clause in selection.below.items()}
    where = [selection.where.sql, dict(selection.where.values)]
    order = [each.sql for each in selection.order]
    parts = [relation.kind, page, selection.source, dict(selection.values), where, order, below]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).digest()
