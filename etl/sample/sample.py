"""Writes the whole sample."""

import shutil
from importlib.resources import files as package_files
from pathlib import Path

from etl.sample.catalog import write_catalog
from etl.sample.easi import write_easi
from etl.sample.files import Files
from etl.sample.hub import write_hub
from etl.sample.mteb import write_mteb
from etl.sample.openevals import write_openevals

README = "README.md"
PARTS = {
    "easi": write_easi,
    "mteb": write_mteb,
    "mteb-catalog": write_catalog,
    "hub": write_hub,
    "openevals": write_openevals,
}


def write_sample(out: Path) -> Path:
    """Write the source trees `easi`, `mteb`, `mteb-catalog`, `hub` and `openevals` into `out`, and return it.

    The bytes and modification times are the same every time. An earlier sample in `out` is replaced. Raises
    `FileExistsError` for a directory that holds anything else, which is left as it is.
    """
    readme = package_files(__package__).joinpath(README).read_text("utf-8")
    if out.exists():
        _clear(out, readme.splitlines()[0])
    files = Files(out)
    files.text(README, readme)
    for name, write in PARTS.items():
        write(files.inside(name))
    files.settle()
    return out


def _clear(out: Path, title: str) -> None:
    held = {place.name for place in out.iterdir()}
    mark = out / README
    ours = mark.is_file() and mark.read_text("utf-8", "replace").startswith(title)
    if held - {README, *PARTS} or (held and not ours):
        raise FileExistsError(f"{out} holds files that are not the sample's; name an empty directory")
    for name in held - {README}:
        shutil.rmtree(out / name)
