"""Ids of nodes: opaque, unique over all types, and the same in every snapshot."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import orjson

MOST = 4_096


def write_id(kind: str, key: Sequence[Any]) -> str:
    """The id of the node of that type and key."""
    return base64.urlsafe_b64encode(orjson.dumps([kind, *key])).decode().rstrip("=")


def read_id(text: str) -> tuple[str, list[Any]] | None:
    """Type and key of an id; null where it is none of ours."""
    if len(text) > MOST:
        return None
    try:
        kind, *key = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error):
        return None
    ours = isinstance(kind, str) and all(part is None or isinstance(part, str | int) for part in key)
    return (kind, key) if ours else None
