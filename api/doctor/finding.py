"""What one look has found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import duckdb

from api.accounts.redaction import redact
from warehouse.ledger.errors import LedgerError
from warehouse.store import StoreError


class State(StrEnum):
    """How bad it is: nothing, it runs though something is amiss, or something does not work."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it stands, and what to do. `is_setting`: a variable is to be changed."""

    check: str
    state: State
    message: str
    remedy: str | None = None
    is_setting: bool = False


Look = Callable[[], Iterable[Finding]]


def ok(check: str, message: str) -> Finding:
    return Finding(check, State.OK, message)


def warning(check: str, message: str, remedy: str, *, is_setting: bool = False) -> Finding:
    return Finding(check, State.WARNING, message, remedy, is_setting)


def problem(check: str, message: str, remedy: str, *, is_setting: bool = False) -> Finding:
    return Finding(check, State.PROBLEM, message, remedy, is_setting)


def examine(looks: Iterable[tuple[str, Look]]) -> Iterator[Finding]:
    """Look at one thing after the other; what cannot be looked at is a problem of its own, and no end."""
    for name, look in looks:
        try:
            yield from map(_redacted, look())
        except (OSError, LedgerError, StoreError, duckdb.Error) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0]
            yield _redacted(problem(name, f"it cannot be looked at: {first}", "mend that, and run this again"))


def _redacted(finding: Finding) -> Finding:
    return replace(finding, message=redact(finding.message), remedy=finding.remedy and redact(finding.remedy))
