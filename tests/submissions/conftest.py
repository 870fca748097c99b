"""Fixtures of submitting: one service for the tests of a file, which come as different people."""

from collections.abc import Iterator
from pathlib import Path

import httpcore2
import pytest

from tests.hub import LoopbackHub
from tests.submissions.office import Office, open_office


@pytest.fixture(scope="package", autouse=True)
def one_tls_context() -> Iterator[None]:
    """One TLS context for all clients, which speak none here: to load the certificates takes longer than most tests."""
    context = httpcore2.default_ssl_context()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(httpcore2, "default_ssl_context", lambda **_: context)
        yield


@pytest.fixture(scope="module")
def own_hub() -> Iterator[LoopbackHub]:
    """A loopback Hub that keeps what it holds from test to test of one file."""
    with LoopbackHub() as running:
        yield running


@pytest.fixture(scope="module")
def office(own_hub: LoopbackHub, sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The service on the sample; `max` reviews."""
    hub = own_hub.hub
    hub.add_person("hf_max", "max", id="b" * 24)
    data_dir = tmp_path_factory.mktemp("office") / "data"
    with open_office(hub, sample_dir, data_dir, maintainers="b" * 24) as office:
        yield office
