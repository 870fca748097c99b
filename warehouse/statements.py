"""SQL files as statements: a file names the statements it stands on, and they become its CTEs.

The first lines of a file may be directives: `-- on: a, b` names the files in the same folder that it reads, and
`-- inline` says that it is worked out anew wherever it is read: each that reads it has a copy of its own.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, count

FOLDER = files("warehouse") / "sql"
ON = "-- on:"
INLINE = "-- inline"
PUT_TOGETHER = 500  # statements that are kept as they were put together


@cache
def read(name: str) -> str:
    """The text of `sql/<name>.sql`, without its directives. Raises FileNotFoundError."""
    return "\n".join(line for line in _lines(name) if not _is_directive(line)).strip()


@cache
def heading(name: str) -> str:
    """What a statement is for: the comment on its first line."""
    return _lines(name)[0].removeprefix("-- ")


def statement(
    name: str,
    given: frozenset[str] = frozenset(),
    slots: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> str:
    """`sql/<name>.sql` with all it stands on as CTEs: one statement that runs by itself.

    What is `given` (names of files in its folder) is left out: tables of these names hold it already. A name in
    `slots` is read from the file it maps to, and one in `texts` is that text.
    """
    return _statement(name, given, tuple(sorted((slots or {}).items())), tuple(sorted((texts or {}).items())))


@cache
def names(folder: str) -> list[str]:
    """Names of the statements in a folder, sorted."""
    return sorted(
        f"{folder}/{entry.name.removesuffix('.sql')}"
        for entry in (FOLDER / folder).iterdir()
        if entry.name.endswith(".sql")
    )


def literal(text: str) -> str:
    """A text as SQL, where a statement takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


_Pairs = tuple[tuple[str, str], ...]


@lru_cache(PUT_TOGETHER)
def _statement(name: str, given: frozenset[str], slots: _Pairs, texts: _Pairs) -> str:
    parts = _Parts(name.rpartition("/")[0], given, dict(slots), dict(texts))
    text = parts.told(name, read(name))
    if not parts.ctes:
        return text
    ctes = ",\n".join(parts.ctes.values())
    return f"with {ctes}\n{text}"


class _Parts:
    """The files of one folder as CTEs by name, each after those it reads; some files stand in the place of others."""

    def __init__(self, folder: str, given: frozenset[str], slots: dict[str, str], texts: dict[str, str]) -> None:
        self.folder = folder
        self.given = given
        self.slots = slots
        self.texts = texts
        self.ctes: dict[str, str] = {}

    def told(self, file: str, text: str) -> str:
        """A text after all that its file reads has become CTEs."""
        for part in _needs(file):
            if part in self.given:
                continue
            if self._is_inline(part):
                text = re.sub(rf"\b{part}\b", self._copy(part), text)
            elif part not in self.ctes:
                self._add(part, part, "materialized")
        return text

    def _copy(self, part: str) -> str:
        """One more CTE of a part, and its name: one that two read takes DuckDB long to plan."""
        names = chain([part], (f"{part}_{number}" for number in count(2)))
        own = next(name for name in names if name not in self.ctes)
        self._add(own, part, "not materialized")
        return own

    def _add(self, name: str, part: str, how: str) -> None:
        file = f"{self.folder}/{self.slots.get(part, part)}"
        text = self.told(file, self.texts.get(part) or read(file))
        self.ctes[name] = f"{name} as {how} (\n{_indent(text)}\n)"

    def _is_inline(self, part: str) -> bool:
        return part in self.texts or INLINE in _lines(f"{self.folder}/{self.slots.get(part, part)}")


def _needs(name: str) -> list[str]:
    for line in _lines(name):
        if line.startswith(ON):
            return [part.strip() for part in line.removeprefix(ON).split(",")]
    return []


def _is_directive(line: str) -> bool:
    return line.startswith(ON) or line == INLINE


@cache
def _lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.splitlines())
