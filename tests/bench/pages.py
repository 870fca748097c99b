"""What each page of a site costs: one GraphQL request, its size beside the peer's, and how long it takes."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode, OperationType, build_schema, print_ast, validate
from graphql.type import GraphQLSchema

from api.graphql.schema import build_schema as build_ours
from tests.bench.inputs import Inputs
from tests.bench.results import Result
from tests.bench.stores import whole_store
from tests.pages import REAL, SAMPLE, VERSIONS
from tests.serving import Asking, Server

RUNS = 7
KILOBYTE = 1e3
# What the peer sends for the same page, in kB: for the model page the task list it downloads to know their names, for
# the comparison of six boards a summary of each, 500 kB at least.
PEER = {
    "benchmark:Board": 1_940.0,
    "benchmark:PerLanguage": 6_500.0,
    "tasks:": 2_300.0,
    "model:M": 2_300.0,
    "compare:C": 6 * 500.0,
}


def ask_pages(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """Every question of the documents that can be asked; the names of the others go to standard error."""
    pages = REAL if inputs.is_real else SAMPLE
    documents = pages.operations()
    if not documents:
        return []
    schema = build_schema(build_ours().as_str())
    results: list[Result] = []
    with Server(whole_store(inputs, folder)) as server:
        asking = Asking(server.port)
        versions = _versions(asking)
        for name, document in documents.items():
            variables = pages.variables(name, versions)
            if reason := _is_not_asked(schema, document, variables):
                sys.stderr.write(f"page {name}: {reason}\n")
            else:
                results += _ask(asking, name, print_ast(document), variables)
        asking.close()
    return results


def _versions(asking: Asking) -> list[str]:
    _, answer = asking.ask(VERSIONS)
    return [version["id"] for version in answer["data"]["benchmark"]["versions"]["nodes"]]


def _is_not_asked(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> str | None:
    """Why an operation is left out; null: it is not."""
    if validate(schema, document):
        return "not served yet"
    (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    needed = {
        each.variable.name.value for each in operation.variable_definitions or () if each.type.kind == "non_null_type"
    }
    if operation.operation is not OperationType.QUERY or needed - set(variables):
        return "changes something, or asks about what is submitted"
    return None


def _ask(asking: Asking, name: str, query: str, variables: Mapping[str, Any]) -> list[Result]:
    times: list[float] = []
    body = b""
    for _ in range(RUNS):
        started = time.perf_counter()
        status, body = asking.post(query, variables)
        times.append(1_000 * (time.perf_counter() - started))
        if status != 200 or "errors" in json.loads(body):
            raise RuntimeError(f"the page {name} is answered {status}: {body[:2000].decode()}")
    size, peer = len(body) / KILOBYTE, PEER.get(name)
    ratio, against = (None, "size") if peer is None else (size / peer, "size / the peer's")
    return [
        Result(f"page {name}, {against}", size, peer, ratio, "kB", more={"bytes": len(body)}),
        Result(f"page {name}, median time", median(times), unit="ms", more={"milliseconds": times}),
    ]
