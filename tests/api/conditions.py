"""A plain reading of every `where` input over rows of the published tables, and a generator of such inputs."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pyarrow import parquet

Where = dict[str, Any]
Row = Mapping[str, Any]
Check = Callable[[Where, Any], bool]
# What a field of an input asks: how it is checked, what of a row it is about, and values worth asking for.
Fields = dict[str, tuple[str, Callable[[Row], Any]]]


def holds(where: Where, row: Row, fields: Fields) -> bool:
    """Whether a row fulfils a condition: what is null is not asked, and what is unknown fulfils nothing."""
    return all(_holds(name, asked, row, fields) for name, asked in where.items() if asked is not None)


def _holds(name: str, asked: Any, row: Row, fields: Fields) -> bool:
    if name == "and":
        return all(holds(each, row, fields) for each in asked)
    if name == "or":
        return any(holds(each, row, fields) for each in asked)
    if name == "not":
        return not holds(asked, row, fields)
    kind, read = fields[name]
    return CHECKS[kind](asked, read(row))


def text(where: Where, value: str | None) -> bool:
    checks: dict[str, Callable[[Any], bool]] = {
        "eq": lambda asked: value == asked,
        "in": lambda asked: value in asked,
        "contains": lambda asked: value is not None and asked.lower() in value.lower(),
        "startsWith": lambda asked: value is not None and value.lower().startswith(asked.lower()),
        "isNull": lambda asked: (value is None) == asked,
    }
    return all(checks[name](asked) for name, asked in where.items() if asked is not None)


def number(where: Where, value: Any) -> bool:
    checks: dict[str, Callable[[Any], bool]] = {
        "eq": lambda asked: value == asked,
        "gte": lambda asked: value is not None and value >= asked,
        "lte": lambda asked: value is not None and value <= asked,
        "gt": lambda asked: value is not None and value > asked,
        "lt": lambda asked: value is not None and value < asked,
        "isNull": lambda asked: (value is None) == asked,
    }
    return all(checks[name](asked) for name, asked in where.items() if asked is not None)


def items(where: Where, value: list[str] | None) -> bool:
    checks: dict[str, Callable[[Any], bool]] = {
        "containsAny": lambda asked: value is not None and bool(set(asked) & set(value)),
        "containsAll": lambda asked: not asked or (value is not None and set(asked) <= set(value)),
        "containedIn": lambda asked: value is not None and set(value) <= set(asked),
    }
    return all(checks[name](asked) for name, asked in where.items() if asked is not None)


def one_of(where: Where, values: Iterable[str]) -> bool:
    """One of the names fulfils all that is asked; that it is unknown means that there is none."""
    found = list(values)
    asked = {name: each for name, each in where.items() if name != "isNull" and each is not None}
    there = where.get("isNull")
    return (not asked or any(text(asked, value) for value in found)) and (there is None or there == (not found))


CHECKS: dict[str, Check] = {
    "text": text,
    "number": number,
    "items": items,
    "one_of": one_of,
    "flag": lambda asked, value: value is asked,
    "openness": lambda where, row: holds(where, row, OPENNESS),
    "model": lambda where, row: holds(where, row, MODEL),
    "task": lambda where, row: holds(where, row, TASK),
}


def own(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def whole(row: Row) -> Row:
    return row


OPENNESS: Fields = {
    "score": ("number", own("openness_score")),
    "openLicense": ("flag", own("open_license")),
    "openTrainingCode": ("flag", own("open_training_code")),
    "openTrainingData": ("flag", own("open_training_data")),
    "paper": ("flag", own("has_paper")),
    "modelCard": ("flag", own("has_model_card")),
}
MODEL: Fields = {
    "name": ("text", own("name")),
    "organization": ("text", own("organization")),
    "license": ("text", own("license")),
    "parameters": ("number", own("parameters")),
    "embeddingDimension": ("number", own("embedding_dimension")),
    "maxTokens": ("number", own("max_tokens")),
    "openWeights": ("flag", own("open_weights")),
    "openness": ("openness", whole),
    "instructionTuned": ("flag", own("instruction_tuned")),
    "modelTypes": ("items", own("model_types")),
    "modalities": ("items", own("modalities")),
    "languages": ("items", own("languages")),
    "frameworks": ("items", own("frameworks")),
    "releaseDate": ("number", own("release_date")),
    "benchmark": ("one_of", own("boards")),
    "trainedOn": ("items", own("trained_on")),
}
TASK: Fields = {
    "name": ("text", own("name")),
    "sources": ("items", own("sources")),
    "type": ("text", own("type")),
    "languages": ("items", own("languages")),
    "domains": ("items", own("domains")),
    "modalities": ("items", own("modalities")),
    "benchmark": ("one_of", own("boards")),
    "isPublic": ("flag", own("is_public")),
}
BENCHMARK: Fields = {
    "name": ("text", own("name")),
    "source": ("text", own("source")),
    "inMenu": ("flag", own("in_menu")),
    "languages": ("items", own("languages")),
    "taskTypes": ("items", own("task_types")),
    "domains": ("items", own("domains")),
    "modalities": ("items", own("modalities")),
    "task": ("one_of", own("tasks")),
}
SCORE: Fields = {
    "model": ("model", own("of_model")),
    "task": ("task", own("of_task")),
    "benchmark": ("one_of", own("boards")),
    "source": ("text", own("source")),
    "split": ("text", own("split")),
    "subset": ("text", own("subset")),
    "metric": ("text", own("metric")),
    "variant": ("text", own("variant")),
    "language": ("one_of", own("languages")),
    "capability": ("one_of", own("labels")),
    "value": ("number", own("value")),
    "trainedOn": ("flag", own("trained_on")),
    "verified": ("flag", own("verified")),
}


class Sample:
    """The rows of the sample as its published tables hold them, each with what belongs to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = sorted(self.read("models"), key=own("name"))
        self.tasks = sorted(self.read("tasks"), key=own("name"))
        self.benchmarks = sorted(self.read("benchmarks"), key=own("place"))
        self.scores = sorted(self.current("scores"), key=own("seq"))
        declared, labels = self.current("benchmark_tasks"), self.current("capabilities")
        ranked = self.read("leaderboard_entries")
        for model in self.models:
            model["boards"] = {row["benchmark"] for row in ranked if row["model"] == model["name"]}
        for task in self.tasks:
            task["boards"] = {row["benchmark"] for row in declared if row["task"] == task["name"]}
        for board in self.benchmarks:
            board["tasks"] = {row["task"] for row in declared if row["benchmark"] == board["name"]}
        self.spoken = {row["language_set"]: row["languages"] for row in self.read("language_sets")}
        for score in self.scores:
            self._complete(score, [row for row in declared if row["task"] == score["task"]], labels)

    def read(self, table: str) -> list[dict[str, Any]]:
        return list(parquet.read_table(self.folder / f"{table}.parquet").to_pylist())

    def current(self, table: str) -> list[dict[str, Any]]:
        return [row for row in self.read(table) if row["valid_to"] is None]

    def _complete(self, score: dict[str, Any], declared: list[dict[str, Any]], labels: list[dict[str, Any]]) -> None:
        place = (score["task"], score["subset"])
        score["of_model"] = next(model for model in self.models if model["name"] == score["model"])
        score["of_task"] = next(task for task in self.tasks if task["name"] == score["task"])
        score["labels"] = {row["label"] for row in labels if (row["task"], row["subset"]) == place}
        score["languages"] = self.spoken.get(score["language_set"], [])
        score["boards"] = {
            row["benchmark"]
            for row in declared
            if score["split"] in row["splits"] and score["subset"] in row["subsets"]
        }


Strategy = st.SearchStrategy[Any]


def merged(parts: Iterable[Where]) -> Where:
    return {name: value for part in parts for name, value in part.items()}


def few(options: Mapping[str, Strategy], most: int = 2) -> Strategy:
    """Some of the options, each with a value or null."""
    one = st.one_of([st.fixed_dictionaries({name: st.none() | value}) for name, value in options.items()])
    return st.lists(one, max_size=most).map(merged)


def texts(values: list[str]) -> Strategy:
    known = st.sampled_from(values or ["nothing"])
    pieces = st.tuples(known, st.integers(0, 8), st.integers(0, 5)).map(
        lambda cut: cut[0][cut[1] :][: cut[2]].swapcase()
    )
    return few(
        {
            "eq": known | known.map(str.swapcase) | st.just("nothing"),
            "in": st.lists(known | st.just("nothing"), max_size=4),
            "contains": pieces,
            "startsWith": known.map(lambda value: value[:3].swapcase()) | pieces,
            "isNull": st.booleans(),
        }
    )


def numbers(values: list[Any]) -> Strategy:
    step = datetime.timedelta(days=1) if isinstance(values[0], datetime.date) else 1
    known = st.sampled_from(values)
    asked = known | known.map(lambda value: value + step) | known.map(lambda value: value - step)
    return few({**dict.fromkeys(("eq", "gte", "lte", "gt", "lt"), asked), "isNull": st.booleans()})


def lists(values: list[str]) -> Strategy:
    asked = st.lists(st.sampled_from([*values, "nothing"]), max_size=4)
    return few({"containsAny": asked, "containsAll": asked, "containedIn": asked | st.just(values)})


def questions(kind: str, read: Callable[[Row], Any], rows: Sequence[Row]) -> Strategy:
    """What can be asked of one field, with values that its rows have and some that they have not."""
    values = [value for value in map(read, rows) if value is not None]
    match kind:
        case "flag":
            return st.booleans()
        case "text":
            return texts(sorted(set(values)))
        case "number":
            return numbers(sorted(set(values)))
        case "items" | "one_of":
            known = sorted({item for value in values for item in value})
            return lists(known) if kind == "items" else texts(known)
        case _:
            return plain({"openness": OPENNESS, "model": MODEL, "task": TASK}[kind], values)


def plain(fields: Fields, rows: Sequence[Row]) -> Strategy:
    some = few({name: questions(kind, read, rows) for name, (kind, read) in fields.items()})

    @st.composite
    def conditions(draw: st.DrawFn) -> Any:
        return draw(some)

    return conditions()


def wheres(fields: Fields, rows: Sequence[Row]) -> Strategy:
    """Conditions on rows, nested a few levels deep."""
    flat = plain(fields, rows)

    def nest(inner: Strategy) -> Strategy:
        several = st.lists(inner, max_size=3)
        return st.tuples(flat, few({"and": several, "or": several, "not": inner})).map(merged)

    return st.recursive(flat, nest, max_leaves=4)


def sent(where: Any) -> Any:
    """A condition as JSON takes it."""
    if isinstance(where, dict):
        return {name: sent(value) for name, value in where.items()}
    if isinstance(where, list):
        return [sent(value) for value in where]
    return where.isoformat() if isinstance(where, datetime.date) else where
