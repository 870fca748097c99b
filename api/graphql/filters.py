"""What `where` arguments take, and the conditions they become.

Filters are two-valued: a condition on an unknown value is false, and its `not` true.
"""

import datetime
from dataclasses import fields, replace
from typing import Any

import strawberry

from api.graphql.errors import bad_input
from api.graphql.scalars import BigInt
from warehouse.select import Clause, Names, every, known, negate, some

DEEPEST = 8
LONGEST = 5_000

CURRENT = "valid_to is null"
WHOLE = "{}"


def on(description: str, expression: str, within: str = WHOLE, **options: Any) -> Any:
    """An input field about `expression`; its condition is put into `within`."""
    return strawberry.field(
        default=None, description=description, metadata={"on": expression, "within": within}, **options
    )


def condition(where: Any, names: Names, depth: int = 0) -> Clause:
    """The condition of a `where` input, over the columns of its table."""
    if depth > DEEPEST:
        raise bad_input(f"`where` is nested more than {DEEPEST} deep")
    parts = []
    for each in fields(where):
        value = getattr(where, each.name)
        if value is None:
            continue
        parts.append(_part(each, value, names, depth))
    return every(parts)


def _part(field: Any, value: Any, names: Names, depth: int) -> Clause:
    if field.name in ("and_", "or_"):
        _bound(value, field.name.rstrip("_"))
        clauses = [condition(each, names, depth + 1) for each in value]
        return every(clauses) if field.name == "and_" else some(clauses)
    if field.name == "not_":
        return negate(condition(value, names, depth + 1))
    expression, within = field.metadata["on"], field.metadata["within"]
    if isinstance(value, StringWhere) and within != WHOLE:
        return _one_of(value, expression, within, names)
    if hasattr(value, "about"):
        inner = value.about(expression, names)
    elif isinstance(value, bool):
        inner = known(names.bind(f"{expression} = {{}}", value))
    else:
        inner = condition(value, names, depth + 1)
    return Clause(within.format(inner.sql), inner.values)


def _one_of(where: "StringWhere", expression: str, within: str, names: Names) -> Clause:
    """The condition on names that belong to something: one fulfils all that is asked. Unknown: there are none."""
    asked = replace(where, is_null=None)
    parts = []
    if asked != StringWhere():
        inner = asked.about(expression, names)
        parts.append(Clause(within.format(inner.sql), inner.values))
    if where.is_null is not None:
        there = Clause(within.format("true"))
        parts.append(negate(there) if where.is_null else there)
    return every(parts)


def _null(is_null: bool | None, expression: str) -> list[Clause]:
    """The condition that a value is unknown, or known; none where neither is asked."""
    return [] if is_null is None else [Clause(f"{expression} is {'' if is_null else 'not '}null")]


def _bound(values: list[Any], name: str) -> None:
    if len(values) > LONGEST:
        raise bad_input(f"`{name}` has {len(values):,} entries: it may have {LONGEST:,}")


@strawberry.input(description="Conditions on a text; all that are given hold.")
class StringWhere:
    eq: str | None = strawberry.field(default=None, description="Equal, letter case included.")
    in_: list[str] | None = strawberry.field(
        default=None, name="in", description="One of these; of none, nothing matches."
    )
    contains: str | None = strawberry.field(default=None, description="Holds this text, in any letter case.")
    starts_with: str | None = strawberry.field(default=None, description="Begins with this text, in any letter case.")
    is_null: bool | None = strawberry.field(default=None, description="True: unknown. False: known.")

    def about(self, expression: str, names: Names) -> Clause:
        """The condition on a text column."""
        parts = []
        if self.eq is not None:
            parts.append(known(names.bind(f"{expression} = {{}}", self.eq)))
        if self.in_ is not None:
            _bound(self.in_, "in")
            parts.append(
                known(names.bind(f"list_contains({{}}, {expression}::varchar)", self.in_))
                if self.in_
                else Clause("false")
            )
        if self.contains is not None:
            parts.append(known(names.bind(f"contains(lower({expression}::varchar), lower({{}}))", self.contains)))
        if self.starts_with is not None:
            parts.append(known(names.bind(f"starts_with(lower({expression}::varchar), lower({{}}))", self.starts_with)))
        return every([*parts, *_null(self.is_null, expression)])


class _Compared:
    """Conditions on a value that has an order."""

    def about(self, expression: str, names: Names) -> Clause:
        """The condition on a column of numbers or days."""
        signs = {"eq": "=", "gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}
        given = {name: getattr(self, name) for name in signs}
        parts = [
            known(names.bind(f"{expression} {signs[name]} {{}}", value))
            for name, value in given.items()
            if value is not None
        ]
        return every([*parts, *_null(getattr(self, "is_null"), expression)])  # noqa: B009


@strawberry.input(description="Conditions on a number; all that are given hold.")
class FloatWhere(_Compared):
    eq: float | None = strawberry.field(default=None, description="Equal.")
    gte: float | None = strawberry.field(default=None, description="At least.")
    lte: float | None = strawberry.field(default=None, description="At most.")
    gt: float | None = strawberry.field(default=None, description="More than.")
    lt: float | None = strawberry.field(default=None, description="Less than.")
    is_null: bool | None = strawberry.field(default=None, description="True: unknown. False: known.")


@strawberry.input(description="Conditions on a whole number; all that are given hold.")
class IntWhere(_Compared):
    eq: int | None = strawberry.field(default=None, description="Equal.")
    gte: int | None = strawberry.field(default=None, description="At least.")
    lte: int | None = strawberry.field(default=None, description="At most.")
    gt: int | None = strawberry.field(default=None, description="More than.")
    lt: int | None = strawberry.field(default=None, description="Less than.")
    is_null: bool | None = strawberry.field(default=None, description="True: unknown. False: known.")


@strawberry.input(description="Conditions on a large whole number; all that are given hold.")
class BigIntWhere(_Compared):
    eq: BigInt | None = strawberry.field(default=None, description="Equal.")
    gte: BigInt | None = strawberry.field(default=None, description="At least.")
    lte: BigInt | None = strawberry.field(default=None, description="At most.")
    gt: BigInt | None = strawberry.field(default=None, description="More than.")
    lt: BigInt | None = strawberry.field(default=None, description="Less than.")
    is_null: bool | None = strawberry.field(default=None, description="True: unknown. False: known.")


@strawberry.input(description="Conditions on a day; all that are given hold.")
class DateWhere(_Compared):
    eq: datetime.date | None = strawberry.field(default=None, description="That day.")
    gte: datetime.date | None = strawberry.field(default=None, description="That day or later.")
    lte: datetime.date | None = strawberry.field(default=None, description="That day or earlier.")
    gt: datetime.date | None = strawberry.field(default=None, description="Later.")
    lt: datetime.date | None = strawberry.field(default=None, description="Earlier.")
    is_null: bool | None = strawberry.field(default=None, description="True: unknown. False: known.")


@strawberry.input(description="Conditions on a list; all that are given hold.")
class ListWhere:
    contains_any: list[str] | None = strawberry.field(
        default=None, description="Has at least one of these; of none, nothing matches."
    )
    contains_all: list[str] | None = strawberry.field(
        default=None, description="Has all of these; of none, everything matches."
    )
    contained_in: list[str] | None = strawberry.field(default=None, description="Has nothing but these.")

    def about(self, expression: str, names: Names) -> Clause:
        """The condition on a column of lists."""
        parts = []
        if self.contains_any is not None:
            _bound(self.contains_any, "containsAny")
            any_of = known(names.bind(f"list_has_any({expression}, {{}})", self.contains_any))
            parts.append(any_of if self.contains_any else Clause("false"))
        if self.contains_all:
            _bound(self.contains_all, "containsAll")
            parts.append(known(names.bind(f"list_has_all({expression}, {{}})", self.contains_all)))
        if self.contained_in is not None:
            _bound(self.contained_in, "containedIn")
            inside = known(names.bind(f"list_has_all({{}}, {expression})", self.contained_in))
            parts.append(inside if self.contained_in else known(Clause(f"len({expression}) = 0")))
        return every(parts)


@strawberry.input(description="Conditions on how open a model is; all that are given hold.")
class OpennessWhere:
    score: IntWhere | None = on("How many of the six criteria hold.", "openness_score")
    open_license: bool | None = on("The licence is open.", "open_license")
    open_training_code: bool | None = on("The training code is public.", "open_training_code")
    open_training_data: bool | None = on("The training data is public.", "open_training_data")
    paper: bool | None = on("There is a paper.", "has_paper")
    model_card: bool | None = on("There is a model card.", "has_model_card")


@strawberry.input(description="Conditions on models; all that are given hold.")
class ModelWhere:
    and_: list["ModelWhere"] | None = strawberry.field(
        default=None, name="and", description="All of these hold; of none, everything matches."
    )
    or_: list["ModelWhere"] | None = strawberry.field(
        default=None, name="or", description="One of these holds; of none, nothing matches."
    )
    not_: "ModelWhere | None" = strawberry.field(default=None, name="not", description="This does not hold.")
    name: StringWhere | None = on("Canonical name.", "name")
    organization: StringWhere | None = on("Who made it.", "organization")
    license: StringWhere | None = on("Licence.", "license")
    parameters: BigIntWhere | None = on("Total number of parameters.", "parameters")
    embedding_dimension: IntWhere | None = on("Size of the embedding.", "embedding_dimension")
    max_tokens: IntWhere | None = on("Longest input in tokens.", "max_tokens")
    open_weights: bool | None = on("Whether the weights can be downloaded.", "open_weights")
    openness: OpennessWhere | None = on("How open it is.", "")
    instruction_tuned: bool | None = on("Whether it takes instructions.", "instruction_tuned")
    model_types: ListWhere | None = on("Kinds of model.", "model_types")
    modalities: ListWhere | None = on("Input modalities.", "modalities")
    languages: ListWhere | None = on("Languages it is made for.", "languages")
    frameworks: ListWhere | None = on("Libraries that run it.", "frameworks")
    release_date: DateWhere | None = on("Day of release.", "release_date")
    benchmark: StringWhere | None = on(
        "Benchmarks whose leaderboard it is on.",
        "benchmark",
        "name in (select model::varchar from leaderboard_entries where {})",
    )
    trained_on: ListWhere | None = on(
        "Tasks in its training data, its ancestors' and similar ones included; no model that declares none matches.",
        "trained_on",
    )


@strawberry.input(description="Conditions on tasks; all that are given hold.")
class TaskWhere:
    and_: list["TaskWhere"] | None = strawberry.field(
        default=None, name="and", description="All of these hold; of none, everything matches."
    )
    or_: list["TaskWhere"] | None = strawberry.field(
        default=None, name="or", description="One of these holds; of none, nothing matches."
    )
    not_: "TaskWhere | None" = strawberry.field(default=None, name="not", description="This does not hold.")
    name: StringWhere | None = on("Name.", "name")
    sources: ListWhere | None = on("Sources that score it.", "sources")
    type: StringWhere | None = on("Kind of task.", "type")
    languages: ListWhere | None = on("Languages it covers.", "languages")
    domains: ListWhere | None = on("Domains of its texts.", "domains")
    modalities: ListWhere | None = on("Modalities.", "modalities")
    benchmark: StringWhere | None = on(
        "Benchmarks that hold it.",
        "benchmark",
        f"name in (select task::varchar from benchmark_tasks where {CURRENT} and {{}})",
    )
    is_public: bool | None = on("Whether the data is public.", "is_public")


@strawberry.input(description="Conditions on benchmarks; all that are given hold.")
class BenchmarkWhere:
    and_: list["BenchmarkWhere"] | None = strawberry.field(
        default=None, name="and", description="All of these hold; of none, everything matches."
    )
    or_: list["BenchmarkWhere"] | None = strawberry.field(
        default=None, name="or", description="One of these holds; of none, nothing matches."
    )
    not_: "BenchmarkWhere | None" = strawberry.field(default=None, name="not", description="This does not hold.")
    name: StringWhere | None = on("Name.", "name")
    source: StringWhere | None = on("Source that declares it.", "source")
    in_menu: bool | None = on("Whether the menu shows it.", "in_menu")
    languages: ListWhere | None = on("Languages of its tasks.", "languages")
    task_types: ListWhere | None = on("Types of its tasks.", "task_types")
    domains: ListWhere | None = on("Domains of its tasks.", "domains")
    modalities: ListWhere | None = on("Modalities of its tasks.", "modalities")
    task: StringWhere | None = on(
        "Tasks it holds.", "task", f"name in (select benchmark::varchar from benchmark_tasks where {CURRENT} and {{}})"
    )


@strawberry.input(description="Conditions on scores; all that are given hold.")
class ScoreWhere:
    and_: list["ScoreWhere"] | None = strawberry.field(
        default=None, name="and", description="All of these hold; of none, everything matches."
    )
    or_: list["ScoreWhere"] | None = strawberry.field(
        default=None, name="or", description="One of these holds; of none, nothing matches."
    )
    not_: "ScoreWhere | None" = strawberry.field(default=None, name="not", description="This does not hold.")
    model: ModelWhere | None = on("The model.", "", "model::varchar in (select name from models where {})")
    task: TaskWhere | None = on("The task.", "", "task::varchar in (select name from tasks where {})")
    benchmark: StringWhere | None = on(
        "Benchmarks that declare its cell (task, split, subset).",
        "benchmark",
        f"cell in (select cell from benchmark_cells where {CURRENT} and {{}})",
    )
    source: StringWhere | None = on("Name of the source.", "source")
    split: StringWhere | None = on("Split.", "split")
    subset: StringWhere | None = on("Subset.", "subset")
    metric: StringWhere | None = on("Metric.", "metric")
    variant: StringWhere | None = on("What makes it another run of the same model; null: the plain run.", "variant")
    language: StringWhere | None = on(
        "A language it covers.",
        "language",
        "language_set is not null and language_set in (select language_set from "
        "(select language_set, unnest(languages) as language from language_sets) where {})",
    )
    capability: StringWhere | None = on(
        "A capability label its subset carries.",
        "label",
        f"(task, subset) in (select (task, subset) from capabilities where {CURRENT} and {{}})",
    )
    value: FloatWhere | None = on("The value, in the task's unit.", "value")
    trained_on: bool | None = on("Whether the model's training data holds the task.", "trained_on")
    verified: bool | None = on(
        "Whether the source vouches for it. Submitted scores that wait for review are among the answers only where "
        "`verified: false` stands somewhere in the condition.",
        "verified",
    )


def asks_unverified(where: ScoreWhere) -> bool:
    """Whether `verified: false` stands anywhere in a condition."""
    inner = [*(where.and_ or ()), *(where.or_ or ()), *([where.not_] if where.not_ else ())]
    return where.verified is False or any(map(asks_unverified, inner))
