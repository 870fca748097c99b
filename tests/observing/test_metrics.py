"""Numbers for Prometheus: what they count, that there are only so many, and that none waits."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from api.observing.metrics import MOST_OPERATIONS, Metrics
from api.settings import Settings
from tests.asking import post
from tests.hub import FakeHub
from tests.observing.conftest import numbers, parsed
from warehouse.ledger.errors import LedgerError
from warehouse.ledger.submissions import Submissions

pytest_plugins = ("tests.hub.fixtures",)
BOARD = 'query Board { benchmark(name: "EASI-8") { leaderboard { totalModels } } }'
TASK = 'query Task { task(name: "%s") { subsets { name } } }'


@pytest.fixture
def counted(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that has counted nothing yet."""
    with TestClient(create_app(Settings(data_dir=sample_dir))) as client:
        yield client


def test_requests_are_counted_by_route_status_and_operation(counted: TestClient) -> None:
    for body in (
        {"query": BOARD},
        {"query": BOARD},
        {"query": "{ warehouse { snapshot } }"},
        {"query": "query Wrong { no }"},
    ):
        post(counted, body, "application/graphql-response+json")
    counted.get("/api/leaderboard/")
    counted.get("/no/where")
    found = numbers(counted)
    requests = found["requests_total"]  # by operation, route, status
    assert requests[("Board", "/graphql", "200")] == 2
    assert requests[("anonymous", "/graphql", "200")] == 1
    assert requests[("", "/graphql", "400")] == 1
    assert requests[("", "/api/leaderboard", "200")] == 1
    assert requests[("", "other", "404")] == 1
    assert found["request_seconds_count"][("Board", "/graphql")] == 2
    assert found["request_cost_count"][("Board",)] == 2
    assert not any("Wrong" in key for key in requests)


def test_clients_cannot_make_numbers_without_end(counted: TestClient) -> None:
    for number in range(MOST_OPERATIONS + 5):
        post(counted, {"query": f"query Op{number} {{ warehouse {{ snapshot }} }}"})
    post(counted, {"query": f"query {'L' * 61} {{ warehouse {{ snapshot }} }}"})
    found = numbers(counted)
    operations = {operation for operation, route, _ in found["requests_total"] if route == "/graphql"}
    assert len(operations) <= MOST_OPERATIONS + 1
    assert found["requests_total"][("other", "/graphql", "200")] >= 6


def test_caches_statements_and_pools_are_counted(counted: TestClient) -> None:
    for _ in range(3):
        post(counted, {"query": TASK % "vsi_bench"})
    found = numbers(counted)
    assert (found["cache_hits_total"][("responses",)], found["cache_misses_total"][("responses",)]) == (2, 1)
    assert found["cache_misses_total"][("tables",)] == found["duckdb_seconds_count"][("done",)] >= 1
    assert found["cache_bytes"][("responses",)] > 0
    assert found["pool_threads"][("graphql",)] >= 1
    assert found["pool_running"][("graphql",)] == found["pool_waiting"][("graphql",)] == 0
    assert found["pool_refusals_total"][("graphql",)] == 0
    assert numbers(counted)["cache_hits_total"][("responses",)] == 2


def test_refusals_of_a_full_queue_are_counted(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(data_dir=sample_dir, query_threads=1, query_queue=0, cache_mb=0))
    begun, go_on = threading.Event(), threading.Event()

    def wait(*given: object) -> None:
        begun.set()
        go_on.wait(10)
        raise RuntimeError

    monkeypatch.setattr("api.engine.Reader.read", wait)
    with TestClient(app) as client:
        asking = threading.Thread(target=post, args=(client, {"query": TASK % "vsi_bench"}))
        asking.start()
        assert begun.wait(10)
        assert numbers(client)["pool_running"][("graphql",)] == 1
        assert post(client, {"query": TASK % "mmsi_bench"}).status_code == 503
        go_on.set()
        asking.join()
        assert numbers(client)["pool_refusals_total"][("graphql",)] == 1


def test_the_snapshot_its_sources_and_submissions_are_told(sample_dir: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=sample_dir, ledger_url=SecretStr(f"sqlite:///{tmp_path / 'ledger.sqlite3'}"))
    with TestClient(create_app(settings)) as client:
        until = time.monotonic() + 10
        while "submissions" not in (found := numbers(client)) and time.monotonic() < until:
            time.sleep(0.02)
        ready = client.get("/ready").json()
    assert abs(found["snapshot_age_seconds"][()] - ready["ageSeconds"]) < 10
    assert {source for (source,) in found["source_loaded_timestamp_seconds"]} == {
        source["name"] for source in ready["sources"]
    }
    assert found["workers"][()] == found["ledger_up"][()] == 1
    assert found["submissions"] == {(status,): 0 for status in ("pending", "approved", "rejected", "withdrawn")}


def test_a_scrape_does_not_wait_for_a_ledger_that_does_not_answer(
    sample_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def wait(*given: object) -> None:
        asked.set()
        go_on.wait(10)
        raise LedgerError("the ledger is gone")

    monkeypatch.setattr(Submissions, "counts", wait)
    with TestClient(create_app(Settings(data_dir=sample_dir))) as client:
        assert asked.wait(10)
        assert "ledger_up" in numbers(client)
        go_on.set()


def test_lookups_of_tokens_are_counted(hub: FakeHub, sample_dir: Path) -> None:
    hub.add_person("hf_someone", "someone")
    with TestClient(create_app(Settings(data_dir=sample_dir, hub_url=hub.url))) as client:
        for token in ("hf_someone", "hf_someone", "hf_nobody"):
            client.get("/api/auth/me", headers={"authorization": f"Bearer {token}"})
        assert numbers(client)["token_checks_total"] == {("verified",): 1, ("refused",): 1}


def test_there_are_none_where_they_are_off(sample_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=sample_dir, metrics=False))) as client:
        assert client.get("/metrics").status_code == 404
        assert post(client, {"query": BOARD}).status_code == 200


def test_applications_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.request("/graphql", "Mine", 200, 0.1, 5)
    assert parsed(one.write().decode())["requests_total"] == {("Mine", "/graphql", "200"): 1}
    assert "requests_total" not in parsed(other.write().decode())


def test_ready_tells_how_fresh_each_source_is(counted: TestClient) -> None:
    ready = counted.get("/ready")
    told = ready.json()
    assert (ready.status_code, ready.headers["cache-control"]) == (200, "no-store")
    assert list(told) == ["status", "snapshot", "builtAt", "ageSeconds", "sources"]
    names = [source["name"] for source in told["sources"]]
    assert names == sorted(names) == ["easi", "hub", "mteb", "mteb-catalog", "openevals"]
    easi = told["sources"][0]
    assert list(easi) == ["name", "revision", "loadedAt", "newestVersion", "problems"]
    assert easi["newestVersion"] == {"label": "bench_20260601T090000", "publishedAt": "2026-06-01T09:00:00+00:00"}
    assert (easi["revision"][:7], easi["problems"]) == ("sha256:", 0)
    assert len(json.dumps(told)) < 2_000
