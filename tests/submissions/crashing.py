"""Runs the service in processes that end in the middle of a step, as `kill -9` would end them.

`python -m tests.submissions.crashing` imports the service once, and forks for every job that comes by its input.
"""

import asyncio
import base64
import functools
import gc
import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.hub import FakeHub
from tests.serving import PROJECT
from tests.submissions.office import PAYLOAD, Office, open_office

WAIT_SECONDS = 30.0
LATE_MODULES = (
    "_strptime",
    "alembic.command",
    "alembic.config",
    "anyio._backends._asyncio",
    "encodings.cp437",
    "huggingface_hub.hf_api",
    "huggingface_hub.utils.tqdm",
)
LEASES_END = timedelta(hours=1)
WHOSE = "{ viewer { submissions { nodes { id status pushState pushCommit evidenceUrl } } } }"


@dataclass(frozen=True)
class Site:
    """Where the service is: its Hub, its data directory, and the dataset it pushes to with a token."""

    hub_url: str
    data_dir: str
    repository: str
    token: str


@dataclass(frozen=True)
class Point:
    """Where a process ends: before or after a function, which is `module:Class.name`, when it is called so often."""

    place: str
    is_after: bool = False
    call: int = 1


@dataclass(frozen=True)
class Sender:
    """Somebody with a token and an archive (in base64), who comes by one of the doors."""

    token: str
    archive: str = field(repr=False)
    door: str = "REST"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Looked:
    """What there is of a sender: submissions and files of evidence, before and after it was sent again."""

    found: list[dict[str, Any]]
    kept: list[str]
    found_again: list[dict[str, Any]]
    kept_again: list[str]


class Crashing:
    """The process that forks, as a context manager."""

    def __init__(self, site: Site) -> None:
        words = [sys.executable, "-m", "tests.submissions.crashing", *asdict(site).values()]
        self._process = subprocess.Popen(words, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=WAIT_SECONDS)

    def crash(self, point: Point, sender: Sender | None = None) -> str | None:
        """Start, and send what there is to send, in a process that ends at the point. Null: it did; else what it told.

        Without a sender it ends while it starts.
        """
        ended, told = self._run({"point": asdict(point), "sender": asdict(sender) if sender else None})
        return None if ended == -signal.SIGKILL else f"not killed, but {ended}: {told}"

    def look(self, senders: Sequence[Sender]) -> list[Looked]:
        """Start anew when leases are over, see what there is of each sender, and send it again."""
        ended, told = self._run({"senders": [asdict(sender) for sender in senders]})
        assert ended == 0, told
        return [Looked(**each) for each in json.loads(told)]

    def _run(self, job: dict[str, Any]) -> tuple[int, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        ended, told = json.loads(self._process.stdout.readline())
        return ended, told


def main(site: Site) -> None:
    """Answer every job with how its process ended, and what it told."""
    prepare()
    for line in sys.stdin:
        job = json.loads(line)
        if "senders" in job:
            work = functools.partial(look, site, [Sender(**each) for each in job["senders"]])
        else:
            sender = Sender(**job["sender"]) if job["sender"] else None
            work = functools.partial(crash, site, Point(**job["point"]), sender)
        print(json.dumps(fork(work)), flush=True)  # noqa: T201 - it is the answer


def prepare() -> None:
    """Do once what takes long: late imports, the schema, certificates. No thread may run when it forks."""
    for late in LATE_MODULES:
        import_module(late)
    http: Any = import_module("httpcore2")
    app: Any = import_module("api.app")
    schema, context = app.build_schema(), http.default_ssl_context()
    app.build_schema = lambda: schema
    http.default_ssl_context = lambda **_: context
    gc.freeze()  # a collection in a fork would copy all that is shared


def fork(work: Callable[[], str]) -> tuple[int, str]:
    """How a process ended that did the work, and the text that came of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            told, code = work(), 0
        except BaseException:  # noqa: BLE001 - all of it is told
            told, code = traceback.format_exc(), 1
        with os.fdopen(writing, "w") as file:
            file.write(told)
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as file:
        told = file.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


def crash(site: Site, point: Point, sender: Sender | None) -> str:
    arm(point)
    with opened(site) as office:
        if sender is not None:
            put_in(office, sender)
            wait_until_pushed(office)
    return f"it never came to {point.place}"


def arm(point: Point) -> None:
    """Let this process end at a point."""
    module, _, path = point.place.partition(":")
    *owners, name = path.split(".")
    owner: Any = functools.reduce(getattr, owners, import_module(module))
    function: Callable[..., Any] = getattr(owner, name)
    calls = itertools.count(1)

    def pass_by(number: int, is_after: bool) -> None:
        if (number, is_after) == (point.call, point.is_after):
            os.kill(os.getpid(), signal.SIGKILL)

    async def awaited(*words: Any, **named: Any) -> Any:
        number = next(calls)
        pass_by(number, False)
        found = await function(*words, **named)
        pass_by(number, True)
        return found

    def called(*words: Any, **named: Any) -> Any:
        number = next(calls)
        pass_by(number, False)
        found = function(*words, **named)
        pass_by(number, True)
        return found

    setattr(owner, name, awaited if asyncio.iscoroutinefunction(function) else called)


def look(site: Site, senders: Sequence[Sender]) -> str:
    opening: Any = import_module("api.submissions.opening")
    opening.Ledger = functools.partial(opening.Ledger, clock=lambda: datetime.now(UTC) + LEASES_END)
    with opened(site) as office:
        wait_until_pushed(office)
        before = [(shown(office, sender), office.kept()) for sender in senders]
        for sender in senders:
            put_in(office, sender)
        wait_until_pushed(office)
        looked = [
            Looked(*there, shown(office, sender), office.kept()) for there, sender in zip(before, senders, strict=True)
        ]
        return json.dumps([asdict(each) for each in looked])


def opened(site: Site) -> AbstractContextManager[Office]:
    data_dir = Path(site.data_dir)
    hub = FakeHub(url=site.hub_url)
    return open_office(hub, data_dir, data_dir, requests_repo=site.repository, hub_token=site.token, ledger_url=None)


def put_in(office: Office, sender: Sender) -> None:
    archive = base64.b64decode(sender.archive)
    if sender.door == "REST":
        answer = office.send(sender.headers, archive=archive)
        assert answer.status_code == 200, answer.text
    elif sender.door == "page":
        ahead = office.client.put("/api/blob-upload", headers=sender.headers, files={"file": ("a.zip", archive)})
        given = {**PAYLOAD, "blobUrl": ahead.json()["url"]}
        assert office.client.post("/api/submit", headers=sender.headers, json=given).status_code == 200
    else:
        outcome = office.mutate(sender.headers, archive=archive)
        assert outcome["__typename"] == "Submission", outcome


def wait_until_pushed(office: Office) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while office.desk.ledger.pushes.waiting():
        assert time.monotonic() < deadline, "it is not pushed"
        time.sleep(0.005)


def shown(office: Office, sender: Sender) -> list[dict[str, Any]]:
    """The sender's submissions, each with the SHA-256 of its evidence as it is downloaded, and its audit."""
    nodes = office.ask(WHOSE, sender.headers)["viewer"]["submissions"]["nodes"]
    return [{**node, **kept(office, sender, node)} for node in nodes]


def kept(office: Office, sender: Sender, node: dict[str, Any]) -> dict[str, Any]:
    from api.submissions.ids import read_submission_id

    evidence = office.client.get(node["evidenceUrl"], headers=sender.headers)
    assert evidence.status_code == 200, evidence.text
    decisions = office.desk.ledger.submissions.decisions(read_submission_id(node["id"]) or "")
    return {"sha256": hashlib.sha256(evidence.content).hexdigest(), "audit": [each.action for each in decisions]}


if __name__ == "__main__":
    main(Site(*sys.argv[1:]))
