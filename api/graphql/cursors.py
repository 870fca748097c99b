"""Cursors: where a row stands in an order, within one snapshot."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from api.graphql.errors import RequestError
from warehouse.select import Selection

MOST = 4_096


def write_cursor(snapshot: str, selection: Selection, key: Sequence[Any]) -> str:
    """The cursor of the row with this sort key."""
    values = [value.isoformat() if isinstance(value, date | datetime) else value for value in key]
    return base64.urlsafe_b64encode(orjson.dumps([snapshot, _mark(selection, values), *values])).decode()


def read_cursor(snapshot: str, selection: Selection, cursor: str) -> list[Any]:
    """The sort key in a cursor. Raises `RequestError` where it is none, or of another list, order or snapshot."""
    try:
        found = orjson.loads(base64.b64decode(cursor[:MOST].encode(), b"-_", validate=True))
        owner, mark, *key = found
    except (ValueError, TypeError, binascii.Error):
        raise RequestError("BAD_CURSOR", "this is no cursor: pass one that pageInfo or an edge gave") from None
    if owner != snapshot:
        raise RequestError(
            "CURSOR_EXPIRED",
            f"the cursor belongs to snapshot {str(owner)[:40]}, and {snapshot} is served: start from the first page",
        )
    if mark != _mark(selection, key):
        raise RequestError(
            "BAD_CURSOR", "the cursor belongs to another field or order: use it with the arguments that gave it"
        )
    return list(key)


def _mark(selection: Selection, key: Sequence[Any]) -> str:
    """What ties a key to the list and the order it was read from, so that no other reaches a statement."""
    order = [each.sql for each in selection.order]
    text = orjson.dumps([selection.source, sorted(selection.values.items()), order, key])
    return hashlib.sha256(text).hexdigest()[:12]
