"""Fixtures of the command: run it, and data directories it made."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.making import link_tree, make_once

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command in an empty directory, with no variable of ours but those given."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("STANDINGS_")]:
        monkeypatch.delenv(name)

    def invoke(*words: object, **variables: str) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], env=variables, prog_name="standings")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture(scope="session")
def built(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two snapshots, the second with EASI beside MTEB. Read it only."""
    both = (["--mteb", sample / "mteb", "--mteb-catalog", sample / "mteb-catalog"], ["--easi", sample / "easi"])

    def make(folder: Path) -> None:
        for words in both:
            result = CliRunner().invoke(main, ["build", "--data-dir", str(folder), *map(str, words)])
            assert result.exit_code == 0, result.output

    return link_tree(make_once(tmp_path_factory, "built-twice", make), tmp_path_factory.mktemp("built"))


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """A copy of it to write to, where commands look for it."""
    return Path(shutil.copytree(built, tmp_path / "data"))
