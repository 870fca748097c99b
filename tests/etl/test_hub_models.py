"""The Hub source: what the models' own files and pages say, asked for within bounds."""

from datetime import UTC, date, datetime

from tests.etl.hub import TOKEN, Sync, bench, described, result, row, scores, told
from tests.hub import FakeHub
from warehouse.tables import MODELS

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


def test_the_models_own_file_gives_date_revision_and_source(hub: FakeHub, sync: Sync) -> None:
    data = {"date": "2026-04-22", "notes": "Greedy.", "verifyToken": "proof.abc", "source": {"name": "Paper"}}
    data["dataset"] = {"id": "openai/gsm8k", "task_id": "gsm8k", "revision": "main~1"}
    other = result(data={"dataset": {"id": "openai/gsm8k", "task_id": "else"}, "date": "2020-01-01"})
    broken = {"filename": ".eval_results/gsm8k.yaml", "error": "value: required"}
    hub.add_model("org/model", evalResults=[broken, other, result(data=data, verified=True)])
    bench(hub)

    (score,) = scores(sync.load()[1])

    assert score["evaluated_at"] == datetime(2026, 4, 22, tzinfo=UTC)
    assert (score["provenance_name"], score["notes"], score["verified"]) == ("Paper", "Greedy.", True)
    assert score["variant"] is None
    assert score["dataset_revision"] is None
    kept = b"".join(path.read_bytes() for path in sync.folder.rglob("*") if path.is_file())
    assert b"evalResults" in kept
    assert b"proof.abc" not in kept


def test_a_result_of_a_pull_request_is_its_own(hub: FakeHub, sync: Sync) -> None:
    hub.add_model(
        "org/model",
        evalResults=[
            result(data={"date": "2026-01-01T10:00:00+02:00"}),
            result(
                data={"date": "2026-02-02", "dataset": {"id": "openai/gsm8k", "revision": "0" * 40}}, pullRequest=44
            ),
        ],
    )
    bench(hub, rows=[row(), row(value=1, pullRequest=44)])

    merged, proposed = scores(sync.load()[1])

    assert merged["evaluated_at"] == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert (proposed["evaluated_at"], proposed["dataset_revision"]) == (datetime(2026, 2, 2, tzinfo=UTC), "0" * 40)


def test_a_date_that_is_none_is_a_problem(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("org/model", evalResults=[result(data={"date": "yesterday"})])
    bench(hub)

    load, state = sync.load()

    assert scores(state)[0]["evaluated_at"] is None
    assert list(told(load)) == ["org/model/.eval_results/gsm8k.yaml"]


def test_models_are_described_once_each(hub: FakeHub, sync: Sync) -> None:
    hub.add_model(
        "org/model",
        createdAt="2025-11-05T23:30:00.000Z",
        cardData={"license": "other", "license_name": "community", "base_model": ["org/base", "org/second"]},
        safetensors={"total": 7_000_000_000},
    )
    hub.add_model("org/old", createdAt="2022-03-02T23:29:04.000Z", tags=["x", "license:mit"])
    bench(hub, rows=[row(), row("org/old", 3, num_parameters=403_400_000_000), row("org/gone", 2)])
    bench(hub, "org/again")

    load, _ = sync.load()

    assert [
        {name: value for name, value in model.items() if value is not None} for model in described(load, "models")
    ] == [
        {
            "name": "org/model",
            "organization": "org",
            "url": f"{hub.url}/org/model",
            "parameters": 7_000_000_000,
            "license": "community",
            "open_weights": True,
            "release_date": date(2025, 11, 5),
            "adapted_from": "org/base",
            "place": 0,
        },
        {
            "name": "org/old",
            "organization": "org",
            "url": f"{hub.url}/org/old",
            "parameters": 403_400_000_000,
            "license": "mit",
            "place": 1,
        },
        {"name": "org/gone", "organization": "org", "url": f"{hub.url}/org/gone", "place": 2},
    ]
    assert {(hint.name, hint.hub_id) for hint in load.hints} == {
        (name, name) for name in ("org/model", "org/old", "org/gone")
    }
    assert len(hub.asked("/api/models/")) == 3
    assert load.problems == []


def test_what_is_known_of_a_model_is_kept_for_a_day(hub: FakeHub, sync: Sync) -> None:
    repo = hub.add_model("org/model", tags=["license:mit"])
    bench(hub, rows=[row(), row("org/gone", 1)])
    licences: list[str | None] = []
    for elapsed, changed in ((0, "mit"), (80_000, "apache-2.0"), (10_000, "apache-2.0")):
        repo.info["tags"] = [f"license:{changed}"]
        sync.now += elapsed
        licences.append(described(sync.load()[0], "models")[0]["license"])

    assert licences == ["mit", "mit", "apache-2.0"]
    assert len(hub.asked("/api/models/")) == 4


def test_a_failing_model_is_described_as_it_was(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("org/model", tags=["license:mit"])
    bench(hub)
    sync.load()
    sync.now += 100_000
    hub.fail("/api/models/", 503)

    load, _ = sync.load()

    assert described(load, "models")[0]["license"] == "mit"
    assert load.problems == []


def test_models_that_cannot_be_described_are_one_problem(hub: FakeHub, sync: Sync) -> None:
    bench(hub, rows=[row(f"org/m{number}") for number in range(3)])
    hub.fail("/api/models/org/m[12]", 500)

    load, state = sync.load()

    assert len(scores(state)) == 3
    assert told(load) == {"models": "2 were not described, such as org/m1: the Hub answered 500"}


def test_models_are_looked_up_within_bounds_of_number_and_time(hub: FakeHub, sync: Sync) -> None:
    bench(hub, rows=[row(f"org/m{number}") for number in range(3)])

    load, _ = sync.load(max_models=2)
    assert "1 were not described, such as org/m2: more than 2" in told(load)["models"]
    assert len(hub.asked("/api/models/")) == 2

    ticks = iter(range(0, 1000, 100))
    load, _ = sync.load(model_seconds=150, clock=lambda: float(next(ticks)))
    assert "2 were not described, such as org/m1: the Hub was not asked after 150 s" in told(load)["models"]


def test_models_met_elsewhere_are_described_too(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("org/seen", createdAt="2025-01-02T00:00:00.000Z")
    hub.add_model("org/hidden", private=True)

    table = sync.source(TOKEN).describe(
        ["org/seen", "org/seen", "org/gone", "org/hidden", "../etc", "GPT-5 (high)", "gpt-5"]
    )

    assert table.schema.equals(MODELS.schema)
    assert table.column("name").to_pylist() == ["org/seen"]
    assert table.column("release_date").to_pylist() == [date(2025, 1, 2)]
    assert {request.path for request in hub.requests} == {
        f"/api/models/org/{name}" for name in ("seen", "gone", "hidden")
    }
    assert {request.token for request in hub.requests} == {None}
