"""The Hub source tells the runs of one model apart."""

import json
from typing import Any

from tests.etl.hub import Sync, bench, row, scores
from tests.hub import FakeHub

pytest_plugins = ("tests.hub.fixtures", "tests.etl.syncing")


def variants(hub: FakeHub, sync: Sync, rows: list[dict[str, Any]]) -> dict[str, str | None]:
    """The variant of each result, by its value."""
    bench(hub, rows=rows)
    return {f"{score['value']:g}": score["variant"] for score in scores(sync.load()[1])}


def test_the_row_without_notes_is_the_plain_run(hub: FakeHub, sync: Sync) -> None:
    rows = [row(value=2, notes="With tools", filename="a.yaml"), row(value=1, filename="b.yaml", notes=" ")]

    assert variants(hub, sync, rows) == {"2": "With tools", "1": None}


def test_a_model_may_have_no_plain_run(hub: FakeHub, sync: Sync) -> None:
    assert variants(hub, sync, [row(value=2, notes="With tools")]) == {"2": "With tools"}


def test_of_several_rows_without_notes_the_plain_one_is_in_the_default_view_then_merged_then_better(
    hub: FakeHub, sync: Sync
) -> None:
    rows = [row(value=value, filename=f".eval_results/{value}.yaml") for value in (3, 2, 1)]
    rows[0]["pullRequest"] = 9

    assert variants(hub, sync, rows) == {"3": "3.yaml", "2": None, "1": "1.yaml"}

    hub.fail(r"leaderboard\?task_id=gsm8k$", 200, body=json.dumps(rows[2:]).encode())
    assert variants(hub, sync, rows) == {"3": "3.yaml", "2": "2.yaml", "1": None}


def test_the_better_of_two_is_the_smaller_where_lower_is_better(hub: FakeHub, sync: Sync) -> None:
    rows = [row(value=value, filename=f"{value}.yaml", lower_is_better=True) for value in (3, 2)]

    assert variants(hub, sync, rows) == {"3": "3.yaml", "2": None}


def test_runs_called_the_same_are_told_apart(hub: FakeHub, sync: Sync) -> None:
    rows = [
        row(value=5, notes="With tools", filename="a.yaml"),
        row(value=4, notes="With  tools\n", filename="a.yaml", pullRequest=7),
        row(value=3, notes="With tools", filename="b.yaml"),
        row(value=2, notes="With tools", filename="x/b.yaml"),
        row(value=1, notes="n" * 500, filename="c.yaml"),
    ]

    found = variants(hub, sync, rows)

    assert found == {
        "5": "With tools",
        "4": "With tools #7",
        "3": "With tools (b.yaml)",
        "2": "With tools (b.yaml) [2]",
        "1": "n" * 119 + "…",
    }
    assert variants(hub, sync, rows[::-1]) == found
