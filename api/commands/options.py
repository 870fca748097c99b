"""Options that several commands share, and how they end when something is wrong."""

import functools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import duckdb

from warehouse.checks import ChecksFailed
from warehouse.store import KEEP, StoreError

if TYPE_CHECKING:
    from rich.console import Console

    from api.settings import Settings

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
keep = click.option(
    "--keep",
    envvar="STANDINGS_KEEP",
    show_envvar=True,
    default=KEEP,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How many snapshots are kept; the current one always is.",
)
as_json = click.option(
    "--json",
    "as_json",
    envvar="STANDINGS_JSON",
    show_envvar=True,
    is_flag=True,
    help="Print JSON for machines on standard output.",
)


def console() -> "Console":
    """Standard output: as wide as the terminal, or where it is none, as wide as its rows."""
    from rich.console import Console  # noqa: PLC0415 it is not needed where JSON is asked for

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
        except BrokenPipeError:
            raise
        except OSError as error:
            raise NotPublished(
                f"The data directory cannot be written: {error.strerror or error}. The last snapshot stays."
            ) from error
        except duckdb.Error as error:
            raise NotPublished(f"DuckDB: {str(error).splitlines()[0]}. The last snapshot stays.") from error

    return run  # type: ignore[return-value]


def read_settings() -> "Settings":
    """What the environment sets, for those commands that need it: its reader takes a while to import.

    Raises click's UsageError for what cannot be.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    from api.settings import Settings  # noqa: PLC0415

    try:
        return Settings()
    except ValidationError as error:
        raise click.UsageError("; ".join(map(describe_setting, error.errors()))) from None


def describe_setting(problem: Mapping[str, Any]) -> str:
    """A setting that cannot be; its value is not shown, for it may be a secret."""
    name = "_".join(map(str, problem["loc"])).upper()
    known = name if name.startswith(("STANDINGS_", "HF_")) else f"STANDINGS_{name}"
    return f"{known}: {problem['msg']}"


class Failed(click.ClickException):
    """The end of a command whose work could not be done."""

    exit_code = FAILED


class NotPublished(click.ClickException):
    """The end of a command that left the data directory as it was."""

    exit_code = NOT_PUBLISHED
