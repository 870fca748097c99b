"""Enumerations of the schema."""

from enum import Enum

import strawberry


@strawberry.enum(description="Which way to sort. Unknown values come last either way.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Smallest first.")
    DESC = strawberry.enum_value("DESC", description="Largest first.")


@strawberry.enum(description="How a leaderboard ranks.")
class RankingMethod(Enum):
    BORDA = strawberry.enum_value(
        "BORDA",
        description="Borda count: on each task a model gets a point for each model it beats, half of one for each tie.",
    )
    MEAN_TASK = strawberry.enum_value("MEAN_TASK", description="Mean over all tasks; unknown while one is missing.")
    MEAN_SCORED = strawberry.enum_value("MEAN_SCORED", description="Mean over the tasks the model has a score on.")
    MEAN_TASK_TYPE = strawberry.enum_value(
        "MEAN_TASK_TYPE", description="Mean over the means of the task types; unknown while a task is missing."
    )
    MEAN_PUBLIC_PRIVATE = strawberry.enum_value(
        "MEAN_PUBLIC_PRIVATE",
        description="Mean over all tasks, then that over the public and that over the private ones.",
    )
    MEAN_SUBSET = strawberry.enum_value("MEAN_SUBSET", description="Mean over the task subsets the model has.")
    WEIGHTED = strawberry.enum_value("WEIGHTED", description="Weighted mean over tasks.")
    WIN_RATE = strawberry.enum_value("WIN_RATE", description="Mean share of the other models it beats on a task.")


@strawberry.enum(description="The unit a value is in.")
class ScoreUnit(Enum):
    FRACTION = strawberry.enum_value("FRACTION", description="0 to 1.")
    PERCENT = strawberry.enum_value("PERCENT", description="0 to 100; chance-adjusted metrics can be below 0.")
    POINTS = strawberry.enum_value("POINTS", description="Points on a scale of the task's own.")


@strawberry.enum(description="How a name was found to mean a model.")
class AliasMatch(Enum):
    EXACT = strawberry.enum_value("EXACT", description="It is the canonical name, or the source states the Hub id.")
    CURATED = strawberry.enum_value("CURATED", description="By the curated list of aliases.")
    NORMALIZED = strawberry.enum_value(
        "NORMALIZED", description="It reads like exactly one Hub id, letter case and separators apart."
    )


@strawberry.enum(description="What models can be sorted by.")
class ModelOrderField(Enum):
    NAME = strawberry.enum_value("NAME", description="Canonical name.")
    TYPE = strawberry.enum_value("TYPE", description="First of the model types.")
    PARAMETERS = strawberry.enum_value("PARAMETERS", description="Total number of parameters.")
    RELEASE_DATE = strawberry.enum_value("RELEASE_DATE", description="Day of release.")
    EMBEDDING_DIMENSION = strawberry.enum_value("EMBEDDING_DIMENSION", description="Size of the embedding.")
    MAX_TOKENS = strawberry.enum_value("MAX_TOKENS", description="Longest input in tokens.")
    OPENNESS = strawberry.enum_value("OPENNESS", description="How many openness criteria hold.")


@strawberry.enum(description="What benchmarks can be sorted by.")
class BenchmarkOrderField(Enum):
    NAME = strawberry.enum_value("NAME", description="Name.")
    MODEL_COUNT = strawberry.enum_value("MODEL_COUNT", description="Models with a score on every task.")
    TASK_COUNT = strawberry.enum_value("TASK_COUNT", description="Number of tasks.")
    LANGUAGE_COUNT = strawberry.enum_value("LANGUAGE_COUNT", description="Number of languages.")


@strawberry.enum(description="What tasks can be sorted by.")
class TaskOrderField(Enum):
    NAME = strawberry.enum_value("NAME", description="Name.")
    TYPE = strawberry.enum_value("TYPE", description="Kind of task.")
    METRIC = strawberry.enum_value("METRIC", description="Main metric.")
    MODEL_COUNT = strawberry.enum_value("MODEL_COUNT", description="Models with all its scores.")
    BENCHMARK_COUNT = strawberry.enum_value("BENCHMARK_COUNT", description="Benchmarks that hold it.")
    LANGUAGE_COUNT = strawberry.enum_value("LANGUAGE_COUNT", description="Number of languages.")


@strawberry.enum(description="What scores can be sorted by.")
class ScoreOrderField(Enum):
    VALUE = strawberry.enum_value("VALUE", description="The value.")
    MODEL = strawberry.enum_value("MODEL", description="Name of the model.")
    TASK = strawberry.enum_value("TASK", description="Name of the task.")


@strawberry.enum(description="What entries of a leaderboard can be sorted by.")
class LeaderboardOrderField(Enum):
    RANK = strawberry.enum_value("RANK", description="Rank.")
    NAME = strawberry.enum_value("NAME", description="Name of the model.")
    MEAN_TASK = strawberry.enum_value("MEAN_TASK", description="Mean over all tasks.")
    MEAN_TASK_TYPE = strawberry.enum_value("MEAN_TASK_TYPE", description="Mean over the task types.")
    MEAN_PUBLIC = strawberry.enum_value("MEAN_PUBLIC", description="Mean over the public tasks.")
    MEAN_PRIVATE = strawberry.enum_value("MEAN_PRIVATE", description="Mean over the private tasks.")
    ZERO_SHOT = strawberry.enum_value("ZERO_SHOT", description="Percent of tasks that are not in the training data.")
    PARAMETERS = strawberry.enum_value("PARAMETERS", description="Total number of parameters.")
    RELEASE_DATE = strawberry.enum_value("RELEASE_DATE", description="Day of release.")
    OPENNESS = strawberry.enum_value("OPENNESS", description="How many openness criteria hold.")


@strawberry.enum(description="How a submitted model was trained.")
class SubmissionModelType(Enum):
    PRETRAINED = strawberry.enum_value("pretrained", description="Pretrained.")
    FINETUNED = strawberry.enum_value("finetuned", description="Fine-tuned.")
    INSTRUCTION = strawberry.enum_value("instruction", description="Tuned to follow instructions.")
    RL = strawberry.enum_value("rl", description="Trained by reinforcement learning.")


@strawberry.enum(description="The numbers a submitted model was run with.")
class Precision(Enum):
    BFLOAT16 = strawberry.enum_value("bfloat16", description="16-bit brain floating point.")
    FLOAT16 = strawberry.enum_value("float16", description="16-bit floating point.")
    FLOAT32 = strawberry.enum_value("float32", description="32-bit floating point.")
    INT8 = strawberry.enum_value("int8", description="8-bit integers.")


@strawberry.enum(description="What the weights of a submitted model are.")
class WeightType(Enum):
    ORIGINAL = strawberry.enum_value("original", description="The whole model.")
    DELTA = strawberry.enum_value("delta", description="Differences to a base model.")
    ADAPTER = strawberry.enum_value("adapter", description="An adapter on a base model.")


@strawberry.enum(description="The tool that evaluated.")
class Backend(Enum):
    VLMEVALKIT = strawberry.enum_value("vlmevalkit", description="VLMEvalKit.")
    LMMSEVAL = strawberry.enum_value("lmmseval", description="lmms-eval.")
    OTHERS = strawberry.enum_value("others", description="Another one.")


@strawberry.enum(description="Where a submission stands.")
class SubmissionStatus(Enum):
    PENDING = strawberry.enum_value("PENDING", description="It waits for a maintainer; its scores are not ranked.")
    APPROVED = strawberry.enum_value("APPROVED", description="Its scores are ranked from the next build on.")
    REJECTED = strawberry.enum_value("REJECTED", description="A maintainer has refused it.")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Who sent it has taken it back.")


@strawberry.enum(description="What a maintainer decides.")
class ReviewDecision(Enum):
    APPROVE = strawberry.enum_value("APPROVED", description="Its scores count.")
    REJECT = strawberry.enum_value("REJECTED", description="Its scores do not count.")


@strawberry.enum(description="How far a submission has come to the repository on the Hub.")
class PushState(Enum):
    LOCAL = strawberry.enum_value("LOCAL", description="It is kept here alone: no repository is set.")
    WAITING = strawberry.enum_value("WAITING", description="It is on its way.")
    PUSHED = strawberry.enum_value("PUSHED", description="It is in the repository.")
