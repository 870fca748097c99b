"""Where a result file is in the tree, and what its path says."""

from dataclasses import dataclass
from pathlib import PurePosixPath

ROOT = "results"
META = "model_meta.json"
EXPERIMENTS = "experiments"
INDEX = "paths.json"
SUFFIX = ".json"
RESULT, EXPERIMENT = 3, 5  # parts of a path below the root


@dataclass(frozen=True, order=True)
class Place:
    """A file of the tree; `variant` is an experiment's directory. Places sort as their paths do."""

    parts: tuple[str, ...]

    @property
    def model(self) -> str:
        """The model's directory."""
        return self.parts[0]

    @property
    def revision(self) -> str:
        """The model's revision."""
        return self.parts[1]

    @property
    def variant(self) -> str | None:
        """The experiment's directory; null for a plain run."""
        return self.parts[3] if len(self.parts) == EXPERIMENT else None

    @property
    def is_meta(self) -> bool:
        """Whether it describes the model, and is no result."""
        return self.parts[-1] == META

    @property
    def path(self) -> str:
        """The path in the repository."""
        return "/".join((ROOT, *self.parts))


class Misplaced(Exception):
    """A path that could hold a result but is none, and why."""


def locate(parts: tuple[str, ...]) -> Place | None:
    """The place of a file by its path below the tree's root; null for files of other kinds. Raises `Misplaced`."""
    path = "/".join(parts)
    if not path.endswith(SUFFIX) or parts[-1] == INDEX or path.startswith(".") or "/." in path:
        return None
    if not path.isascii() and printable(path) != path:
        raise Misplaced("has a name that is not Unicode")
    if len(parts) == RESULT or (len(parts) == EXPERIMENT and parts[2] == EXPERIMENTS):
        return Place(parts)
    raise Misplaced("is not at <org__model>/<revision>/<Task>.json, where results are")


def below_root(path: str) -> tuple[str, ...]:
    """The parts of a member's path below the tree's root. Raises `Misplaced` for a path that leads out of it."""
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts:
        raise Misplaced("has a path that leads out of the archive")
    start = parts.index(ROOT) + 1 if ROOT in parts[:2] else 0
    return parts[start:]


def printable(path: str) -> str:
    """A path as text that can be stored, whatever bytes it has."""
    return path.encode("utf-8", "backslashreplace").decode()
