"""Every list of the schema, and how long it is: one table by GraphQL coordinate."""

from collections.abc import Mapping

from strawberry.utils.str_converters import to_camel_case

from api.graphql.connections import MOST_FIRST
from api.graphql.cost.scope import Place, Size, each_of, fixed, of, paged
from api.graphql.types.change import MOST_CHANGES

COMPARED = 8  # scores of one conflict; more than two are rare
SCHEMA_TYPES, TYPE_FIELDS, FIELD_ARGUMENTS, TYPE_VALUES, DIRECTIVES = 150, 6, 1, 2, 6
DIRECTIVE_LOCATIONS = 3
SQL_PARAMETERS = 20
SUBMITTED, SUBMITTED_PARTS = 12, 10  # scores of a submission and of each their parts, as EASI's boards have them


def every(kind: str) -> Size:
    """All elements of a type, those with the names in `where`."""

    def read(at: Place) -> float:
        names = at.names()
        return len(at.sizes.names(kind)) if names is None else len(names)

    return read


def _entries(at: Place) -> float:
    entries, names = at.mean("entries" if at.scope.stored else "scored"), at.names()
    if names is None or at.name is None or at.sizes.known.benchmarks.rows[at.name]["ranks_variants"]:
        return entries
    return min(entries, len(names))


def _columns(at: Place) -> float:
    return at.mean("columns" if at.scope.stored else "tasks")


def _types(at: Place) -> float:
    return at.mean("types" if at.scope.stored else "task_types")


def _trained_on(at: Place) -> float:
    return min(_columns(at), at.sizes.some("Model", at.scope.many).mean("trained_on"))


def _changes(at: Place) -> float:
    tasks = at.sizes.tasks_of(at.subject) if at.subject else None
    cells = tasks.mean("cells") * tasks.count if tasks else 0
    return min(MOST_CHANGES, at.mean("scored") * cells)


def _board_versions(at: Place) -> float:
    board = at.sizes.one("Benchmark", at.given.get("benchmark"))
    return board.mean("versions") if board else 0


def _language_sets(at: Place) -> float:
    return max(map(len, at.sizes.known.language_sets.values()), default=0)


def _cells(at: Place) -> float:
    return at.sizes.tasks_of(at.subject).mean("cells") if at.subject else 0


def _capabilities(at: Place) -> float:
    return len(at.sizes.known.capabilities)


def _scores(at: Place) -> float:
    return int(at.sizes.known.counts["scores"] + at.sizes.known.counts["pending"])


def _menu(at: Place) -> float:
    return sum(1 for row in at.sizes.known.menu if len(row["path"]) == 1)


def _many(at: Place) -> float:
    return at.scope.many


def _sources(at: Place) -> float:
    return len(at.sizes.known.sources)


def _named_languages(at: Place) -> float:
    return len(at.sizes.known.languages)


def _columns_of(kind: str, *parts: str) -> Mapping[str, Size]:
    """Fields that are columns of the rows of a dimension, by their names there."""
    return {f"{kind}.{to_camel_case(part)}": of(part) for part in parts}


_PAGE: Mapping[str, Size] = {
    f"{kind}Connection.{part}": _many
    for kind in (
        "Benchmark",
        "Conflict",
        "LeaderboardEntry",
        "Model",
        "Score",
        "Submission",
        "Task",
        "TaskLeaderboardEntry",
        "Version",
    )
    for part in ("nodes", "edges")
}
SIZES: Mapping[str, Size] = {
    **_PAGE,
    **_columns_of(
        "Benchmark",
        "aliases",
        "languages",
        "language_view",
        "task_types",
        "simplified_task_types",
        "domains",
        "modalities",
        "aggregations",
        "superseded_by",
        "tasks",
        "versions",
    ),
    **_columns_of("Model", "model_types", "modalities", "languages", "frameworks", "aliases", "training_datasets"),
    **_columns_of(
        "Task",
        "sources",
        "languages",
        "domains",
        "modalities",
        "dialects",
        "splits",
        "subsets",
        "benchmarks",
    ),
    "Benchmark.versions": paged(of("versions")),
    "BenchmarkTask.languages": of("task_languages"),
    "BenchmarkTask.splits": of("task_splits"),
    "BenchmarkTask.subsets": of("task_subsets"),
    "Conflict.scores": fixed(COMPARED),
    "LanguageBoard.entries": of("scored"),
    "LanguageBoard.languages": lambda at: at.scope.width,
    "LanguageEntry.values": lambda at: at.scope.width,
    "Leaderboard.capabilities": _capabilities,
    "Leaderboard.entries": paged(_entries, None),
    "Leaderboard.sqlParameters": fixed(SQL_PARAMETERS),
    "Leaderboard.taskTypes": _types,
    "Leaderboard.tasks": _columns,
    "LeaderboardDiff.changed": _changes,
    "LeaderboardDiff.entered": of("scored"),
    "LeaderboardDiff.left": of("scored"),
    "LeaderboardDiff.moved": of("scored"),
    "LeaderboardEntry.capabilityScores": _capabilities,
    "LeaderboardEntry.taskScores": _columns,
    "LeaderboardEntry.taskTypeScores": _types,
    "LeaderboardEntry.taskValues": _columns,
    "LeaderboardEntry.trainedOnTasks": _trained_on,
    "MenuEntry.benchmarks": of("benchmarks"),
    "MenuEntry.children": of("children"),
    "Model.history": _board_versions,
    "Model.scores": paged(_scores),
    "Model.standings": every("Benchmark"),
    "Query.benchmarks": paged(every("Benchmark")),
    "Query.capabilities": _capabilities,
    "Query.conflicts": paged(_scores),
    "Query.languages": _named_languages,
    "Query.menu": _menu,
    "Query.models": paged(every("Model")),
    "Query.scores": paged(_scores),
    "Query.submissions": paged(fixed(MOST_FIRST)),
    "Query.tasks": paged(every("Task")),
    "Score.languages": _language_sets,
    "Source.problems": paged(of("problems")),
    "Source.versions": paged(of("versions")),
    "Submission.scores": fixed(SUBMITTED),
    "Submission.warnings": fixed(1),
    "SubmissionInvalid.problems": fixed(SUBMITTED),
    "SubmissionPreview.boards": fixed(SUBMITTED),
    "SubmissionPreview.problems": fixed(SUBMITTED),
    "SubmittedScore.subScores": fixed(SUBMITTED_PARTS),
    "Subset.capabilities": _capabilities,
    "Subset.languages": each_of("subset_languages", "subsets"),
    "Task.descriptiveStatistics": of("statistics"),
    "Task.scores": paged(of("scores")),
    "TaskLeaderboard.entries": paged(of("runs"), None),
    "TaskLeaderboard.splits": of("splits"),
    "TaskLeaderboard.sqlParameters": fixed(SQL_PARAMETERS),
    "TaskLeaderboard.subsets": of("subsets"),
    "TaskLeaderboardEntry.cells": each_of("scores", "runs"),
    "TaskScore.cells": _cells,
    "Viewer.submissions": paged(fixed(MOST_FIRST)),
    "Warehouse.sources": _sources,
    "__Directive.args": fixed(FIELD_ARGUMENTS),
    "__Directive.locations": fixed(DIRECTIVE_LOCATIONS),
    "__Field.args": fixed(FIELD_ARGUMENTS),
    "__Schema.directives": fixed(DIRECTIVES),
    "__Schema.types": fixed(SCHEMA_TYPES),
    "__Type.enumValues": fixed(TYPE_VALUES),
    "__Type.fields": fixed(TYPE_FIELDS),
    "__Type.inputFields": fixed(TYPE_VALUES),
    "__Type.interfaces": fixed(1),
    "__Type.possibleTypes": fixed(TYPE_VALUES),
}
