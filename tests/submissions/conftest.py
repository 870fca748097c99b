"""Fixtures of submitting: one service for the tests of a file, which come as different people."""

from collections.abc import Iterator
from pathlib import Path

import httpcore2
import pytest

from tests.hub import LoopbackHub, Repo
from tests.submissions.office import MODEL, PUSHER, REQUESTS, Office, open_office


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


@pytest.fixture(scope="module")
def requests_repo(own_hub: LoopbackHub) -> Repo:
    """The dataset that submissions are pushed to, by who holds PUSHER."""
    own_hub.hub.add_model(MODEL, {}, cardData={"license": "mit"})
    own_hub.hub.add_person(PUSHER, "pusher")
    repo = own_hub.hub.add_dataset(REQUESTS, {}, private=True)
    own_hub.hub.let_write(PUSHER, repo)
    return repo
