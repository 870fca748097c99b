"""States of a source."""

import datetime
from typing import Any

import strawberry

from api.graphql.relation import Row, column, computed, reads
from api.graphql.types.node import Node
from api.ids import write_id


@strawberry.type(description="One state of one source.")
class Version(Node):
    @computed(
        description="Opaque, unique over all types, and the same in every snapshot.",
        metadata=reads("source", "published_at"),
    )
    def id(self) -> strawberry.ID:
        return strawberry.ID(write_id("Version", [self["source"], self["published_at"].isoformat()]))

    source: str = column("Name of the source.")
    label: str = column("Name of the state: a file, a commit, or a mark of its content.")
    published_at: strawberry.Private[datetime.datetime]

    @computed(description="When it was so.", metadata=reads("published_at"))
    def at(self) -> datetime.datetime:
        return self["published_at"]  # type: ignore[no-any-return]

    revision: str | None = column("Revision of the source it was read from.")


def find_version(versions: dict[str, list[dict[str, Any]]], source: str, at: datetime.datetime | None) -> Row | None:
    """The version of a source at that very time."""
    found = next((row for row in versions.get(source, []) if row["published_at"] == at), None)
    return Row("Version", found) if found else None
