"""Errors a caller can act on: each has a code, and its text says what to do."""

from graphql import GraphQLError


class RequestError(GraphQLError):
    """A request that cannot be answered as it is. `code` goes to `extensions.code`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, extensions={"code": code})


def bad_input(message: str) -> RequestError:
    """An argument whose value cannot be used."""
    return RequestError("BAD_USER_INPUT", message)
