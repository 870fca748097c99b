"""Fixtures of the loopback Hub: one server a session, emptied for every test."""

from collections.abc import Iterator

import pytest

from tests.hub.fake import FakeHub
from tests.hub.server import LoopbackHub


@pytest.fixture(scope="session")
def loopback_hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as running:
        yield running


@pytest.fixture
def hub(loopback_hub: LoopbackHub) -> FakeHub:
    """An empty Hub that listens on `hub.url`."""
    loopback_hub.hub.reset()
    return loopback_hub.hub
