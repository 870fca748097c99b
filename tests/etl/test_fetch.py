"""Fetching: local paths as they are, Hub datasets by revision, and every way in which it can fail."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.fetch import Hub, Limits, Tree, Waits, fetch
from etl.source import Unreadable
from tests.hub import FakeHub, Quota
from tests.hub.files import store_address

pytest_plugins = ("tests.hub.fixtures",)
TOKEN = "hf_operatorsecret"
DATA = ("data/train-*.parquet",)
QUICK = Waits(silence=2.0, answer=2.0, attempts=3, first=0.0, longest=0.0)
AT = datetime(2026, 3, 25, 8, 30, tzinfo=UTC)


@pytest.fixture
def asked(hub: FakeHub, tmp_path: Path) -> Hub:
    return Hub(hub.url, None, tmp_path / "cache")


@pytest.fixture
def operator(hub: FakeHub, tmp_path: Path) -> Hub:
    hub.add_person(TOKEN, "operator")
    return Hub(hub.url, TOKEN, tmp_path / "cache")


def get(uri: str, hub: Hub, patterns: tuple[str, ...] = DATA, **settings: Any) -> Tree:
    return fetch(uri, hub, patterns, **{"waits": QUICK, **settings})


def refused(uri: str, hub: Hub, **settings: Any) -> str:
    with pytest.raises(Unreadable) as error:
        get(uri, hub, **settings)
    return str(error.value)


def test_a_local_path_is_taken_as_it_is(asked: Hub, tmp_path: Path) -> None:
    file = tmp_path / "train.parquet"
    file.write_bytes(b"")

    assert get(str(tmp_path), asked) == Tree(tmp_path, None, None)
    assert get(str(file), asked) == Tree(file, None, None)


def test_a_missing_path_is_named(asked: Hub, tmp_path: Path) -> None:
    assert str(tmp_path / "gone") in refused(str(tmp_path / "gone"), asked)


@pytest.mark.parametrize(
    "uri",
    [
        "https://user:pass@example.org/x",
        "s3://bucket/key",
        "hf://models/org/name",
        "hf://datasets/name",
        "hf://datasets/org/name/file.parquet",
        "hf://datasets/org/../secret",
        "hf://datasets/../../etc@main",
        "hf://datasets/org/na..me",
        "hf://datasets/org/name@a..b",
        "hf://datasets/org/name@/main",
        "hf://datasets/org/name@main?x=1",
        "hf://datasets/org/name@ma in",
        "hf://datasets/org/näme",
        "hf://user:pass@datasets/org/name",
        "",
        "a\0b",
        "x" * 5000,
    ],
)
def test_other_addresses_are_refused_without_a_request(uri: str, asked: Hub, hub: FakeHub) -> None:
    message = refused(uri, asked)

    assert "hf://datasets/org/name" in message
    assert "pass" not in message
    assert hub.requests == []


def test_a_dataset_is_fetched_at_its_commit_without_what_does_not_match(asked: Hub, hub: FakeHub) -> None:
    repo = hub.add_dataset(
        "org/data", {"data/train-0.parquet": b"0", "data/deep/a.json": "{}", "README.md": "x"}, at=AT
    )

    tree = get("hf://datasets/org/data", asked, ("data/train-*.parquet", "data/deep/*"))

    assert (tree.revision, tree.at) == (repo.refs["main"], AT)
    assert (tree.path / "data/train-0.parquet").read_bytes() == b"0"
    assert (tree.path / "data/deep/a.json").read_text() == "{}"
    assert not (tree.path / "README.md").exists()
    assert asked.cache in tree.path.parents


def test_a_revision_has_its_own_files_and_its_own_time(asked: Hub, hub: FakeHub) -> None:
    repo = hub.add_dataset("org/data", {"data/train-0.parquet": b"old"}, at=AT)
    old = repo.refs["main"]
    repo.commit({"data/train-0.parquet": b"new"}, at=AT.replace(month=6))
    repo.tag("v1/first", old)

    trees = [get(f"hf://datasets/org/data{revision}", asked) for revision in ("", "@v1/first", f"@{old}")]

    assert [(tree.path / "data/train-0.parquet").read_bytes() for tree in trees] == [b"new", b"old", b"old"]
    assert [tree.at for tree in trees] == [AT.replace(month=6), AT, AT]


def test_without_a_history_the_time_is_the_last_change(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"}, at=AT)
    hub.fail("/commits/", 404)

    assert get("hf://datasets/org/data", asked).at == AT


def test_a_second_fetch_of_a_commit_downloads_nothing(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    get("hf://datasets/org/data", asked)
    hub.requests.clear()

    assert (get("hf://datasets/org/data", asked).path / "data/train-0.parquet").read_bytes() == b"0"
    assert hub.asked("resolve") == []


def test_no_token_is_sent_where_none_is_set(asked: Hub, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})

    get("hf://datasets/org/data", asked)

    assert {request.token for request in hub.requests} == {None}


def test_the_token_opens_a_private_dataset_and_goes_to_the_hub_alone(operator: Hub, hub: FakeHub) -> None:
    repo = hub.add_dataset("org/data", {"data/train-0.parquet": b"0"}, private=True)
    repo.granted.add("operator")

    get("hf://datasets/org/data", operator)

    elsewhere = [request for request in hub.requests if request.host in store_address(hub)]
    assert elsewhere
    assert {request.token for request in elsewhere} == {None}
    assert {request.token for request in hub.requests if request not in elsewhere} == {TOKEN}


def test_a_gated_dataset_says_that_access_is_needed(operator: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"}, gated=True)

    assert "get access" in refused("hf://datasets/org/data", operator)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 401}, "401"),
        ({"status": 403}, "403"),
        ({"status": 404}, "not found"),
        ({"status": 429}, "too many requests"),
        ({"status": 500}, "500"),
        ({"status": 200, "body": b"<html>garbage"}, "not JSON"),
        ({"status": 200, "body": b"[" * 100_000}, "not JSON"),
        ({"status": 200, "body": b"{}"}, "no commit"),
        ({"status": 200, "body": b'{"sha": "../../etc"}'}, "no commit"),
        ({"status": 307, "headers": {"Location": "/api/datasets/else/where"}}, "not followed"),
        ({"status": 302, "headers": {"Location": "http://localhost:1/"}}, "not followed"),
        ({"delay": 0.4}, "did not answer within"),
        ({"status": 200, "body": b" " * 100, "drip": 0.02}, "took more than"),
    ],
)
def test_a_failing_hub_is_told_in_a_sentence(
    fault: dict[str, Any], said: str, operator: Hub, hub: FakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    hub.fail("revision/main", **fault)

    message = refused("hf://datasets/org/data", operator, waits=Waits(0.2, 0.3, 2, 0.0, 0.0))

    assert message.startswith("hf://datasets/org/data@main: the Hub ")
    assert said in message
    assert TOKEN not in message + caplog.text + repr(operator)
    assert hub.url not in message
    assert not [request for request in hub.requests if request.host in store_address(hub)]


def test_a_hub_that_is_not_there_is_told(tmp_path: Path) -> None:
    message = refused("hf://datasets/org/data", Hub("http://127.0.0.1:9", None, tmp_path))

    assert "could not be reached" in message


def test_passing_failures_are_asked_again(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    hub.fail("revision/main", 503, times=1)
    hub.fail("tree", 429, times=2)

    assert get("hf://datasets/org/data", asked).revision


def test_a_failing_download_is_told_and_bounded_in_time(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    hub.fail("resolve", 429, headers={"Retry-After": "3600"})

    assert "more than 0.3 s" in refused("hf://datasets/org/data", asked, limits=Limits(seconds=0.3))


@pytest.mark.parametrize(("status", "said"), [(404, "404"), (403, "403")])
def test_a_refused_download_is_told(status: int, said: str, asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    hub.fail("resolve", status)

    message = refused("hf://datasets/org/data", asked)

    assert said in message
    assert hub.url not in message


def test_a_file_longer_than_listed_is_cut_off(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"x" * 3 * 2**20})
    hub.fail("/tree/", 200, body=b'[{"type": "file", "path": "data/train-0.parquet", "size": 1, "oid": "0"}]')

    assert "more bytes than it lists" in refused("hf://datasets/org/data", asked)
    assert not list(asked.cache.rglob("*.parquet"))


def test_too_much_is_refused_before_any_download(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {f"data/train-{number}.parquet": b"1234" for number in range(4)})

    told = [
        refused("hf://datasets/org/data", asked, limits=limits)
        for limits in (Limits(files=3), Limits(bytes=15), Limits(listed=3))
    ]

    assert [message.split("there")[1] for message in told] == [
        ", and more than 3 are not taken",
        ", and more than 15 are not taken",
        ", which are not read",
    ]
    assert hub.asked("resolve") == []
    assert get("hf://datasets/org/data", asked, limits=Limits(files=4, bytes=16, listed=5)).path.is_dir()


@pytest.mark.parametrize("path", ["data/train-/../../x.parquet", "data/train-\n.parquet", "data/train-\\.parquet"])
def test_a_path_that_leaves_the_folder_is_refused(path: str, asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {path: b"0"})

    assert "must not be written" in refused("hf://datasets/org/data", asked)


def test_a_dataset_without_such_files_says_which_were_looked_for(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"README.md": "x"})

    assert DATA[0] in refused("hf://datasets/org/data", asked)


def test_the_list_of_files_is_followed_page_by_page_but_not_to_another_host(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {f"data/train-{number}.parquet": b"0" for number in range(3)})
    hub.page_size = 2
    assert len(list(get("hf://datasets/org/data", asked).path.rglob("*.parquet"))) == 3

    link = f'<{store_address(hub)}/api/datasets/org/data/tree/main>; rel="next"'
    hub.fail("/tree/", 200, body=b"[]", headers={"Link": link})
    assert "next page elsewhere" in refused("hf://datasets/org/data", asked)


def test_a_used_up_rate_window_is_waited_for(asked: Hub, hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    hub.quota = Quota(left=1, seconds=42)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        hub.quota = None

    waits = Waits(attempts=2, first=0.0, longest=0.0, sleep=sleep)
    assert get("hf://datasets/org/data", asked, waits=waits).revision
    assert [round(seconds) for seconds in slept] == [42]
    assert len(hub.asked("revision")) == 1


@pytest.mark.parametrize("headers", [{"Retry-After": "900"}, {"RateLimit": '"api";r=0;t=999999'}])
def test_a_wait_that_is_too_long_ends_the_fetch(headers: dict[str, str], asked: Hub, hub: FakeHub) -> None:
    hub.fail("revision", 429, headers=headers)

    assert "429" in refused("hf://datasets/org/data", asked)
    assert len(hub.requests) == 1


@pytest.mark.parametrize(
    ("endpoint", "token"),
    [
        ("http://user:secretpass@127.0.0.1:1", None),
        ("ftp://127.0.0.1", None),
        ("http://hub.example.org", "hf_x"),
        ("https://hub.example.org?token=secretpass", None),
        ("https://hub.example.org", "hf_x\nsecretpass: y"),
    ],
)
def test_an_address_or_token_that_must_not_be_used_is_refused(endpoint: str, token: str | None, tmp_path: Path) -> None:
    assert "secretpass" not in refused("hf://datasets/org/data", Hub(endpoint, token, tmp_path))


def test_a_cache_that_cannot_be_written_is_told(hub: FakeHub, tmp_path: Path) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": b"0"})
    (tmp_path / "file").write_text("not a directory")

    assert "cannot be written" in refused("hf://datasets/org/data", Hub(hub.url, None, tmp_path / "file"))
