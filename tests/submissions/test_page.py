"""The submit page on a real server: a browser that signs in at the Hub, previews, sends, withdraws and signs out."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browsing import WEB, find_chromium, find_node
from tests.hub import FakeHub
from tests.serving import Server
from tests.submissions.archives import make_zip
from tests.submissions.office import MODEL

pytest_plugins = ("tests.hub.fixtures",)

SECONDS = 60


@pytest.fixture
def browser() -> list[str]:
    """The command that goes through the page; skips where something of it is absent."""
    return [find_node("playwright-core"), "journeys/whole.mjs", f"--chromium={find_chromium()}"]


def test_a_browser_goes_the_whole_way(browser: list[str], hub: FakeHub, sample_dir: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(sample_dir, data_dir, ignore=shutil.ignore_patterns("ledger", "evidence", "*.parquet"))
    hub.add_model(MODEL, {}, cardData={"license": "mit"})
    hub.sign_in("ann")
    archive = tmp_path / "easi_results.zip"
    archive.write_bytes(make_zip())
    settings = {"STANDINGS_HUB_URL": hub.url, "STANDINGS_OAUTH_CLIENT_ID": "standings"}
    with Server(data_dir, **settings) as server:
        url = f"http://127.0.0.1:{server.port}"
        hub.desk.redirect_uris.add(f"{url}/api/auth/callback")
        run = subprocess.run(
            [*browser, url, MODEL, str(archive)], cwd=WEB, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["rank"].startswith("Rank")
    assert seen["broken"] == []
