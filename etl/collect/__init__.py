"""From a finished result directory of an evaluation tool to what EASI takes: scores and an archive."""

from etl.collect.collected import Collected, Found, Missing
from etl.collect.collector import BACKENDS, collect
from etl.collect.files import Unusable
from etl.collect.payload import KEYS, Payload, PayloadProblem
from etl.collect.writing import Written, write

__all__ = [
    "BACKENDS", "KEYS", "Collected", "Found", "Missing", "Payload", "PayloadProblem", "Unusable", "Written", "collect",
    "write",
]  # fmt: skip
