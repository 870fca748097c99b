"""SQL files as statements: a file names the statements it stands on, and they become its CTEs.

The first line of a file may be `-- on: a, b`: the names of files in the same folder that it reads.
"""

from functools import cache
from importlib.resources import files

FOLDER = files("warehouse") / "sql"


@cache
def read(name: str) -> str:
    """The text of `sql/<name>.sql`, without its `-- on:` line. Raises FileNotFoundError."""
    return "\n".join(line for line in _lines(name) if not line.startswith("-- on:")).strip()


@cache
def heading(name: str) -> str:
    """What a statement is for: the comment on its first line."""
    return _lines(name)[0].removeprefix("-- ")


@cache
def statement(name: str, given: frozenset[str] = frozenset()) -> str:
    """`sql/<name>.sql` with all it stands on as CTEs: one statement that runs by itself.

    What is `given` (names of files in its folder) is left out: tables of these names hold it already.
    """
    order = _order(name, given)
    if not order:
        return read(name)
    folder = name.rpartition("/")[0]
    ctes = ",\n".join(f"{part} as materialized (\n{_indent(read(f'{folder}/{part}'))}\n)" for part in order)
    return f"with {ctes}\n{read(name)}"


def literal(text: str) -> str:
    """A text as SQL, where a statement takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


def names(folder: str) -> list[str]:
    """Names of the statements in a folder, sorted."""
    return sorted(
        f"{folder}/{entry.name.removesuffix('.sql')}"
        for entry in (FOLDER / folder).iterdir()
        if entry.name.endswith(".sql")
    )


def _order(name: str, given: frozenset[str]) -> list[str]:
    """What a statement stands on, each before those that read it."""
    folder = name.rpartition("/")[0]
    found: list[str] = []
    for part in _needs(name):
        if part in given:
            continue
        for each in (*_order(f"{folder}/{part}", given), part):
            if each not in found:
                found.append(each)
    return found


def _needs(name: str) -> list[str]:
    for line in _lines(name):
        if line.startswith("-- on:"):
            return [part.strip() for part in line.removeprefix("-- on:").split(",")]
    return []


def _lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.splitlines())
