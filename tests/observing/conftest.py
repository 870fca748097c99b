"""Fixtures of what operators see: an application that notes every request as slow, and its log."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.app import create_app
from api.observing.logs import JsonFormatter
from api.settings import Settings


class Lines:
    """The lines of a JSON log."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def __call__(self, logger: str = "standings") -> list[dict[str, Any]]:
        """Those of a logger and of the ones below it."""
        told = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in told if f"{line['logger']}.".startswith(f"{logger}.")]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged meanwhile."""
    lines, logger = Lines(), logging.getLogger("standings")
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(JsonFormatter())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture(scope="module")
def watched(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that notes every request and statement as slow."""
    with TestClient(create_app(Settings(data_dir=sample_dir, slow_seconds=0))) as client:
        yield client


def numbers(client: TestClient) -> dict[str, dict[tuple[str, ...], float]]:
    """What /metrics says: numbers by name and values of labels, in the order of the labels' names."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return parsed(answer.text)


def parsed(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name.removeprefix("standings_"), {})[key] = sample.value
    return found
