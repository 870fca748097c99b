"""Every field that has a ranking worked out by a statement of its own, by GraphQL coordinate."""

from collections.abc import Mapping

from api.graphql.cost.scope import Place, Size, fixed

RANKING = 10_000  # one ranking, in values
MOST_STATES = 50  # of a board over time, as far as they are counted: most versions of a source leave a board as it was


def _unless_stored(at: Place) -> float:
    return 0 if at.scope.stored else 1


def _at_a_time(at: Place) -> float:
    return 1 if "asOf" in at.given else 0


def _states(at: Place) -> float:
    board = at.sizes.one("Benchmark", at.given.get("benchmark"))
    return min(MOST_STATES, board.mean("versions")) if board else 0


RANKINGS: Mapping[str, Size] = {
    "Benchmark.diff": fixed(2),
    "ConflictConnection.totalCount": fixed(1),
    "LanguageBoard.entries": fixed(1),
    "LanguageBoard.languages": fixed(1),
    "Leaderboard.capabilities": fixed(1),
    "Leaderboard.entries": _unless_stored,
    "Leaderboard.taskTypes": _unless_stored,
    "Leaderboard.tasks": _unless_stored,
    "Leaderboard.totalModels": _unless_stored,
    "LeaderboardDiff.changed": fixed(1),
    "LeaderboardDiff.entered": fixed(1),
    "LeaderboardDiff.left": fixed(1),
    "LeaderboardEntry.capabilityScores": fixed(1),
    "LeaderboardEntry.rankInterval": fixed(1),
    "LeaderboardEntry.taskScores": _unless_stored,
    "LeaderboardEntry.taskTypeScores": _unless_stored,
    "LeaderboardEntry.taskValues": _unless_stored,
    "LeaderboardEntryConnection.totalCount": _unless_stored,
    "Model.history": _states,
    "Model.standings": _at_a_time,
    "Query.conflicts": fixed(1),
    "Query.submissionPreview": fixed(2),
    "TaskLeaderboard.entries": fixed(1),
    "TaskLeaderboard.splits": fixed(1),
    "TaskLeaderboard.subsets": fixed(1),
    "TaskLeaderboardEntry.cells": fixed(1),
    "TaskLeaderboardEntryConnection.totalCount": fixed(1),
}
# Below these, lists are read in one statement for all of them. They themselves are answered one by one.
ASKED_ONE_BY_ONE = frozenset(
    {
        "Benchmark.diff",
        "Benchmark.leaderboard",
        "Benchmark.perLanguage",
        "Model.history",
        "Model.standings",
        "Query.conflicts",
        "Query.submissionPreview",
        "Task.leaderboard",
    }
)
