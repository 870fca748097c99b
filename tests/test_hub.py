"""The real huggingface_hub client works against the loopback Hub."""

import io
from pathlib import Path

import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.hub import FakeHub, Quota
from tests.hub.files import store_address

pytest_plugins = ("tests.hub.fixtures",)
TOKEN = "hf_reader"


@pytest.fixture
def api(hub: FakeHub) -> HfApi:
    return HfApi(endpoint=hub.url, token=False)


@pytest.fixture
def holder(hub: FakeHub) -> HfApi:
    hub.add_person(TOKEN, "reader", orgs=[])
    return HfApi(endpoint=hub.url, token=TOKEN)


def parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"number": list(range(1000))}), buffer)
    return buffer.getvalue()


def test_official_benchmarks_are_listed_page_by_page(hub: FakeHub, api: HfApi) -> None:
    for name in ("a/one", "a/three", "a/two"):
        hub.add_dataset(name, official=True)
    hub.add_dataset("a/other")
    hub.page_size = 2

    assert [found.id for found in api.list_datasets(benchmark="official")] == ["a/one", "a/three", "a/two"]
    assert len(hub.asked("filter=benchmark:official")) == 2


def test_models_are_listed_by_author_with_the_properties_asked_for(hub: FakeHub, api: HfApi) -> None:
    hub.add_model("org/model", safetensors={"total": 7, "parameters": {"BF16": 7}})
    hub.add_model("else/model")

    (found,) = api.list_models(author="org", expand=["safetensors"])

    assert (found.id, found.safetensors.total if found.safetensors else None) == ("org/model", 7)


def test_info_knows_branch_tag_sha_and_pull_request(hub: FakeHub, api: HfApi) -> None:
    repo = hub.add_dataset("org/data", {"a.txt": "1"})
    first = repo.refs["main"]
    second = repo.commit({"a.txt": "2"})
    repo.tag("v1", first)
    repo.tag("refs/pr/3", second)

    shas = [api.dataset_info("org/data", revision=name).sha for name in (None, "v1", first, "refs/pr/3")]

    assert shas == [second, first, first, second]
    with pytest.raises(RevisionNotFoundError):
        api.dataset_info("org/data", revision="gone")


def test_eval_results_are_read_from_a_model(hub: FakeHub, api: HfApi) -> None:
    data = {"dataset": {"id": "openai/gsm8k", "task_id": "gsm8k"}, "value": 86.2, "date": "2024-04-22"}
    results = [{"filename": ".eval_results/gsm8k.yaml", "verified": False, "data": data}]
    hub.add_model("org/model", evalResults=results)

    (found,) = api.model_info("org/model", expand=["evalResults"]).eval_results or []

    assert (found.dataset_id, found.value, found.date) == ("openai/gsm8k", 86.2, "2024-04-22")


def test_trees_paths_and_history(hub: FakeHub, api: HfApi) -> None:
    repo = hub.add_dataset("org/data", {"README.md": "x", "data/deep/b.json": "{}", "data/train.parquet": parquet()})
    repo.commit({"README.md": "y"}, title="second")
    hub.page_size = 2

    assert [found.path for found in api.list_repo_tree("org/data", repo_type="dataset")] == ["data", "README.md"]
    deep = api.list_repo_tree("org/data", "data", repo_type="dataset", recursive=True)
    assert [found.path for found in deep] == ["data/deep", "data/deep/b.json", "data/train.parquet"]
    (info,) = api.get_paths_info("org/data", ["data/train.parquet", "gone"], repo_type="dataset")
    assert info.path == "data/train.parquet"
    assert [each.title for each in api.list_repo_commits("org/data", repo_type="dataset")] == [
        "second",
        "initial commit",
    ]


def test_files_download_by_redirect_and_into_the_given_cache(hub: FakeHub, tmp_path: Path) -> None:
    hub.add_dataset("org/data", {"small.json": "{}", "large.parquet": parquet()})
    hub.add_person(TOKEN, "reader")

    for name, content in (("small.json", b"{}"), ("large.parquet", parquet())):
        path = hf_hub_download("org/data", name, repo_type="dataset", endpoint=hub.url, cache_dir=tmp_path, token=TOKEN)
        assert Path(path).read_bytes() == content
        assert tmp_path in Path(path).parents

    stores = [request for request in hub.requests if request.host in store_address(hub)]
    assert stores
    assert {request.token for request in stores} == {None}
    assert {request.token for request in hub.requests if request not in stores} == {TOKEN}


def test_a_snapshot_takes_what_matches(hub: FakeHub, tmp_path: Path) -> None:
    hub.add_dataset("org/data", {"data/train-0.parquet": parquet(), "data/train-1.parquet": b"x", "README.md": "no"})

    folder = snapshot_download(
        "org/data", repo_type="dataset", endpoint=hub.url, cache_dir=tmp_path, token=False,
        allow_patterns=["data/train-*.parquet"],
    )  # fmt: skip

    found = sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.*"))
    assert found == ["data/train-0.parquet", "data/train-1.parquet"]


def test_parquet_is_read_by_ranges_through_the_file_system(hub: FakeHub) -> None:
    hub.add_dataset("org/data", {"data/train.parquet": parquet()})
    files = HfFileSystem(endpoint=hub.url, token=False, skip_instance_cache=True)

    table = pq.read_table("datasets/org/data/data/train.parquet", filesystem=files)

    assert table.num_rows == 1000
    assert any("range" in request.headers for request in hub.requests)


def test_missing_things_raise_what_they_raise_on_the_real_hub(
    hub: FakeHub, api: HfApi, holder: HfApi, tmp_path: Path
) -> None:
    hub.add_dataset("org/data", {"a.txt": "1"})
    hub.add_dataset("org/hidden", private=True)

    for name in ("org/none", "org/hidden"):
        with pytest.raises(RepositoryNotFoundError) as anonymous:
            api.dataset_info(name)
        with pytest.raises(RepositoryNotFoundError) as known:
            holder.dataset_info(name)
        assert (anonymous.value.response.status_code, known.value.response.status_code) == (401, 404)
    with pytest.raises(RemoteEntryNotFoundError):
        api.hf_hub_download("org/data", "gone.txt", repo_type="dataset", cache_dir=tmp_path)


def test_gated_files_need_a_token_with_access_but_metadata_does_not(
    hub: FakeHub, api: HfApi, holder: HfApi, tmp_path: Path
) -> None:
    repo = hub.add_dataset("org/gated", {"eval.yaml": "tasks: []"}, gated=True)

    assert api.dataset_info("org/gated").gated == "auto"
    for client in (api, holder):
        with pytest.raises(GatedRepoError):
            client.hf_hub_download("org/gated", "eval.yaml", repo_type="dataset", cache_dir=tmp_path)
    repo.granted.add("reader")
    assert holder.hf_hub_download("org/gated", "eval.yaml", repo_type="dataset", cache_dir=tmp_path)


def test_leaderboards_by_task_and_without_fine_tunes(hub: FakeHub, api: HfApi) -> None:
    hub.add_dataset("org/bench", {"eval.yaml": "tasks: [{id: first}, {id: second}]"}, official=True)
    hub.add_model("org/tuned", cardData={"base_model": "org/base"})
    row = {"verified": False, "filename": ".eval_results/x.yaml", "author": {"name": "org", "type": "user"}}
    rows = [
        {"rank": 1, "modelId": "org/tuned", "value": 2, **row},
        {"rank": 2, "modelId": "org/base", "value": 1, **row},
    ]
    hub.set_board("org/bench", rows, "first")
    hub.set_board("org/bench", [], "second")

    def ask(**query: str) -> httpx2.Response:
        return httpx2.get(f"{hub.url}/api/datasets/org/bench/leaderboard", params=query)

    assert [(row["rank"], row["modelId"]) for row in ask().json()] == [(1, "org/base")]
    assert [row["modelId"] for row in ask(base_model="false").json()] == ["org/tuned", "org/base"]
    assert ask(task_id="second").json() == []
    assert ask(task_id="third").status_code == 404
    assert [row.model_id for row in api.get_dataset_leaderboard("org/bench")] == ["org/base"]
    assert ask().headers["etag"] == ask().headers["etag"]


def test_a_repository_may_be_named_like_a_route(hub: FakeHub, api: HfApi) -> None:
    hub.add_dataset("lab/leaderboard", {"tree": "1"})
    hub.set_board("lab/leaderboard", [])

    assert api.dataset_info("lab/leaderboard").id == "lab/leaderboard"
    assert api.get_dataset_leaderboard("lab/leaderboard") == []


def test_whoami_tells_who_holds_a_token(hub: FakeHub, holder: HfApi) -> None:
    assert holder.whoami()["name"] == "reader"
    answers = [
        httpx2.get(f"{hub.url}/api/whoami-v2", headers=headers).status_code
        for headers in ({}, {"authorization": "Bearer hf_nobody"})
    ]
    assert answers == [401, 401]


def test_rate_window_is_counted_down_and_ends_in_429(hub: FakeHub, api: HfApi) -> None:
    hub.add_model("org/model")
    hub.quota = Quota(left=1, seconds=55)

    reply = httpx2.get(f"{hub.url}/api/models/org/model")

    assert reply.headers["ratelimit"] == '"api";r=0;t=55'
    with pytest.raises(HfHubHTTPError, match="rate limit"):
        api.model_info("org/model")


def test_faults_hit_what_they_match_so_often(hub: FakeHub) -> None:
    hub.add_model("org/model")
    hub.fail("models/org", 503, times=1)
    hub.fail("models/org", 200, body=b"<html>", times=1)

    replies = [httpx2.get(f"{hub.url}/api/models/org/model") for _ in range(3)]

    assert [reply.status_code for reply in replies] == [503, 200, 200]
    assert replies[1].text == "<html>"


def test_slow_answers_are_late(hub: FakeHub) -> None:
    hub.add_model("org/model")
    hub.fail("models/org", delay=0.3)

    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(f"{hub.url}/api/models/org/model", timeout=0.1)
