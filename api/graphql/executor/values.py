"""Columns of values: from Arrow to Python, and completed as the leaf types of the schema want them."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
from graphql import GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString

Codes = npt.NDArray[np.integer[Any]]
SMALLEST, LARGEST = -(2**31), 2**31 - 1
NOTHING = type(None)
NULL = "null"
NUMBERS = (pa.types.is_floating, pa.types.is_integer, pa.types.is_boolean)


class Unsure(Exception):
    """What the projector cannot promise to answer as graphql-core does: graphql-core is to complete it."""


@dataclass(frozen=True)
class Column:
    """One value a row: those that occur, and which of them each row has; null: they are the rows' own."""

    known: list[Any]
    codes: Codes | None = None

    def values(self) -> list[Any]:
        """One value a row."""
        if self.codes is None:
            return self.known
        known = np.empty(len(self.known), dtype=object)
        for place, value in enumerate(self.known):
            known[place] = value
        values: list[Any] = known[self.codes].tolist()
        return values

    @property
    def places(self) -> Codes:
        """Where in `known` the value of each row is."""
        return np.arange(len(self.known)) if self.codes is None else self.codes

    def map(self, function: Callable[[list[Any]], list[Any]]) -> "Column":
        """The column of what a function makes of the values that occur, one each."""
        return Column(function(self.known), self.codes)


def read_column(chunked: pa.ChunkedArray) -> Column:
    """A column of a table, whose dictionaries are unified."""
    array = chunked.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    if pa.types.is_dictionary(array.type):
        return _coded(array)
    if any(is_one(array.type) for is_one in NUMBERS):
        return Column(_numbers(array))
    return Column(array.to_pylist())


def _coded(array: pa.DictionaryArray) -> Column:
    """Of a dictionary the values that occur; it may hold many more."""
    known = [*array.dictionary.to_pylist(), None]
    codes = array.indices.cast(pa.int64()).fill_null(len(known) - 1).to_numpy()
    used = np.flatnonzero(np.bincount(codes, minlength=len(known)))
    places = np.zeros(len(known), dtype=np.int64)
    places[used] = np.arange(len(used))
    return Column([known[place] for place in used], places[codes])


def _numbers(array: pa.Array) -> list[Any]:
    if not array.null_count:
        found: list[Any] = array.to_numpy(zero_copy_only=False).tolist()
        return found
    values: list[Any] = (
        array.fill_null(False if pa.types.is_boolean(array.type) else 0).to_numpy(zero_copy_only=False).tolist()
    )
    for place in np.flatnonzero(array.is_null().to_numpy(zero_copy_only=False)):
        values[place] = None
    return values


def write_leaves(leaf: GraphQLLeafType, values: list[Any]) -> list[str]:
    """Values as a scalar or enum answers them, as JSON. Raises `Unsure` where it might refuse one."""
    are_as_they_are = AS_THEY_ARE.get(leaf.name)
    if are_as_they_are is None or not are_as_they_are(values):
        values = _coerced(leaf, values)
    if leaf.name in ONE_WORD:
        return orjson.dumps(values)[1:-1].decode().split(",") if values else []
    return [orjson.dumps(value).decode() for value in values]


def _coerced(leaf: GraphQLLeafType, values: list[Any]) -> list[Any]:
    try:
        coerced = [None if value is None else leaf.coerce_output_value(value) for value in values]
    except Exception as error:  # whatever it is, graphql-core is to say it
        raise Unsure from error
    if any(made is None for made, value in zip(coerced, values, strict=True) if value is not None):
        raise Unsure
    return coerced


def _are(values: Iterable[Any], kind: type) -> bool:
    return set(map(type, values)) <= {kind, NOTHING}


def _are_texts(values: list[Any]) -> bool:
    return _are(values, str)


def _are_flags(values: list[Any]) -> bool:
    return _are(values, bool)


def _are_finite(values: list[Any]) -> bool:
    return _are(values, float) and math.isfinite(sum(filter(None, values)))


def _are_ints(values: list[Any]) -> bool:
    if not _are(values, int):
        return False
    found = [value for value in values if value is not None]
    return not found or (min(found) >= SMALLEST and max(found) <= LARGEST)


# Scalars whose JSON has no comma, so that many can be written at once.
ONE_WORD = frozenset({GraphQLFloat.name, GraphQLInt.name, GraphQLBoolean.name})
# Leaf types that answer such values without changing them.
AS_THEY_ARE: dict[str, Callable[[list[Any]], bool]] = {
    GraphQLString.name: _are_texts,
    GraphQLID.name: _are_texts,
    GraphQLBoolean.name: _are_flags,
    GraphQLFloat.name: _are_finite,
    GraphQLInt.name: _are_ints,
}
