"""How a server listens, logs and stops: the options of all commands that serve, and the run itself."""

import functools
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from logging import INFO, makeLogRecord
from typing import Any, NoReturn, TypeVar

import click
import uvicorn

from api.commands.options import read_settings
from api.observing.logs import FORMATS, JSON, TEXT, JsonFormatter, log_config

F = TypeVar("F", bound=Callable[..., Any])
STOP_SECONDS = 30
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus-client looks for it

OPTIONS = (
    click.option(
        "--host",
        envvar="STANDINGS_HOST",
        show_envvar=True,
        default="127.0.0.1",
        show_default=True,
        help="Address to listen on.",
    ),
    click.option(
        "--port",
        envvar="STANDINGS_PORT",
        show_envvar=True,
        default=8000,
        show_default=True,
        type=click.IntRange(1, 65535),
        help="Port to listen on.",
    ),
    click.option(
        "--workers",
        envvar="STANDINGS_WORKERS",
        show_envvar=True,
        default=1,
        show_default=True,
        type=click.IntRange(1, 64),
        help="Processes.",
    ),
    click.option(
        "--log-format",
        envvar="STANDINGS_LOG_FORMAT",
        show_envvar=True,
        default=TEXT,
        show_default=True,
        type=click.Choice(FORMATS),
        help="Lines of the log: for people, or one JSON object each.",
    ),
    click.option(
        "--stop-seconds",
        envvar="STANDINGS_STOP_SECONDS",
        show_envvar=True,
        default=STOP_SECONDS,
        show_default=True,
        type=click.IntRange(1, 3600),
        help="How long requests under way may take when the server is asked to stop.",
    ),
)


@dataclass(frozen=True)
class Listening:
    """Where and how a server runs."""

    host: str
    port: int
    workers: int
    log_format: str
    stop_seconds: int

    def say(self, text: str) -> None:
        """Tell who started it, in the format of the log."""
        if self.log_format == JSON:
            record = makeLogRecord({"name": "standings", "levelno": INFO, "levelname": "INFO", "msg": text})
            text = JsonFormatter().format(record)
        click.echo(text, err=True)

    def run(self, beside: AbstractContextManager[None]) -> None:
        """Serve the data directory of the environment until SIGTERM or SIGINT, and meanwhile what runs beside it."""
        with _ending_well(), _sharing_metrics(self.workers), beside:
            uvicorn.run(
                "api.app:create_app", factory=True, host=self.host, port=self.port, workers=self.workers,
                log_level="info", log_config=log_config(self.log_format), access_log=False, server_header=False,
                timeout_graceful_shutdown=self.stop_seconds,
            )  # fmt: skip


def listens(command: F) -> F:
    """Give a command the options; they come to it as `listening`."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        own = {name: options.pop(name) for name in Listening.__dataclass_fields__}
        return command(*args, listening=Listening(**own), **options)

    for option in reversed(OPTIONS):
        run = option(run)
    return run  # type: ignore[return-value]


class _Terminated(SystemExit):
    """The end of the server by SIGTERM."""


@contextmanager
def _ending_well() -> Iterator[None]:
    """Let SIGTERM end what is inside as an exception does, and then the process with exit code 0.

    uvicorn answers what has begun, and raises the signal again, which would leave a refresh and files behind.
    """
    earlier = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except _Terminated:
        pass
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _terminate(number: int, *_: object) -> NoReturn:
    raise _Terminated(128 + number)


@contextmanager
def _sharing_metrics(workers: int) -> Iterator[None]:
    """A directory in which several processes keep their numbers meanwhile."""
    if workers == 1 or not read_settings().metrics:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="standings-metrics-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]
