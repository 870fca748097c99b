"""How much memory a server takes: after its start, and after every leaderboard was asked for."""

from pathlib import Path

import orjson

from tests.bench.inputs import Inputs
from tests.bench.questions import Question, leaderboard
from tests.bench.results import Result
from tests.bench.server import OURS, Measured
from tests.bench.stores import board_store
from tests.bench.wire import Wire, request

MEBIBYTE = 2**20
BOARDS = Question("{ benchmarks(first: 1000) { nodes { name } } }")


def server_memory(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """Resident memory of one process with its caches as they are by default."""
    with Measured(OURS, board_store(inputs, folder)) as server, Wire(server.port) as wire:
        started = server.resident_bytes
        boards = [board["name"] for board in _ask(wire, BOARDS)["benchmarks"]["nodes"]]
        sent = 0
        for board in boards:
            reply = wire.send(request("POST", "/graphql", leaderboard(board).body))
            sent += len(reply.body)
        after = server.resident_bytes
    more = {"boards": len(boards), "bytes_sent": sent}
    return [
        Result("memory of the server after its start", started / MEBIBYTE, unit="MiB"),
        Result(f"memory of the server after all {len(boards)} leaderboards", after / MEBIBYTE, unit="MiB", more=more),
    ]


def _ask(wire: Wire, question: Question) -> dict[str, dict[str, list[dict[str, str]]]]:
    data: dict[str, dict[str, list[dict[str, str]]]] = orjson.loads(
        wire.send(request("POST", "/graphql", question.body)).body
    )["data"]
    return data
