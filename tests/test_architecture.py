"""Who may know whom, how large a module may be, and what no file of the project holds."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
OURS = ("api", "etl", "warehouse")
LONGEST_MODULE = 350
VAGUE = {"base", "common", "helpers", "manager", "misc", "util", "utils"}
TEXT = {
    ".cfg",
    ".css",
    ".csv",
    ".graphql",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".mjs",
    ".py",
    ".sh",
    ".sql",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
    "",
}
FOLDERS = ("api", "etl", "warehouse", "tests", "docs", ".ci")


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """The syntax tree of a module, which comes first, and all that is in it."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def modules(*packages: str) -> list[Path]:
    return sorted(file for package in packages for file in (PROJECT / package).rglob("*.py"))


def named(file: Path) -> str:
    """The dotted name of a module's file."""
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(file: Path) -> tuple[str, ...]:
    """Dotted names of what a module imports, anywhere in it; of `from a import b`, `a.b`."""
    package = named(file).split(".")
    package = package if file.name == "__init__.py" else package[:-1]
    found: list[str] = []
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += (f"{base}.{alias.name}" for alias in node.names)
    return tuple(found)


def arrows(*packages: str) -> Iterator[tuple[str, str]]:
    """(module, what it imports) of everything below packages."""
    for file in modules(*packages):
        yield from ((named(file), name) for name in imported(file))


def within(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of the packages, or in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def test_the_reader_of_imports_sees_them() -> None:
    found = set(imported(PROJECT / "warehouse" / "build.py"))
    assert {"duckdb", "pyarrow", "warehouse.history.History"} <= found
    assert modules(*OURS)


@pytest.mark.parametrize(
    ("package", "allowed"),
    [("warehouse", ["warehouse"]), ("etl", ["etl", "warehouse"]), ("api", ["api", "etl", "warehouse"])],
)
def test_a_package_imports_only_those_below_it(package: str, allowed: list[str]) -> None:
    wrong = [arrow for arrow in arrows(package) if within(arrow[1], *OURS, "tests") and not within(arrow[1], *allowed)]
    assert wrong == []


def test_only_the_command_knows_etl() -> None:
    wrong = [
        arrow for arrow in arrows("api") if within(arrow[1], "etl") and not within(arrow[0], "api.cli", "api.commands")
    ]
    assert wrong == []


def test_the_command_is_known_by_nobody() -> None:
    wrong = [
        arrow
        for arrow in arrows(*OURS)
        if within(arrow[1], "api.cli", "api.commands") and not within(arrow[0], "api.cli", "api.commands")
    ]
    assert wrong == []


def test_graphql_and_rest_do_not_know_each_other() -> None:
    pairs = (("api.graphql", "api.rest"), ("api.rest", "api.graphql"))
    wrong = [
        arrow for arrow in arrows("api") for one, other in pairs if within(arrow[0], one) and within(arrow[1], other)
    ]
    assert wrong == []


def test_a_source_imports_no_other_source() -> None:
    sources = {
        f"etl.sources.{entry.stem}"
        for entry in (PROJECT / "etl" / "sources").iterdir()
        if not entry.name.startswith("_")
    }
    assert {"etl.sources.easi", "etl.sources.mteb"} <= sources
    for source in sources:
        others = sources - {source}
        assert [arrow for arrow in arrows("etl") if within(arrow[0], source) and within(arrow[1], *others)] == []


def test_the_pipeline_knows_no_source_by_name() -> None:
    shared = ("etl.pipeline", "etl.identity", "etl.fetch", "etl.source", "etl.client", "etl.download")
    assert [arrow for arrow in arrows("etl") if within(arrow[0], *shared) and within(arrow[1], "etl.sources")] == []


def test_the_warehouse_knows_no_http() -> None:
    web = (
        "aiohttp",
        "graphql",
        "http",
        "httpx",
        "httpx2",
        "huggingface_hub",
        "requests",
        "socket",
        "starlette",
        "strawberry",
        "urllib",
        "uvicorn",
    )
    assert [arrow for arrow in arrows("warehouse") if within(arrow[1], *web)] == []


def test_settings_and_the_command_alone_read_the_environment() -> None:
    readers = {
        named(file)
        for file in modules(*OURS)
        for node in nodes(file)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert {name for name in readers if not within(name, "api.settings", "api.commands")} == set()


def test_modules_are_short_named_for_something_and_say_what_they_are() -> None:
    for file in modules(*OURS):
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST_MODULE, named(file)
        assert file.stem not in VAGUE, named(file)
        module = nodes(file)[0]
        assert isinstance(module, ast.Module)
        assert ast.get_docstring(module), named(file)


def literals(file: Path) -> Iterator[str]:
    """Texts in a module, without its docstrings; of f-strings the written parts."""
    documented = {
        id(node.body[0].value)
        for node in nodes(file)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in nodes(file):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


STATEMENT = re.compile(r"\bselect\b.*\bfrom\b", re.IGNORECASE | re.DOTALL)
WHOLE = re.compile(
    r"\b(left|inner|cross|full) join\b|\bgroup by\b|\bpartition by\b|\bunion all\b|\binsert into\b|\bdelete from\b|\bcreate (or replace )?(temp )?(table|view)\b|\bwith \w+ as \(",
    re.IGNORECASE,
)


def test_resolvers_hold_fragments_of_sql_and_no_statements() -> None:
    """A condition may ask a table; what joins, groups or writes is a file in `warehouse/sql`."""
    for file in modules("api"):
        found = [text for text in literals(file) if WHOLE.search(text)]
        assert found == [], named(file)
        assert [text for text in literals(file) if STATEMENT.search(text) and len(text) > 200] == [], named(file)


def test_every_statement_says_what_it_is_for() -> None:
    """The first line of a file is a comment; it describes checks and views to those who meet them."""
    files = sorted((PROJECT / "warehouse" / "sql").rglob("*.sql"))
    assert files
    assert [
        file.name for file in files if file.parent.name != "rankings" and not file.read_text().startswith("-- ")
    ] == []


def texts() -> Iterator[Path]:
    """The project's own text files."""
    top = [entry for entry in PROJECT.iterdir() if entry.is_file()]
    below = [file for folder in FOLDERS for file in (PROJECT / folder).rglob("*") if file.is_file()]
    for file in (*top, *below):
        if file.suffix in TEXT and not {"__pycache__", "node_modules"} & set(file.parts):
            yield file


# Put together here, so that this file does not hold them.
REGISTRIES = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.org",
            "npm" + r"mirror",
            "--" + "index-url",
            "index" + "_url",
        )
    )
)
MACHINE = re.compile(r"(?<![\w.~-])/(" + "|".join(("work", "root", "home/" + r"\w+", "Users/" + r"\w+")) + r")/")


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    found = []
    for file in texts():
        text = file.read_text(encoding="utf-8", errors="replace")
        matches = [match[0] for pattern in (REGISTRIES, MACHINE) for match in pattern.finditer(text)]
        found += [(str(file.relative_to(PROJECT)), match) for match in matches]
    assert found == []
