"""The problems of one file, bounded, and the way values from outside are shown in them."""

from dataclasses import dataclass

from etl.source import Problem

MOST_PROBLEMS = 200
LONGEST_SHOWN = 60


class Refused(Exception):
    """A file that cannot be used as a whole; the message says why."""


@dataclass
class Findings:
    """Collects what is wrong in one file; after `MOST_PROBLEMS` of them, once, that there is more."""

    path: str
    problems: list[Problem]
    count: int = 0

    def add(self, message: str) -> None:
        """Record one thing that is wrong."""
        self.count += 1
        if self.count <= MOST_PROBLEMS:
            self.problems.append(Problem(self.path, message))
        elif self.count == MOST_PROBLEMS + 1:
            self.problems.append(Problem(self.path, f"has more problems than the {MOST_PROBLEMS} listed"))


def shown(value: object) -> str:
    """A value as short printable text."""
    text = repr(value) if isinstance(value, (str, int, float, bool)) or value is None else f"a {type(value).__name__}"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def printable(name: str) -> str:
    """A file name without the bytes that are not UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
