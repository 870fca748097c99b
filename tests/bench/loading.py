"""How long builds take, and how much memory: against decoding the same files, and against fixed limits."""

import json
import shutil
from pathlib import Path
from statistics import median

from tests.bench.inputs import Inputs
from tests.bench.processes import Run, python, standings
from tests.bench.results import Result, limited

GIBIBYTE = 2**30
PARQUET_SECONDS = 10.0
DECODE = Path(__file__).with_name("decode.py")


def load_tree(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """A build of the raw tree, publishing included, against the standard `json` on the same files; its memory."""
    decode(inputs.tree)  # from now on all files are in the page cache
    decodings, built = [], []
    for _ in range(repeat):
        decodings.append(decode(inputs.tree))
        built.append(build(folder / "from-tree", "--mteb", str(inputs.tree), "--mteb-catalog", str(inputs.catalog)))
    seconds, decoded = [run.seconds for run in built], [seconds for seconds, _ in decodings]
    cpu, decoded_cpu = [run.cpu_seconds for run in built], [run.cpu_seconds for _, run in decodings]
    peak = max(run.peak_bytes for run in built) / GIBIBYTE
    ratio = median(one / other for one, other in zip(seconds, decoded, strict=True))
    more = {
        "seconds": seconds,
        "decode_seconds": decoded,
        "cpu_seconds": cpu,
        "decode_cpu_seconds": decoded_cpu,
        # What others do on the machine costs two processes more wall time than one, but no processor time.
        "cpu_ratio": median(cpu) / median(decoded_cpu),
    }
    return [
        Result("build of the raw tree / json.load", median(seconds), median(decoded), ratio, "s", 1.5, 0.8, more),
        Result("its memory, all processes / 1 GiB", peak, 1.0, peak, "GiB", 1.0),
    ]


def load_parquet(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """A build of the whole table; with nothing else."""
    words = ("--mteb", str(inputs.parquet), "--mteb-catalog", str(inputs.catalog))
    built = [build(folder / "from-parquet", *words) for _ in range(repeat)]
    seconds = [run.seconds for run in built]
    peak = max(run.peak_bytes for run in built) / GIBIBYTE
    more = {"seconds": seconds, "cpu_seconds": [run.cpu_seconds for run in built], "peak_gib": peak}
    return [limited("build of the whole table / 10 s", median(seconds), PARQUET_SECONDS, "s", more)]


def build(data: Path, *words: str) -> Run:
    """Build into an empty directory."""
    shutil.rmtree(data, ignore_errors=True)
    return standings("build", "--data-dir", str(data), *words)


def decode(tree: Path) -> tuple[float, Run]:
    """Seconds that reading and decoding every JSON file takes in one process, its start left out; and the run."""
    run = python(str(DECODE), str(tree))
    return float(json.loads(run.output)["seconds"]), run
