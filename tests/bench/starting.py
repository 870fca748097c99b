"""How long it takes until the first question is answered."""

import shutil
import time
from pathlib import Path
from statistics import median

from tests.bench.inputs import Inputs
from tests.bench.results import Result, limited
from tests.bench.stores import whole_store
from tests.serving import Asking, Server

QUESTION = (
    "{ benchmarks(first: 1) { nodes { name leaderboard { entries(first: 10) { nodes { rank model { name } } } } } } }"
)
SERVE_SECONDS, DEMO_SECONDS = 5.0, 60.0


def start_server(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """From the start of `standings serve` on what was built to its first answer."""
    data = whole_store(inputs, folder)
    seconds = [first_answer(Server(data)) for _ in range(repeat)]
    found = median(seconds)
    more = {"seconds": seconds}
    return [Result("serve to first answer / 5 s", found, SERVE_SECONDS, found / SERVE_SECONDS, "s", more=more)]


def start_demo(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """From the start of `standings demo` without any data to its first answer."""
    seconds = []
    for _ in range(repeat):
        shutil.rmtree(folder / "demo", ignore_errors=True)
        seconds.append(first_answer(Server(folder / "demo", command="demo")))
    return [limited("demo to first answer / 60 s", median(seconds), DEMO_SECONDS, "s", {"seconds": seconds})]


def first_answer(server: Server) -> float:
    """Seconds from its start until it has answered a question."""
    started = time.perf_counter()
    server.start()
    try:
        server.wait_until_ready()
        status, answer = Asking(server.port).ask(QUESTION)
        seconds = time.perf_counter() - started
        if status != 200 or "errors" in answer or not answer["data"]["benchmarks"]["nodes"]:
            raise RuntimeError(f"the first answer is {status}: {answer}")
        return seconds
    finally:
        server.stop()
