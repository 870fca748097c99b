"""What the elements of a selection are, where a field tells: by GraphQL coordinate."""

from collections.abc import Callable, Mapping
from typing import Any

from api.graphql.cost.lengths import MARGIN
from api.graphql.cost.scope import Place, Scope
from api.graphql.cost.sizes import TABLES, Sizes
from api.ids import read_id

# From the place of a field to where its selection is read; null: there is nothing.
Entering = Callable[[Place], Scope | None]


def about(scope: Scope, kind: str, sizes: Sizes) -> Scope:
    """A place among elements of a type: those it is about, else any one."""
    if kind not in TABLES or (scope.subject is not None and scope.subject.kind == kind):
        return scope
    return Scope(sizes.some(kind, 1))


def _one(kind: str) -> Entering:
    def enter(at: Place) -> Scope | None:
        found = at.sizes.one(kind, at.given.get("name"))
        return None if found is None else Scope(found)

    return enter


def _some(kind: str) -> Entering:
    def enter(at: Place) -> Scope:
        names = at.names()
        return Scope(
            at.sizes.some(kind, at.length) if names is None else at.sizes.among(kind, names, at.length), at.length
        )

    return enter


def _node(at: Place) -> Scope | None:
    kind, key = read_id(str(at.given.get("id"))) or ("", [])
    if kind not in TABLES:
        return Scope()
    found = at.sizes.one(kind, key[0] if key else None)
    return None if found is None else Scope(found)


def _ranked_models(at: Place) -> Scope:
    return Scope(at.sizes.some("Model", at.scope.many))


def _tasks(at: Place) -> Scope:
    return Scope(at.sizes.tasks_of(at.subject) if at.subject else None, at.length)


def _boards_of_task(at: Place) -> Scope:
    return Scope(at.sizes.boards_of(at.subject, at.length) if at.subject else None, at.length)


def _boards_in_menu(at: Place) -> Scope:
    level = at.name
    found = (
        at.sizes.known.benchmarks.find(name)
        for row in at.sizes.known.menu
        if str(len(row["path"])) == level
        for name in row["benchmarks"]
    )
    return Scope(at.sizes.among("Benchmark", (row["name"] for row in found if row), at.length), at.length)


def _menu(at: Place) -> Scope:
    return Scope(at.sizes.among("MenuEntry", ["1"], 1))


def _submenu(at: Place) -> Scope:
    level = int(at.subject.name or 0) if at.subject else 0
    return Scope(at.sizes.among("MenuEntry", [str(level + 1)], 1))


def _standings(at: Place) -> Scope:
    names = at.names()
    boards = at.sizes.some("Benchmark", at.length) if names is None else at.sizes.among("Benchmark", names, at.length)
    return Scope(boards, at.length, stored="asOf" not in at.given)


def _leaderboard(at: Place) -> Scope:
    return at.scope._replace(stored=_is_stored(at))


def _is_stored(at: Place) -> bool:
    """Whether the arguments of a leaderboard ask for what the store holds ready, as far as they tell by themselves."""
    asked: dict[str, Any] = {name: value for name, value in at.given.items() if value is not False}
    if not asked:
        return True
    name = at.name
    return name is not None and asked == {"method": at.sizes.known.benchmarks.rows[name]["default_method"]}


def _per_language(at: Place) -> Scope:
    shown, asked = MARGIN * at.mean("languages"), at.given.get("languages")
    if asked is not None:
        codes = at.sizes.known.codes
        names = [name for name in (asked if isinstance(asked, list) else [asked]) if isinstance(name, str)]
        shown = min(shown, sum(len(codes.get(name, ())) for name in names))
    return at.scope._replace(width=shown, stored=False)


def _diff(at: Place) -> Scope:
    return at.scope._replace(stored=False)


def _sources(at: Place) -> Scope:
    return Scope(at.sizes.some("Source", at.length), at.length)


ENTERED: Mapping[str, Entering] = {
    "Benchmark.diff": _diff,
    "Benchmark.leaderboard": _leaderboard,
    "Benchmark.perLanguage": _per_language,
    "BenchmarkTask.task": _tasks,
    "LanguageEntry.model": _ranked_models,
    "Leaderboard.tasks": _tasks,
    "LeaderboardEntry.model": _ranked_models,
    "MenuEntry.benchmarks": _boards_in_menu,
    "MenuEntry.children": _submenu,
    "Model.standings": _standings,
    "Query.benchmark": _one("Benchmark"),
    "Query.benchmarks": _some("Benchmark"),
    "Query.menu": _menu,
    "Query.model": _one("Model"),
    "Query.models": _some("Model"),
    "Query.node": _node,
    "Query.task": _one("Task"),
    "Query.tasks": _some("Task"),
    "RankMove.model": _ranked_models,
    "Task.benchmarks": _boards_of_task,
    "TaskLeaderboardEntry.model": _ranked_models,
    "TaskScore.task": _tasks,
    "Warehouse.sources": _sources,
}
# Lists of which each element is a board, or of one: their lists are added up board by board.
EACH = frozenset(
    {
        "BenchmarkConnection.edges",
        "BenchmarkConnection.nodes",
        "MenuEntry.benchmarks",
        "Model.standings",
        "Task.benchmarks",
    }
)
