"""The explorer page and GraphiQL: journeys through them in Chromium, on a server of the sample."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from api.pages.built import read_built
from tests.browsing import WEB, find_chromium, find_node
from tests.serving import PROJECT, Server
from warehouse.store import Store

SHOTS = PROJECT / "build" / "shots"
SECONDS = 240.0
JOURNEYS = tuple(
    name
    for file in sorted((WEB / "journeys").glob("explorer_*.mjs"))
    for name in re.findall(r"^export async function (\w+)\(visit\b", file.read_text("utf-8"), re.MULTILINE)
)
ATTACHED = re.compile(r"attach '[^']+/warehouse/(?P<snapshot>[^']+)\.duckdb'")


@pytest.fixture(scope="module")
def found(sample_dir: Path) -> dict[str, dict[str, Any]]:
    """What became of each journey; skips where the pages, Node, its packages or Chromium are absent."""
    node, chromium = find_node("playwright-core"), find_chromium()
    if read_built() is None:
        pytest.skip("needs the built pages: run `make page`")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with Server(sample_dir) as server:
        url = f"http://127.0.0.1:{server.port}"
        words = [node, "journeys/explorer.mjs", url, f"--chromium={chromium}", f"--shots={SHOTS}"]
        run = subprocess.run(words, cwd=WEB, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert run.stdout, run.stderr
    return dict(json.loads(run.stdout))


@pytest.mark.parametrize("journey", JOURNEYS)
def test_somebody_at_the_explorer(journey: str, found: dict[str, dict[str, Any]]) -> None:
    assert found[journey]["error"] is None, found[journey]["error"]


def test_every_journey_was_gone(found: dict[str, dict[str, Any]]) -> None:
    assert set(found) == set(JOURNEYS)


def test_the_statements_that_were_copied_give_what_was_shown(
    found: dict[str, dict[str, Any]], sample_dir: Path
) -> None:
    told = [each for journey in found.values() for each in journey["told"] if "sql" in each]
    assert {each["view"] for each in told} == {"board", "boards", "model", "task", "compare", "conflicts"}
    for each in told:
        rows = run_copied(each["sql"], Store(sample_dir))
        assert [row[: len(each["rows"][0])] for row in rows[: len(each["rows"])]] == each["rows"], each["sql"]


def run_copied(text: str, store: Store) -> list[list[str]]:
    """The rows of a copied statement as texts, on the very snapshot it names."""
    attached = ATTACHED.search(text)
    assert attached is not None, text
    file = store.find(attached["snapshot"]).file
    with duckdb.connect() as connection:
        found = connection.execute(ATTACHED.sub(f"attach '{file}'", text)).fetchall()
    return [["" if value is None else str(value) for value in row] for row in found]
