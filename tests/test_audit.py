"""The endpoint passes every check of the GraphQL-over-HTTP specification's own audit, which runs in Node."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import WEB, find_node
from tests.serving import Server

SECONDS = 120.0
CHECK = re.compile(r"(MUST|SHOULD|MAY) +(\w{4}) (.+?): (ok|FAILED \(.+\))")
SUMMARY = re.compile(r"(\d+) checks \(\d+ MUST, \d+ SHOULD, \d+ MAY\), (\d+) failed")


@pytest.fixture(scope="module")
def node() -> str:
    return find_node("graphql-http")


@pytest.fixture(scope="module")
def server(sample_dir: Path) -> Iterator[Server]:
    with Server(sample_dir) as server:
        yield server


def audit(node: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [node, "audit.mjs", *words], cwd=WEB, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def test_every_check_of_the_audit_passes(node: str, server: Server) -> None:
    found = audit(node, f"http://127.0.0.1:{server.port}/graphql")
    *lines, last = found.stdout.splitlines()
    checks = [CHECK.fullmatch(line) for line in lines]
    assert [line for line in lines if not line.endswith(": ok")] == [], found.stderr
    assert all(checks)
    assert {check[1] for check in checks if check} == {"MUST", "SHOULD", "MAY"}
    summary = SUMMARY.fullmatch(last)
    assert summary is not None
    assert (int(summary[1]), summary[2]) == (len(checks), "0")
    assert found.returncode == 0


def test_the_audit_fails_where_the_endpoint_is_something_else(node: str, server: Server) -> None:
    found = audit(node, f"http://127.0.0.1:{server.port}/health")
    assert "MUST   2C94 accept POST requests: FAILED (Response status code is not 200; it answered 405)" in found.stdout
    assert found.returncode == 1


def test_the_audit_fails_where_nothing_answers(node: str, tmp_path: Path) -> None:
    found = audit(node, f"http://127.0.0.1:{Server(tmp_path).port}/graphql")
    assert "FAILED (no answer: " in found.stdout
    assert found.returncode == 1


def test_the_audit_says_how_it_is_asked(node: str) -> None:
    found = audit(node)
    assert "usage: node audit.mjs URL" in found.stderr
    assert found.returncode == 2
