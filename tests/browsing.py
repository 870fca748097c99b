"""What goes through the pages as people do: Node with the packages of api/web, and Chromium."""

import os
import shutil

import pytest

from tests.serving import PROJECT

WEB = PROJECT / "api" / "web"
VARIABLE = "STANDINGS_TEST_PAGES"


def find_node(*packages: str) -> str:
    """The path of Node; skips where it or packages are absent, or where it is not asked for: it takes minutes."""
    if not os.environ.get(VARIABLE):
        pytest.skip(f"goes through the pages, which takes minutes: set {VARIABLE}=1")
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, version 18.17 or newer")
    if not all((WEB / "node_modules" / name).is_dir() for name in packages):
        pytest.skip("needs the packages of api/web: run `make page`")
    return node


def find_chromium() -> str:
    """The path of Chromium; skips where it is absent."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium as `chromium`: Debian's package of that name")
    return chromium
