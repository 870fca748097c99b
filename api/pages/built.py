"""The pages that are built from `api/web` by npm; without npm there are none, and plain pages stand in."""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from api.pages.files import CODED, FOREVER, MEDIA_TYPES, File

FOLDER = "built"
EXPLORER = "index.html"
GRAPHIQL = "graphiql.html"
ONLY_OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The editor that GraphiQL is made with writes its styles at run time, and checks documents in workers.
EDITOR = ONLY_OURS.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + (
    "; font-src 'self' data:; worker-src 'self' blob:"
)
SAME_SITE = {"Referrer-Policy": "same-origin"}


@dataclass(frozen=True)
class Built:
    """The explorer, GraphiQL, and what they load, by name."""

    explorer: File
    graphiql: File
    assets: dict[str, File]


def read_built() -> Built | None:
    """What stands in the folder `built` beside this module; null: it was not built."""
    folder = files(__package__).joinpath(FOLDER)
    if not folder.joinpath(EXPLORER).is_file() or not folder.joinpath(GRAPHIQL).is_file():
        return None
    assets = folder.joinpath("assets")
    names = [found.name for found in assets.iterdir() if found.name.rpartition(".")[2] in MEDIA_TYPES]
    return Built(
        _read(folder, EXPLORER, policy=ONLY_OURS),
        _read(folder, GRAPHIQL, policy=EDITOR),
        {name: _read(assets, name, keeping=FOREVER) for name in names},
    )


def _read(folder: Traversable, name: str, *, policy: str | None = None, keeping: str | None = None) -> File:
    coded = {coding: folder.joinpath(name + ending) for coding, ending in CODED}
    body = folder.joinpath(name).read_bytes()
    more = {coding: file.read_bytes() for coding, file in coded.items() if file.is_file()}
    if policy is not None:
        return File(name, body, more, headers={"Content-Security-Policy": policy, **SAME_SITE})
    return File(name, body, more, keeping or FOREVER)
