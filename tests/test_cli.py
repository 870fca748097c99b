"""The command as an operator meets it: how it builds, what it says, and how it ends."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from api.cli import COMMANDS, main
from warehouse.snapshot import read_sources
from warehouse.store import Store

pytest_plugins = ("tests.running",)
Run = Callable[..., Result]
PROJECT = Path(__file__).parents[1]


def test_help_shows_every_command_and_how_to_begin(run: Run) -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in COMMANDS)
    assert "standings demo" in result.output
    assert run("-h").output == result.output


def commands() -> Iterator[tuple[list[str], click.Command]]:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from (([name, each], command.commands[each]) for each in command.commands)
        else:
            yield [name], command


@pytest.mark.parametrize(
    ("words", "command"), list(commands()), ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_help_explains_every_option_and_names_its_variable(run: Run, words: list[str], command: click.Command) -> None:
    result = run(*words, "--help")

    assert result.exit_code == 0
    shown = " ".join(result.output.split())
    assert (command.help or "").splitlines()[0] in shown
    for option in (param for param in command.params if isinstance(param, click.Option)):
        assert option.help, option.name
        assert option.help.split(".")[0] in shown
        assert str(option.envvar).startswith("STANDINGS_"), option.name
        assert f"env var: {option.envvar}" in shown, option.name


def test_an_unknown_command_is_wrong_use(run: Run) -> None:
    result = run("biuld")
    assert result.exit_code == 2
    assert "No such command 'biuld'" in result.output


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").output.startswith("standings, version ")


def test_a_build_from_local_paths_does_not_wait_for_other_libraries(sample: Path, tmp_path: Path) -> None:
    words = ["build", "--json", "--easi", str(sample / "easi"), "--data-dir", str(tmp_path / "data")]
    script = f"import sys; from api.cli import main; main({words!r}, standalone_mode=False); print(*sys.modules, file=sys.stderr)"

    built = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=PROJECT)

    imported = set(built.stderr.decode().split())
    assert "duckdb" in imported
    assert not imported & {"httpx2", "huggingface_hub", "pydantic", "rich", "sqlalchemy", "strawberry"}


def test_build_reports_each_source_and_the_snapshot(run: Run, sample: Path) -> None:
    result = run("build", "--easi", sample / "easi")

    assert result.exit_code == 0
    (easi,) = [line.split() for line in result.stdout.splitlines() if line.startswith("easi")]
    assert easi[1].startswith("sha256:")
    assert easi[2:9] == ["3", "793", "2", "561", "120", "70", "0"]
    assert f"Published snapshot {Store(Path('data')).list()[0].id}" in result.stdout


def test_build_as_json_holds_everything_of_the_report(run: Run, sample: Path, tmp_path: Path) -> None:
    bad = tmp_path / "easi" / "leaderboard" / "versions"
    bad.mkdir(parents=True)
    (bad / "bench_20260101T000000.json").write_text("{")
    (bad / "bench_20260201T000000.json").write_text('{"m": {"results": {"vsi_bench": {"acc": 1.0}}}}')

    result = run("build", "--json", "--easi", tmp_path / "easi", "--mteb", tmp_path / "nothing")

    assert result.exit_code == 1
    report = json.loads(result.stdout)
    mteb, easi = report["sources"]
    assert (report["snapshot"], report["published"]) == (Store(Path("data")).list()[0].id, True)
    assert report["seconds"] > 0
    assert set(easi) == set(mteb) == {
        "name", "uri", "revision", "files", "rows", "versions", "change", "problems", "seconds", "error",
    }  # fmt: skip
    assert (easi["name"], easi["uri"], easi["error"]) == ("easi", str(tmp_path / "easi"), None)
    assert (easi["files"], easi["rows"], easi["versions"]) == (1, 1, 1)
    assert easi["change"] == {"new": 1, "changed": 0, "closed": 0}
    assert easi["revision"].startswith("sha256:")
    assert [Path(problem["path"]).name for problem in easi["problems"]] == ["bench_20260101T000000.json"]
    assert all(problem["message"] for problem in easi["problems"])
    assert "not there" in mteb["error"]
    assert result.stderr == ""


def test_a_source_that_cannot_be_read_is_named_with_exit_code_1_and_the_others_are_in(
    run: Run, data: Path, sample: Path
) -> None:
    """How many snapshots are kept is a setting."""
    result = run("build", "--hub", sample / "hub", "--openevals", "elsewhere", STANDINGS_KEEP="2")

    assert result.exit_code == 1
    assert "openevals was not read: elsewhere is not there" in result.stdout
    assert f"Published snapshot {(data / 'current').read_text().strip()}" in result.stdout
    assert len(Store(data).list()) == 2


def test_nothing_readable_is_exit_code_1_and_no_snapshot(run: Run) -> None:
    result = run("build", "--easi", "elsewhere")

    assert result.exit_code == 1
    assert "there is no snapshot yet" in result.stdout
    assert not Path("data/current").exists()


def test_a_second_build_of_the_same_says_so(run: Run, data: Path, sample: Path) -> None:
    before = (data / "current").read_text()

    result = run("build", "--easi", sample / "easi")

    assert result.exit_code == 0
    assert f"Nothing new: snapshot {before.strip()} stays" in result.stdout
    assert (data / "current").read_text() == before


@pytest.mark.parametrize("words", [[], ["--mteb-catalog", "somewhere"]])
def test_build_without_a_source_is_wrong_use(run: Run, words: list[str]) -> None:
    result = run("build", *words)
    assert result.exit_code == 2
    assert "name at least one source" in result.output


def test_problems_are_named_and_beyond_some_counted(run: Run, tmp_path: Path) -> None:
    versions = tmp_path / "easi" / "leaderboard" / "versions"
    versions.mkdir(parents=True)
    for day in range(10, 25):
        (versions / f"bench_202601{day}T000000.json").write_text("[broken")
    (versions / "bench_20260201T000000.json").write_text('{"m": {"results": {"vsi_bench": {"acc": 1.0}}}}')

    result = run("build", "--easi", tmp_path / "easi")

    assert result.exit_code == 0
    assert result.stdout.count("[") == 0
    assert "bench_20260110T000000.json: " in result.stdout
    assert "5 more problems" in result.stdout


def test_every_source_can_be_named_in_the_environment(run: Run, sample: Path) -> None:
    names = ("mteb", "mteb-catalog", "easi", "hub", "openevals")
    variables = {f"STANDINGS_{name.replace('-', '_').upper()}": str(sample / name) for name in names}

    result = run("build", **variables, STANDINGS_JSON="1", STANDINGS_DATA_DIR="place")

    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert {source["name"]: source["uri"] for source in report["sources"]} == {
        name: str(sample / name) for name in names if name != "mteb-catalog"
    }
    found = read_sources(Store(Path("place")))
    assert {row["name"]: row["uri"] for row in found} == {name: str(sample / name) for name in names}


def test_an_option_goes_before_its_variable(run: Run) -> None:
    assert "thither is not there" in run("build", "--easi", "thither", STANDINGS_EASI="elsewhere").output


def test_other_options_can_be_given_in_the_environment(run: Run, built: Path) -> None:
    variables = {"STANDINGS_DATA_DIR": str(built)}
    assert json.loads(run("sql", "select 1 as one", STANDINGS_FORMAT="json", **variables).stdout) == [{"one": 1}]
    endless = "select count(*) from range(10000000000) as a (n) where hash(n) % 7 = 3"
    assert "after 0.1 seconds" in run("sql", endless, STANDINGS_SQL_SECONDS="0.1", **variables).output
    assert len(json.loads(run("snapshots", STANDINGS_JSON="1", **variables).stdout)) == 2


def test_the_servers_options_can_be_given_in_the_environment(
    run: Run, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: asked.append(options))
    variables = {"STANDINGS_HOST": "127.0.0.9", "STANDINGS_PORT": "8123", "STANDINGS_WORKERS": "3"}

    assert run("serve", "--data-dir", built, **variables).exit_code == 0
    assert run("serve", "--data-dir", built, "--port", 9000).exit_code == 0

    assert [(each["host"], each["port"], each["workers"]) for each in asked] == [
        ("127.0.0.9", 8123, 3),
        ("127.0.0.1", 9000, 1),
    ]


def test_documents_that_cannot_be_trusted_end_the_server_before_it_starts(
    run: Run, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uvicorn.run", lambda app, **options: None)
    monkeypatch.setenv("STANDINGS_TRUSTED_DOCUMENTS", "")  # the command sets it; it is put back
    file = tmp_path / "documents.json"
    file.write_text('{"right": "{ warehouse { snapshot } }"}')
    assert run("serve", "--data-dir", built, "--trusted-documents", file).exit_code == 0

    file.write_text('{"right": "{ warehouse { snapshot } }", "wrong": "{ nothing }"}')
    result = run("serve", "--data-dir", built, "--trusted-documents", file)
    assert result.exit_code == 2
    assert all(said in result.output for said in (file.name, "`wrong`", "nothing"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STANDINGS_KEEP", "none", ["build", "--easi", "x"]),
        ("STANDINGS_KEEP", "0", ["demo", "--build-only"]),
        ("STANDINGS_LOOK_SECONDS", "-1", ["serve"]),
        ("STANDINGS_PORT", "100000", ["serve"]),
        ("STANDINGS_FORMAT", "xml", ["sql", "select 1"]),
    ],
)
def test_a_variable_that_cannot_be_is_wrong_use(run: Run, name: str, value: str, words: list[str]) -> None:
    result = run(*words, **{name: value})
    assert result.exit_code == 2
    assert name in result.output or f"--{name.removeprefix('STANDINGS_').lower()}" in result.output


def test_a_failed_check_is_exit_code_3_and_names_it(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "warehouse.layout.rank_boards", lambda connection: connection.execute("update tasks set unit = 'STARS'")
    )

    result = run("build", "--easi", sample / "easi")

    assert result.exit_code == 3
    assert "A check failed: nothing was published. units: " in result.output
    assert not Path("data/current").exists()


def test_a_full_disk_is_exit_code_3_and_the_last_snapshot_is_still_served(run: Run, data: Path, sample: Path) -> None:
    before = (data / "current").read_text()
    limit = Store(data).list()[0].file.stat().st_size // 2
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, unlimited[1]))
    try:
        full = run("build", "--hub", sample / "hub")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    assert full.exit_code == 3
    assert "File too large" in full.stderr
    assert "The last snapshot stays." in full.stderr
    assert (data / "current").read_text() == before
    assert len(Store(data).list()) == 2
    assert run("sql", "from leaderboard('EASI-8')").exit_code == 0


def test_a_directory_that_cannot_be_written_is_exit_code_3(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("build", "--data-dir", tmp_path / "file" / "data", "--easi", sample / "easi")
    assert result.exit_code == 3
    assert "cannot be written" in result.output


def test_the_token_is_never_shown(run: Run) -> None:
    secret = "hf_thisisasecret"
    for words in (
        ["build", "--easi", "elsewhere"],
        ["build", "--hub", "ftp://x"],
        ["build", "--hub", "http://127.0.0.1.evil"],
    ):
        assert secret not in run(*words, STANDINGS_HUB_TOKEN=secret).output
    assert secret not in run("serve", STANDINGS_HUB_TOKEN=secret, STANDINGS_QUERY_SECONDS="x").output


def test_the_demo_leaves_a_directory_with_other_data_as_it_is(run: Run, data: Path) -> None:
    before = Store(data).current()

    result = run("demo", "--build-only")

    assert result.exit_code == 2
    assert "holds other data" in result.output
    assert "--data-dir" in result.output
    assert Store(data).current() == before
    assert not (data / "sample").exists()


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"HF_REQUESTS_REPO": "../elsewhere"}, "STANDINGS_REQUESTS_REPO: "),
        ({"STANDINGS_LEDGER_URL": "mysql://me:hidden@host/name"}, "the ledger cannot be in mysql"),
        ({"STANDINGS_HUB_URL": "http://hub.example"}, "must be https"),
        ({"HF_REQUESTS_REPO": "lab/requests", "HF_UPLOAD_TOKEN": "two hidden"}, "token holds characters"),
    ],
)
def test_a_server_with_settings_that_submissions_cannot_use_says_so_and_ends(
    run: Run, built: Path, variables: dict[str, str], text: str
) -> None:
    result = run("serve", "--data-dir", str(built), **variables)
    assert result.exit_code == 2
    assert text in result.output
    assert "hidden" not in result.output
