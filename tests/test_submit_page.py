"""The submit page: what it is served with, and journeys through it in Chromium on a stand-in for the server."""

import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import uvicorn
from graphql import GraphQLSchema, build_schema, parse, validate
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.pages.serving import ASSETS, read_pages
from tests.browsing import WEB, find_chromium, find_node
from tests.serving import PROJECT
from tests.submit_stand_in import StandIn
from warehouse.easi.facts import read_facts

PAGES = PROJECT / "api" / "pages"
SECONDS = 90.0
JOURNEYS = (
    "seesRanksWithoutSigningIn",
    "keepsWhatWasTypedOverASignIn",
    "readsWhyASignInFailed",
    "fillsTheFormByAFile",
    "isToldWhyAFileCannotBeRead",
    "watchesTheUploadAndSeesItTaken",
    "readsWarningsBeforeTheySend",
    "cancelsAnUpload",
    "sendsByKeyboardAlone",
    "seesAllProblemsByField",
    "seesTheServersRefusalAtItsFields",
    "isToldWhatNoSlotIsWastedOn",
    "isToldWhenTheyMaySendAgain",
    "isToldEveryOtherRefusal",
    "isToldThatTheServerIsGone",
    "withdrawsASubmission",
    "reviewsWhatWaits",
    "signsOut",
    "isAccessibleInTheLight",
    "isAccessibleInTheDark",
    "fitsAPhone",
    "isAccessibleToNobodyInParticular",
)


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema((PROJECT / "schema.graphql").read_text("utf-8"))


@pytest.fixture(scope="module")
def url(schema: GraphQLSchema) -> Iterator[str]:
    """The address of the stand-in, served from a thread."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(StandIn(schema).app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([taken],), daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        server.should_exit = True
        thread.join(SECONDS)


@pytest.fixture(scope="module")
def found(url: str) -> dict[str, dict[str, Any]]:
    """What became of each journey; skips where Node, its packages or Chromium are absent."""
    node = find_node("playwright-core", "@axe-core/playwright")
    words = [node, "journeys/submit.mjs", url, f"--chromium={find_chromium()}"]
    run = subprocess.run(words, cwd=WEB, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert run.stdout, run.stderr
    return dict(json.loads(run.stdout))


@pytest.mark.parametrize("journey", JOURNEYS)
def test_somebody_at_the_page(journey: str, found: dict[str, dict[str, Any]]) -> None:
    assert found[journey]["error"] is None, found[journey]["error"]


def test_every_journey_is_known_here(found: dict[str, dict[str, Any]]) -> None:
    assert set(found) == set(JOURNEYS)


def test_the_page_asks_only_what_the_schema_has(schema: GraphQLSchema) -> None:
    text = (PAGES / "documents.js").read_text("utf-8")
    parts = dict(re.findall(r"const (\w+) = `(.*?)`;", text, re.DOTALL))
    documents = [filled(body, parts) for body in parts.values() if re.match(r"\s*(query|mutation) ", body)]
    assert len(documents) == 7
    assert [error.message for document in documents for error in validate(schema, parse(document))] == []


def filled(text: str, parts: dict[str, str]) -> str:
    """A template of the page with its parts in it, and theirs in them."""
    return re.sub(r"\$\{(\w+)\}", lambda found: filled(parts[found[1]], parts), text)


@pytest.fixture(scope="module")
def pages() -> TestClient:
    return TestClient(Starlette(routes=read_pages(None).routes))


@pytest.mark.parametrize("path", ["/submit", "/submit/"])
def test_the_page_is_served_with_a_policy_that_lets_nothing_else_in(path: str, pages: TestClient) -> None:
    answer = pages.get(path, follow_redirects=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["referrer-policy"] == "same-origin"
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' https: data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


class References(HTMLParser):
    """Addresses that a page loads by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "src" or (tag == "link" and name == "href")]


def test_what_the_page_loads_is_served(pages: TestClient) -> None:
    loaded = [address for address in References(pages.get("/submit").text).found if not address.startswith("data:")]
    assert loaded == ["/pages/theme.css", "/pages/submit.css", "/pages/submit.js"]
    imported = {
        name for file in PAGES.glob("*.js") for name in re.findall(r"from '\./([\w.]+)'", file.read_text("utf-8"))
    }
    assert imported | {"theme.css", "submit.css", "submit.js"} == set(ASSETS)
    for name in (*ASSETS, "benchmarks.json"):
        answer = pages.get(f"/pages/{name}")
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].partition(";")[0] in {"text/css", "text/javascript", "application/json"}


def test_what_a_browser_has_is_not_sent_again(pages: TestClient) -> None:
    for path in ("/submit", "/pages/submit.js"):
        first = pages.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = pages.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert pages.get(path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("name", ["serving.py", "__init__.py", "..%2fapp.py", "%2e%2e/app.py", "submit.html", ""])
def test_nothing_else_is_served(name: str, pages: TestClient) -> None:
    assert pages.get(f"/pages/{name}").status_code == 404


def test_the_form_offers_the_benchmarks_that_are_known(pages: TestClient) -> None:
    offered = pages.get("/pages/benchmarks.json").json()
    assert [one["id"] for one in offered] == list(read_facts().benchmarks)
    assert [one["id"] for one in offered if one["core"]] == [
        one.id for one in read_facts().benchmarks.values() if one.core
    ]
    assert "object_counting" in next(one for one in offered if one["id"] == "vsi_bench")["subScores"]


def test_nothing_from_outside_becomes_markup() -> None:
    for file in PAGES.glob("*.js"):
        text = file.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text), (
            file.name
        )


def test_journeys_say_how_they_are_asked() -> None:
    node = find_node("playwright-core")
    run = subprocess.run(
        [node, "journeys/submit.mjs"], cwd=WEB, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert "usage: node journeys/submit.mjs URL" in run.stderr
    assert run.returncode == 2
