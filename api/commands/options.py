"""Options that several commands share, and how they end when something is wrong."""

import functools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import duckdb
from pydantic import ValidationError
from rich.console import Console

from warehouse.checks import ChecksFailed
from warehouse.store import StoreError

F = TypeVar("F", bound=Callable[..., Any])

UNBOUNDED = 10_000
FAILED = 1
NOT_PUBLISHED = 3

data_dir = click.option(
    "--data-dir",
    envvar="STANDINGS_DATA_DIR",
    show_envvar=True,
    default="data",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the snapshots are.",
)
as_json = click.option(
    "--json",
    "as_json",
    envvar="STANDINGS_JSON",
    show_envvar=True,
    is_flag=True,
    help="Print JSON for machines on standard output.",
)


def console() -> Console:
    """Standard output: as wide as the terminal, or where it is none, as wide as its rows."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=UNBOUNDED)


def ends_clearly(command: F) -> F:
    """Turn what an operator can mend into one line and an exit code, never a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except ChecksFailed as error:
            raise NotPublished(f"A check failed: {error}") from error
        except StoreError as error:
            raise NotPublished(str(error)) from error
        except ValidationError as error:
            raise click.UsageError("; ".join(map(_setting, error.errors()))) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            raise NotPublished(
                f"The data directory cannot be written: {error.strerror or error}. The last snapshot stays."
            ) from error
        except duckdb.Error as error:
            raise NotPublished(f"DuckDB: {str(error).splitlines()[0]}. The last snapshot stays.") from error

    return run  # type: ignore[return-value]


def _setting(problem: Mapping[str, Any]) -> str:
    """A setting that cannot be; its value is not shown, for it may be a secret."""
    return f"STANDINGS_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"


class Failed(click.ClickException):
    """The end of a command whose work could not be done."""

    exit_code = FAILED


class NotPublished(click.ClickException):
    """The end of a command that left the data directory as it was."""

    exit_code = NOT_PUBLISHED
