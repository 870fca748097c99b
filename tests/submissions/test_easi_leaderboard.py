"""EASI's leaderboard, as its own API answers it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.conftest import build_dir


@pytest.fixture(scope="module")
def easi(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    built = build_dir(tmp_path_factory.mktemp("easi"), {"easi": str(shared_data / "easi")})
    with TestClient(create_app(Settings(data_dir=built))) as client:
        yield client


@pytest.mark.parametrize("path", ["/api/leaderboard", "/api/leaderboard/"])
def test_it_equals_what_easi_answers(easi: TestClient, shared_data: Path, path: str) -> None:
    expected = json.loads((shared_data / "easi/leaderboard/expected_api_leaderboard.json").read_bytes())
    answer = easi.get(path)
    assert answer.status_code == 200
    assert answer.json() == expected
    assert [list(each) for each in answer.json()["data"]] == [list(each) for each in expected["data"]]


def test_it_holds_for_a_browser_that_has_it(easi: TestClient) -> None:
    answer = easi.get("/api/leaderboard")
    assert easi.get("/api/leaderboard", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert easi.head("/api/leaderboard").content == b""


def test_the_samples_models_are_in_the_files_order(client: TestClient) -> None:
    told = client.get("/api/leaderboard/").json()
    assert len(told["data"]) > 20
    assert told["capabilityMap"]
    assert all(set(each["scores"]) == set(told["data"][0]["scores"]) for each in told["data"])
    assert None not in [
        value for each in told["data"] for parts in each.get("subScores", {}).values() for value in parts.values()
    ]


def test_a_store_without_it_says_so(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data_dir=tmp_path))) as client:
        answer = client.get("/api/leaderboard")
    assert answer.status_code == 502
    assert answer.json()["error"].startswith("There is no data yet")
