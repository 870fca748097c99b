"""Models are checked by what everybody can see of them on the Hub, in EASI's words."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.submissions.lookups import Lookups
from api.submissions.models import ModelChecks
from api.submissions.problems import Failed, Problem
from tests.hub import FakeHub
from tests.hub.fake import Quota

pytest_plugins = ("tests.hub.fixtures",)

NO_MODEL = (
    'Model "org/model" was not found on HuggingFace. Please verify the model name and ensure it is publicly accessible.'
)
NO_LICENSE = (
    'Model "org/model" does not have a license set. '
    "Please add a license to your model card on HuggingFace before submitting."
)
NO_BASE = 'Base model "org/base" was not found on HuggingFace.'


@pytest.fixture
async def checks(hub: FakeHub) -> AsyncIterator[ModelChecks]:
    checks = ModelChecks(hub.url, Lookups(hub.url, waits=(0.01, 0.01)))
    yield checks
    await checks.close()


def licensed(hub: FakeHub, name: str = "org/model") -> str:
    """A model with a licence; the commit it is at."""
    return hub.add_model(name, cardData={"license": "mit"}).refs["main"]


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems]


async def test_a_public_model_with_a_licence_has_no_problem(hub: FakeHub, checks: ModelChecks) -> None:
    sha = licensed(hub)
    found = await checks.check("org/model", "main", "original", None)
    assert (found.sha, found.problems) == (sha, [])
    assert all(request.token is None for request in hub.requests)


@pytest.mark.parametrize(
    ("info", "problems"),
    [
        ({"cardData": {"license": "other"}}, []),
        ({"cardData": {"license": ["mit", "apache-2.0"]}}, []),
        ({"cardData": None, "tags": ["license:mit"]}, []),
        ({"tags": ["license:mit"]}, []),
        ({"cardData": {"license": ""}, "tags": ["license:"]}, [("modelName", "LICENSE_MISSING")]),
        ({"cardData": None}, [("modelName", "LICENSE_MISSING")]),
        ({"cardData": "MIT", "tags": None}, [("modelName", "LICENSE_MISSING")]),
        ({"tags": ["not-license:mit", 5]}, [("modelName", "LICENSE_MISSING")]),
    ],
)
async def test_a_licence_is_in_the_card_or_in_the_tags(
    hub: FakeHub, checks: ModelChecks, info: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    hub.add_model("org/model", **info)
    found = await checks.check("org/model", "main", "original", None)
    assert told(found.problems) == problems
    assert found.problems == [] or found.problems[0].message == NO_LICENSE


@pytest.mark.parametrize("is_private", [False, True])
async def test_a_missing_model_and_a_private_one_look_the_same(
    hub: FakeHub, checks: ModelChecks, is_private: bool
) -> None:
    if is_private:
        hub.add_model("org/model", cardData={"license": "mit"}, private=True)
    found = await checks.check("org/model", "main", "original", None)
    assert told(found.problems) == [("modelName", "MODEL_NOT_FOUND")]
    assert found.problems[0].message.startswith(NO_MODEL)
    assert "private" in found.problems[0].message
    assert found.sha is None


async def test_a_gated_model_is_public(hub: FakeHub, checks: ModelChecks) -> None:
    hub.add_model("org/model", cardData={"license": "mit"}, gated=True)
    assert (await checks.check("org/model", "main", "original", None)).problems == []


@pytest.mark.parametrize("weight_type", ["delta", "adapter", "Delta", "Adapter"])
async def test_derived_weights_need_a_base_model_that_is_there(
    hub: FakeHub, checks: ModelChecks, weight_type: str
) -> None:
    licensed(hub)
    missing = await checks.check("org/model", "main", weight_type, "org/base")
    assert told(missing.problems) == [("baseModel", "BASE_MODEL_NOT_FOUND")]
    assert missing.problems[0].message.startswith(NO_BASE)
    hub.add_model("org/base")
    assert (await checks.check("org/model", "main", weight_type, "org/base")).problems == []
    assert (await checks.check("org/model", "main", weight_type, None)).problems == []


async def test_original_weights_need_no_base_model(hub: FakeHub, checks: ModelChecks) -> None:
    licensed(hub)
    assert (await checks.check("org/model", "main", "original", "org/base")).problems == []
    assert hub.asked("org/base") == []


async def test_all_problems_come_at_once_in_easis_order(hub: FakeHub, checks: ModelChecks) -> None:
    found = await checks.check("org/model", "v1", "delta", "org/base")
    assert told(found.problems) == [("modelName", "MODEL_NOT_FOUND"), ("baseModel", "BASE_MODEL_NOT_FOUND")]
    hub.add_model("org/model")
    found = await checks.check("org/model", "v1", "delta", "org/base")
    assert told(found.problems) == [
        ("modelName", "LICENSE_MISSING"),
        ("baseModel", "BASE_MODEL_NOT_FOUND"),
        ("revision", "REVISION_NOT_FOUND"),
    ]
    assert found.sha is None


@pytest.mark.parametrize("revision", ["v1", "refs/pr/1", "v1.0-beta_2"])
async def test_the_commit_is_that_of_the_revision(hub: FakeHub, checks: ModelChecks, revision: str) -> None:
    model = hub.add_model("org/model", cardData={"license": "mit"})
    first = model.refs["main"]
    model.tag(revision, first)
    newest = model.commit({"x": "y"})
    assert (await checks.check("org/model", revision, "original", None)).sha == first
    assert (await checks.check("org/model", first, "original", None)).sha == first
    assert (await checks.check("org/model", "main", "original", None)).sha == newest


@pytest.mark.parametrize(
    "name", ["../..", "org/..", "org", "org/model/x", "/model", "org/a?b", "org/a%2fb", "org/é", "", "org/" + "a" * 200]
)
async def test_nothing_but_a_model_name_reaches_the_hub(hub: FakeHub, checks: ModelChecks, name: str) -> None:
    found = await checks.check(name, "main", "delta", name)
    assert found.problems[0].code == "MODEL_NOT_FOUND"
    assert hub.requests == []


@pytest.mark.parametrize("revision", ["../x", "a b", "a\nb", "é", "", "a?b", "-a", "a" * 201])
async def test_nothing_but_a_revision_reaches_the_hub(hub: FakeHub, checks: ModelChecks, revision: str) -> None:
    licensed(hub)
    found = await checks.check("org/model", revision, "original", None)
    assert told(found.problems) == [("revision", "REVISION_NOT_FOUND")]
    assert hub.asked("revision") == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503},
        {"status": 418},
        {"status": 200, "body": b"<html>"},
        {"status": 200, "body": b"[]"},
        {"status": 200, "body": b"{}"},
        {"status": 200, "body": b"[" * 100_000},
        {"status": 200, "body": b" " * 3_000_000},
        {"status": 200, "headers": {"content-length": "50"}},
        {"status": 302, "headers": {"location": "http://localhost:1/api/models/org/model"}},
        {"status": 302, "headers": {"location": "/login"}},
        {"status": 302, "headers": {"location": "/api/models/../whoami-v2"}},
        {"status": 302, "headers": {"location": "//[x"}},
        {"status": 302},
    ],
    ids=lambda fault: str(fault)[:60],
)
async def test_a_hub_that_fails_is_not_a_missing_model(
    hub: FakeHub, checks: ModelChecks, fault: dict[str, Any]
) -> None:
    licensed(hub)
    hub.fail("/api/models/org/model", **fault)
    with pytest.raises(Failed) as failure:
        await checks.check("org/model", "main", "original", None)
    assert (failure.value.status, failure.value.code) == (503, "HUB_UNAVAILABLE")
    assert hub.url not in failure.value.message
    hub.faults.clear()
    assert (await checks.check("org/model", "main", "original", None)).problems == []


@pytest.mark.parametrize(
    "fault", [{"status": 200, "body": b" " * 100, "drip": 0.05}, {"delay": 0.4}], ids=["drip", "delay"]
)
async def test_a_hub_that_is_slow_is_not_waited_for(hub: FakeHub, fault: dict[str, Any]) -> None:
    checks = ModelChecks(hub.url, Lookups(hub.url, seconds=0.2, waits=()))
    hub.fail("/api/models/org/model", **fault)
    start = time.monotonic()
    with pytest.raises(Failed):
        await checks.check("org/model", "main", "original", None)
    assert time.monotonic() - start < 2
    await checks.close()


async def test_a_hub_that_is_not_there_is_not_a_missing_model() -> None:
    checks = ModelChecks("http://127.0.0.1:9", Lookups("http://127.0.0.1:9", waits=()))
    with pytest.raises(Failed, match="try again later"):
        await checks.check("org/model", "main", "original", None)
    await checks.close()


async def test_a_failure_or_two_are_passed_over(hub: FakeHub, checks: ModelChecks) -> None:
    licensed(hub)
    hub.fail("/api/models/", 502, times=2)
    assert (await checks.check("org/model", "main", "original", None)).problems == []
    assert len(hub.requests) == 3


@pytest.mark.parametrize("how", ["Retry-After", "RateLimit"])
async def test_a_hub_that_limits_us_is_left_alone(hub: FakeHub, checks: ModelChecks, how: str) -> None:
    licensed(hub)
    if how == "RateLimit":
        hub.quota = Quota(0, 30)
    else:
        hub.fail("/api/models/", 429, headers={"Retry-After": "30"})
    for _ in range(3):
        with pytest.raises(Failed) as failure:
            await checks.check("org/model", "main", "original", None)
        assert failure.value.status == 503
        assert failure.value.retry_seconds in range(20, 31)
    assert len(hub.requests) == 1


async def test_a_renamed_model_is_followed_on_the_same_hub(hub: FakeHub, checks: ModelChecks) -> None:
    sha = licensed(hub, "org/new")
    hub.fail("/api/models/org/model", 307, headers={"Location": "/api/models/org/new"})
    found = await checks.check("org/model", "main", "original", None)
    assert (found.sha, found.problems) == (sha, [])


async def test_models_that_rename_each_other_end(hub: FakeHub, checks: ModelChecks) -> None:
    hub.fail("/api/models/org/model", 307, headers={"Location": "/api/models/org/model"})
    with pytest.raises(Failed):
        await checks.check("org/model", "main", "original", None)
    assert len(hub.requests) <= 9


async def test_one_answer_is_for_all_who_ask_at_the_same_time(hub: FakeHub, checks: ModelChecks) -> None:
    licensed(hub)
    hub.fail("/api/models/", delay=0.1)
    asked = [checks.check("org/model", "main", "original", None) for _ in range(20)]
    assert all(found.problems == [] for found in await asyncio.gather(*asked))
    assert len(hub.requests) == 1


async def test_what_is_there_is_remembered_for_a_minute_and_what_is_missing_is_not(hub: FakeHub) -> None:
    now = [1_000.0]
    checks = ModelChecks(hub.url, Lookups(hub.url, clock=lambda: now[0]))
    assert (await checks.check("org/model", "main", "original", None)).problems
    licensed(hub)
    assert not (await checks.check("org/model", "main", "original", None)).problems
    del hub.repos["models", "org/model"]
    assert not (await checks.check("org/model", "main", "original", None)).problems
    now[0] += 61
    assert (await checks.check("org/model", "main", "original", None)).problems
    await checks.close()


async def test_one_who_goes_away_does_not_spoil_it_for_others(hub: FakeHub, checks: ModelChecks) -> None:
    licensed(hub)
    hub.fail("/api/models/", delay=0.2)
    leaving = asyncio.create_task(checks.check("org/model", "main", "original", None))
    staying = asyncio.create_task(checks.check("org/model", "main", "original", None))
    await asyncio.sleep(0.05)
    leaving.cancel()
    assert (await staying).problems == []
