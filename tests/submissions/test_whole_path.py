"""The whole path of a result: sign in, preview, submit the collected archive, read it back, approve, build, see the rank."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.site import signed_in
from tests.hub import FakeHub
from tests.submissions.office import MODEL, Office, open_office

Run = Callable[..., None]
PROJECT = Path(__file__).parents[2]
pytest_plugins = ("tests.hub.fixtures",)

MARKED = {"GraphQL-Require-Preflight": "1", "Origin": "https://testserver"}
METRICS = {
    "embspatial": {"embspatial_acc,none": 0.999, "mp3d_accuracy,none": 0.998},
}
PREVIEW = """
query Preview($input: SubmissionPreviewInput!) {
  submissionPreview(input: $input) { boards { benchmark { name } rank totalModels value } problems { code blocking } }
}
"""
BOARD = """
query Board($name: String!) {
  benchmark(name: $name) {
    leaderboard { totalModels entries { nodes { rank value model { name } taskScores { task { name } value } } } }
  }
}
"""
REVIEW = """
mutation Review($id: ID!, $decision: ReviewDecision!) {
  reviewSubmission(id: $id, decision: $decision, note: "fine") { __typename ... on Submission { status } }
}
"""
SCORES = """
query Scores($where: ScoreWhere) { scores(where: $where) { nodes { value verified provenance { submittedBy } task { name } } } }
"""


COMMANDS = """
import json, sys
from click.testing import CliRunner
from api.cli import main
for line in sys.stdin:
    job = json.loads(line)
    result = CliRunner().invoke(main, job["words"], env=job["variables"], prog_name="standings")
    print(json.dumps([result.exit_code, result.output]), flush=True)
"""


@pytest.fixture
def standings() -> Iterator[Run]:
    """The command in a process of its own, as no process may open a file that it serves with other settings."""
    start = [sys.executable, "-c", COMMANDS]
    with subprocess.Popen(start, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def run(*words: str, **variables: str) -> None:
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps({"words": words, "variables": variables}), file=process.stdin, flush=True)
            exit_code, output = json.loads(process.stdout.readline())
            assert exit_code == 0, output

        yield run
        process.communicate(timeout=60)


def collected(standings: Run, folder: Path) -> tuple[dict[str, Any], bytes]:
    """What `standings collect` makes of a finished run of lmms-eval."""
    run = folder / "eval_results" / "lab__Model-1"
    run.mkdir(parents=True)
    for number, (task, metrics) in enumerate(METRICS.items()):
        stamp = f"2026042{number}_101500"
        results = {"results": {task: {"alias": task, **metrics}}, "config": {"model": "m"}, "model_name": MODEL}
        (run / f"{stamp}_results.json").write_text(json.dumps(results))
        (run / f"{stamp}_samples_{task}.jsonl").write_text('{"doc_id": 0}\n')
    out = folder / "out"
    standings("collect", str(folder / "eval_results"), "--backend", "lmms-eval", "--model", MODEL, "--out", str(out))
    return json.loads((out / "easi_results.json").read_text()), (out / "easi_results.zip").read_bytes()


def as_scores(sent: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "benchmark": name,
            "value": value,
            "subScores": [{"key": key, "value": part} for key, part in sent["subScores"].get(name, {}).items()],
        }
        for name, value in sent["scores"].items()
    ]


def rebuild(standings: Run, office: Office) -> None:
    """Build anew from the ledger, and serve it."""
    before = office.client.get("/ready").json()["snapshot"]
    ledger = {"STANDINGS_LEDGER_URL": office.ledger_url} if office.ledger_url else {}
    standings("build", "--submissions", "--data-dir", str(office.data_dir), **ledger)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if office.client.get("/ready").json()["snapshot"] != before:
            return
        time.sleep(0.02)
    raise AssertionError("the new snapshot was not served")


def test_a_result_goes_the_whole_way(hub: FakeHub, sample_dir: Path, tmp_path: Path, standings: Run) -> None:
    hub.sign_in("ann")
    hub.add_person("hf_max", "max", id="b" * 24)
    sent, archive = collected(standings, tmp_path)
    scores = as_scores(sent)
    settings = {"oauth_client_id": "standings", "maintainers": "b" * 24, "look_seconds": 0.02}
    with open_office(hub, sample_dir, tmp_path / "data", **settings) as office:
        browser = office.client
        browser.follow_redirects = False
        assert signed_in(browser).headers["location"].endswith("/submit")
        assert office.ask("{ viewer { name isMaintainer } }", MARKED)["viewer"] == {
            "name": "ann",
            "isMaintainer": False,
        }

        preview = office.ask(PREVIEW, input={"modelName": MODEL, "scores": scores})["submissionPreview"]
        assert [each["blocking"] for each in preview["problems"]] == [False]
        expected = {each["benchmark"]["name"]: each for each in preview["boards"]}
        assert {"EASI-8", "EASI-12", "embspatial"} <= set(expected)

        given = {
            "modelName": MODEL, "modelType": "INSTRUCTION", "precision": "BFLOAT16", "backend": "LMMSEVAL",
            "scores": scores, "remarks": "for maintainers",
        }  # fmt: skip
        taken = office.mutate(MARKED, given, archive)
        assert taken["__typename"] == "Submission", taken
        name = taken["id"]

        maintainer = {"Authorization": "Bearer hf_max"}
        shown = "query($id: ID!) { submission(id: $id) { status remarks evidenceUrl scores { benchmark value } } }"
        browser.cookies.clear()
        stranger = office.ask(shown, id=name)["submission"]
        assert stranger["status"] == "PENDING"
        assert (stranger["remarks"], stranger["evidenceUrl"]) == (None, None)
        assert {each["benchmark"]: each["value"] for each in stranger["scores"]} == sent["scores"]
        reviewer = office.ask(shown, maintainer, id=name)["submission"]
        assert reviewer["remarks"] == "for maintainers"
        assert browser.get(reviewer["evidenceUrl"], headers=maintainer).content == archive
        assert browser.get(reviewer["evidenceUrl"]).status_code == 401

        rebuild(standings, office)
        mine = {"model": {"name": {"eq": MODEL}}}
        assert office.ask(SCORES, where=mine)["scores"]["nodes"] == []
        waiting = office.ask(SCORES, where={**mine, "verified": False})["scores"]["nodes"]
        assert {each["verified"] for each in waiting} == {False}
        assert {each["provenance"]["submittedBy"] for each in waiting} == {"ann"}

        assert office.ask(REVIEW, maintainer, id=name, decision="APPROVE")["reviewSubmission"]["status"] == "APPROVED"
        rebuild(standings, office)
        for each_board, board in expected.items():
            found = office.ask(BOARD, name=each_board)["benchmark"]["leaderboard"]
            (entry,) = [each for each in found["entries"]["nodes"] if each["model"]["name"] == MODEL]
            assert (entry["rank"], entry["value"], found["totalModels"]) == (
                board["rank"], board["value"], board["totalModels"],
            ), each_board  # fmt: skip
        assert expected["embspatial"]["rank"] == 1
        assert {each["verified"] for each in office.ask(SCORES, where=mine)["scores"]["nodes"]} == {True}

        assert office.ask(REVIEW, maintainer, id=name, decision="REJECT")["reviewSubmission"]["status"] == "REJECTED"
        rebuild(standings, office)
        entries = office.ask(BOARD, name="EASI-8")["benchmark"]["leaderboard"]["entries"]["nodes"]
        assert MODEL not in [each["model"]["name"] for each in entries]
        assert office.ask(shown, id=name)["submission"] is None
