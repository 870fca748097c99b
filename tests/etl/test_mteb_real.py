"""The source against the real inputs beside the project."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec import UNSET, structs

from etl.source import Load
from etl.sources.mteb import Catalogue
from tests.etl.mteb import described, load, table

# What makes a row of the peer's Parquet. Model revisions are kept apart in both (they are not joined).
ROW = "source_model, model_revision, task, split, subset, value, languages::varchar, metric"


@pytest.fixture(scope="module")
def catalogue(shared_data: Path) -> Catalogue:
    return Catalogue.read(shared_data / "mteb/catalog")


@pytest.fixture(scope="module")
def parquet(shared_data: Path, catalogue: Catalogue) -> Load:
    return load(shared_data / "mteb/hub", catalogue)


@pytest.fixture(scope="module")
def sample(shared_data: Path, catalogue: Catalogue) -> Load:
    return load(shared_data / "mteb/results_sample.tar.xz", catalogue)


@pytest.fixture(scope="module")
def rows(parquet: Load, sample: Load) -> Iterator[duckdb.DuckDBPyConnection]:
    """`raw`: the sample's rows; `hub`: the Parquet's of its models."""
    with duckdb.connect() as connection:
        connection.register("raw", table(sample, "scores"))
        connection.register("everything", table(parquet, "scores"))
        models = "(select distinct source_model from raw)"
        connection.execute(f"create table hub as select * from everything where source_model in {models}")
        yield connection


def ask(rows: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return rows.execute(sql).fetchall()


def test_the_catalogue_loads_without_a_problem(catalogue: Catalogue) -> None:
    assert catalogue.problems == []
    assert (len(catalogue.benchmarks), len(catalogue.tasks), len(catalogue.models)) == (76, 1870, 887)


def test_closures_can_be_worked_out_from_the_declared_training_data(catalogue: Catalogue) -> None:
    stated = {model.name: model.training_datasets_closure for model in catalogue.models}
    assert sum(tasks is None for tasks in stated.values()) == 157
    models = [structs.replace(model, training_datasets_closure=UNSET) for model in catalogue.models]
    bare = replace(catalogue, models=models)
    worked_out = {model.name: bare.trained_on(model) for model in models}
    assert worked_out == {name: sorted(tasks) if isinstance(tasks, list) else None for name, tasks in stated.items()}


def test_every_row_of_the_parquet_is_loaded(parquet: Load) -> None:
    scores = table(parquet, "scores")
    assert scores.num_rows == 1_293_183
    assert scores["value"].null_count == 153
    assert len(scores["source_model"].unique()) == 673
    assert parquet.problems == []


def test_the_menu_and_the_methods_are_the_peers(parquet: Load) -> None:
    boards = described(parquet, "benchmarks")
    assert sum(board["in_menu"] for board in boards.values()) == 47
    listed = {name for row in parquet.described["menu"].to_pylist() for name in row["benchmarks"]}
    assert {name for name, board in boards.items() if board["in_menu"]} == listed
    methods = [board["default_method"] for board in boards.values()]
    assert {method: methods.count(method) for method in methods} == {
        "BORDA": 69,
        "MEAN_TASK_TYPE": 4,
        "MEAN_PUBLIC_PRIVATE": 2,
        "MEAN_SUBSET": 1,
    }
    assert sum(board["public_tasks_only"] for board in boards.values()) == 9
    assert table(parquet, "benchmark_tasks").num_rows == 1892


def test_every_score_has_its_task_and_its_subset(parquet: Load, rows: duckdb.DuckDBPyConnection) -> None:
    tasks = described(parquet, "tasks")
    assert {name for name, task in tasks.items() if task["unit"] is None} == {
        "CPUSpeedTask",
        "GPUSpeedTask",
        "ScalaDaClassification",
        "ScalaNbClassification",
        "ScalaSvClassification",
        "SynPerChatbotConvSAToneClassification",
        "SynPerChatbotRAGToneClassification",
        "SynPerChatbotToneClassification",
        "mFollowIRCrossLingualInstructionRetrieval",
    }
    rows.register("subsets", parquet.described["task_subsets"])
    assert ask(rows, "select count(*) from everything anti join subsets using (task, subset)") == [(0,)]


def test_the_raw_sample_gives_the_rows_of_the_parquet(rows: duckdb.DuckDBPyConnection) -> None:
    """Both hold the same 250,655 rows of the sample's 78 models, repeats counted.

    These differences remain, by design of the peer's Parquet: it leaves experiments out (235 rows in 3 models, which
    are kept here under their variant), and it says false of `trained_on` where training data is undeclared.
    """
    plain = f"select {ROW} from raw where variant is null"
    assert ask(rows, "select count(*) from hub") == [(250_655,)]
    assert ask(rows, f"{plain} except all select {ROW} from hub") == []
    assert ask(rows, f"select {ROW} from hub except all {plain}") == []
    assert ask(rows, "select count(*), count(distinct source_model) from raw where variant is not null") == [(235, 3)]
    differing = """
        select distinct raw.trained_on, hub.trained_on from raw join hub using (source_model, model_revision, task)
        where raw.trained_on is distinct from hub.trained_on
    """
    assert ask(rows, differing) == [(None, False)]


def test_the_sample_says_more_than_the_parquet(rows: duckdb.DuckDBPyConnection) -> None:
    files = "select count(distinct provenance_path) from raw where"
    assert ask(rows, f"{files} evaluated_at is not null") == [(2411,)]
    assert ask(rows, f"{files} dataset_revision is null") == [
        (133 + 173,)
    ]  # missing in old files, null in current ones
    assert ask(rows, f"{files} tool is null") == [(621,)]
    assert ask(rows, "select count(distinct provenance_path) from raw") == [(20_251,)]
    codes = "select distinct unnest(languages) as code from raw"
    odd = ask(rows, f"select code from ({codes}) where not regexp_matches(code, '^[a-z]{{3}}-[A-Z][a-z]{{3}}$')")
    assert {code for (code,) in odd if not code.endswith("-Code")} <= {"eng_Latn", "keng-Latn"}


def test_the_only_problems_of_the_sample_are_metrics_that_were_renamed(
    sample: Load, rows: duckdb.DuckDBPyConnection
) -> None:
    assert len(sample.problems) == 59
    for problem in sample.problems:
        assert "its value is null" in problem.message
        assert ask(rows, f"select count(*) from raw where provenance_path = '{problem.path}' and value is null") > [
            (0,)
        ]
