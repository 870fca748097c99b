"""Cursors: where a row stands in an order, within one snapshot."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from api.graphql.errors import RequestError
from warehouse.select import Selection

MOST = 4_096
LONGEST_NAME = 40


class Cursors:
    """Writes and reads the cursors of one list in one snapshot."""

    def __init__(self, snapshot: str, selection: Selection) -> None:
        self._snapshot = snapshot
        order = [each.sql for each in selection.order]
        # What ties a key to the list and the order it was read from, so that no other reaches a statement.
        self._list = hashlib.sha256(orjson.dumps([selection.source, sorted(selection.values.items()), order]))

    def write(self, key: Sequence[Any]) -> str:
        """The cursor of the row with this sort key."""
        values = [value.isoformat() if isinstance(value, date | datetime) else value for value in key]
        return base64.urlsafe_b64encode(orjson.dumps([self._snapshot, self._mark(values), *values])).decode()

    def read(self, cursor: str) -> list[Any]:
        """The sort key in a cursor. Raises `RequestError` where it is none, or of another list, order or snapshot."""
        try:
            owner, mark, *key = _parts(cursor)
        except ValueError:
            raise RequestError("BAD_CURSOR", "this is no cursor: pass one that pageInfo or an edge gave") from None
        if owner != self._snapshot:
            raise RequestError(
                "CURSOR_EXPIRED",
                f"the cursor belongs to snapshot {shorten(owner)}, which is no longer kept: start from the first page",
            )
        if mark != self._mark(key):
            raise RequestError(
                "BAD_CURSOR", "the cursor belongs to another field or order: use it with the arguments that gave it"
            )
        return key

    def _mark(self, key: Sequence[Any]) -> str:
        marked = self._list.copy()
        marked.update(orjson.dumps(key))
        return marked.hexdigest()[:12]


def read_owner(cursor: str) -> str | None:
    """The snapshot that a cursor says it belongs to, which may be any text; null where it is no cursor."""
    try:
        return str(_parts(cursor)[0])
    except ValueError:
        return None


def shorten(owner: str) -> str:
    """The name of a snapshot as an error says it; one of ours is shorter."""
    return owner if len(owner) <= LONGEST_NAME else f"{owner[:LONGEST_NAME]}..."


def _parts(cursor: str) -> list[Any]:
    """Snapshot, mark and key. Raises `ValueError` where there are none."""
    found = orjson.loads(base64.b64decode(cursor[:MOST].encode(), b"-_", validate=True))
    if not (isinstance(found, list) and len(found) > 1 and isinstance(found[0], str)):
        raise ValueError
    return found
