"""The files of the snapshots over HTTP: whole, in ranges, remembered, and nothing else of the machine."""

import asyncio
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.rest import warehouse
from api.settings import Settings
from warehouse.store import Published, Store

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def published(sample_dir: Path) -> Published:
    current = Store(sample_dir).current()
    assert current is not None
    return current


def test_the_index_lists_what_there_is_to_download(client: TestClient, published: Published) -> None:
    for address in ("/warehouse", "/warehouse/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    told = answer.json()

    assert told["current"] == published.id
    (kept,) = [each for each in told["snapshots"] if each["id"] == published.id]
    assert (kept["current"], kept["builtAt"]) == (True, published.built_at.isoformat())
    assert {file["name"] for file in kept["files"]} == {path.name for path in published.folder.iterdir()}
    for file in kept["files"]:
        head = client.head(file["address"])
        assert (head.status_code, head.headers["content-length"]) == (200, str(file["bytes"])), file
        assert head.headers["cache-control"] == FOREVER


@pytest.mark.parametrize("name", ["scores.parquet", "standings.duckdb", "datapackage.json", "croissant.json"])
def test_a_file_of_a_snapshot_comes_as_it_lies_on_disk(client: TestClient, published: Published, name: str) -> None:
    answer = client.get(f"/warehouse/{published.id}/{name}")
    assert answer.content == (published.folder / name).read_bytes()
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["accept-ranges"] == "bytes"


def test_the_store_has_an_address_of_its_own_and_the_latest_names_it(client: TestClient, published: Published) -> None:
    named, latest = client.get(f"/warehouse/{published.id}.duckdb"), client.get("/warehouse/latest.duckdb")
    assert named.content == latest.content == published.file.read_bytes()
    assert (named.headers["cache-control"], latest.headers["cache-control"]) == (FOREVER, "no-cache")
    assert latest.headers["content-location"] == f"/warehouse/{published.id}.duckdb"
    assert latest.headers["etag"] == named.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-7", -7, None), ("bytes=5-99999999", 5, None)],
)
def test_one_range_of_a_file(client: TestClient, published: Published, asked: str, start: int, end: int | None) -> None:
    whole = (published.folder / "models.parquet").read_bytes()
    answer = client.get(f"/warehouse/{published.id}/models.parquet", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, whole[start:end])
    first = start % len(whole)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"


def test_several_ranges_of_a_file(client: TestClient, published: Published) -> None:
    whole = (published.folder / "models.parquet").read_bytes()
    answer = client.get(f"/warehouse/{published.id}/models.parquet", headers={"Range": "bytes=0-3,-4"})
    assert answer.status_code == 206
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", answer.headers["content-type"])
    assert boundary is not None
    parts = answer.content.split(b"--" + boundary[1].encode())
    assert [part.rpartition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:3]] == [whole[:4], whole[-4:]]


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_told_how_long_the_file_is(
    client: TestClient, published: Published, asked: str
) -> None:
    answer = client.get(f"/warehouse/{published.id}/models.parquet", headers={"Range": asked})
    size = (published.folder / "models.parquet").stat().st_size
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "rows=0-9"},
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"Range": "bytes=" + ",".join(f"{place}-{place}" for place in range(0, 400, 2))},
    ],
    ids=["another unit", "of another file", "very many"],
)
def test_a_range_that_is_not_taken_is_answered_by_the_whole_file(
    client: TestClient, published: Published, headers: dict[str, str]
) -> None:
    answer = client.get(f"/warehouse/{published.id}/models.parquet", headers=headers)
    assert (answer.status_code, answer.content) == (200, (published.folder / "models.parquet").read_bytes())


def test_a_range_goes_on_where_the_file_is_the_same(client: TestClient, published: Published) -> None:
    address = f"/warehouse/{published.id}/models.parquet"
    tag = client.head(address).headers["etag"]
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert client.head(address, headers={"Range": "bytes=0-9"}).status_code == 200


def test_a_client_that_has_the_file_is_told_so(client: TestClient, published: Published) -> None:
    for address in (f"/warehouse/{published.id}/models.parquet", "/warehouse/latest.duckdb"):
        tag = client.head(address).headers["etag"]
        for told in (tag, f'"old", W/{tag}', "*"):
            answer = client.get(address, headers={"If-None-Match": told})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    "path",
    [
        "{id}/standings.duckdb.wal", "{id}/SCORES.parquet", "{id}/nothing.parquet", "{id}/..%2f..%2fcurrent",
        "{id}/../../../current", "..%2f..%2fetc/passwd", "{id}%00.duckdb", "../current",
        "20260101T000000Z-00000000.duckdb", "20260101T000000Z-00000000/scores.parquet", "latest/scores.parquet",
        "%2e%2e/standings.duckdb", "current.duckdb", "{id}/", "{id}",
    ],
)  # fmt: skip
def test_names_from_outside_lead_to_nothing_else(client: TestClient, published: Published, path: str) -> None:
    answer = client.get(f"/warehouse/{path.format(id=published.id)}")
    assert answer.status_code == 404
    assert str(published.folder.parent) not in answer.text


def test_files_are_only_read(client: TestClient, published: Published) -> None:
    answer = client.delete(f"/warehouse/{published.id}.duckdb")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_before_the_first_build_there_is_nothing_to_download(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data_dir=tmp_path))) as empty:
        assert empty.get("/warehouse/").json()["snapshots"] == []
        answer = empty.get("/warehouse/latest.duckdb")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_no_more_files_than_may_are_downloaded_at_once(
    client: TestClient, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "MOST_AT_ONCE", 0)
    answer = client.get(f"/warehouse/{published.id}.duckdb")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert client.head(f"/warehouse/{published.id}.duckdb").status_code == 200


class Slow:
    """A client of the application that takes the first part of a file, and the rest when it may."""

    def __init__(self, app: Any, path: str) -> None:
        self.scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "GET",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
            "headers": [], "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 9),
        }  # fmt: skip
        self.app = app
        self.body = b""
        self.begun, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def ask(self) -> bytes:
        await self.app(self.scope, self._receive, self._send)
        return self.body

    async def _receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.body += message.get("body", b"")
        if self.body and not self.may_go_on.is_set():
            self.begun.set()
            await self.may_go_on.wait()


@pytest.mark.anyio
async def test_a_file_comes_whole_after_its_snapshot_is_gone_and_holds_nobody_up(
    sample_dir: Path, published: Published, tmp_path: Path
) -> None:
    shutil.copytree(sample_dir, tmp_path / "data")
    app = create_app(Settings(data_dir=tmp_path / "data"))
    async with app.router.lifespan_context(app):
        slow = Slow(app, f"/warehouse/{published.id}.duckdb")
        download = asyncio.create_task(slow.ask())
        await asyncio.wait_for(slow.begun.wait(), 10)
        index = Slow(app, "/warehouse/")
        index.may_go_on.set()
        assert published.id.encode() in await asyncio.wait_for(index.ask(), 10)

        shutil.rmtree(tmp_path / "data" / "snapshots" / published.id)
        slow.may_go_on.set()

        assert await asyncio.wait_for(download, 10) == published.file.read_bytes()
        gone = Slow(app, f"/warehouse/{published.id}.duckdb")
        gone.may_go_on.set()
        assert b"There is no 'standings.duckdb'" in await gone.ask()


@pytest.mark.anyio
async def test_a_client_that_takes_nothing_is_left(
    sample_dir: Path, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "STALLED_SECONDS", 0.05)
    app = create_app(Settings(data_dir=sample_dir))
    async with app.router.lifespan_context(app):
        slow = Slow(app, f"/warehouse/{published.id}.duckdb")
        await asyncio.wait_for(slow.ask(), 10)
    assert 0 < len(slow.body) < published.file.stat().st_size
