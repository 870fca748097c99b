"""What browsers are sent: the built pages with what they load, and plain pages where nothing was built."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.pages.built import Built, read_built
from api.pages.files import FOREVER, File
from api.pages.serving import read_pages

SCRIPT = b"console.log('standings')" * 100


@pytest.fixture(scope="module")
def client() -> TestClient:
    coded = {"br": b"as brotli", "gzip": gzip.compress(SCRIPT, mtime=0)}
    built = Built(
        File("index.html", b"<title>Explorer</title>"),
        File("graphiql.html", b"<title>GraphiQL</title>"),
        {"index-1a2b.js": File("index-1a2b.js", SCRIPT, coded, FOREVER)},
    )
    return TestClient(Starlette(routes=read_pages(built).routes))


@pytest.fixture(scope="module")
def without() -> TestClient:
    return TestClient(Starlette(routes=read_pages(None).routes))


def test_the_explorer_stands_at_the_front(client: TestClient) -> None:
    answer = client.get("/?board=EASI-8")
    assert (answer.status_code, answer.text) == (200, "<title>Explorer</title>")
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_what_a_page_loads_is_kept_for_good(client: TestClient) -> None:
    answer = client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert (answer.content, answer.headers["content-type"]) == (SCRIPT, "text/javascript; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("zstd", None)]
)
def test_files_are_sent_in_a_coding_that_the_browser_takes(
    accepted: str, coding: str | None, client: TestClient
) -> None:
    with client.stream("GET", "/assets/index-1a2b.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == coding
    assert body == {"br": b"as brotli", "gzip": gzip.compress(SCRIPT, mtime=0), None: SCRIPT}[coding]
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_each_coding_has_a_tag_of_its_own(client: TestClient) -> None:
    tags = {
        client.head("/assets/index-1a2b.js", headers={"Accept-Encoding": coding}).headers["etag"]
        for coding in ("gzip", "identity")
    }
    assert len(tags) == 2


@pytest.mark.parametrize("name", ["index.html", "..%2findex.html", "%2e%2e/serving.py", "index-1a2b.js.br", ""])
def test_nothing_else_is_sent(name: str, client: TestClient) -> None:
    assert client.get(f"/assets/{name}").status_code == 404


def test_without_built_pages_the_front_says_how_to_get_them(without: TestClient) -> None:
    answer = without.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "make page" in answer.text
    assert 'href="/graphql"' in answer.text
    assert without.get("/assets/index-1a2b.js").status_code == 404


def test_what_was_built_holds_all_that_it_loads() -> None:
    built = read_built()
    if built is None:
        pytest.skip("needs the built pages: run `make page`, which needs npm")
    for page in (built.explorer, built.graphiql):
        loaded = [part.partition(b'"')[0].decode() for part in page.body.split(b'"/assets/')[1:]]
        assert loaded
        assert [name for name in loaded if name not in built.assets] == []
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
