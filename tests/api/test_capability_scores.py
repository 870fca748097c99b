"""Capability scores are means over all that carry a label, through the map of the version that is ranked."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.rankings import every_task, rank, versions
from tests.conftest import build_dir

SPACE = "EASI-8"
CAPABILITIES = """
  capabilities { label }
  entries { nodes { model { aliases { source name } } capabilityScores { capability { label } value scored expected } } }
"""
OLDER, NEWER = "bench_20260301T090000", "bench_20260601T090000"


@pytest.fixture(scope="module")
def mapped(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of EASI whose older version has a map of its own."""
    folder = tmp_path_factory.mktemp("mapped") / "easi"
    shutil.copytree(sample / "easi", folder)
    current = folder / "leaderboard/capability_map.json"
    labels = json.loads(current.read_text("utf-8"))
    labels["vsi_bench"]["object_counting"] = ["mm", "xx"]
    del labels["mmsi_bench"]
    (folder / "leaderboard/capability_map_20260301T090000.json").write_text(json.dumps(labels), "utf-8")
    return folder


@pytest.fixture(scope="module")
def mapped_client(mapped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data_dir = build_dir(tmp_path_factory.mktemp("mapped-data"), {"easi": str(mapped)})
    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        yield client


@pytest.mark.parametrize("label", [OLDER, NEWER])
@pytest.mark.parametrize("board", [SPACE, "EASI-12", "vsi_bench"])
@pytest.mark.parametrize("source", ["client", "mapped_client"])
def test_a_capability_is_the_mean_over_all_that_carry_its_label(
    request: pytest.FixtureRequest, sample: Path, source: str, board: str, label: str
) -> None:
    folder = sample / "easi" if source == "client" else request.getfixturevalue("mapped")
    asked: TestClient = request.getfixturevalue(source)
    leaderboard = folder / "leaderboard"
    own = leaderboard / f"capability_map_{label.removeprefix('bench_')}.json"
    labels = json.loads((own if own.exists() else leaderboard / "capability_map.json").read_text("utf-8"))
    published = json.loads((leaderboard / f"versions/{label}.json").read_text("utf-8"))
    (version,) = [each for each in versions(asked, board) if each["label"] == label]
    found = rank(asked, board, CAPABILITIES, version=version["id"])
    pairs = capability_pairs(labels, set(every_task(asked, board)))
    assert [each["label"] for each in found["capabilities"]] == sorted(pairs)
    by_model = {
        alias["name"]: {each["capability"]["label"]: each for each in entry["capabilityScores"]}
        for entry in found["entries"]["nodes"]
        for alias in entry["model"]["aliases"]
        if alias["source"] == "easi"
    }
    scored = 0
    for key, entry in published.items():
        if not any(task in entry["results"] for task in every_task(asked, board)):
            continue
        ours = by_model[entry.get("config", {}).get("model_name", key)]
        assert set(ours) == set(pairs)
        for name, those in pairs.items():
            values = [entry["results"].get(task, {}).get("sub_scores", {}).get(subset) for task, subset in those]
            known = [value for value in values if value is not None]
            assert (ours[name]["scored"], ours[name]["expected"]) == (len(known), len(those))
            mean = fmean(known) if len(known) == len(those) else None
            assert ours[name]["value"] == (mean if mean is None else pytest.approx(mean))
            scored += mean is not None
    assert scored


def capability_pairs(labels: Any, tasks: set[str]) -> dict[str, list[tuple[str, str]]]:
    """By label, the (task, sub-score) pairs that carry it on some tasks."""
    found: dict[str, list[tuple[str, str]]] = {}
    for task, subsets in labels.items():
        for subset, carried in subsets.items():
            for label in carried if task in tasks else ():
                found.setdefault(label, []).append((task, subset))
    return found


def test_capabilities_are_of_the_tasks_that_are_ranked(client: TestClient, sample: Path) -> None:
    labels = json.loads((sample / "easi/leaderboard/capability_map.json").read_text("utf-8"))
    found = rank(client, SPACE, CAPABILITIES, tasks={"name": {"in": ["vsi_bench", "site"]}})
    pairs = capability_pairs(labels, {"vsi_bench", "site"})
    assert [each["label"] for each in found["capabilities"]] == sorted(pairs)
    for entry in found["entries"]["nodes"]:
        assert {each["capability"]["label"]: each["expected"] for each in entry["capabilityScores"]} == {
            label: len(those) for label, those in pairs.items()
        }
