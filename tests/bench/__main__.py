"""Measures, prints a table and writes build/bench.json."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.boards import rank_boards, rank_large
from tests.bench.cached import cached_answers, uncached_answers
from tests.bench.cold import cold_boards, cold_full_board, cold_large
from tests.bench.crowd import crowded_answers
from tests.bench.inputs import Inputs, find_inputs
from tests.bench.intervals import resample_boards
from tests.bench.loading import load_parquet, load_tree
from tests.bench.memory import server_memory
from tests.bench.pages import ask_pages
from tests.bench.paging import cold_pages, large_pages
from tests.bench.results import Result
from tests.bench.soak import MINUTES, soak
from tests.bench.starting import start_demo, start_server
from tests.bench.stores import load_large
from tests.bench.swapping import swapped_snapshots

PROJECT = Path(__file__).parents[2]
OUT = PROJECT / "build" / "bench.json"
MEASURES = (
    load_tree,
    load_parquet,
    start_server,
    start_demo,
    rank_boards,
    resample_boards,
    ask_pages,
    cold_boards,
    cold_full_board,
    cold_pages,
    cached_answers,
    uncached_answers,
    crowded_answers,
    swapped_snapshots,
    server_memory,
    load_large,
    rank_large,
    cold_large,
    large_pages,
)


def main() -> int:
    """Exit code 1 where something is beyond what it must be, and the inputs were the real ones."""
    options = _options()
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="standings-bench-", dir=options.folder) as folder:
        with console.status("preparing inputs"):
            inputs = find_inputs(PROJECT.parent / "shared" / "data", Path(folder))
        results = _measure(inputs, Path(folder), options, console)
    _print(inputs, results)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([result.record(inputs.name) for result in results], indent=2) + "\n", encoding="utf-8")
    return int(inputs.is_real and any(result.is_beyond for result in results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="how often each is measured; the median counts")
    names = [*(measure.__name__ for measure in MEASURES), soak.__name__]
    parser.add_argument("--only", metavar="NAME", action="append", choices=names, help=", ".join(names))
    parser.add_argument(
        "--minutes",
        type=float,
        default=MINUTES,
        help="how long the soak takes, which is measured where it is named alone",
    )
    parser.add_argument("--folder", type=Path, default=None, help="where to unpack and build (about 2 GB)")
    return parser.parse_args()


def _measure(inputs: Inputs, folder: Path, options: argparse.Namespace, console: Console) -> list[Result]:
    results: list[Result] = []
    for measure in MEASURES:
        if options.only is None or measure.__name__ in options.only:
            with console.status(measure.__name__.replace("_", " ")):
                results += measure(inputs, folder, options.repeat)
    if soak.__name__ in (options.only or ()):
        results += soak(inputs, folder, options.minutes)
    return results


def _print(inputs: Inputs, results: Sequence[Result]) -> None:
    table = Table("what", title=f"on {inputs.name}", box=None)
    for name in ("value", "of", "ratio", "must", "aim"):
        table.add_column(name, justify="right")
    for result in results:
        table.add_row(*result.cells(), style="red" if inputs.is_real and result.is_beyond else "")
    Console(width=140).print(table)


if __name__ == "__main__":
    sys.exit(main())
