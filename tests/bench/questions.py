"""What is asked: the same documents of our server and of a plain one."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

LEADERBOARD = """
query ($board: String!) {
  benchmark(name: $board) {
    leaderboard {
      tasks { name }
      entries(first: 1000) {
        nodes { rank value meanTask model { name parameters } taskScores { task { name } value } }
      }
    }
  }
}
"""
SMALL = """
query ($model: String!) {
  model(name: $model) {
    name organization displayName url parameters embeddingDimension maxTokens license openWeights releaseDate
  }
}
"""
PAGE = """
query ($first: Int, $after: String, $last: Int) {
  scores(first: $first, after: $after, last: $last) {
    nodes { model { name } task { name } split subset metric variant value source }
  }
}
"""
CURSORS = "query ($last: Int) { scores(last: $last) { edges { cursor } } }"
PAGE_SIZE = 1_000


@dataclass(frozen=True)
class Question:
    """A document with its variables."""

    document: str
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """As it is posted."""
        return orjson.dumps({"query": self.document, "variables": self.variables})

    def given(self, **variables: Any) -> "Question":
        """The same with other variables."""
        return replace(self, variables={**self.variables, **variables})


def leaderboard(board: str) -> Question:
    """All entries of a board, with all their task scores."""
    return Question(LEADERBOARD, {"board": board})


def small(model: str) -> Question:
    """Ten fields of one model."""
    return Question(SMALL, {"model": model})


def page(**asked: Any) -> Question:
    """A page of all current scores."""
    return Question(PAGE, asked)
