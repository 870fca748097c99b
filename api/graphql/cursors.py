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


def write_cursor(snapshot: str, selection: Selection, key: Sequence[Any]) -> str:
    """The cursor of the row with this sort key."""
    values = [value.isoformat() if isinstance(value, date | datetime) else value for value in key]
    return base64.urlsafe_b64encode(orjson.dumps([snapshot, _mark(selection, values), *values])).decode()


def read_cursor(snapshot: str, selection: Selection, cursor: str) -> list[Any]:
    """The sort key in a cursor. Raises `RequestError` where it is none, or of another list, order or snapshot."""
    try:
        owner, mark, *key = _parts(cursor)
    except ValueError:
        raise RequestError("BAD_CURSOR", "this is no cursor: pass one that pageInfo or an edge gave") from None
    if owner != snapshot:
        raise RequestError(
            "CURSOR_EXPIRED",
            f"the cursor belongs to snapshot {shorten(owner)}, which is no longer kept: start from the first page",
        )
    if mark != _mark(selection, key):
        raise RequestError(
            "BAD_CURSOR", "the cursor belongs to another field or order: use it with the arguments that gave it"
        )
    return key


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


def _mark(selection: Selection, key: Sequence[Any]) -> str:
    """What ties a key to the list and the order it was read from, so that no other reaches a statement."""
    order = [each.sql for each in selection.order]
    text = orjson.dumps([selection.source, sorted(selection.values.items()), order, key])
    return hashlib.sha256(text).hexdigest()[:12]
