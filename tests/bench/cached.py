"""Answers over HTTP from a server of its own, against bytes that it holds ready."""

from pathlib import Path
from urllib.parse import urlencode

import orjson

from tests.bench.inputs import Inputs
from tests.bench.pairs import Pairs, take_turns
from tests.bench.questions import Question, leaderboard, small
from tests.bench.results import Result
from tests.bench.server import KEEP, OURS, Measured
from tests.bench.stores import board_store
from tests.bench.wire import Reply, Wire, request

CACHED, AGAIN, UNCACHED = (1.3, 1.1), (3.0, 1.5), (3.0, 2.0)
GRAPHQL, STATIC = "/graphql", "/static/answer"
OWN = {"content-length", "date", "server", "connection", "x-request-id"}  # a server says these by itself


def cached_answers(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """Whole answers and parts of answers that were given before."""
    with Measured(OURS, board_store(inputs, folder)) as server, Wire(server.port) as wire:
        asked = {"leaderboard": leaderboard(inputs.board), "small answer": small(inputs.model)}
        results = []
        for name, question in asked.items():
            results.append(_posted(wire, question).lower(f"response-cached {name} / static bytes", *CACHED))
            results.append(_got(wire, question).lower(f"response-cached {name} by GET / static bytes", *CACHED))
        signed_in = _signed_in(wire, leaderboard(inputs.board))
        results.append(signed_in.lower("subtree-cached leaderboard / static bytes", *AGAIN))
    return results


def uncached_answers(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """A small answer from a server that has no caches."""
    with Measured(OURS, board_store(inputs, folder), STANDINGS_CACHE_MB="0") as server, Wire(server.port) as wire:
        return [_posted(wire, small(inputs.model)).lower("small query, uncached / static bytes", *UNCACHED)]


def _posted(wire: Wire, question: Question) -> Pairs:
    """The same request to both but for the path."""
    return _compare(wire, request("POST", GRAPHQL, question.body), request("POST", STATIC, question.body))


def _got(wire: Wire, question: Question) -> Pairs:
    asked = urlencode({"query": question.document, "variables": orjson.dumps(question.variables)})
    return _compare(wire, request("GET", f"{GRAPHQL}?{asked}"), request("GET", f"{STATIC}?{asked}"))


def _compare(wire: Wire, ours: bytes, static: bytes) -> Pairs:
    size = _keep(wire, ours)
    return take_turns(lambda: _checked(wire.send(ours), size), lambda: _checked(wire.send(static), size))


def _signed_in(wire: Wire, question: Question) -> Pairs:
    """Whole answers are never kept for who sends a cookie; the lists in them are."""
    return _compare(
        wire,
        request("POST", GRAPHQL, question.body, cookie="signed=in"),
        request("POST", STATIC, question.body, cookie="signed=in"),
    )


def _keep(wire: Wire, asked: bytes) -> int:
    """Have the server hold the answer to a request ready; returns its size."""
    reply = _checked(wire.send(asked))
    body = bytes(reply.body)
    if b'"errors":' in body:
        raise RuntimeError(f"answered with errors: {body[:500]!r}")
    headers = {f"{KEEP}{name}": value for name, value in reply.headers.items() if name not in OWN}
    _checked(wire.send(request("PUT", STATIC, body, **headers)))
    static = wire.send(request("GET", STATIC))
    if bytes(static.body) != body or any(static.headers[name.removeprefix(KEEP)] != headers[name] for name in headers):
        raise RuntimeError("the static route does not send what it was given")
    return len(body)


def _checked(reply: Reply, size: int | None = None) -> Reply:
    """A reply that answers, with as many bytes as the one before it."""
    if reply.status != 200 or size not in (None, len(reply.body)):
        raise RuntimeError(f"answered {reply.status}: {bytes(reply.body[:500])!r}")
    return reply
