"""What is loaded: the real inputs beside the project, or generated ones of their shape."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

from etl.sample import write_sample
from tests.bench.generated import BOARD, write_catalogue, write_table, write_tree

TABLE = "data/train-00000-of-00001.parquet"


@dataclass(frozen=True)
class Inputs:
    """A tree of MTEB results, its catalogue, the whole table as Parquet, EASI's versions, and the Hub's boards.

    `board` is the one that questions about a leaderboard ask for, `model` the one about a model.
    """

    name: str
    tree: Path
    catalog: Path
    parquet: Path
    easi: Path
    hub: Path
    board: str
    model: str
    is_real: bool


def find_inputs(shared: Path, folder: Path) -> Inputs:
    """The real inputs, unpacked into a folder; without them generated ones. The Hub's boards are the sample's."""
    sample = write_sample(folder / "sample")
    mteb = shared / "mteb"
    if mteb.is_dir():
        with tarfile.open(mteb / "results_sample.tar.xz") as archive:
            archive.extractall(folder / "tree", filter="data")
        tree, catalog, parquet, easi = folder / "tree", mteb / "catalog", mteb / "hub", shared / "easi"
        named = ("MTEB(Multilingual, v2)", "intfloat/multilingual-e5-large")
        return Inputs("the real inputs", tree, catalog, parquet, easi, sample / "hub", *named, is_real=True)
    tree, catalog, parquet = (folder / "inputs" / name for name in ("tree", "catalog", "table"))
    write_tree(tree)
    write_catalogue(catalog)
    write_table(parquet / TABLE)
    named = (BOARD, "org/model-00")
    return Inputs("generated inputs", tree, catalog, parquet, sample / "easi", sample / "hub", *named, is_real=False)
