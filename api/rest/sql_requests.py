"""A statement as it comes over HTTP: by POST as JSON, by GET in the address."""

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from api.negotiation import REMEMBERED, choose
from api.receiving import read_body
from api.refused import Refused
from warehouse.sandbox.process import Question

MOST_BYTES = 1_000_000
MOST_FIELDS = 20
METHODS = ("GET", "HEAD", "POST")
JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
ARROW = "application/vnd.apache.arrow.stream"
FORMS = MappingProxyType({JSON: "json", CSV: "csv", PARQUET: "parquet", ARROW: "arrow"})
MEDIA_TYPES = MappingProxyType({form: media_type for media_type, form in FORMS.items()})
SPOKEN = {
    **{each: (each,) for each in FORMS},
    "application/*": (JSON, PARQUET, ARROW),
    "text/*": (CSV,),
    "*/*": tuple(FORMS),
}
NAMES = ("query", "params", "snapshot", "format")


@dataclass(frozen=True)
class Asked:
    """A question, and the id of the snapshot it is for; null: the current one. `saved`: a form was named."""

    question: Question
    snapshot: str | None
    saved: bool


async def read_asked(scope: Scope, receive: Receive, headers: dict[str, str]) -> Asked:
    """What a request asks. Raises `Refused`, and `Gone` where its client leaves meanwhile."""
    method = scope["method"]
    if method not in METHODS:
        allow = {"Allow": ", ".join(METHODS)}
        raise Refused(405, "METHOD_NOT_ALLOWED", f"{method} is not taken: ask by GET or POST", allow)
    if method != "POST":
        return _check(_read_address(scope["query_string"]), headers)
    if headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", f'send {{"query": "...", "params": {{...}}}} as {JSON}')
    return _check(_parse(await read_body(receive, MOST_BYTES), "the body"), headers)


def _read_address(query_string: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Refused(400, "BAD_REQUEST", "the address is not UTF-8, or has too many fields") from None
    given: dict[str, Any] = dict(pairs)
    if len(given) < len(pairs):
        raise Refused(400, "BAD_REQUEST", "the address names a field twice")
    if "params" in given:
        given["params"] = _parse(given["params"].encode(), "`params`")
    return given


def _parse(text: bytes | bytearray, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, "BAD_REQUEST", f"{what} is not JSON") from None


def _check(given: Any, headers: dict[str, str]) -> Asked:
    if not isinstance(given, dict) or not isinstance(given.get("query"), str):
        raise Refused(400, "BAD_REQUEST", "`query` must be the text of one SQL statement")
    unknown = sorted(given.keys() - set(NAMES))
    if unknown:
        raise Refused(400, "BAD_REQUEST", f"`{unknown[0][:80]}` is not known: there are {', '.join(NAMES)}")
    parameters, snapshot, form = given.get("params"), given.get("snapshot"), given.get("format")
    if not isinstance(parameters, dict | list | None):
        raise Refused(400, "BAD_REQUEST", "`params` must be an object of names and values, or a list of values")
    if not isinstance(snapshot, str | None):
        raise Refused(400, "BAD_REQUEST", "`snapshot` must be the id of one that is kept")
    if form is not None and form not in MEDIA_TYPES:
        raise Refused(400, "BAD_REQUEST", f"`format` must be one of {', '.join(MEDIA_TYPES)}")
    found = form or _accepted(headers.get("accept", ""))
    return Asked(Question(given["query"], parameters, found), snapshot, saved=form is not None)


@lru_cache(REMEMBERED)
def _accepted(accept: str) -> Any:
    media_type = choose(accept, SPOKEN)
    if media_type is None:
        raise Refused(406, "NOT_ACCEPTABLE", f"answers are {', '.join(FORMS)}: accept one of them")
    return FORMS[media_type]
