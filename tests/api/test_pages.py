"""The documents of docs/pages are answered whole, each in one request, with the variables they name."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema as parse_schema
from graphql import parse, validate
from starlette.testclient import TestClient

from api.graphql.schema import build_schema
from tests.asking import ask

FOLDER = Path(__file__).parents[2] / "docs" / "pages"
# Lists that each page is about.
FILLED = {
    "home": ("menu.0.benchmarks", "benchmarks.nodes.0.leaderboard.largest.nodes"),
    "benchmark": ("benchmark.leaderboard.entries.nodes.0.taskValues", "benchmark.perLanguage.entries.0.values"),
    "benchmarks": ("benchmarks.nodes",),
    "tasks": ("tasks.nodes.0.benchmarks",),
    "task": ("task.benchmarks", "task.leaderboard.entries.nodes.0.cells"),
    "models": ("models.nodes",),
    "model": ("model.standings", "model.aliases"),
    "compare": ("benchmarks.nodes.0.leaderboard.entries.nodes.1.taskValues",),
}
VARIABLES = re.compile(r"Variables: ({.*})")


def documents() -> list[Path]:
    return sorted(FOLDER.glob("*.graphql"))


def variables(text: str) -> dict[str, Any]:
    """Those that the first lines of a document name."""
    found = VARIABLES.search(text)
    return json.loads(found[1]) if found else {}


def at(answer: Any, path: str) -> Any:
    """What is at a path of names and indices."""
    for name in path.split("."):
        answer = answer[int(name)] if name.isdigit() else answer[name]
    return answer


@pytest.mark.parametrize("file", documents(), ids=lambda file: file.stem)
def test_a_page_is_one_request(client: TestClient, file: Path) -> None:
    text = file.read_text("utf-8")
    assert validate(parse_schema(build_schema().as_str()), parse(text)) == []
    answer = ask(client, text, **variables(text))
    for path in FILLED[file.stem]:
        assert at(answer, path), path


def test_every_page_is_listed() -> None:
    listed = re.findall(r"\(pages/(\w+)\.graphql\)", (FOLDER.parent / "pages.md").read_text("utf-8"))
    assert sorted(listed) == [file.stem for file in documents()]
    assert len(listed) == 8
