"""A GraphQL request as it comes over HTTP, by GET or POST."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from api.graphql.http.multipart import MULTIPART, put_together, read_multipart
from api.graphql.http.negotiation import JSON
from api.negotiation import REMEMBERED
from api.receiving import read_body
from api.refused import Refused
from api.submissions.visit import Visit

READING = ("GET", "HEAD")
METHODS = (*READING, "POST")
MOST_BYTES = 1_000_000
MOST_OBJECTS = 1_000
NAMING = {"query", "documentId", "extensions"}
SHORT = 8_192  # bytes of an address that is remembered
SHA256 = re.compile(r"[0-9a-f]{64}")
KEPT = {b"accept", b"accept-encoding", b"authorization", b"content-type", b"cookie", b"if-none-match"}


@dataclass(frozen=True, slots=True)
class Head:
    """Method and address of a request, and the headers that its answer hangs on. Private: it says who asks."""

    method: str
    query_string: bytes
    accept: str
    accept_encoding: str
    content_type: str
    if_none_match: str
    private: bool

    @property
    def reads(self) -> bool:
        return self.method in READING

    @property
    def wants_page(self) -> bool:
        """Whether a browser came that asks nothing."""
        return "text/html" in self.accept and self.reads and not _parameters(self.query_string).keys() & NAMING


@dataclass(frozen=True, slots=True)
class Asked:
    """One GraphQL request. It has `query`, or the id of a document, or both."""

    query: str | None
    document_id: str | None
    by_apq: bool
    variables: dict[str, Any] | None
    operation_name: str | None


def read_head(scope: Scope) -> Head:
    """The head of a request, of which several lines of one header are one."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in KEPT:
            text = value.decode("latin-1")
            found[name] = f"{found[name]}, {text}" if name in found else text
    return Head(
        scope["method"],
        scope["query_string"],
        found.get(b"accept", ""),
        found.get(b"accept-encoding", ""),
        found.get(b"content-type", ""),
        found.get(b"if-none-match", ""),
        b"authorization" in found or b"cookie" in found,
    )


@asynccontextmanager
async def reading_request(head: Head, receive: Receive, visit: Visit | None) -> AsyncIterator[Asked]:
    """The GraphQL request in an HTTP request, whose files are there meanwhile; without a visit none are taken.

    Raises `Refused`, and `Gone` where its client leaves meanwhile.
    """
    if head.method == "POST" and _kind(head) == MULTIPART and visit is not None:
        async with await read_multipart(head.content_type, receive, visit) as form:
            yield _check(put_together(form))
    else:
        yield await _read(head, receive)


async def _read(head: Head, receive: Receive) -> Asked:
    if head.reads:
        short = len(head.query_string) <= SHORT
        return _read_address(head.query_string) if short else _read_address.__wrapped__(head.query_string)
    if head.method not in METHODS:
        allow = {"Allow": ", ".join(METHODS)}
        raise Refused(405, "METHOD_NOT_ALLOWED", f"{head.method} is not taken: ask by GET or POST", allow)
    if _kind(head) != JSON:
        said = _kind(head) or "nothing named"
        text = f"send the request as {JSON}, or with files as {MULTIPART}, not {said}"
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", text)
    return _check(_parse(await read_body(receive, MOST_BYTES), "the body"))


def _kind(head: Head) -> str:
    return head.content_type.split(";")[0].strip().lower()


@lru_cache(REMEMBERED)  # to decode an address takes longer than all else about an answer that is there already
def _read_address(query_string: bytes) -> Asked:
    given: dict[str, Any] = _parameters(query_string)
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _parse(given[name].encode(), f"`{name}`")
    return _check(given)


def _parameters(query_string: bytes) -> dict[str, Any]:
    return dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))


def _parse(text: bytes | bytearray, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, "BAD_REQUEST", f"{what} is not JSON") from None


def _check(given: Any) -> Asked:
    if not isinstance(given, dict):
        raise Refused(400, "BAD_REQUEST", "the request must be one JSON object with `query`; batches are not taken")
    for key, kind in (("variables", dict), ("extensions", dict), ("operationName", str), ("documentId", str)):
        value = given.get(key)
        if value is not None and not isinstance(value, kind):
            raise Refused(400, "BAD_REQUEST", f"`{key}` must be {'a text' if kind is str else 'an object'} or null")
    query, variables, document_id = given.get("query"), given.get("variables"), given.get("documentId")
    hashed = _hashed(given.get("extensions"))
    if (query is not None or (document_id is None and hashed is None)) and not (isinstance(query, str) and query):
        raise Refused(400, "BAD_REQUEST", "`query` must be the text of a GraphQL document; or name one by `documentId`")
    if document_id is not None and hashed not in (None, document_id):
        raise Refused(400, "BAD_REQUEST", "`documentId` and `extensions.persistedQuery` name different documents")
    if variables and _count_objects(variables) > MOST_OBJECTS:
        raise Refused(413, "TOO_LARGE", f"`variables` hold more than {MOST_OBJECTS:,} objects: ask in several requests")
    return Asked(query, document_id or hashed, hashed is not None, variables, given.get("operationName") or None)


def _hashed(extensions: dict[str, Any] | None) -> str | None:
    """The id of the document that Apollo's `persistedQuery` names; null: there is none."""
    named = (extensions or {}).get("persistedQuery")
    if named is None:
        return None
    if not isinstance(named, dict) or named.get("version") != 1:
        raise Refused(400, "BAD_REQUEST", "`extensions.persistedQuery` must be an object of version 1")
    digest = named.get("sha256Hash")
    if not isinstance(digest, str) or not SHA256.fullmatch(digest):
        raise Refused(400, "BAD_REQUEST", "`sha256Hash` must be a sha256 as 64 digits, in lower case")
    return f"sha256:{digest}"


def _count_objects(value: Any) -> int:
    """How many objects there are within a JSON value; to read one as an input costs far more than to send it."""
    found, within = 0, [value]
    while within:
        each = within.pop()
        if isinstance(each, dict):
            found += 1
            within.extend(each.values())
        elif isinstance(each, list):
            within.extend(each)
    return found
