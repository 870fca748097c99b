"""Stores that several measures read: each is built when the first of them asks for it."""

from pathlib import Path

from tests.bench.generated import BOARD, TENTH, WHOLE, write_catalogue, write_table
from tests.bench.inputs import TABLE, Inputs
from tests.bench.large import write_large
from tests.bench.loading import GIBIBYTE, build
from tests.bench.processes import Run
from tests.bench.results import Result


def whole_store(inputs: Inputs, folder: Path) -> Path:
    """Everything: MTEB's whole table, EASI's versions and the Hub's boards."""
    more = ("--easi", str(inputs.easi), "--hub", str(inputs.hub))
    _built(folder / "whole", inputs, inputs.parquet, *more)
    return folder / "whole"


def board_store(inputs: Inputs, folder: Path) -> Path:
    """What questions about boards and scores are asked of: all the real data, or as much that is made up."""
    return whole_store(inputs, folder) if inputs.is_real else full_store(inputs, folder)[0]


def full_store(inputs: Inputs, folder: Path) -> tuple[Path, str]:
    """A made-up store of 1.3 million scores, and its board: 500 models, each with a score on all 131 tasks."""
    made, data = folder / "full-inputs", folder / "full"
    if not data.is_dir():
        write_catalogue(made / "catalog", WHOLE)
        write_table(made / "table" / TABLE, WHOLE)
        build(data, "--mteb", str(made / "table"), "--mteb-catalog", str(made / "catalog"))
    return data, BOARD


def small_store(inputs: Inputs, folder: Path) -> tuple[Path, str]:
    """A made-up store of 100,000 scores with EASI's versions beside it, and its board: it is built anew in seconds."""
    made, data = folder / "small-inputs", folder / "small"
    if not data.is_dir():
        write_catalogue(made / "catalog", TENTH)
        write_table(made / "table" / TABLE, TENTH)
        words = ("--mteb", str(made / "table"), "--mteb-catalog", str(made / "catalog"), "--easi", str(inputs.easi))
        build(data, *words)
    return data, BOARD


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
