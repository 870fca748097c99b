"""What the doctor says: each thing is broken, and its line read. Nothing is changed by looking."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest

from tests.hub import FakeHub
from tests.running import Run
from tests.warehouse.submitters import submission
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.places import ledger_url
from warehouse.ledger.records import Evidence
from warehouse.store import Store

pytest_plugins = ("tests.hub.fixtures", "tests.running", "tests.warehouse.ledgers")

ARCHIVE = b"PK\x03\x04 what was sent"
SHA256 = sha256(ARCHIVE).hexdigest()


@dataclass(frozen=True)
class Said:
    """Exit code, and the lines by what was looked at."""

    code: int
    lines: list[dict[str, Any]]

    def line(self, check: str) -> tuple[str, str]:
        """State and words of the one line about something."""
        (found,) = [each for each in self.lines if each["check"] == check]
        return found["state"], f"{found['message']} | {found['remedy']}"

    def all(self, state: str) -> dict[str, str]:
        """Words by what was looked at, of one state."""
        return {each["check"]: f"{each['message']} | {each['remedy']}" for each in self.lines if each["state"] == state}


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody has who does not speak."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def ours() -> Iterator[int]:
    """A port that somebody has who answers as a server of ours does."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status": "ok"}')

        def log_message(self, *_: object) -> None:
            """It is nobody's business."""

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def ask(run: Run, data: Path, *words: object, **variables: str) -> Said:
    result = run("doctor", "--data-dir", data, "--json", *words, **{"STANDINGS_PORT": str(free_port()), **variables})
    return Said(result.exit_code, json.loads(result.stdout))


def state(root: Path) -> dict[str, tuple[int, int]]:
    """All that is on disk: sizes and times by path."""
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in (root, *root.rglob("*"))}


def test_all_is_well_with_what_a_build_made_and_nothing_is_changed(run: Run, data: Path) -> None:
    with closing(Ledger(ledger_url(data, None))):
        pass
    before = state(data)

    said = ask(run, data)

    assert said.code == 0
    assert said.all("problem") == {}
    assert set(said.all("warning")) <= {"page"}
    current = Store(data).current()
    assert current is not None
    assert said.line(f"snapshot {current.id}") == ("ok", "opens, passes the checks, and its files are complete | None")
    assert state(data) == before


def test_each_finding_is_one_line_for_people(run: Run, data: Path) -> None:
    (data / "workspace").mkdir()
    result = run("doctor", "--data-dir", data, STANDINGS_PORT=str(free_port()))
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("warning  build")]
    assert "was left by a build that was killed. The next build clears it" in line
    assert "warning" in result.stdout.splitlines()[-1]


def test_warnings_count_where_they_are_asked_to(run: Run, data: Path) -> None:
    (data / "workspace").mkdir()
    assert (ask(run, data).code, ask(run, data, "--strict").code) == (0, 1)


def test_all_settings_that_cannot_be_are_told_at_once_without_their_values(run: Run, data: Path) -> None:
    wrong = {
        "STANDINGS_QUERY_SECONDS": "soon",
        "STANDINGS_PORT": "http",
        "STANDINGS_KEEP": "0",
        "HF_REQUESTS_REPO": "no-repository",
        "STANDINGS_HUB_URL": "http://hub.example",
        "STANDINGS_HUB_TOKEN": "hf_my secret",
        "STANDINGS_LEDGER_URL": "mysql://me:my-password@host/db",
        "STANDINGS_MAINTAINERS": "ann, org:lab",
        "STANDINGS_OAUTH_CLIENT_SECRET": "my-oauth-secret",
        "STANDINGS_TRUSTED_DOCUMENTS": "nowhere.json",
    }
    said = ask(run, data, **wrong, STANDINGS_QUERY_SECOND="1")

    problems = said.all("problem")
    assert set(problems) == {
        "STANDINGS_QUERY_SECONDS", "STANDINGS_PORT", "STANDINGS_KEEP", "HF_REQUESTS_REPO", "Hub", "repository",
        "ledger address", "ledger", "maintainers", "sign-in", "trusted documents",
    }  # fmt: skip
    assert "'ann' is nobody" in problems["maintainers"]
    assert "STANDINGS_OAUTH_CLIENT_SECRET is set without an id" in problems["sign-in"]
    assert said.line("STANDINGS_QUERY_SECOND")[1].endswith("it may be STANDINGS_QUERY_SECONDS")
    text = json.dumps(said.lines)
    assert not any(secret in text for secret in ("my secret", "my-password", "my-oauth-secret", "soon"))


def test_a_setting_alone_ends_with_2_and_anything_else_with_3(run: Run, data: Path) -> None:
    wrong = {"STANDINGS_REQUESTS_REPO": "lab/requests"}
    said = ask(run, data, **wrong)
    assert said.code == 2
    assert "there is no token: submitting answers 500" in said.line("repository")[1]
    assert ask(run, data / "none", **wrong).code == 3


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("http://host.example/api/auth/callback", "not https"),
        ("https://host.example/callback", "does not lead to /api/auth/callback"),
        ("https://host.example/api/auth/callback", "a public application"),
    ],
)
def test_sign_in_is_complete_and_consistent(run: Run, data: Path, uri: str, told: str) -> None:
    said = ask(run, data, STANDINGS_OAUTH_CLIENT_ID="app", STANDINGS_OAUTH_REDIRECT_URI=uri)
    assert told in said.line("sign-in")[1]
    assert not (data / "accounts.secret").exists()


def test_a_directory_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    said = ask(run, tmp_path / "none")
    assert said.code == 3
    assert "is not there" in said.line("data directory")[1]
    assert not (tmp_path / "none").exists()


def test_an_empty_directory_has_nothing_to_serve(run: Run, tmp_path: Path) -> None:
    said = ask(run, tmp_path)
    assert said.all("problem").keys() == {"current"}
    assert "`standings build` or `standings demo` makes one" in said.line("current")[1]


def test_a_broken_pointer_names_what_to_roll_back_to(run: Run, data: Path) -> None:
    newest = Store(data).list()[0]
    (data / "current").write_text("20200101T000000Z-00000000\n")
    said = ask(run, data)
    assert said.code == 3
    assert said.line("current")[1].endswith(f"`standings rollback {newest.id}`")


def test_snapshots_that_cannot_be_served_are_told_apart(run: Run, data: Path) -> None:
    newest, oldest = Store(data).list()
    (oldest.folder / "standings.duckdb").write_bytes(b"no database")
    with duckdb.connect(str(newest.file)) as connection:
        connection.execute("update origin.layout set number = 1")
    (data / "snapshots" / "half-written").mkdir()

    said = ask(run, data)

    assert said.line(f"snapshot {newest.id}")[0] == "problem"
    assert "has layout 1" in said.line(f"snapshot {newest.id}")[1]
    assert said.line(f"snapshot {oldest.id}")[0] == "warning"
    assert "half-written is no snapshot" in said.line("snapshots")[1]


def test_a_snapshot_that_breaks_a_check_is_a_problem(run: Run, data: Path) -> None:
    current = Store(data).current()
    assert current is not None
    with duckdb.connect(str(current.file)) as connection:
        connection.execute("update tasks set unit = 'MILES'")
    state, told = ask(run, data).line(f"snapshot {current.id}")
    assert state == "problem"
    assert "units" in told


def test_files_beside_a_snapshot_are_held_against_what_was_published(run: Run, data: Path) -> None:
    newest, oldest = Store(data).list()
    (newest.folder / "models.parquet").write_bytes(b"PAR1")
    (newest.folder / "croissant.json").unlink()
    changed = bytearray((oldest.folder / "tasks.parquet").read_bytes())
    changed[10] ^= 1
    (oldest.folder / "tasks.parquet").write_bytes(changed)

    state, told = ask(run, data).line(f"snapshot {newest.id}")
    assert state == "warning"
    assert "models.parquet cannot be read" in told
    assert "croissant.json is missing" in told
    assert ask(run, data).line(f"snapshot {oldest.id}")[0] == "ok"
    assert "tasks.parquet is not what was published" in ask(run, data, "--deep").line(f"snapshot {oldest.id}")[1]


def test_a_running_build_is_no_fault_and_is_not_disturbed(run: Run, data: Path) -> None:
    with Store(data).building():
        assert ask(run, data).line("build") == ("ok", f"one is running: process {os.getpid()} | None")


def test_a_lock_that_outlives_its_build_is_told(run: Run, data: Path) -> None:
    (data / "lock").touch()
    holds = "import fcntl, os, sys\nfcntl.flock(0, fcntl.LOCK_EX)\nos.fork() or os.read(1, 1)\n"
    ends, kept = os.pipe()
    try:
        with (data / "lock").open("w") as lock:
            subprocess.run([sys.executable, "-c", holds], stdin=lock, stdout=ends, check=True)
        state, told = ask(run, data).line("build")
    finally:
        os.close(kept)
        os.close(ends)
    assert state == "problem"
    assert "is gone; one that it has started still has it" in told


def test_what_others_own_is_told(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    state, told = ask(run, data).line("owner")
    assert state == "warning"
    assert "this runs as user 4711" in told


def test_a_directory_that_cannot_be_written_is_a_problem(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    assert ask(run, data).line("data directory")[0] == "problem"


def test_a_disk_without_room_is_a_problem(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1_000))
    assert ask(run, data).line("disk")[0] == "problem"


@pytest.fixture
def sent(data: Path, made_sqlite: Path) -> Path:
    """A data directory with one submission, whose archive is there and which could not be pushed."""
    shutil.copytree(made_sqlite, data, dirs_exist_ok=True)
    with closing(Ledger(ledger_url(data, None))) as ledger:
        ledger.submissions.add(submission(evidence=Evidence(SHA256, len(ARCHIVE))), push=True)
        claimed = ledger.pushes.claim(timedelta(minutes=1))
        assert claimed is not None
        ledger.pushes.failed(claimed.id, "the token hf_secretofours may not write", timedelta(minutes=1))
    archive = data / "evidence" / SHA256[:2] / f"{SHA256}.zip"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(ARCHIVE)
    return data


def test_the_ledger_its_pushes_and_its_archives_are_read_and_not_changed(run: Run, sent: Path) -> None:
    before = state(sent)
    said = ask(run, sent)
    assert said.line("ledger")[1].endswith("ledger.sqlite3: schema 0001, 1 submissions | None")
    assert said.line("evidence")[1].startswith("1 archives are there; 1 were read")
    assert "1 wait because: the token hf_*** may not write" in said.line("pushes")[1]
    assert state(sent) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "is missing"), (b"other size", "has another size"), (bytes(len(ARCHIVE)), "holds other bytes")],
)
def test_an_archive_that_is_not_what_was_sent_is_a_problem(
    run: Run, sent: Path, content: bytes | None, told: str
) -> None:
    archive = sent / "evidence" / SHA256[:2] / f"{SHA256}.zip"
    if content is None:
        archive.unlink()
    else:
        archive.write_bytes(content)
    said = ask(run, sent)
    assert said.code == 3
    assert f"{SHA256} {told}" in said.line("evidence")[1]


def test_large_archives_are_read_where_it_is_asked_for(run: Run, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.doctor.submissions.HASHED_BYTES", 1)
    (sent / "evidence" / SHA256[:2] / f"{SHA256}.zip").write_bytes(bytes(len(ARCHIVE)))
    assert ask(run, sent).line("evidence")[0] == "ok"
    assert ask(run, sent, "--deep").line("evidence")[0] == "problem"


@pytest.mark.parametrize(
    ("schema", "told"), [("0000", "`standings serve` brings it up to date"), ("9999", "knows those up to 0001")]
)
def test_a_ledger_of_another_version_is_told(run: Run, sent: Path, schema: str, told: str) -> None:
    with closing(sqlite3.connect(sent / "ledger" / "ledger.sqlite3")) as connection, connection:
        connection.execute("update ledger_schema set version_num = ?", (schema,))
    assert told in ask(run, sent).line("ledger")[1]


def test_a_damaged_ledger_is_a_problem(run: Run, sent: Path) -> None:
    file = sent / "ledger" / "ledger.sqlite3"
    file.write_bytes(file.read_bytes()[:8192] + bytes(16384))
    assert ask(run, sent).line("ledger")[0] == "problem"
    file.write_bytes(b"no database" * 1000)
    assert ask(run, sent).line("ledger")[0] == "problem"


def test_what_only_its_owner_may_read_is_for_its_owner_alone(run: Run, sent: Path) -> None:
    secret = sent / "accounts.secret"
    secret.write_bytes(bytes(32))
    for file in (secret, sent / "ledger" / "ledger.sqlite3"):
        file.chmod(0o644)
    said = ask(run, sent)
    assert said.line("accounts.secret")[1].endswith(f"chmod 600 {secret}")
    assert said.line("ledger.sqlite3")[0] == "warning"
    secret.chmod(0o600)
    assert ask(run, sent).line("accounts.secret")[0] == "ok"
    secret.write_bytes(b"short")
    assert "delete" in ask(run, sent).line("accounts.secret")[1]


def test_sources_that_are_gone_and_what_a_refresh_has_met_are_told(run: Run, data: Path, sample: Path) -> None:
    current = Store(data).current()
    assert current is not None
    with duckdb.connect(str(current.file)) as connection:
        connection.execute("update sources set uri = 'moved/away' where name = 'easi'")
    (data / "refresh.json").write_text("{}}")
    said = ask(run, data)
    assert "easi was read from moved/away, which is not there" in said.line("sources")[1]
    assert said.line("refresh.json")[0] == "warning"

    source = {"uri": "moved/away", "revision": "1", "mark": "1", "at": 1.0, "error": "it is no directory"}
    (data / "refresh.json").write_text(json.dumps({"snapshot": current.id, "sources": {"easi": source}}))
    assert "easi was not read: it is no directory" in ask(run, data).line("refresh.json")[1]


def test_versions_that_do_not_do_and_a_wrong_clock_are_problems(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb, "__version__", "1.4.0")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 7, 17))
    monkeypatch.setattr("api.doctor.machine.time.time", lambda: 1_600_000_000.0)
    assert {"DuckDB", "SQLite", "clock"} <= set(ask(run, data).all("problem"))


def test_a_port_is_free_or_taken_or_ours(
    run: Run, data: Path, taken: int, ours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.doctor.machine.ANSWER_SECONDS", 0.1)
    state, told = ask(run, data, STANDINGS_PORT=str(taken)).line(f"port {taken}")
    assert state == "problem"
    assert "cannot be listened on" in told
    free = free_port()
    assert ask(run, data, STANDINGS_PORT=str(free)).line(f"port {free}")[0] == "ok"
    assert ask(run, data, STANDINGS_PORT=str(ours)).line(f"port {ours}") == (
        "ok",
        "a server answers on 127.0.0.1 | None",
    )


def test_the_hub_is_asked_where_that_is_wanted(run: Run, data: Path, hub: FakeHub) -> None:
    hub.add_person("hf_right", "lab")
    hub.let_write("hf_right", hub.add_dataset("lab/requests", {}, private=True))
    given = {"STANDINGS_HUB_URL": hub.url, "STANDINGS_REQUESTS_REPO": "lab/requests"}
    assert ask(run, data, **given, STANDINGS_HUB_TOKEN="hf_right").code == 0
    assert hub.requests == []

    said = ask(run, data, "--online", **given, STANDINGS_HUB_TOKEN="hf_right")
    assert said.line("Hub token") == ("ok", 'of "lab" | None')
    assert said.line("repository online")[0] == "ok"

    said = ask(run, data, "--online", **given, STANDINGS_HUB_TOKEN="hf_wrong")
    assert {"Hub token", "repository online"} <= set(said.all("problem"))
    assert "hf_wrong" not in json.dumps(said.lines)

    unreachable = ask(run, data, "--online", STANDINGS_HUB_URL=f"http://127.0.0.1:{free_port()}")
    assert "did not answer" in unreachable.line("Hub online")[1]


def test_the_page_is_there_or_it_is_told_how_to_get_it(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.doctor.machine.read_built", lambda: None)
    said = ask(run, data)
    assert said.code == 0
    assert "run make page" in said.line("page")[1]
