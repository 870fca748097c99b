"""What a request carries: the snapshot it reads, and the way to ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from api.engine import Engine
from api.submissions.visit import Visit
from warehouse.easi.facts import Facts
from warehouse.select import Clause
from warehouse.snapshot import Dimensions, Snapshot


@dataclass
class Context:
    """One request. All its fields read the same snapshot. `lasts`: nothing was read that may change before the next."""

    snapshot: Snapshot
    engine: Engine
    request_id: str = ""
    visit: Visit | None = None
    lasts: bool = True
    extensions: dict[str, Any] = field(default_factory=dict)

    @property
    def dimensions(self) -> Dimensions:
        return self.snapshot.dimensions

    def ask(self) -> Visit:
        """Who asks, and the ledger's side of the answer, which changes without a new snapshot."""
        self.lasts = False
        if self.visit is None:
            raise LookupError("this endpoint serves no submissions")
        return self.visit

    @property
    def facts(self) -> Facts:
        """The names of EASI's benchmarks."""
        if self.visit is None:
            raise LookupError("this endpoint serves no submissions")
        return self.visit.submissions.facts

    async def arrow(self, clause: Clause) -> pa.Table:
        """The rows of a statement. Raises `QueryTimeout` and `Busy`."""
        return await self.engine.table(self.snapshot, clause)

    async def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a statement as dictionaries."""
        return list((await self.arrow(Clause(sql, values or {}))).to_pylist())
