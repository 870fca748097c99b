"""Cursors: where a row stands in an order, within one snapshot."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from api.graphql.errors import RequestError
from warehouse.select import Order

MOST = 4_096


def write_cursor(snapshot: str, order: Sequence[Order], key: Sequence[Any]) -> str:
    """The cursor of the row with this sort key."""
    values = [value.isoformat() if isinstance(value, date | datetime) else value for value in key]
    return base64.urlsafe_b64encode(orjson.dumps([snapshot, _mark(order), *values])).decode()


def read_cursor(snapshot: str, order: Sequence[Order], cursor: str) -> list[Any]:
    """The sort key in a cursor. Raises `RequestError` where it is none, or of another order or snapshot."""
    try:
        found = orjson.loads(base64.urlsafe_b64decode(cursor[:MOST].encode()))
        owner, mark, *key = found
    except (ValueError, TypeError, binascii.Error):
        raise RequestError("BAD_CURSOR", "this is no cursor: pass one that pageInfo or an edge gave") from None
    if owner != snapshot:
        raise RequestError(
            "CURSOR_EXPIRED", f"the cursor belongs to snapshot {str(owner)[:40]}, and {snapshot} is served now: start from the first page"
        )
    if mark != _mark(order) or len(key) != len(order):
        raise RequestError("BAD_CURSOR", "the cursor belongs to another field or order: use it with the arguments that gave it")
    return list(key)


def _mark(order: Sequence[Order]) -> str:
    return hashlib.sha256("|".join(each.sql for each in order).encode()).hexdigest()[:8]
