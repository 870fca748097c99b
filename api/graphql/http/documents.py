"""Documents that are asked for by id: those that clients have told us, by documentId or Apollo's persisted queries."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from api.cache import Cache
from api.graphql.errors import RequestError
from api.graphql.http.requests import Asked
from api.refused import Refused

MOST_BYTES = 16_000_000
LONGEST_SAID = 100


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a GraphQL document, and the id that follows from it: `sha256:<hex>`."""

    text: str
    id: str


class Documents(Protocol):
    """Where documents are found."""

    def find(self, asked: Asked) -> Document:
        """The document of a request. Raises `Refused` or `RequestError` where there is none it may run."""
        ...


class ToldDocuments:
    """Any document by its text; by its id what was told before, text and id together, as long as there is room."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._told = Cache(most_bytes)

    def find(self, asked: Asked) -> Document:
        """The document of a request. Raises `Refused` or `RequestError` where there is none."""
        if asked.query is None:
            found: Document | None = self._told.get(asked.document_id)
            if found is None:
                raise _unknown(asked)
            return found
        document = identify(asked.query)
        if asked.document_id is not None:
            check_id(asked, document)
            self._told.put(document.id, document, 2 * len(document.text) + 500)
        return document


def identify(text: str) -> Document:
    """The document of that text."""
    return Document(text, f"sha256:{sha256(text.encode()).hexdigest()}")


def check_id(asked: Asked, document: Document) -> None:
    """Raise `Refused` where a request has an id and a text that do not belong together."""
    if asked.document_id != document.id:
        message = "provided sha does not match query"  # in Apollo's words, too
        if not asked.by_apq:
            message = "`documentId` is not that of `query`: it must be `sha256:` and the sha256 of the text"
        raise Refused(400, "BAD_REQUEST", message)


def _unknown(asked: Asked) -> RequestError:
    message = "PersistedQueryNotFound"  # Apollo's clients know it by this text
    if not asked.by_apq:
        name = (asked.document_id or "")[:LONGEST_SAID]
        message = f"no document `{name}` is known: send its text beside the id once, as `query`"
    return RequestError("PERSISTED_QUERY_NOT_FOUND", message)
