"""graphql-core's executor, for which a relation is a value that is yet to be read."""

import hashlib
from functools import partial
from typing import Any

import orjson
from graphql import get_named_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.engine import Reader
from api.graphql.context import Context
from api.graphql.executor.pages import check, node_levels, read_page
from api.graphql.executor.plan import DECLARED, Level, Planner
from api.graphql.executor.projector import Items, complete, project
from api.graphql.executor.reading import Part, Table, read_part, select
from api.graphql.executor.values import Unsure
from api.graphql.relation import Connection, Relation, Row

FEW = 4  # elements that graphql-core completes as fast


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
        if isinstance(result, list) and len(result) > FEW:
            written = self._write(return_type, field_details_list, result)
            if written is not None:
                return written
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
                key, work = (level.shape, _digest(result)), partial(_read_json, level=level, asked=result)
                text: bytes = await context.engine.remembered(context.snapshot, key, work, len)
                return orjson.Fragment(text)
            except Unsure:
                pass
        value = await context.engine.run(context.snapshot, partial(_read_objects, level=level, asked=result))
        completed = super().complete_value(return_type, details, info, path, value, *rest)
        return await completed if self.is_awaitable(completed) else completed

    def _write(self, return_type: Any, details: FieldDetailsList, result: list[Any]) -> orjson.Fragment | None:
        """A list in memory as it is answered; null: graphql-core is to complete it."""
        named = get_named_type(return_type)
        is_ours = is_object_type(named) and DECLARED in named.extensions  # those of introspection are not
        level = self._planner.level(named, details) if is_ours else None
        if level is not None and not level.is_plain:
            return None
        try:
            return orjson.Fragment(complete(return_type, [result], level)[0])
        except Unsure:
            return None


def _read_json(reader: Reader, level: Level, asked: Relation | Connection) -> bytes:
    """The answer to a plain selection. Raises `Unsure`."""
    if isinstance(asked, Connection):
        page = read_page(reader, asked, level).ready(level.kind)
        return project(level, Items(level.kind, [page])).each()[0].encode()
    return project(level, _read_list(reader, level, asked)).list().encode()


def _read_objects(reader: Reader, level: Level, asked: Relation | Connection) -> Row | list[Row]:
    """What graphql-core completes."""
    if isinstance(asked, Connection):
        return read_page(reader, asked, level).objects(level.kind, node_levels(level))
    return _read_list(reader, level, asked).objects([level])


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
