"""Columns of values: from Arrow to Python, and completed as the leaf types of the schema want them."""

import math
from collections.abc import Callable, Iterable
from functools import cached_property
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


class Column:
    """One value a row: those that occur, and which of them each row has; null: they are the rows' own."""

    codes: Codes | None

    def __init__(self, known: list[Any], codes: Codes | None = None) -> None:
        self.known = known
        self.codes = codes

    @property
    def places(self) -> Codes:
        """Where in `known` the value of each row is."""
        return np.arange(len(self.known)) if self.codes is None else self.codes

    def values(self) -> list[Any]:
        """One value a row."""
        if self.codes is None:
            return self.known
        values: list[Any] = as_objects(self.known)[self.codes].tolist()
        return values

    def map(self, function: Callable[[list[Any]], list[Any]]) -> "Column":
        """The column of what a function makes of the values that occur, one each."""
        return Column(function(self.known), self.codes)


class Numbers(Column):
    """Numbers as Arrow has them; as Python's only where they are wanted."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        self.codes = None

    @cached_property
    def known(self) -> list[Any]:  # type: ignore[override]
        """All of them."""
        return _numbers(self.array)

    def written(self) -> list[str] | None:
        """Each as JSON, where they are real numbers and finite; null: not all of them are."""
        if not pa.types.is_float64(self.array.type):
            return None
        values = self.array.fill_null(math.nan).to_numpy(zero_copy_only=False)  # which is written as null
        if np.count_nonzero(np.isfinite(values)) != len(values) - self.array.null_count:
            return None
        return orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].decode().split(",") if len(values) else []


def as_objects(values: list[Any]) -> npt.NDArray[np.object_]:
    """Values as an array, lists among them as they are."""
    array = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        array[place] = value
    return array


def read_column(chunked: pa.ChunkedArray) -> Column:
    """A column of a table, whose dictionaries are unified."""
    array = chunked.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    if pa.types.is_dictionary(array.type):
        return _coded(array)
    if any(is_one(array.type) for is_one in NUMBERS):
        return Numbers(array)
    return Column(array.to_pylist())


def _coded(array: pa.DictionaryArray) -> Column:
    """Of a dictionary the values that occur; it may hold many more."""
    size = len(array.dictionary)
    codes = array.indices.cast(pa.int64()).fill_null(size).to_numpy()
    used = np.flatnonzero(np.bincount(codes, minlength=size + 1))
    places = np.zeros(size + 1, dtype=np.int64)
    places[used] = np.arange(len(used))
    known = array.dictionary.take(pa.array(used[used < size])).to_pylist()
    return Column(known + [None] * (len(used) - len(known)), places[codes])


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
        return [orjson.dumps(value).decode() for value in _coerced(leaf, values)]
    if are_as_they_are is _are_texts:
        texts = {value: orjson.dumps(value).decode() for value in set(values)}
        return [texts[value] for value in values]
    return orjson.dumps(values)[1:-1].decode().split(",") if values else []


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


# Leaf types that answer such values without changing them; the JSON of others than texts has no comma.
AS_THEY_ARE: dict[str, Callable[[list[Any]], bool]] = {
    GraphQLString.name: _are_texts,
    GraphQLID.name: _are_texts,
    GraphQLBoolean.name: _are_flags,
    GraphQLFloat.name: _are_finite,
    GraphQLInt.name: _are_ints,
}
