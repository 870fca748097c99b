"""Errors as clients see them: with a code and a path, and nothing of our insides."""

import logging
from typing import Any

from graphql import GraphQLError

from api.submissions.problems import Refusal
from warehouse.watch import QueryTimeout

log = logging.getLogger("standings.graphql")


def describe(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as it is sent. What is our mistake is logged and masked."""
    original = error.original_error
    if isinstance(original, QueryTimeout):
        found = GraphQLError(
            f"{original}: ask for less at once", error.nodes, path=error.path, extensions={"code": "TIMEOUT"}
        )
    elif isinstance(original, Refusal):
        found = GraphQLError(original.message, error.nodes, path=error.path, extensions={"code": original.code})
    elif original is None or isinstance(original, GraphQLError):
        found = error
        if "code" not in (found.extensions or {}):
            # What graphql-core refuses by itself is a variable, or at a place in the answer a value we should not have.
            code = "BAD_USER_INPUT" if error.path is None else "INTERNAL_SERVER_ERROR"
            found.extensions = {**(found.extensions or {}), "code": code}
    else:
        log.error("request %s failed at %s", request_id, error.path, exc_info=original)
        found = GraphQLError(
            mask(request_id), error.nodes, path=error.path, extensions={"code": "INTERNAL_SERVER_ERROR"}
        )
    return dict(found.formatted)


def mask(request_id: str) -> str:
    """What is said of an error that is our mistake."""
    return f"internal error; it is logged under request id {request_id}"
