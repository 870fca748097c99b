"""Collecting finished result directories gives what EASI's own tool gives, its two broken benchmarks apart."""

import json
import zipfile
from pathlib import Path

import pytest

from etl.collect.facts import read_facts
from tests.running import Run
from warehouse.easi.facts import read_facts as read_benchmarks

pytest_plugins = ("tests.running",)

ABOUT = (
    "--model", "synth-org/SynthVL-7B", "--model-type", "instruction", "--precision", "bfloat16", "--weight-type",
    "Original", "--remarks", "synthetic",
)  # fmt: skip
BACKENDS = [("vlmevalkit", "vlmevalkit"), ("lmmseval", "lmms-eval")]


@pytest.mark.parametrize(("folder", "backend"), BACKENDS)
def test_what_easis_own_tool_made_is_made(shared_data: Path, run: Run, folder: str, backend: str) -> None:
    real = shared_data / "easi" / folder

    result = run("collect", real / "eval_results", "--backend", backend, "--out", "out", "--benchmarks", "core", *ABOUT)

    assert result.exit_code == 0, result.output
    assert Path("out/easi_results.json").read_bytes() == (real / "expected_core/easi_results.json").read_bytes()
    assert contents(Path("out/easi_results.zip")) == contents(real / "expected_core/easi_results.zip")
    assert "Missing" not in result.output


def contents(archive: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


@pytest.mark.parametrize(("folder", "backend"), BACKENDS)
def test_all_twelve_are_made_unless_the_core_is_asked_for(
    shared_data: Path, run: Run, folder: str, backend: str
) -> None:
    real = shared_data / "easi" / folder

    result = run("collect", real / "eval_results", "--backend", backend, "--out", "out", *ABOUT)

    assert result.exit_code == 0, result.output
    made = json.loads(Path("out/easi_results.json").read_text(), parse_constant=pytest.fail)
    expected = json.loads((real / "expected_core/easi_results.json").read_text())
    assert expected["scores"].items() <= made["scores"].items()
    assert set(made["scores"]) == set(read_benchmarks().benchmarks)
    flat = [value for subs in made["subScores"].values() for value in subs.values()]
    assert None not in [*made["scores"].values(), *flat]


def test_the_facts_know_every_benchmark_and_sub_score_of_the_board() -> None:
    board = read_benchmarks().benchmarks
    facts = read_facts()
    assert [each.id for each in facts.vlmevalkit] == [each.id for each in facts.lmmseval] == list(board)
    for each in facts.vlmevalkit:
        assert set(each.subs) - {"overall"} == set(board[each.id].sub_scores)
    for other in facts.lmmseval:
        assert set(other.subs) - {"circ_eval_overall"} in (set(board[other.id].sub_scores), set())
