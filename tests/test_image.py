"""The Dockerfile as `.ci/image.py` reads it: what the image is made of, and on which port it listens."""

import importlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[1]
IGNORED = [line for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]


@pytest.fixture(scope="module")
def image() -> Iterator[ModuleType]:
    """The script that runs the stages."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(PROJECT / ".ci"))
        yield importlib.import_module("image")


def test_the_script_can_do_every_instruction_of_the_dockerfile(image: ModuleType) -> None:
    stages = image.read_stages((PROJECT / "Dockerfile").read_text("utf-8"))
    assert [stage.name for stage in stages[:-1]] == ["page", "build"]
    known = {name.removeprefix("_").upper() for name in vars(image.Machine) if name.startswith("_")}
    assert {each.name for stage in stages for each in stage.instructions} <= known


def test_what_it_cannot_do_is_an_error(image: ModuleType, tmp_path: Path) -> None:
    (stage,) = image.read_stages("FROM python\nWORKDIR /src\nRUN touch /elsewhere/file\n")
    machine = image.Machine.__new__(image.Machine)
    machine.root, machine.tops = tmp_path, {"src"}
    with pytest.raises(image.Unknown, match="would write to /elsewhere of this machine"):
        machine._run(stage, stage.instructions[1])
    with pytest.raises(image.Unknown, match="JSON array"):
        machine._cmd(stage, image.Instruction("CMD", {}, "standings serve"))


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("api/app.py", False),
        ("api/web/package.json", False),
        ("api/web/.npmrc", False),
        ("schema.graphql", False),
        ("docs/pages/guide.md", False),
        ("docs/operations.md", True),
        ("api/web/node_modules/vite/index.js", True),
        ("api/pages/built/index.html", True),
        ("api/__pycache__/app.pyc", True),
        ("tests/conftest.py", True),
        (".git/config", True),
        ("data/current", True),
    ],
)
def test_only_what_it_is_built_from_is_in_the_build(image: ModuleType, path: str, ignored: bool) -> None:
    assert image.is_ignored(path, IGNORED) == ignored


@pytest.mark.parametrize(
    ("variables", "port"),
    [({}, "8000"), ({"SPACE_ID": "org/space"}, "7860"), ({"SPACE_ID": "org/space", "PORT": "9000"}, "9000")],
)
def test_the_environment_says_on_which_port_it_listens(
    image: ModuleType, variables: dict[str, str], port: str, tmp_path: Path
) -> None:
    last = image.read_stages((PROJECT / "Dockerfile").read_text("utf-8"))[-1]
    told = {each.name: each.text for each in last.instructions}
    for name in ("standings", "python"):
        (tmp_path / name).write_text('#!/bin/sh\necho "$(basename "$0") $1 $3"\n')
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "STANDINGS_DATA_DIR": str(tmp_path), **variables}

    def said(text: str) -> str:
        words = image.words(text.removeprefix("CMD "))
        return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout

    assert said(told["CMD"]) == f"standings demo {port}\n"
    assert said(told["HEALTHCHECK"]) == f"python -c {port}\n"
    (tmp_path / "current").touch()
    assert said(told["CMD"]) == f"standings serve {port}\n"
