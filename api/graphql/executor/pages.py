"""One page of a connection, as the Relay specification cuts it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from api.engine import Reader
from api.graphql.connections import MOST_FIRST
from api.graphql.cursors import Cursors
from api.graphql.errors import bad_input
from api.graphql.executor.plan import Field, Level
from api.graphql.executor.projector import Source
from api.graphql.executor.reading import Part, Table, read_part, select
from api.graphql.executor.values import Column
from api.graphql.relation import Connection, Page, Row
from warehouse.select import TRUE


class Edges(Source):
    """The elements of a page, each with its cursor."""

    def __init__(self, nodes: Table, cursors: list[str]) -> None:
        self.count = nodes.count
        self.nodes = nodes
        self.cursors = cursors

    def column(self, field: Field) -> Column:
        return Column(self.cursors) if field.name == "cursor" else super().column(field)

    def same(self, field: Field) -> Table | None:
        return self.nodes if field.name == "node" else None


@dataclass(frozen=True)
class Cut:
    """A page as it was read."""

    nodes: Table
    edges: Edges
    info: Row
    total: int | None

    def ready(self, kind: str) -> Row:
        """The connection for the projector."""
        return Row(kind, self._values(self.nodes, self.edges))

    def objects(self, kind: str, levels: Sequence[Level]) -> Row:
        """The connection for graphql-core."""
        nodes = self.nodes.objects(levels)
        pairs = zip(self.edges.cursors, nodes, strict=False)  # there are no cursors where no edges are selected
        edges = [Row("Edge", {"cursor": cursor, "node": node}) for cursor, node in pairs]
        return Row(kind, self._values(nodes, edges))

    def _values(self, nodes: Any, edges: Any) -> dict[str, Any]:
        return {"nodes": nodes, "edges": edges, "page_info": self.info, "total_count": self.total}


def check(page: Page) -> None:
    """Raise `RequestError` for a page that is none."""
    if page.first is not None and page.last is not None:
        raise bad_input("give `first` or `last`, not both")
    for name, value in (("first", page.first), ("last", page.last)):
        if value is not None and not 0 <= value <= MOST_FIRST:
            raise bad_input(f"`{name}` is {value}: it may be 0 to {MOST_FIRST:,}; read further pages with `after`")


def node_levels(connection: Level) -> list[Level]:
    """What is selected of the elements, under `nodes` and under `edges`."""
    edges = [each.below for each in connection.fields if each.name == "edges" and each.below]
    above = [connection, *edges]
    return [each.below for level in above for each in level.fields if each.name in ("nodes", "node") and each.below]


def read_page(reader: Reader, asked: Connection, level: Level) -> Cut:
    """The page that is asked for, and what is selected of it. Raises `RequestError` for a cursor that is none."""
    page, selection, levels = asked.page, asked.relation.selection, node_levels(level)
    cursors = Cursors(reader.snapshot.id, selection)
    after, before = (None if bound is None else cursors.read(bound) for bound in (page.after, page.before))
    backward = page.last is not None
    limit = page.last if backward else page.first
    most = None if limit is None else limit + 1
    rows = partial(selection.rows, select(levels), after=after, before=before, limit=most, backward=backward)
    part = Part(limit, backward, is_open=after is before is None)
    near = TRUE if limit is None else selection.nearby(after, before, limit, backward=backward)
    more = False
    if near is not TRUE:
        nodes, more = read_part(reader, asked.relation, rows(near=near), levels, replace(part, is_near=True))
    if not more:
        nodes, more = read_part(reader, asked.relation, rows(), levels, part)
    names = {each.name for each in level.fields}
    keys = list(zip(*(nodes.named(f"_key{number}").values() for number in range(len(selection.order))), strict=True))
    total = reader.table(selection.count()).column(0)[0].as_py() if "total_count" in names else None
    written = [cursors.write(key) for key in keys] if "edges" in names else []
    return Cut(
        nodes, Edges(nodes, written), _info(page, more, [cursors.write(key) for key in keys[:1] + keys[-1:]]), total
    )


def _info(page: Page, more: bool, ends: Sequence[str]) -> Row:
    values = {
        "has_next_page": page.before is not None if page.first is None else more,
        "has_previous_page": page.after is not None if page.last is None else more,
        "start_cursor": ends[0] if ends else None,
        "end_cursor": ends[-1] if ends else None,
    }
    return Row("PageInfo", values)
