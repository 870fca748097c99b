"""The sample's EASI leaderboard: published EASI-8 scores, and invented models beside them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from etl.sample.files import Files, draw, facts
from warehouse.easi.facts import EasiBenchmark, Facts, read_facts

FIRST, SECOND = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC)
FIRST_PUBLISHED = 14
LINK = "https://huggingface.co"

# Name, organisation it links to, level in percent by version (absent: not in it), and whether it ran all twelve.
INVENTED: tuple[tuple[str, str, dict[int, float], bool], ...] = (
    ("Sample-VL-2B", "", {1: 31.0}, False),
    ("Sample-VL-7B", "sample-lab", {1: 44.0, 2: 49.5}, True),
    ("Sample-VL-72B", "", {2: 61.0}, True),
    ("Sample-Spatial-8B", "sample-university", {2: 56.0}, False),
)
REJUDGED = "Sample-Spatial-8B"


def write_easi(files: Files) -> None:
    """Two versions and the current capability map."""
    known = read_facts()
    published = facts("easi8.csv")
    for number, (at, rows) in enumerate(((FIRST, published[:FIRST_PUBLISHED]), (SECOND, published)), start=1):
        versions = files.inside("leaderboard/versions", at)
        versions.json(f"bench_{at:%Y%m%dT%H%M%S}.json", dict([*_published(rows, known), *_invented(number, known)]))
    files.inside("leaderboard", SECOND).json("capability_map.json", _capabilities(known))


def _key(name: str) -> str:
    return name.lower().replace("-", "_")


def _config(name: str, hub_id: str) -> dict[str, str]:
    config = {"model_name": name, "model_key": _key(name), "backend": "vlmevalkit"}
    return {**config, "link": f"{LINK}/{hub_id}"} if hub_id else config


def _published(rows: list[dict[str, str]], known: Facts) -> Iterable[tuple[str, Any]]:
    for row in rows:
        results = {one.id: {one.metric: float(row[one.id])} for one in known.benchmarks.values() if row.get(one.id)}
        config = _config(row["model"], row["hub_id"])
        yield _key(row["model"]), {"config": config, "results": results}


def _invented(version: int, known: Facts) -> Iterable[tuple[str, Any]]:
    for name, organization, levels, complete in INVENTED:
        if version in levels:
            ran = [one for one in known.benchmarks.values() if one.core or complete]
            results = dict(_result(name, levels[version], one) for one in ran)
            hub_id = f"{organization}/{name}" if organization else ""
            yield _key(name), {"config": _config(name, hub_id), "results": results}


def _result(name: str, level: float, benchmark: EasiBenchmark) -> tuple[str, Any]:
    found: dict[str, Any] = {
        benchmark.metric: _score(name, level, benchmark.id),
        "sub_scores": {key: _score(name, level, benchmark.id, key) for key in benchmark.sub_scores},
    }
    rejudged = name == REJUDGED and benchmark.id == "blink"
    return (f"{benchmark.id}_exact_matching" if rejudged else benchmark.id), found


def _score(name: str, level: float, *cell: str) -> float:
    """A made-up score around the model's level; the level alone moves between versions."""
    return round(level + 24 * draw("easi", cell) - 12 + 6 * draw("easi", name, cell) - 3, 2)


def _capabilities(known: Facts) -> dict[str, dict[str, list[str]]]:
    labels = list(known.capabilities)
    found = {
        one.id: {key: [labels[int(draw("capability", one.id, key) * len(labels))]] for key in one.sub_scores}
        for one in known.benchmarks.values()
    }
    for row in facts("capabilities.csv"):
        found[row["benchmark"]][row["sub_score"]] = row["labels"].split("|")
    found["vsi_bench"]["room_size_estimation"] = []
    return found
