"""Ten minutes of everything at once: questions, SQL, submissions, swaps, kills; nothing else may fail, nor memory grow."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import IO

import duckdb

from tests.bench.clients import (
    Act,
    Client,
    Site,
    downloads,
    leaderboard,
    leaver,
    operators,
    pages,
    small,
    sql,
    wrong,
)  # fmt: skip
from tests.bench.inputs import Inputs
from tests.bench.killing import Family, Killer
from tests.bench.processes import PROJECT
from tests.bench.results import Result
from tests.bench.senders import MAINTAINER_ID, PUSHER, REQUESTS, Senders, fill
from tests.bench.stores import small_store
from tests.bench.tally import Tally
from tests.bench.trend import Sampling, Trend
from tests.hub import LoopbackHub
from tests.serving import Server
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.places import ledger_url
from warehouse.store import Store

MINUTES = 10.0
WORKERS = 2
REFRESH_SECONDS = 2.0
WARM = 0.4  # of the time: snapshots that nobody reads stay open for up to five minutes
MOST_SLOPE = 3.0  # MiB a minute, of a process that lives all the time
JUDGED_MINUTES = 5.0  # a shorter run says little of memory
REPORT = PROJECT / "build" / "soak.txt"
SEED = 20261121
# What the log says of what is done on purpose: a refresh that was killed, a worker, and its work that others found.
EXPECTED = re.compile(r"ended with exit code -9|Child process \[\d+\] died")
ALARMING = re.compile(r"\b(ERROR|CRITICAL|Traceback)\b|exit code -?[1-9]")
SETTINGS = {
    # They are full soon, so that what grows after that is none of theirs.
    "STANDINGS_CACHE_MB": "32",
    "STANDINGS_LOOK_SECONDS": "0.5",
    "STANDINGS_SQL_SECONDS": "5",
    "STANDINGS_MAINTAINERS": MAINTAINER_ID,
    "STANDINGS_REQUESTS_REPO": REQUESTS,
    "STANDINGS_HUB_TOKEN": PUSHER,
    "STANDINGS_REFRESH": str(REFRESH_SECONDS),
}


class Logged(Server):
    """A server whose log is kept."""

    def __init__(self, data: Path, log: IO[bytes], **environment: str) -> None:
        super().__init__(data, WORKERS, "serve", **environment)
        self._log = log

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT
        )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def ended_with(self) -> int | None:
        """Its exit code; null: it runs."""
        assert self._process is not None
        return self._process.poll()


def soak(inputs: Inputs, folder: Path, minutes: float = MINUTES) -> list[Result]:
    """The load of `minutes`, what failed of it, and how memory went."""
    copied = folder / "soaked"
    shutil.rmtree(copied, ignore_errors=True)
    data, board = small_store(inputs, folder)
    shutil.copytree(data, copied)
    log_file = folder / "soak.log"
    with LoopbackHub() as hub, log_file.open("wb") as log:
        fill(hub.hub)
        server = Logged(copied, log, STANDINGS_HUB_URL=hub.hub.url, **SETTINGS)
        with server:
            run = Soak(server, copied, board, hub, minutes)
            run.go()
    run.finish(log_file.read_text("utf-8", "replace").splitlines(), server.ended_with)
    report = run.report()
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report, encoding="utf-8")
    print(report)  # noqa: T201 it is what this is run for
    shutil.rmtree(copied)
    return run.results()


class Soak:
    """One run, and what was learnt from it."""

    def __init__(self, server: Logged, data: Path, board: str, hub: LoopbackHub, minutes: float) -> None:
        self.data = data
        self.minutes = minutes
        self.tally = Tally()
        self.snapshots: set[str] = set()
        self.trends: dict[str, Trend] = {}
        self.site = Site(server.port, board, _models(data), self.tally)
        self.senders = Senders(self.site, hub.hub)
        self.family = Family(server.pid)

    def go(self) -> None:
        """Let everybody do what they do, for so long."""
        with ExitStack() as stack:
            sampling = stack.enter_context(Sampling(self.family.sizes))
            for number, (kind, act, pause) in enumerate(self._load()):
                stack.enter_context(Client(self.site, kind, act, pause, SEED + number))
            stack.enter_context(Killer(self.family, self.data, self.tally, Random(SEED)))
            time.sleep(60 * self.minutes)
        self.trends = sampling.trends

    def _load(self) -> Sequence[tuple[str, Act, float]]:
        site, senders = self.site, self.senders
        return (
            ("small query", small(site), 0.05),
            ("small query", small(site), 0.05),
            ("leaderboard", leaderboard(site), 0.5),
            ("leaderboard", leaderboard(site), 0.5),
            ("page", pages(site), 0.2),
            ("SQL", sql(site), 0.7),
            ("refused", wrong(site), 1.0),
            ("hung up", leaver(site), 0.5),
            ("download", downloads(site), 0.5),
            ("operators", operators(site, self.snapshots), 1.0),
            ("submission", senders.submitting(), 1.5),
            ("decision", senders.deciding, 2.5),
        )

    def finish(self, log: Sequence[str], code: int | None) -> None:
        """Look at what is left: the log, the ledger, and what the doctor says."""
        for line in log:
            if ALARMING.search(line) and not EXPECTED.search(line):
                self.tally.fail("log", line)
        if code != 0:
            self.tally.fail("stop", f"the server ended with {code}")
        if len(self.snapshots) < 2:
            self.tally.fail("swaps", "no snapshot was swapped")
        self._look_for_submissions()
        self._ask_the_doctor()

    def _look_for_submissions(self) -> None:
        with closing(Ledger(ledger_url(self.data, None))) as ledger:
            kept = sum(ledger.submissions.counts().values())
        if kept < len(self.senders.taken):
            self.tally.fail("ledger", f"{len(self.senders.taken)} submissions were taken, and {kept} are there")

    def _ask_the_doctor(self) -> None:
        words = ["-c", "from api.cli import main; main(prog_name='standings')", "doctor", "--json", "--deep"]
        told = subprocess.run(
            [sys.executable, *words, "--data-dir", str(self.data)], cwd=PROJECT, capture_output=True, check=False,
            env={name: value for name, value in os.environ.items() if not name.startswith("STANDINGS_")},
        )  # fmt: skip
        for line in json.loads(told.stdout):
            if line["state"] == "problem":
                self.tally.fail("doctor", f"{line['check']}: {line['message']}")

    def results(self) -> list[Result]:
        """For the table of measurements."""
        failed = self.tally.failed
        more = {"failures": self.tally.failures[:10]}
        name = f"failed in a soak of {self.minutes:g} minutes"
        found = [Result(name, failed, ratio=float(failed), unit="", must=0.0, aim=0.0, more=more)]
        for process, trend in self._steady().items():
            slope = max(0.0, trend.after(60 * self.minutes * WARM).slope)
            must = 1.0 if self.minutes >= JUDGED_MINUTES else None
            what = f"memory of the {process}, growth a minute"
            found.append(Result(what, slope, MOST_SLOPE, slope / MOST_SLOPE, "MiB", must=must))
        return found

    def _steady(self) -> dict[str, Trend]:
        """The processes that lived all the time."""
        return {name: trend for name, trend in self.trends.items() if name in Family.STEADY}

    def report(self) -> str:
        """What happened, as it stands in the documents."""
        lines = [f"{self.minutes:g} minutes, {WORKERS} workers, 100,000 scores, a build whenever anything has moved"]
        for kind in dict.fromkeys(kind for kind, _ in self.tally.counts):
            told = ", ".join(f"{count:,} {outcome}" for outcome, count in self.tally.of(kind).items())
            slowest = self.tally.slowest.get(kind, 0.0)
            lines.append(f"{kind:13} {told}" + (f"; slowest {slowest:.1f} s" if slowest else ""))
        lines.append(f"{'swaps':13} {max(0, len(self.snapshots) - 1)} snapshots were swapped while it was served")
        for name, trend in self.trends.items():
            warm = trend.after(60 * self.minutes * WARM)
            slope = f", {warm.slope:+.2f} MiB a minute" if name in Family.STEADY else ""
            lines.append(f"{name:13} {trend.usual:.0f} MiB, at most {trend.most:.0f}{slope}")
        lines += [f"failed        {self.tally.failed}", *self.tally.failures]
        return "\n".join(lines) + "\n"


def _models(data: Path) -> tuple[str, ...]:
    current = Store(data).current()
    assert current is not None
    with duckdb.connect(str(current.file), read_only=True) as connection:
        rows = connection.execute("select name::varchar from models order by name limit 500").fetchall()
    return tuple(row[0] for row in rows)
