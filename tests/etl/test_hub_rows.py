"""The Hub source, row by row: values as published, odd rows, ranks and curated facts."""

from typing import Any

import pytest

from etl.sources.hub.units import Facts, curated, read_facts
from tests.etl.hub import Sync, bench, described, row, scores, told
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


def test_a_row_is_kept_as_published(hub: FakeHub, sync: Sync) -> None:
    source = {"url": "https://huggingface.co/org/model", "name": "Model Card", "isExternal": False}
    first = row(value=76, verified=True, pullRequest=44, notes="With tools", source=source, num_parameters=7.0)
    bench(hub, rows=[first, row("org/zero", 0)])

    _, state = sync.load()

    full, zero = scores(state)
    assert {name: value for name, value in full.items() if value is not None} == {
        "source_model": "org/model",
        "variant": "With tools",
        "task": "openai/gsm8k",
        "split": "validation",
        "subset": "default",
        "metric": "score",
        "value": 76.0,
        "verified": True,
        "source_rank": 1,
        "provenance_name": "Model Card",
        "provenance_path": ".eval_results/gsm8k.yaml",
        "provenance_url": "https://huggingface.co/org/model",
        "pull_request": 44,
        "notes": "With tools",
        "place": 0,
    }
    assert (zero["value"], zero["verified"], zero["variant"], zero["place"]) == (0.0, None, None, 1)


@pytest.mark.parametrize(
    "odd",
    [
        {"value": 1},
        {"modelId": "org/odd"},
        {"modelId": 7, "value": 1},
        {"modelId": "../../x", "value": 1},
        {"modelId": "org/odd\n", "value": 1},
        {"modelId": "", "value": 1},
        {"modelId": "org/odd", "value": "86.2"},
        {"modelId": "org/odd", "value": True},
        {"modelId": "org/odd", "value": None},
        {"modelId": "org/odd", "value": float("nan")},
        {"modelId": "org/odd", "value": float("inf")},
        {"modelId": "org/odd", "value": 10**400},
        {"modelId": "org/odd", "value": 1, "pullRequest": "4"},
        {"modelId": "org/odd", "value": 1, "pullRequest": 1.5},
        {"modelId": "org/odd", "value": 1, "filename": "a\nb"},
        row("org/last"),
        "a text",
        None,
    ],
)
def test_an_odd_row_is_a_problem_and_the_others_load(odd: Any, hub: FakeHub, sync: Sync) -> None:
    bench(hub, rows=[row("org/first"), row("org/last"), odd])

    load, state = sync.load()

    assert [score["source_model"] for score in scores(state)] == ["org/first", "org/last"]
    assert list(told(load)) == ["openai/gsm8k[2]"]


def test_many_odd_rows_are_told_in_bounds(hub: FakeHub, sync: Sync) -> None:
    bench(hub, rows=[{}] * 500 + [row()])

    load, state = sync.load()

    assert len(scores(state)) == 1
    assert len(load.problems) == 51
    assert told(load)["openai/gsm8k"] == "450 more rows were left out"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://user:pass@host/x", "ftp://host/x", "https://a b", "//x"]
)
def test_only_web_addresses_become_links(url: str, hub: FakeHub, sync: Sync) -> None:
    bench(hub, rows=[row(source={"url": url, "name": "Odd"})])

    (score,) = scores(sync.load()[1])

    assert (score["provenance_url"], score["provenance_name"]) == (None, "Odd")


def test_rank_is_that_of_the_default_view_which_hides_fine_tunes(hub: FakeHub, sync: Sync) -> None:
    hub.add_model("org/tuned", cardData={"base_model": "org/base"})
    bench(hub, rows=[row("org/tuned", 2, rank=1), row("org/base", 1, rank=2)])

    _, state = sync.load()

    assert [(score["source_model"], score["source_rank"]) for score in scores(state)] == [
        ("org/tuned", None),
        ("org/base", 1),
    ]


def test_one_row_that_says_so_turns_the_direction(hub: FakeHub, sync: Sync) -> None:
    bench(hub, "org/wer", rows=[row("org/a", lower_is_better=False), row("org/b", lower_is_better=True)])
    bench(hub, "org/accuracy", rows=[row(lower_is_better=False)])

    load, _ = sync.load()

    assert [task["lower_is_better"] for task in described(load, "tasks")] == [False, True]


def test_unit_metric_and_direction_come_from_the_curated_table_alone(hub: FakeHub, sync: Sync) -> None:
    bench(hub, "org/known")
    bench(hub, "org/unknown", rows=[row(value=0.412)])

    load, state = sync.load(facts={"org/known": Facts("FRACTION", "word error rate", True)})

    found = [(task["unit"], task["metric"], task["lower_is_better"]) for task in described(load, "tasks")]
    assert found == [("FRACTION", "word error rate", True), (None, "score", False)]
    assert [score["metric"] for score in scores(state)] == ["word error rate", "score"]


def test_every_curated_fact_has_its_reason_and_a_known_unit() -> None:
    assert {fact.unit for fact in curated().values()} == {"PERCENT"}
    assert len(curated()) == 11
    with pytest.raises(ValueError, match="no reason for org/x"):
        read_facts("org/x: {unit: PERCENT}")
