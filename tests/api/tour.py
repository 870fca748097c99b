"""One document for each object type of a schema, with all its fields, by the shortest way to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_composite_type, is_object_type

from tests.api.known import Known


def tour(schema: GraphQLSchema, known: Known) -> Iterator[tuple[str, str]]:
    """Name of a type, and the document that asks all its fields."""
    given = reach(known)
    ways = {"Query": "%s"}
    waiting = ["Query"]
    while waiting:
        name = waiting.pop(0)
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        yield name, ways[name] % f"{{ {' '.join(_asked(kind, field, given) for field in kind.fields)} __typename }}"
        for field, declared in kind.fields.items():
            below = get_named_type(declared.type)
            if is_object_type(below) and below.name not in ways:
                ways[below.name] = ways[name] % f"{{ {field}{given.get(f'{name}.{field}', '')} %s }}"
                waiting.append(below.name)


def reach(known: Known) -> Mapping[str, str]:
    """Arguments of the fields that need some, and of those that are long without."""
    easi = sorted({each for each in known.texts["version"] if known.texts["version"].count(each) > 1})
    return {
        "Query.node": f'(id: "{known.texts["id"][0]}")',
        "Query.model": '(name: "GPT-5-2025-08-07")',
        "Query.task": '(name: "vsi_bench")',
        "Query.benchmark": '(name: "EASI-8")',
        "Model.history": '(benchmark: "EASI-8")',
        "Benchmark.diff": f'(from: "{easi[0]}", to: "{easi[1]}")',
        "Query.benchmarks": "(first: 5)",
    }


def _asked(kind: GraphQLObjectType, field: str, given: Mapping[str, Any]) -> str:
    text = field + given.get(f"{kind.name}.{field}", "")
    return f"{text} {{ __typename }}" if is_composite_type(get_named_type(kind.fields[field].type)) else text


def all_fields(schema: GraphQLSchema) -> set[tuple[str, str]]:
    """The fields of all object types of a schema, introspection apart."""
    kinds = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    return {(kind.name, field) for kind in kinds if not kind.name.startswith("__") for field in kind.fields}
