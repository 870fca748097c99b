"""Result files and model descriptions, from wherever they come, until they are one table."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from etl.source import Problem
from etl.sources.mteb import formats, models
from etl.sources.mteb.catalogue import Catalogue, directory_of
from etl.sources.mteb.places import Place
from etl.sources.mteb.scores import Facts, Rows, Run
from etl.sources.mteb.worker import Chunk, Parser

Meta = Mapping[str, Any]
EXTERNAL = {"external", "no_revision_available"}


@dataclass(frozen=True)
class Reading:
    """All that was read of one tree. `scores` is in SCORES' columns; `digest` covers paths and contents.

    `metas` are the model_meta.json by model, `is_public` what the data itself says of tasks, `newest` is the
    latest modification time in seconds.
    """

    scores: pa.Table
    problems: list[Problem]
    digest: str
    newest: float
    files: int
    metas: Mapping[str, Meta] = field(default_factory=dict)
    is_public: Mapping[str, bool] = field(default_factory=dict)


class Collection:
    """Collects the files of one tree."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._rows = Rows()
        self._late = Parser()
        self._places: dict[int, Place] = {}
        self._metas: dict[Place, Meta] = {}
        self._digests: dict[str, bytes] = {}
        self._newest = 0.0
        self._files = 0
        self.problems: list[Problem] = []

    def expect(self, place: Place) -> int:
        """The number under which a result file of this place will be handed in."""
        number = len(self._places)
        self._places[number] = place
        return number

    def meta(self, place: Place, content: bytes, modified: float) -> None:
        """Take a model_meta.json."""
        self._files += 1
        self._newest = max(self._newest, modified)
        self._digests[place.path] = hashlib.sha256(content).digest()
        try:
            self._metas[place] = formats.decode(content)
        except formats.Odd as error:
            self.refuse(place, f"{error}; the model is known by other means")

    def merge(self, chunk: Chunk) -> list[int]:
        """Take parsed files; the numbers of those in another format, whose contents are to go to `odd`."""
        self._rows.merge(chunk)
        self._files += len(chunk.files)
        self._newest = max(self._newest, chunk.newest)
        self._digests.update((self._places[number].path, digest) for number, digest in chunk.digests.items())
        for number, reason in chunk.refused:
            self.refuse(self._places[number], f"{reason}; it is left out")
        return chunk.odd

    def odd(self, number: int, content: bytes) -> None:
        """Take the content of a file that is not in the current format."""
        place = self._places[number]
        self._files += 1
        try:
            result, flaws = formats.convert(content, self._catalogue)
            self._late.add(number, result)
        except (formats.Odd, ValueError) as error:
            self.refuse(place, f"{error}; it is left out")
            return
        if flaws:
            self.refuse(place, flaws)

    def refuse(self, place: Place, message: str) -> None:
        """Note a problem with a file."""
        self.problems.append(Problem(place.path, message))

    def reading(self, revision: str | None) -> Reading:
        """Everything that was taken."""
        self._rows.merge(self._late.chunk())
        names = self._names()
        metas = self._metas_by_model(names)
        facts = Facts(self._catalogue.metric, models.trained_on(self._catalogue, metas))
        runs = {number: _run(place, names[place.model]) for number, place in self._places.items()}
        return Reading(
            scores=self._rows.table(runs, facts, revision),
            problems=sorted(self.problems, key=lambda problem: problem.path),
            digest=_digest(self._digests),
            newest=self._newest,
            files=self._files,
            metas=metas,
        )

    def _names(self) -> dict[str, str]:
        """Names of models by directory: by a model_meta.json, by the catalogue, or by the directory itself."""
        stated = self._stated_names()
        directories = {place.model for place in (*self._places.values(), *self._metas)}
        listed = self._catalogue.model_names
        return {
            directory: stated.get(directory) or listed.get(directory) or directory.replace("__", "/", 1)
            for directory in directories
        }

    def _stated_names(self) -> dict[str, str]:
        stated: dict[str, str] = {}
        for place in sorted(self._metas):
            name = self._metas[place].get("name")
            if isinstance(name, str) and directory_of(name) == place.model:
                stated.setdefault(place.model, name)
            elif name is not None:
                self.refuse(place, f"names the model {name!r}, which is not its directory's; the directory counts")
        return stated

    def _metas_by_model(self, names: Mapping[str, str]) -> dict[str, Meta]:
        """The description of each model that says most, of a real revision where there is one."""
        best: dict[str, Meta] = {}
        for place in sorted(self._metas, key=_rank(self._metas)):
            best.setdefault(names[place.model], self._metas[place])
        return best


def _rank(metas: Mapping[Place, Meta]) -> Callable[[Place], tuple[bool, bool, int, Place]]:
    return lambda place: (place.variant is not None, place.revision in EXTERNAL, -_said(metas[place]), place)


def _said(meta: Meta) -> int:
    return sum(value is not None for value in meta.values())


def _run(place: Place, model: str) -> Run:
    return Run(place.path, model, place.revision, place.variant)


def _digest(digests: Mapping[str, bytes]) -> str:
    return digest_of((path, digests[path]) for path in sorted(digests))


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """A hash of paths and of the hashes of their contents."""
    total = hashlib.sha256()
    for path, digest in files:
        total.update(path.encode() + b"\0" + digest)
    return total.hexdigest()
