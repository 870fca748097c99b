"""Scalars of the schema beside the built-in ones."""

from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from api.uploads import StoredFile

SAFE = 2**53

BigInt = NewType("BigInt", int)
Upload = NewType("Upload", StoredFile)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= SAFE or int(value) != value:
        raise ValueError(f"BigInt takes a whole number between -2^53 and 2^53, not {value!r}")
    return int(value)


def _parse(value: Any) -> int:
    try:
        return _whole(value)
    except ValueError as error:
        raise GraphQLError(str(error)) from None


BIG_INT = strawberry.scalar(
    name="BigInt",
    description="A whole number within 2^53 in size; a JSON number, never a string.",
    serialize=_whole,
    parse_value=_parse,
)


def _parse_upload(value: Any) -> StoredFile:
    if not isinstance(value, StoredFile):
        raise GraphQLError(
            "Upload takes a file: send the request as multipart/form-data with `operations`, `map` and the file, "
            "and null in the file's place"
        )
    return value


def _refuse_upload(value: Any) -> Any:  # noqa: ARG001 - a scalar is given what it is to write
    raise GraphQLError("files are sent, never answered")


UPLOAD = strawberry.scalar(
    name="Upload",
    description="A file that is sent with the request, which is then multipart/form-data as the GraphQL multipart "
    "request specification has it.",
    serialize=_refuse_upload,
    parse_value=_parse_upload,
)
SCALARS: dict[object, ScalarDefinition] = {BigInt: BIG_INT, Upload: UPLOAD}
