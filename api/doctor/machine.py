"""The machine: programs, clock, port, and whether the pages are built."""

import platform
import socket
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import duckdb

from api.doctor.finding import Finding, ok, problem, warning
from api.pages.built import read_built
from warehouse.store import Store

OLDEST_DUCKDB, NOT_YET = (1, 5, 5), (3,)
OLDEST_SQLITE = (3, 24)
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # this program is not older
SLACK_SECONDS = 60.0
ANSWER_SECONDS = 2.0


def look_at_versions() -> Iterator[Finding]:
    """Python, DuckDB and SQLite."""
    yield ok("Python", platform.python_version())
    found = tuple(int(part) for part in duckdb.__version__.split(".")[:3] if part.isdecimal())
    wanted = f"install DuckDB {'.'.join(map(str, OLDEST_DUCKDB))} or newer, below {NOT_YET[0]}"
    right = OLDEST_DUCKDB <= found < NOT_YET
    yield ok("DuckDB", duckdb.__version__) if right else problem("DuckDB", f"it is {duckdb.__version__}", wanted)
    version = sqlite3.sqlite_version
    oldest = ".".join(map(str, OLDEST_SQLITE))
    yield (
        ok("SQLite", version)
        if sqlite3.sqlite_version_info >= OLDEST_SQLITE
        else problem("SQLite", f"it is {version}", f"use a Python with SQLite {oldest} or newer, or PostgreSQL")
    )


def look_at_clock(store: Store) -> Iterator[Finding]:
    """Whether the clock can be right, by what is known to be past."""
    now = time.time()
    newest = max([EARLIEST.timestamp(), *(each.built_at.timestamp() for each in store.list())])
    for file in (store.pointer, store.root / "ledger"):
        newest = max(newest, file.stat().st_mtime if file.exists() else 0.0)
    said = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    if now + SLACK_SECONDS < newest:
        past = datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds")
        yield problem("clock", f"it says {said}, and {past} is past", "set it: sign-in and the next snapshot need it")
    else:
        yield ok("clock", said)


def look_at_port(host: str, port: int) -> Iterator[Finding]:
    """Whether a server could listen there, or one of ours does."""
    name = f"port {port}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            if _answers(host, port):
                yield ok(name, f"a server answers on {host}")
            else:
                said = error.strerror or error
                yield problem(
                    name, f"{host} cannot be listened on: {said}", "end what has it, or choose STANDINGS_PORT"
                )
        else:
            yield ok(name, f"free on {host}")


def _answers(host: str, port: int) -> bool:
    """Whether what is there answers as this program does."""
    asked = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=ANSWER_SECONDS)  # noqa: S104 that is where to ask
    try:
        asked.request("GET", "/health")
        return b'"status"' in asked.getresponse().read(1000)
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def look_at_page() -> Iterator[Finding]:
    """Whether the explorer page can be served."""
    if read_built() is not None:
        yield ok("page", "the explorer page and GraphiQL are built")
        return
    web = Path(__file__).parents[1] / "web" / "package.json"
    how = "run make page" if web.is_file() else "install a package or image that was made with npm"
    yield warning("page", "the explorer page is not built; all else is served", how)
