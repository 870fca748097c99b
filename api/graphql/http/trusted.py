"""Documents that an operator trusts: of a file, each checked at start-up, and no others run."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from api.graphql.http.documents import Document, check_id, identify
from api.graphql.http.requests import SHA256, Asked
from api.graphql.operations import Operations
from api.refused import Refused

MANIFEST = "apollo-persisted-query-manifest"
MOST_BYTES = 64_000_000


class WrongDocuments(Exception):
    """A file of trusted documents that cannot be used: one line that names it, the document and what is wrong."""


class TrustedDocuments:
    """Documents by the ids they were given, by the id that follows from their text, and by their text."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        self._named: dict[str, Document] = {}
        for name, text in named:
            document = identify(text)
            self._named[name] = self._named[document.id] = document

    def find(self, asked: Asked) -> Document:
        """The document of a request. Raises `Refused` where it is not trusted."""
        told = None if asked.query is None else identify(asked.query)
        found = self._named.get(told.id if told else asked.document_id or "")
        if found is None:
            message = "this server runs the documents it trusts alone, and this is none of them"
            raise Refused(403, "DOCUMENT_NOT_TRUSTED", message)
        if told and asked.document_id is not None and self._named.get(asked.document_id) != found:
            check_id(asked, told)
        return found


def read_trusted(file: Path, operations: Operations) -> TrustedDocuments:
    """The documents of a JSON file: an object of texts by id, or Apollo's manifest. Raises `WrongDocuments`."""
    try:
        named = list(_named(_load(file)))
        _check_ids(named)
        for name, text in named:
            _check_text(name, text, operations)
    except WrongDocuments as wrong:
        raise WrongDocuments(f"{file}: {wrong}") from None
    return TrustedDocuments(named)


def _load(file: Path) -> Any:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise WrongDocuments(f"it is larger than {MOST_BYTES:,} bytes")
        return orjson.loads(file.read_bytes())
    except OSError as error:
        raise WrongDocuments(f"it cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise WrongDocuments(f"it is not JSON: {error}") from None


def _named(content: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(content, dict):
        raise WrongDocuments(f"it must be an object of documents by id, or a manifest of format {MANIFEST}")
    listed = isinstance(content.get("operations"), list)
    if listed and (content.get("format"), content.get("version")) != (MANIFEST, 1):
        raise WrongDocuments(f"a manifest must be of format {MANIFEST}, version 1")
    entries = content["operations"] if listed else [{"id": name, "body": text} for name, text in content.items()]
    for place, entry in enumerate(entries, 1):
        name, text = (entry.get("id"), entry.get("body")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not name:
            raise WrongDocuments(f"document {place} has no id")
        if not isinstance(text, str):
            raise WrongDocuments(f"document `{name}` has no text")
        yield name, text


def _check_ids(named: list[tuple[str, str]]) -> None:
    texts: dict[str, str] = {}
    for name, text in named:
        if texts.setdefault(name, text) != text:
            raise WrongDocuments(f"document `{name}` is there twice, with different texts")
        digest = name.removeprefix("sha256:")
        hashed = digest != name or SHA256.fullmatch(name)
        if hashed and f"sha256:{digest}" != (right := identify(text).id):
            raise WrongDocuments(f"document `{name}` has another text than its id says: that of its text is `{right}`")


def _check_text(name: str, text: str, operations: Operations) -> None:
    errors = operations.read_now(text).errors
    if errors:
        first = errors[0]
        place = f" (line {first.locations[0].line}, column {first.locations[0].column})" if first.locations else ""
        raise WrongDocuments(f"document `{name}` cannot run: {' '.join(first.message.split())}{place}")
