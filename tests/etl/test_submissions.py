"""What was submitted, as a source: pending and approved, newer and older, gone again; and builds that follow it."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.commands.build import LEDGER_FILE
from etl.pipeline import build
from etl.source import ModelHint
from etl.sources.submissions import SubmissionsSource
from tests.etl.mteb import write_tree
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.places import ledger_url, read_url
from warehouse.ledger.records import Entry, Evidence, Person, Status, Submission, SubmittedScore
from warehouse.store import Store

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANN = Person("5f0c", "ann")
RITA = Person("7b2e", "rita")
Row = dict[str, Any]


def scored(identifier: str, value: float | None, **sub_scores: float) -> SubmittedScore:
    return SubmittedScore(identifier, identifier, None, value, tuple(sub_scores.items()))


def submission(number: int, *scores: SubmittedScore, status: Status = Status.APPROVED, **entry: Any) -> Submission:
    """The submission sent in that many hours after noon."""
    known = {
        "model_name": "lab/model", "model_type": "instruction", "precision": "bfloat16", "revision": "main",
        "weight_type": "original", "base_model": None, "backend": "vlmevalkit", "remarks": "for maintainers' eyes",
    }  # fmt: skip
    return Submission(
        id=f"s{number}",
        entry=Entry(scores=scores, **{**known, **entry}),
        evidence=Evidence(f"{number:064x}", 10),
        submitted_by=ANN,
        submitted_at=NOON + timedelta(hours=number),
        content=f"{number:064d}",
        status=status,
    )


def source(*submissions: Submission, revision: int = 1) -> SubmissionsSource:
    return SubmissionsSource(str(revision), NOON + timedelta(days=revision), submissions)


def rows(*submissions: Submission) -> list[Row]:
    (state,) = source(*submissions).load().states
    return list(state.tables["scores"].to_pylist())


def told(found: Sequence[Row], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in found]


def read(data_dir: Path, sql: str) -> list[tuple[Any, ...]]:
    current = Store(data_dir).current()
    assert current is not None
    with duckdb.connect(str(current.file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_score_tells_where_it_is_from_and_nothing_private() -> None:
    (row,) = rows(submission(1, scored("vsi_bench", 50.5), model_sha="abc123"))

    assert {name: value for name, value in row.items() if value is not None} == {
        "source_model": "lab/model", "model_revision": "abc123", "task": "vsi_bench", "split": "test",
        "subset": "default", "metric": "acc", "value": 50.5, "verified": True, "counts_for": "easi",
        "provenance_name": "Submission", "provenance_path": "s1", "provenance_revision": f"{1:064x}",
        "evaluated_at": NOON + timedelta(hours=1), "tool": "vlmevalkit", "submitted_by": "ann", "place": 0,
    }  # fmt: skip


def test_headlines_sub_scores_and_variants_are_cells_by_their_metric() -> None:
    sent = [
        scored("mmsi_bench", 40.0, overall=1.0, cross_view_caa=2.0),
        SubmittedScore("blink_gpt-4o", "blink", "gpt-4o", None),
        scored("site", 7.0, default=9.0),
        scored("of_our_own", 5.0),
    ]
    assert told(rows(submission(1, *sent)), "task", "variant", "subset", "metric", "value") == [
        ("mmsi_bench", None, "default", "acc", 40.0),
        ("mmsi_bench", None, "overall", "acc", 1.0),
        ("mmsi_bench", None, "cross_view_caa", "caa", 2.0),
        ("blink", "gpt-4o", "default", "acc", None),
        ("site", None, "default", "caa", 7.0),
        ("of_our_own", None, "default", "acc", 5.0),
    ]


def test_of_several_approved_on_one_cell_the_newest_with_a_value_counts() -> None:
    found = rows(
        submission(1, scored("blink", 1.0), scored("site", 1.0)),
        submission(2, scored("blink", 2.0), scored("site", None), revision="v2"),
        submission(3, scored("blink", 3.0), status=Status.PENDING),
        submission(4, scored("blink", 4.0), model_name="lab/other"),
    )
    assert told(found, "task", "value", "status", "counts_for", "verified") == [
        ("blink", 1.0, "SUPERSEDED", None, True),
        ("site", 1.0, None, "easi", True),
        ("blink", 2.0, None, "easi", True),
        ("site", None, None, None, True),
        ("blink", 3.0, "PENDING", None, False),
        ("blink", 4.0, None, "easi", True),
    ]


def test_who_is_not_approved_says_nothing_of_models() -> None:
    waiting = submission(1, scored("blink", 1.0), status=Status.PENDING, model_name="lab/new", base_model="lab/claimed")
    approved = submission(2, scored("blink", 1.0), base_model="lab/base")

    load = source(waiting, approved).load()

    assert load.hints == [ModelHint("lab/model", "lab/model")]
    assert told(load.described["models"].to_pylist(), "name", "url", "adapted_from") == [
        ("lab/new", "https://huggingface.co/lab/new", None),
        ("lab/model", "https://huggingface.co/lab/model", "lab/base"),
    ]


def test_scores_follow_reviews_with_their_history_and_the_same_again_is_nothing_new(tmp_path: Path) -> None:
    """Pending, approved, and gone: what each build leaves."""
    waits = submission(1, scored("blink", 50.0), scored("own_task", 1.0), status=Status.PENDING)
    assert build(Store(tmp_path), [source(waits, revision=1)]).published
    approved = source(replace(waits, status=Status.APPROVED), revision=2)
    assert build(Store(tmp_path), [approved]).published
    assert not build(Store(tmp_path), [approved]).published
    assert read(tmp_path, "select uri, revision from sources") == [("ledger", "2")]
    assert read(tmp_path, "select name, unit, source from tasks order by name") == [
        ("blink", "PERCENT", "submissions"), ("own_task", "PERCENT", "submissions")
    ]  # fmt: skip
    assert build(Store(tmp_path), [source(revision=3)]).published

    history = "select value, verified, day(valid_from), day(valid_to) from {} order by value"
    assert read(tmp_path, history.format("pending_scores")) == [(1.0, False, 2, 3), (50.0, False, 2, 3)]
    assert read(tmp_path, history.format("scores")) == [(1.0, True, 3, 4), (50.0, True, 3, 4)]
    assert read(tmp_path, "select label from versions order by published_at") == [("1",), ("2",), ("3",)]


Run = Callable[..., Result]


@pytest.fixture(scope="module")
def easi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest source there is: an EASI version with one score."""
    results = {"blink": {"acc": 50.0}}
    version = {"org/seer": {"config": {"model_name": "org/seer"}, "results": results}}
    files = {
        "leaderboard/versions/bench_20260101T000000.json": version,
        "leaderboard/capability_map.json": {"blink": {}},
    }
    return write_tree(tmp_path_factory.mktemp("easi"), files)


@pytest.fixture(scope="module")
def unreached(easi: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A data directory built from that source while the ledger cannot be reached, and what the command said."""
    data = tmp_path_factory.mktemp("unreached") / "data"
    env = {
        "STANDINGS_DATA_DIR": str(data),
        "STANDINGS_LEDGER_URL": "postgresql://me:secret@127.0.0.1:9/ledger",
    }
    return data, CliRunner().invoke(main, ["build", "--easi", str(easi)], env=env)


@pytest.fixture
def data(unreached: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of that directory; a ledger is looked for in it."""
    return shutil.copytree(unreached[0], tmp_path / "data")


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STANDINGS_DATA_DIR", str(data))
    monkeypatch.delenv("STANDINGS_LEDGER_URL", raising=False)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def submit(data: Path) -> None:
    """One submission in the ledger of the data directory, approved."""
    url = ledger_url(data, None)
    Path(str(read_url(url).database)).parent.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(url)
    sent = ledger.submissions.add(submission(1, scored("blink", 99.0), status=Status.PENDING), push=False)
    ledger.submissions.decide(sent.id, Status.APPROVED, RITA, None, [Status.PENDING])
    ledger.close()


def test_a_ledger_that_cannot_be_read_is_a_source_that_cannot(unreached: tuple[Path, Result]) -> None:
    data, result = unreached

    assert result.exit_code == 1
    assert read(data, "select name from sources") == [("easi",)]
    assert "submissions" in result.output
    assert "secret" not in result.output


def test_a_build_of_another_source_reads_the_ledger_too_and_one_that_is_gone_takes_nothing_with_it(
    run: Run, data: Path, easi: Path
) -> None:
    submit(data)

    result = run("build", "--easi", easi)

    assert result.exit_code == 0, result.output
    board = "select rank from leaderboard_entries where benchmark = 'blink' and model = 'lab/model'"
    assert read(data, board) == [(1,)]
    assert read(data, "select name from sources order by name") == [("easi",), ("submissions",)]

    (data / LEDGER_FILE).unlink()

    result = run("build", "--easi", easi)

    assert result.exit_code == 1
    assert "set STANDINGS_LEDGER_URL" in " ".join(result.output.split())
    assert read(data, "select value from scores where source = 'submissions' and valid_to is null") == [(99.0,)]


def test_the_ledger_alone_is_enough_and_an_empty_one_adds_nothing(run: Run, data: Path, easi: Path) -> None:
    Ledger(ledger_url(data, None)).close()
    assert run("build", "--easi", easi).exit_code == 0
    assert read(data, "select name from sources") == [("easi",)]

    submit(data)
    assert run("build", "--submissions").exit_code == 0
    assert read(data, "select name from sources order by name") == [("easi",), ("submissions",)]


def test_the_ledgers_file_is_looked_for_where_it_is(data: Path) -> None:
    assert read_url(ledger_url(data, None)).database == str(data.resolve() / LEDGER_FILE)
