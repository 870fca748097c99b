"""`standings shell`: DuckDB's own shell on the current snapshot."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from api.commands import shell
from api.commands.shell import find_shell

pytest_plugins = ("tests.running",)
PROJECT = Path(__file__).parents[1]
needs_shell = pytest.mark.skipif(find_shell() is None, reason="needs DuckDB's shell: the extra `shell` brings it")


def run_shell(data_dir: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from api.cli import main; main()", "shell", "--data-dir", str(data_dir), *words]
    return subprocess.run(command, cwd=PROJECT, input=typed, capture_output=True, text=True, timeout=60, check=False)


@needs_shell
def test_it_greets_with_the_views_and_answers_what_is_typed(built: Path) -> None:
    done = run_shell(built, typed="select count(*) > 0 as some from latest_scores;\n")
    assert done.returncode == 0, done.stderr
    for name in ("leaderboard(board)", "latest_scores", "score_history", "coverage", "read-only"):
        assert name in done.stdout
    assert "true" in done.stdout


@needs_shell
def test_options_go_to_the_shell(built: Path) -> None:
    done = run_shell(built, "-csv", "-c", "select 1 as one")
    assert (done.returncode, done.stdout.split()) == (0, ["one", "1"])


@needs_shell
def test_it_cannot_write(built: Path) -> None:
    done = run_shell(built, "-csv", "-c", "create table t as select 1")
    assert done.returncode != 0
    assert "read-only" in done.stderr


def test_where_there_is_no_shell_it_says_how_to_get_one(
    run: Callable[..., Result], built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell.sys, "executable", os.devnull)
    monkeypatch.setenv("PATH", "")
    result = run("shell", "--data-dir", built)
    assert result.exit_code == 2
    assert "standings[shell]" in result.output


def test_without_a_snapshot_it_says_what_to_do(run: Callable[..., Result]) -> None:
    result = run("shell")
    assert result.exit_code == 3
    assert "there is no snapshot" in result.output
