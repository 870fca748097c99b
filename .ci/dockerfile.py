"""A Dockerfile and .dockerignore as they are read: stages, instructions, and what of the project is in the build."""

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class Unknown(Exception):
    """Something in the Dockerfile that this script cannot do."""


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name, its `--flags`, and what follows them."""

    name: str
    flags: dict[str, str]
    text: str


@dataclass
class Stage:
    """One stage: where its files end up, and what it says of how it runs."""

    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)


def read_instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile, whose lines may go on after a backslash."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.strip().partition(" ")
        flags: dict[str, str] = {}
        while found := re.match(r"\s*--([\w-]+)=(\S+)\s+", rest):
            flags[found[1]] = found[2]
            rest = rest[found.end() :]
        yield Instruction(name.upper(), flags, rest.strip())


def read_stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile, the last of which is the image."""
    stages: list[Stage] = []
    for instruction in read_instructions(text):
        if instruction.name == "FROM":
            base, _, name = (part.strip() for part in re.sub(r"(?i)\s+as\s+", "|", instruction.text).partition("|"))
            stages.append(Stage(name or str(len(stages)), base))
        elif not stages:
            raise Unknown(f"{instruction.name} before the first FROM")
        else:
            stages[-1].instructions.append(instruction)
    return stages


def is_ignored(path: str, patterns: Sequence[str]) -> bool:
    """Whether .dockerignore keeps a path, relative to the project, out of the build: the last pattern decides."""
    ignored = False
    parents = ["/".join(path.split("/")[:count]) for count in range(1, path.count("/") + 2)]
    for pattern in patterns:
        wanted = pattern.removeprefix("!").strip("/")
        if any(_matches(parent, wanted) for parent in parents):
            ignored = not pattern.startswith("!")
    return ignored


def is_closed(path: str, patterns: Sequence[str]) -> bool:
    """Whether nothing below a path can be in the build."""
    return is_ignored(path, patterns) and not any(pattern.startswith(f"!{path}/") for pattern in patterns)


def _matches(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatchcase(path.rpartition("/")[2], pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch.fnmatchcase(path, pattern)


def tops(stages: Sequence[Stage]) -> Iterator[str]:
    """The folders of the root that belong to the image: those that WORKDIR and COPY name."""
    for stage in stages:
        for instruction in stage.instructions:
            if instruction.name in ("WORKDIR", "COPY"):
                path = instruction.text.split()[-1]
                yield from [path.split("/")[1]] if path.startswith("/") else []


def filled(value: str, known: Mapping[str, str]) -> str:
    """A value with the variables in it filled in."""
    return VARIABLE.sub(lambda found: known.get(found[1] or found[2], ""), value)


def words(text: str) -> list[str]:
    """A command in its JSON form, the only one that gets signals."""
    if not text.startswith("["):
        raise Unknown(f"{text}: write it as a JSON array")
    return [str(word) for word in json.loads(text)]
