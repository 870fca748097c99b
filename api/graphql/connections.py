"""Connections of the Relay specification, and the arguments they share."""

from typing import Annotated, Generic, TypeVar

import strawberry

from api.graphql.relation import Page

T = TypeVar("T")
DEFAULT_FIRST = 100
MOST_FIRST = 5_000

First = Annotated[
    int | None, strawberry.argument(description="How many from the start: 100 where neither is given, at most 5,000.")
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end, at most 5,000.")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@strawberry.type(description="Where a page stands in its connection.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follows.")
    has_previous_page: bool = strawberry.field(description="Whether something comes before.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge; null: the page is empty.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge; null: the page is empty.")


@strawberry.type(description="One element of a connection and where it stands.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Where the element stands; good as long as its snapshot is kept.")
    node: T = strawberry.field(description="The element.")


@strawberry.type(description="A list a page at a time.")
class Connection(Generic[T]):
    total_count: int = strawberry.field(description="How many there are on all pages.")
    edges: list[Edge[T]] = strawberry.field(description="The page with cursors.")
    nodes: list[T] = strawberry.field(description="The page without cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def page(first: int | None, after: str | None, last: int | None = None, before: str | None = None) -> Page:
    """A page of a connection that is not read whole: 100 elements where no number is given."""
    return Page(DEFAULT_FIRST if first is None and last is None else first, after, last, before)
