"""Which statements a request runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from warehouse.snapshot import Snapshot


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    run, asked = Snapshot.arrow, []

    def arrow(snapshot: Snapshot, sql: str, values: Any = None, stop: Any = None) -> Any:
        asked.append(sql)
        return run(snapshot, sql, values, stop)

    with monkeypatch.context() as patch:
        patch.setattr(Snapshot, "arrow", arrow)
        yield asked
