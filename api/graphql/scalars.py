"""Scalars of the schema beside the built-in ones."""

from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

SAFE = 2**53

BigInt = NewType("BigInt", int)


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
SCALARS: dict[object, ScalarDefinition] = {BigInt: BIG_INT}
