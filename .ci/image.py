"""Runs the stages of the Dockerfile in order, in a clean directory, and then what they make: where there is no Docker.

What it cannot do: the base images are this machine's Python and Node, with all that stands beside them. Absolute paths
that the Dockerfile makes lead into the clean directory. An instruction, or a form of one, that is not known here is an
error.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from dockerfile import Instruction, Stage, Unknown, filled, is_closed, is_ignored, read_stages, tops, words

PROJECT = Path(__file__).resolve().parents[1]
MOST_BYTES = 450_000_000
USER = 1000
START_SECONDS, STOP_SECONDS, HEALTH_SECONDS = 90.0, 20.0, 5.0
SUITS = "import ensurepip, sys; assert sys.version_info >= (3, 11)"
ABSOLUTE = re.compile(r"(?<![\w./*-])/([A-Za-z][\w.-]*)")
SYSTEM = ("bin", "dev", "proc", "usr")  # which a stage may name, but not change
SPACE = {"SPACE_ID": "standings/standings"}
NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
# The data directory and its user are the first two words. What is mounted below the root is made so, too.
LOCKED = """
    data=$1 user=$2; shift 2
    mount --bind "$data" "$data" && mount -o remount,bind,ro / || exit 1
    for place in /tmp /var /home /opt; do ! mountpoint -q "$place" || mount -o remount,bind,ro "$place"; done
    exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
"""


class Machine:
    """A clean directory in which stages are run: that which is run has its files in `root`, those before in `kept`."""

    def __init__(self, work: Path, python: str, stages: Sequence[Stage]) -> None:
        self.work = work
        self.root = work / "root"
        self.kept: dict[str, Path] = {}
        self.context = work / "context"
        self.base = work / "base"
        self.tops = set(tops(stages))
        _copy_context(self.context)
        subprocess.run([python, "-m", "venv", self.base], check=True)

    def run(self, stage: Stage) -> None:
        """Do what a stage says, from an empty root on."""
        self.root.mkdir()
        stage.environment = {"PATH": f"{self.base / 'bin'}:{os.environ['PATH']}"}
        for instruction in stage.instructions:
            do = getattr(self, f"_{instruction.name.lower()}", None)
            if do is None:
                raise Unknown(f"{instruction.name}: this script cannot do it")
            print(f"--- {stage.name}: {instruction.name} {instruction.text[:110]}", flush=True)
            do(stage, instruction)

    def keep(self, stage: Stage) -> None:
        """Put a stage aside, and begin the next in its place: scripts hold the path at which they were made."""
        self.kept[stage.name] = self.root.rename(self.work / f"stage-{stage.name}")

    def place(self, path: str, stage: Stage) -> Path:
        """Where a path of the image is."""
        return self.root / os.path.normpath(PurePosixPath(stage.folder, path)).lstrip("/")

    def led(self, text: str) -> str:
        """A command whose paths of the image lead into the clean directory."""
        tops = "|".join(map(re.escape, sorted(self.tops)))
        return re.sub(rf"(?<![\w./*-])/(?=(?:{tops})(?:[/\s\"':;]|$))", f"{self.root}/", text) if tops else text

    def _run(self, stage: Stage, instruction: Instruction) -> None:
        command = self.led(instruction.text)
        for found in ABSOLUTE.finditer(command.replace(str(self.root), "")):
            if found[1] not in {*self.tops, *SYSTEM}:
                raise Unknown(f"RUN would write to /{found[1]} of this machine: name it by WORKDIR or COPY, too")
        if os.geteuid():
            command = re.sub(r"(install .*?)--owner \S+ --group \S+", r"\1", command)
        _check(["sh", "-ec", command], cwd=self.place(".", stage), env=self._building(stage))

    def _building(self, stage: Stage) -> dict[str, str]:
        """The caller's variables, by which npm and pip know where packages come from, without those that are ours."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("STANDINGS_", "PYTHON"))}
        return {**own, **{name: self.led(value) for name, value in stage.environment.items()}}

    def _copy(self, stage: Stage, instruction: Instruction) -> None:
        *sources, to = shlex.split(instruction.text)
        if set(instruction.flags) - {"from"}:
            raise Unknown(f"COPY with {', '.join(instruction.flags)}")
        came = self.kept[instruction.flags["from"]] if "from" in instruction.flags else self.context
        target = self.place(to, stage)
        for source in sources:
            found = came / source.lstrip("/")
            if found.is_dir():
                shutil.copytree(found, target, symlinks=True, dirs_exist_ok=True)
            else:
                into = target / found.name if to.endswith("/") or len(sources) > 1 else target
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(found, into)
        stage.copied.append(str(target))

    def _workdir(self, stage: Stage, instruction: Instruction) -> None:
        stage.folder = os.path.normpath(PurePosixPath(stage.folder, instruction.text))
        self.place(".", stage).mkdir(parents=True, exist_ok=True)

    def _env(self, stage: Stage, instruction: Instruction) -> None:
        for pair in shlex.split(instruction.text):
            name, equals, value = pair.partition("=")
            if not equals:
                raise Unknown(f"ENV {instruction.text}: write NAME=value")
            stage.environment[name] = filled(value, stage.environment)

    def _user(self, stage: Stage, instruction: Instruction) -> None:
        stage.user = instruction.text

    def _expose(self, stage: Stage, instruction: Instruction) -> None:
        """It only tells people."""

    def _healthcheck(self, stage: Stage, instruction: Instruction) -> None:
        if not instruction.text.startswith("CMD "):
            raise Unknown(f"HEALTHCHECK {instruction.text}")
        stage.health = words(instruction.text.removeprefix("CMD "))

    def _cmd(self, stage: Stage, instruction: Instruction) -> None:
        stage.command = words(instruction.text)


def _check(command: Sequence[object], **options: Any) -> None:
    ended = subprocess.run([str(word) for word in command], check=False, stdin=subprocess.DEVNULL, **options)
    assert ended.returncode == 0, f"it ended with {ended.returncode}"


def _copy_context(to: Path) -> None:
    """What the build may see of the project."""
    patterns = [line.strip() for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines()]
    patterns = [line for line in patterns if line and not line.startswith("#")]
    for folder, names, files in os.walk(PROJECT):
        place = Path(folder).relative_to(PROJECT)
        names[:] = [name for name in names if not is_closed((place / name).as_posix(), patterns)]
        for name in files:
            if not is_ignored((place / name).as_posix(), patterns):
                (to / place).mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / place / name, to / place / name)


@dataclass(frozen=True)
class Leave:
    """What this machine lets the script do: run as another user, and in a root that is for reading alone."""

    user: bool
    locked: bool

    @staticmethod
    def find() -> "Leave":
        """What is possible, by trying it."""
        if os.geteuid():
            return Leave(user=False, locked=False)
        tried_by = [*NAMESPACES, "sh", "-c", "mount -o remount,bind,ro / && setpriv --version"]
        try:
            tried = subprocess.run(tried_by, check=False, capture_output=True)
        except FileNotFoundError:
            return Leave(user=True, locked=False)
        return Leave(user=True, locked=tried.returncode == 0)

    def say(self) -> None:
        """Say what is done, and what is not."""
        print(f"runs as user {USER if self.user else os.geteuid()}", end="; ")
        print(
            "all but the data directory is for reading alone, and it is process 1"
            if self.locked
            else "no mount namespaces here: what is written elsewhere is looked for in the clean directory alone"
        )


class Container:
    """The last stage while it runs."""

    def __init__(self, machine: Machine, stage: Stage, leave: Leave, **more: str) -> None:
        self.machine = machine
        self.stage = stage
        self.leave = leave
        self.environment = {name: machine.led(value) for name, value in stage.environment.items()} | more
        self.data = Path(self.environment["STANDINGS_DATA_DIR"])
        self._log = (machine.work / "run.log").open("w+b")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command, options = self._lead(self.stage.command), self._options()
        if self.leave.locked:
            command = [*NAMESPACES, "sh", "-c", LOCKED, "sh", str(self.data), self.stage.user, *command]
            options = {name: options[name] for name in ("cwd", "env")}
        self._process = subprocess.Popen(
            command, stdout=self._log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options
        )
        return self

    def __exit__(self, *error: object) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self, port: int) -> dict[str, Any]:
        """What /ready says."""
        assert self._process
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    f"http://127.0.0.1:{port}/ready", timeout=5
                ) as answer:
                    return dict(json.loads(answer.read()))
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"it does not answer on port {port}:\n{self.said()}")

    def is_healthy(self) -> bool:
        """Whether the HEALTHCHECK succeeds."""
        command = self._lead(self.stage.health)
        return subprocess.run(command, check=False, timeout=HEALTH_SECONDS, **self._options()).returncode == 0

    def terminate(self) -> int:
        """The exit code after a SIGTERM."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        os.kill(int(children[0]) if self.leave.locked and children else self._process.pid, signal.SIGTERM)
        return self._process.wait(STOP_SECONDS)

    def said(self) -> str:
        """What it printed."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")[-4000:]

    def _lead(self, command: Sequence[str]) -> list[str]:
        return [self.machine.led(word) for word in command]

    def _options(self) -> dict[str, Any]:
        user = int(self.stage.user)
        other: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if self.leave.user else {}
        return {"cwd": self.machine.place(".", self.stage), "env": self.environment, **other}


def check_image(machine: Machine, stage: Stage, leave: Leave) -> None:
    """Hold the last stage against what it promises."""
    size = sum(_size(path) for path in stage.copied)
    print(f"the last stage copies {size / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} are allowed")
    assert size < MOST_BYTES, "that is too much"
    assert stage.user == str(USER), f"it runs as user {stage.user}"
    before = _state(machine)
    first = _run(machine, stage, leave, 8000)
    again = _run(machine, stage, leave, 7860, **SPACE)
    assert first["snapshot"] == again["snapshot"], "what it had built is not what it serves the next time"
    wanted = _free_port()
    _run(machine, stage, leave, wanted, PORT=str(wanted), **SPACE)
    assert _state(machine) == before, (
        f"it has written elsewhere than to its data: {sorted(_state(machine) ^ before)[:5]}"
    )


def _run(machine: Machine, stage: Stage, leave: Leave, port: int, **more: str) -> dict[str, Any]:
    """One run from its start to its end."""
    told = " ".join(f"{name}={value}" for name, value in more.items()) or "nothing set"
    assert _is_free(port), f"port {port} is taken on this machine: free it"
    with Container(machine, stage, leave, **more) as container:
        ready = container.wait_until_ready(port)
        assert container.is_healthy(), "the HEALTHCHECK fails"
        code = container.terminate()
        assert code == 0, f"after SIGTERM it ends with {code}:\n{container.said()}"
    print(f"{told}: port {port}, snapshot {ready['snapshot']}, healthy, 0 after SIGTERM")
    return ready


def _size(path: str) -> int:
    measured = subprocess.run(
        ["/usr/bin/du", "--summarize", "--block-size=1", path], check=True, capture_output=True, text=True
    )
    return int(measured.stdout.split()[0])


def _state(machine: Machine) -> set[tuple[str, int, int]]:
    """Every file of the stage but its data: name, size, time."""
    found = (path for path in machine.root.rglob("*") if not path.is_relative_to(machine.root / "data"))
    return {(str(path), path.lstat().st_size, path.lstat().st_mtime_ns) for path in found}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


def _find_python(leave: Leave) -> str:
    """A Python that the other user may run too, else any."""
    options: Mapping[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if leave.user else {}
    for name in (os.environ.get("PYTHON", "python3"), "/usr/bin/python3"):
        python = shutil.which(name)
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            if python:
                subprocess.run([python, "-c", SUITS], check=True, cwd="/", stderr=subprocess.DEVNULL, **options)
                return python
    raise SystemExit(f"user {USER} can run no Python of this machine from 3.11 on with ensurepip: name one by PYTHON")


def main() -> None:
    """Run all stages, then the image."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the clean directory there, and say where it is")
    keeps = options.parse_args().keep
    leave = Leave.find()
    leave.say()
    work = Path(tempfile.mkdtemp(prefix="standings-image-"))
    work.chmod(0o755)
    try:
        stages = read_stages((PROJECT / "Dockerfile").read_text("utf-8"))
        machine = Machine(work, _find_python(leave), stages)
        for stage in stages[:-1]:
            machine.run(stage)
            machine.keep(stage)
        machine.run(stages[-1])
        check_image(machine, stages[-1], leave)
    except (AssertionError, Unknown, subprocess.SubprocessError) as error:
        sys.exit(f"the image is not as it should be: {error}")
    finally:
        print(f"kept in {work}") if keeps else shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
