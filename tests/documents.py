"""The project's documents: their fenced blocks, in order, and the links between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

PROJECT = Path(__file__).parents[1]
DOCUMENTS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)?(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
ANSWERS = ("json", "text")


@dataclass(frozen=True)
class Block:
    """Something to run, and what it must answer where the document shows it.

    What a `client` runs needs a server, and programs that are no part of the project.
    """

    line: int
    language: str
    text: str
    variables: str | None = None
    answer: tuple[str, str] | None = None
    role: str | None = None


def blocks(document: Path) -> list[Block]:
    """What a document tells its reader to run. Raises ValueError for an answer to nothing."""
    source = document.read_text("utf-8")
    found: list[Block] = []
    for match in FENCE.finditer(source):
        language, role, text = match[1] or "", match[2], match[3]
        line = source.count("\n", 0, match.start()) + 1
        if language not in ANSWERS:
            found.append(Block(line, language, text, role=role))
            continue
        if not found or found[-1].answer:
            raise ValueError(f"{document.name}:{line} answers nothing")
        last = found.pop()
        variables = role == "variables"
        found.append(replace(last, variables=text) if variables else replace(last, answer=(language, text)))
    return found


def commands(block: Block) -> list[str]:
    """The commands of a shell block; a line that ends with a backslash goes on."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def links(document: Path) -> Iterator[Path]:
    """The files of the project that a document points to."""
    for target in LINK.findall(document.read_text("utf-8")):
        if "://" not in target:
            yield (document.parent / target).resolve()
