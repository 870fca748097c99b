"""What a request carries: the snapshot it reads, and the way to ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from api.graphql.executor.engine import Engine
from warehouse.select import Clause
from warehouse.snapshot import Dimensions, Snapshot


@dataclass
class Context:
    """One request. All its fields read the same snapshot."""

    snapshot: Snapshot
    engine: Engine
    request_id: str = ""
    extensions: dict[str, Any] = field(default_factory=dict)

    @property
    def dimensions(self) -> Dimensions:
        return self.snapshot.dimensions

    async def arrow(self, clause: Clause) -> pa.Table:
        """The rows of a statement. Raises `QueryTimeout` and `Busy`."""
        return await self.engine.table(self.snapshot, clause)

    async def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a statement as dictionaries."""
        return list((await self.arrow(Clause(sql, values or {}))).to_pylist())
