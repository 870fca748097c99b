"""Stores that several measures read: each is built when the first of them asks for it."""

from pathlib import Path

from tests.bench.inputs import Inputs
from tests.bench.large import write_large
from tests.bench.loading import GIBIBYTE, build
from tests.bench.processes import Run
from tests.bench.results import Result


def whole_store(inputs: Inputs, folder: Path) -> Path:
    """Everything: MTEB's whole table, EASI's versions and the Hub's boards."""
    more = ("--easi", str(inputs.easi), "--hub", str(inputs.hub))
    _built(folder / "whole", inputs, inputs.parquet, *more)
    return folder / "whole"


def large_store(inputs: Inputs, folder: Path) -> Path:
    """The table of 8.7 million rows."""
    if not (folder / "large").is_dir():
        load_large(inputs, folder, 1)
    return folder / "large"


def load_large(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """A build of it, once; it stays for those that rank it."""
    table = folder / "large-table"
    table = table if table.is_dir() else write_large(inputs, table)
    run = _built(folder / "large", inputs, table)
    if run is None:
        return []
    more = {"cpu_seconds": run.cpu_seconds}
    return [
        Result("build of the large table", run.seconds, unit="s", more=more),
        Result("its memory, all processes", run.peak_bytes / GIBIBYTE, unit="GiB"),
    ]


def _built(data: Path, inputs: Inputs, table: Path, *more: str) -> Run | None:
    """The build of a store; null: it was there."""
    if data.is_dir():
        return None
    return build(data, "--mteb", str(table), "--mteb-catalog", str(inputs.catalog), *more)
