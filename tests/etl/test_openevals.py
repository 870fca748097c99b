"""OpenEvals: wide to long, columns that repeat the Hub's boards, new columns, and what is no such table."""

import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.fetch import Tree
from etl.source import Load, State, Unreadable
from etl.sources.hub.declaration import read_declaration
from etl.sources.hub.tables import SUBSET
from etl.sources.hub.units import curated, facts_of
from etl.sources.openevals import PATTERNS, OpenEvalsSource
from etl.sources.openevals.boards import BOARDS
from warehouse.tables import MODELS, SCORES

AT = datetime(2026, 3, 25, 9, tzinfo=UTC)
PLACEHOLDERS = {"license": "Unknown", "context_window": 0, "modality": "text", "architecture": "Transformer"}
QWEN = "Qwen/Qwen3.5-397B-A17B"


def model(name: str = QWEN, size: Any = 403.4, **scores: Any) -> dict[str, Any]:
    """One row in the dataset's shape."""
    return {
        "model_id": name.lower().replace("/", "-"),
        "model_name": name,
        "provider": name.split("/", maxsplit=1)[0],
        "model_type": "open",
        "parameters_billions": size,
        **PLACEHOLDERS,
        **scores,
        "aggregate_score": 55.5,
        "coverage_count": len(scores),
        "coverage_percent": 9.1,
    }


def put(folder: Path, rows: list[dict[str, Any]] | pa.Table, name: str = "train-00000-of-00001") -> Path:
    file = folder / f"data/{name}.parquet"
    file.parent.mkdir(exist_ok=True)
    pq.write_table(rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows), file)
    return file


def load(path: Path, revision: str | None = None) -> tuple[Load, State]:
    load = OpenEvalsSource("openevals", Tree(path, revision, AT if revision else None)).load()
    (state,) = load.states
    return load, state


def scores(state: State, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in state.tables["scores"].to_pylist()]


def test_each_score_becomes_a_row_and_its_absence_none(tmp_path: Path) -> None:
    rows = [
        model(sweVerified_score=76.4, hle_score=math.nan, gpqa_score=None),
        model("allenai/olmo", 32.2, sweVerified_score=0.0, hle_score=4.2, gpqa_score=11.9),
    ]

    _, state = load(put(tmp_path, rows).parents[1])

    assert state.tables["scores"].schema.equals(SCORES.schema)
    assert scores(state, "source_model", "task", "value", "place") == [
        (QWEN, "SWE-bench/SWE-bench_Verified", 76.4, 0),
        ("allenai/olmo", "SWE-bench/SWE-bench_Verified", 0.0, 3),
        ("allenai/olmo", "cais/hle", 4.2, 4),
        ("allenai/olmo", "Idavidrein/gpqa", 11.9, 5),
    ]


def test_a_column_that_repeats_a_hub_board_is_the_hubs_evidence(tmp_path: Path) -> None:
    put(tmp_path, [model(aime2026_score=96.7, newThing_score=1.5)])

    loaded, state = load(tmp_path, "a" * 40)

    assert scores(state, "task", "derived_from", "split", "subset", "metric") == [
        ("MathArena/aime_2026", "hub", "test", "default", "score"),
        ("newThing", None, "test", "default", "score"),
    ]
    assert set(scores(state, "provenance_name", "provenance_path", "provenance_revision", "variant")) == {
        ("OpenEvals/leaderboard-data", "data/train-00000-of-00001.parquet", "a" * 40, None)
    }
    boards = loaded.described["benchmarks"].to_pylist()
    assert [(board["name"], board["aliases"], board["default_method"]) for board in boards] == [
        ("MathArena/aime_2026", ["aime2026"], "MEAN_SCORED"),
        ("newThing", [], "MEAN_SCORED"),
    ]
    assert [board["ranks_variants"] for board in boards] == [True, True]
    tasks = loaded.described["tasks"].to_pylist()
    assert [(task["name"], task["dataset"], task["unit"], task["lower_is_better"]) for task in tasks] == [
        ("MathArena/aime_2026", "MathArena/aime_2026", "PERCENT", False),
        ("newThing", None, "PERCENT", False),
    ]
    declared = [tuple(row.values()) for row in state.tables["benchmark_tasks"].to_pylist()]
    assert declared == [(name, name, 0, ["test"], ["default"], None) for name in ("MathArena/aime_2026", "newThing")]


def test_a_copied_score_is_called_what_the_hub_calls_it(tmp_path: Path) -> None:
    columns: dict[str, Any] = {f"{key}_score": 50.0 for key in BOARDS}
    put(tmp_path, [model(**columns)])

    loaded, state = load(tmp_path)

    (declared,) = read_declaration(b"tasks: [{id: any}]").tasks
    assert scores(state, "task", "split", "subset", "metric") == [
        (board, declared.split, SUBSET, facts_of(board, curated()).metric) for board in BOARDS.values()
    ]
    units = {task["name"]: task["unit"] for task in loaded.described["tasks"].to_pylist()}
    assert units == {board: facts_of(board, curated()).unit for board in BOARDS.values()}


def test_the_mean_over_what_happens_to_be_there_is_no_score(tmp_path: Path) -> None:
    put(tmp_path, [model(gsm8k_score=90)])

    assert scores(load(tmp_path)[1], "task", "value") == [("openai/gsm8k", 90.0)]


def test_models_keep_what_is_no_placeholder(tmp_path: Path) -> None:
    put(tmp_path, [model(hle_score=1.0), model("org/zero", 0.0, hle_score=1.0), model("a b", math.nan, hle_score=1.0)])

    loaded, _ = load(tmp_path)

    assert loaded.described["models"].schema.equals(MODELS.schema)
    models = [
        {key: value for key, value in row.items() if value is not None}
        for row in loaded.described["models"].to_pylist()
    ]
    assert models == [
        {
            "name": QWEN,
            "organization": "Qwen",
            "url": f"https://huggingface.co/{QWEN}",
            "parameters": 403_400_000_000,
            "place": 0,
        },
        {"name": "org/zero", "organization": "org", "url": "https://huggingface.co/org/zero", "place": 1},
        {"name": "a b", "organization": "a b", "place": 2},
    ]
    assert [(hint.name, hint.hub_id) for hint in loaded.hints] == [(QWEN, QWEN), ("org/zero", "org/zero")]


def test_a_repeated_model_keeps_both_its_rows(tmp_path: Path) -> None:
    put(tmp_path, [model(hle_score=1.0), model(hle_score=2.0)])

    loaded, state = load(tmp_path)

    assert scores(state, "source_model", "value", "place") == [(QWEN, 1.0, 0), (QWEN, 2.0, 1)]
    assert loaded.described["models"].num_rows == 1


def test_cells_that_are_no_number_are_a_problem_and_the_others_load(tmp_path: Path) -> None:
    rows = [
        model(hle_score=math.inf, gpqa_score="n/a", gsm8k_score=1),
        model("org/other", hle_score=2.5, gpqa_score=None, gsm8k_score=None),
    ]
    put(tmp_path, rows)

    loaded, state = load(tmp_path)

    assert scores(state, "task", "value") == [("cais/hle", 2.5), ("openai/gsm8k", 1.0)]
    assert {problem.path.split(": ")[1]: problem.message.split(",")[0] for problem in loaded.problems} == {
        "hle_score": "1 cells are no finite numbers and were left out",
        "gpqa_score": "1 cells are no finite numbers and were left out",
    }


def test_a_column_of_something_else_is_a_problem_and_the_others_load(tmp_path: Path) -> None:
    put(tmp_path, [model(hle_score=1.0, odd_score=[1.0], flag_score=True)])

    loaded, state = load(tmp_path)

    assert scores(state, "task", "value") == [("cais/hle", 1.0)]
    assert [problem.path.split(": ")[1] for problem in loaded.problems] == ["odd_score", "flag_score"]


@pytest.mark.parametrize("name", [None, "", "org/line\nbreak", "x" * 1000])
def test_a_row_without_a_usable_name_is_a_problem_and_the_others_load(name: str | None, tmp_path: Path) -> None:
    put(tmp_path, [model(hle_score=1.0), {**model(hle_score=2.0), "model_name": name}])

    loaded, state = load(tmp_path)

    assert scores(state, "source_model", "value") == [(QWEN, 1.0)]
    assert [problem.message for problem in loaded.problems] == ["1 rows name no model and were left out"]


def test_categories_and_wide_texts_are_names_too(tmp_path: Path) -> None:
    wide = pa.Table.from_pylist([model(hle_score=1.0)])
    wide = wide.set_column(1, "model_name", wide["model_name"].dictionary_encode())
    wide = wide.set_column(2, "provider", wide["provider"].cast(pa.large_string()))
    put(tmp_path, wide)

    loaded, state = load(tmp_path)

    assert scores(state, "source_model") == [(QWEN,)]
    assert loaded.described["models"]["organization"].to_pylist() == ["Qwen"]


def test_only_the_name_and_one_score_are_needed(tmp_path: Path) -> None:
    put(tmp_path, pa.table({"model_name": [QWEN], "hle_score": pa.array([5], pa.int32())}))

    loaded, state = load(tmp_path)

    assert scores(state, "source_model", "value") == [(QWEN, 5.0)]
    assert loaded.problems == []


@pytest.mark.parametrize(
    ("table", "missing"),
    [
        (pa.table({"model_id": ["x"], "hle_score": [1.0]}), "model_name"),
        (pa.table({"model_name": [7], "hle_score": [1.0]}), "model_name"),
        (pa.table({"model_name": ["x"], "hle": [1.0]}), "<benchmark>_score"),
        (pa.table({"model_name": ["x"], "aggregate_score": [1.0]}), "<benchmark>_score"),
        (
            pa.table([pa.array(["x"]), pa.array([1.0]), pa.array([2.0])], ["model_name", "a_score", "a_score"]),
            "one name",
        ),
    ],
)
def test_another_table_is_unreadable_and_says_what_is_missing(table: pa.Table, missing: str, tmp_path: Path) -> None:
    put(tmp_path, table)

    with pytest.raises(Unreadable, match=missing):
        load(tmp_path)


def test_what_is_no_parquet_is_unreadable(tmp_path: Path) -> None:
    put(tmp_path, []).write_bytes(b"PAR1 truncated")

    with pytest.raises(Unreadable, match="train-00000-of-00001.parquet cannot be read"):
        load(tmp_path)


def test_a_folder_without_the_files_says_what_is_meant(tmp_path: Path) -> None:
    (tmp_path / "data/train-x.parquet").mkdir(parents=True)

    with pytest.raises(Unreadable, match=r"data/train-\*\.parquet"):
        load(tmp_path)


def test_several_files_are_one_table_and_a_broken_one_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, [model(hle_score=1.0)], "train-0")
    put(tmp_path, [model("org/b", hle_score=2.0, gsm8k_score=3.0)], "train-1")
    put(tmp_path, [], "train-2").write_bytes(b"x")
    put(tmp_path, [model("org/c", hle_score=9.0)], "test-0")

    loaded, state = load(tmp_path)

    assert scores(state, "source_model", "task", "value", "place") == [
        (QWEN, "cais/hle", 1.0, 0),
        ("org/b", "cais/hle", 2.0, 1),
        ("org/b", "openai/gsm8k", 3.0, 2),
    ]
    assert [problem.path for problem in loaded.problems] == ["data/train-2.parquet"]
    assert (loaded.files, loaded.described["benchmarks"].num_rows) == (2, 2)


def test_too_large_a_table_is_refused(tmp_path: Path) -> None:
    put(tmp_path, pa.table({"model_name": ["x"] * 100_001, "hle_score": [1.0] * 100_001}))

    with pytest.raises(Unreadable, match="100,001 rows"):
        load(tmp_path)


def test_a_state_is_named_by_its_commit_or_its_content(tmp_path: Path) -> None:
    file = put(tmp_path, [model(hle_score=1.0)])
    os.utime(file, (1_750_000_000.5, 1_750_000_000.5))

    _, committed = load(tmp_path, "a" * 40)
    loaded, local = load(tmp_path)
    _, alone = load(file)

    assert (committed.label, committed.revision, committed.at) == ("a" * 40, "a" * 40, AT)
    assert (local.label, local.at) == (loaded.revision[:23], datetime.fromtimestamp(1_750_000_000, UTC))
    assert alone.label == local.label
    put(tmp_path, [model(hle_score=2.0)])
    assert load(tmp_path)[1].label != local.label


def test_what_is_fetched_is_what_is_read() -> None:
    assert PATTERNS == ("data/train-*.parquet",)
