"""Things with an id."""

from typing import Any

import strawberry

from api.graphql.relation import Element, Row, computed, reads
from api.ids import write_id

ID = "Opaque, unique over all types, and the same in every snapshot."


@strawberry.interface(description="Something with an id that stays the same.")
class Node(Element):
    @computed(description=ID, metadata=reads("name"))
    def id(self) -> strawberry.ID:
        return strawberry.ID(write_id(self.kind, [self["name"]]))

    @classmethod
    def is_type_of(cls, obj: Any, info: Any) -> bool:
        """Whether a value is of this type."""
        return isinstance(obj, Row) and obj.kind == cls.__name__
