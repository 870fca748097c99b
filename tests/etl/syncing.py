"""Fixture: a loopback Hub that is read as often as a test wants."""

from pathlib import Path

import pytest

from tests.etl.hub import Sync
from tests.hub import FakeHub


@pytest.fixture
def sync(hub: FakeHub, tmp_path: Path) -> Sync:
    return Sync(hub, tmp_path / "cache")
