"""The files of an EASI leaderboard directory, and their bounded reading."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from etl.source import Problem, Unreadable
from etl.sources.easi.findings import Refused, printable
from etl.sources.easi.times import stamped

MOST_BYTES = 16 * 1024 * 1024
MOST_VERSIONS = 1000


@dataclass(frozen=True)
class Folder:
    """A leaderboard directory: version files by name, and capability maps by time; None is the current map."""

    root: Path
    versions: tuple[Path, ...]
    maps: Mapping[datetime | None, Path]

    def path(self, file: Path) -> str:
        """The file's path as the source's repository names it."""
        return printable(f"leaderboard/{file.relative_to(self.root).as_posix()}")


def find(place: Path, uri: str, problems: list[Problem]) -> Folder:
    """The leaderboard in `place` or at it. Raises `Unreadable` where there is none."""
    root = place / "leaderboard" if (place / "leaderboard").is_dir() else place
    if not (root / "versions").is_dir():
        raise Unreadable(
            f"EASI at {uri}: there is no directory leaderboard/versions; "
            "name the directory that holds leaderboard/versions/bench_YYYYMMDDTHHMMSS.json"
        )
    beside, inside = _named(root, "capability_map*.json"), _named(root / "versions", "*.json")
    maps = [file for file in inside if file.name.startswith("capability_map")]
    versions = [file for file in inside if file not in set(maps)]
    if len(versions) > MOST_VERSIONS:
        many = f"holds {len(versions)} versions; only the last {MOST_VERSIONS} by name were read"
        problems.append(Problem("leaderboard/versions", many))
    bare = Folder(root, tuple(versions[-MOST_VERSIONS:]), {})
    return replace(bare, maps=_stamped([*maps, *beside], bare, problems))


def _named(directory: Path, pattern: str) -> list[Path]:
    return sorted(file for file in directory.glob(pattern) if not file.name.startswith("."))


def _stamped(maps: list[Path], folder: Folder, problems: list[Problem]) -> Mapping[datetime | None, Path]:
    found: dict[datetime | None, Path] = {}
    for file in maps:
        stamp = stamped(file.stem)
        if file.name == "capability_map.json" or stamp:
            found[stamp] = file
        else:
            wrong = "is not read: name it capability_map.json, or capability_map_YYYYMMDDTHHMMSS.json for one version"
            problems.append(Problem(folder.path(file), wrong))
    return found


def read(file: Path) -> bytes:
    """The bytes of a regular file of at most `MOST_BYTES`. Raises `Refused`."""
    try:
        if not file.is_file():
            raise Refused("is not a file; it was left out")
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror}); it was left out") from error
    if len(content) > MOST_BYTES:
        raise Refused(f"is larger than {MOST_BYTES} bytes; it was left out")
    return content


class Fingerprint:
    """A hash over the names and contents of what was read."""

    def __init__(self) -> None:
        self._hash = sha256()

    def add(self, path: str, content: bytes) -> None:
        """Count a file in."""
        self._hash.update(f"{path}\0{len(content)}\0".encode())
        self._hash.update(content)

    def __str__(self) -> str:
        return f"sha256:{self._hash.hexdigest()[:16]}"
