"""Small types: languages, capabilities, the menu."""

import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.graphql.context import Context
from api.graphql.relation import Relation, Row, column, computed
from warehouse.select import Order, Selection
from warehouse.statements import statement

if TYPE_CHECKING:
    from api.graphql.types.benchmark import Benchmark


@strawberry.type(description="A language.")
class Language:
    code: str = column("ISO 639-3 code, with the script after a dash where the source gives it.")
    name: str = column("English name.")


@strawberry.type(description="Something a model can be good at, measured by subsets of several tasks.")
class Capability:
    label: str = column("Short label, such as mm.")
    name: str = column("What it stands for, such as Metric Measurement.")


@strawberry.type(description="An entry of the tree in which benchmarks are offered.")
class MenuEntry:
    path: strawberry.Private[list[str]]
    names: strawberry.Private[list[str]]
    name: str = strawberry.field(description="Name of the entry.")
    description: str | None = strawberry.field(description="What it holds.")
    open: bool = strawberry.field(description="Whether it is shown unfolded.")

    @computed(description="Benchmarks directly in it.")
    def benchmarks(
        self, info: strawberry.Info[Context]
    ) -> list[Annotated["Benchmark", strawberry.lazy("api.graphql.types.benchmark")]]:
        found = (info.context.dimensions.benchmarks.find(name) for name in self.names)
        return [Row("Benchmark", row) for row in found if row]  # type: ignore[misc]

    @computed(description="Entries below it.")
    def children(self, info: strawberry.Info[Context]) -> list["MenuEntry"]:
        return read_menu(info.context, self.path)


def read_capabilities(context: Context, as_of: datetime.datetime | None) -> list[Capability]:
    """The capability labels in use, at a time or now, by label."""
    if as_of is None:
        return [Row("Capability", row) for row in context.dimensions.capabilities]  # type: ignore[misc]
    chosen = Selection(statement("queries/capabilities_as_of"), {"as_of": as_of}, order=(Order("label"),))
    return Relation("Capability", chosen)  # type: ignore[return-value]


def read_menu(context: Context, below: list[str]) -> list[MenuEntry]:
    """The entries directly below a path of the menu."""
    return [
        MenuEntry(
            path=row["path"],
            names=row["benchmarks"],
            name=row["path"][-1],
            description=row["description"],
            open=bool(row["open"]),
        )
        for row in context.dimensions.menu
        if row["path"][:-1] == below
    ]
