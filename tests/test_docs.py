"""Every command and query of the documents runs on the sample, and answers what the document shows."""

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uvicorn
from click.testing import CliRunner
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import main
from api.commands.delivery import Parcel, Server
from api.settings import Settings
from tests.documents import DOCUMENTS, PROJECT, Block, blocks, commands, links
from tests.hub import FakeHub
from warehouse.store import Store
from warehouse.stored import STORED

pytest_plugins = ("tests.hub.fixtures",)

SNAPSHOT = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
VARYING = (
    (SNAPSHOT, "SNAPSHOT"),
    (re.compile(r'"WyIy[\w-]+=*"'), '"CURSOR"'),
    (re.compile(r"WyJTdWJtaXNzaW9u[\w-]+"), "SUBMISSION"),
    (re.compile(r"(?<![\d.])\d+\.\d(?= s[.)]|$)", re.MULTILINE), "SECONDS"),
    (re.compile(r" +\d+\.\d MB"), " SIZE"),
)
VARIABLE = re.compile(r"STANDINGS_[A-Z_]+")
PARQUET = "data/train-00000-of-00001.parquet"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which `standings demo` was run."""
    directory = tmp_path_factory.mktemp("demo")
    before = Path.cwd()
    os.chdir(directory)
    try:
        result = CliRunner().invoke(main, ["demo", "--build-only", "--data-dir", "data"])
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.output
    return directory


@pytest.fixture
def here(demo: Path, tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's directory after `make demo`, where the Hub of the settings is a loopback one that holds the sample."""
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    shutil.copytree(tmp_path / "data/sample/mteb-catalog", tmp_path / "mteb-catalog")
    for name in [name for name in os.environ if name.startswith("STANDINGS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STANDINGS_DATA_DIR", "data")  # `standings serve` sets it, too
    fill(hub, tmp_path / "data/sample")
    hub.add_person("hf_yours", "you")
    hub.add_model("sample-lab/Sample-VL-9B", {}, cardData={"license": "apache-2.0"})
    monkeypatch.setenv("STANDINGS_HUB_URL", hub.url)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(hub: FakeHub, sample: Path) -> None:
    """Put the sample onto a Hub, under the names of the real datasets."""
    hub.add_dataset("OpenEvals/leaderboard-data", {PARQUET: (sample / "openevals" / PARQUET).read_bytes()})
    hub.add_dataset("mteb/results", {PARQUET: mteb_parquet()})
    for known in json.loads((sample / "hub/datasets.json").read_text("utf-8")):
        place = sample / "hub" / known["id"]
        hub.add_dataset(known["id"], {"eval.yaml": (place / "eval.yaml").read_text("utf-8")}, official=True)
        for board in sorted((place / "leaderboard").glob("*.json")):
            if not board.name.endswith(".default.json"):
                hub.set_board(known["id"], json.loads(board.read_bytes()), board.stem.replace("__", "/"))
    for file in sorted((sample / "hub/models").rglob("*.json")):
        about = json.loads(file.read_bytes())
        hub.add_model(about.pop("id"), None, **about)


def mteb_parquet() -> bytes:
    """One score in the form of MTEB's Hub dataset."""
    columns = {
        "model_name": ["sample-lab/sample-embed-giant"],
        "model_revision": ["main"],
        "task_name": ["SampleNewsRetrieval"],
        "split": ["test"],
        "subset": ["default"],
        "language": [["eng-Latn"]],
        "score": [0.75],
        "is_public": [True],
        "trained_on": [True],
    }
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written)
    return written.getvalue()


class Reader:
    """Someone who follows a document to the letter, in one directory."""

    def __init__(self, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data_dir = data_dir
        self.store = Store(data_dir)
        self.monkeypatch = monkeypatch
        self.serving: TestClient | None = None
        self.programs = {"make": self.make, "docker": self.docker, "curl": self.curl, "standings": self.standings}
        self.languages = {"sh": self.sh, "graphql": self.graphql, "sql": self.sql, "python": self.python}

    def follow(self, block: Block) -> None:
        """Do what a block says, and hold the answer against the one that is shown."""
        answer = self.languages[block.language](block)
        if block.answer is None:
            return
        form, shown = block.answer
        if form == "json":
            assert_shown(json.loads(answer), json.loads(shown))
            return
        if block.language == "sh":
            shown, answer = settled(shown), settled(answer)
        same = doctest.OutputChecker().check_output(shown, answer, doctest.NORMALIZE_WHITESPACE)
        assert same, f"shown:\n{shown}\nreal:\n{answer}"

    def sh(self, block: Block) -> str:
        return "".join(self.command(command) for command in commands(block))

    def command(self, command: str) -> str:
        words = shlex.split(SNAPSHOT.sub(lambda _: self.store.list()[-1].id, command), comments=True)
        if words[0] == "export":
            self.monkeypatch.setenv(*words[1].split("=", 1))
            return ""
        if ">" not in words:
            return self.programs[words[0]](words[1:])
        place = words.index(">")
        Path(words[place + 1]).write_text(self.programs[words[0]](words[1:place]), "utf-8")
        return ""

    def make(self, words: list[str]) -> str:
        """`make` works on the checkout; here its target must be there."""
        targets = (PROJECT / "Makefile").read_text("utf-8")
        assert [word for word in words if "=" not in word and f"\n{word}:" not in targets] == []
        return ""

    def docker(self, words: list[str]) -> str:
        """`docker` works on the checkout, and is not asked for by the tests."""
        assert words[0] in ("build", "run")
        assert (PROJECT / "Dockerfile").is_file()
        return ""

    def standings(self, words: list[str]) -> str:
        """The command in this process; a server is not started, but put together."""
        self.stop()
        with self.monkeypatch.context() as patched:
            patched.setattr(uvicorn, "run", lambda app, **options: create_app())
            patched.setattr("api.commands.submit.deliver", self.deliver)
            result = CliRunner().invoke(main, words, catch_exceptions=False)
        assert result.exit_code == 0, f"standings {shlex.join(words)}: {result.output}"
        return result.stdout

    def deliver(self, server: Server, parcel: Parcel, *_: object) -> Any:
        """What `standings submit` sends, to the application in this process."""
        files = {"payload": (None, parcel.payload), "zipFile": ("easi_results.zip", parcel.archive.read_bytes())}
        headers = {"Authorization": f"Bearer {server.token}"}
        return json.loads(self.ask("POST", "/api/submit-with-file/", files=files, headers=headers))

    def curl(self, words: list[str]) -> str:
        headers: dict[str, str] = {}
        fields: dict[str, str] = {}
        parts: list[tuple[str, Any]] = []
        body, address = None, ""
        left = iter(words)
        for word in left:
            if word == "-H":
                name, _, value = next(left).partition(":")
                headers[name] = os.path.expandvars(value.strip())
            elif word == "-F":
                name, _, value = next(left).partition("=")
                file = Path(value[1:]) if value.startswith("@") else None
                parts.append((name, (file.name, file.read_bytes()) if file else (None, value)))
            elif word == "-d":
                body = next(left)
            elif word == "--data-urlencode":
                name, _, file = next(left).partition("@")
                key, _, value = name.partition("=")
                fields[key] = (PROJECT / file).read_text("utf-8") if file else value
            elif word not in ("-s", "-sG"):
                address = word
        assert address.startswith("http://127.0.0.1:8000/")
        method = "POST" if body or parts else "GET"
        sent = {"files": parts} if parts else {"content": body}
        return self.ask(method, address, headers=headers, params=fields or None, **sent)

    def graphql(self, block: Block) -> str:
        variables = json.loads(block.variables) if block.variables else None
        assert block.answer is not None, "a document that asks shows the answer"
        return self.ask("POST", "/graphql", json={"query": block.text, "variables": variables})

    def ask(self, method: str, address: str, **request: Any) -> str:
        """The answer of the application, which is started for it and serves until a command or program is run."""
        if self.serving is None:
            app = create_app(Settings(data_dir=self.data_dir))
            self.serving = TestClient(app, base_url="http://127.0.0.1:8000")
            self.serving.__enter__()
        response = self.serving.request(method, address, **request)
        assert response.status_code == 200, response.text
        return response.text

    def stop(self) -> None:
        """End the application: one process cannot open a file that it serves with other settings."""
        if self.serving is not None:
            self.serving.__exit__(None, None, None)
        self.serving = None

    def sql(self, block: Block) -> str:
        return self.standings(["sql", block.text])

    def python(self, block: Block) -> str:
        """A program, as a main module of its own in this process."""
        self.stop()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block.text, f"line {block.line}", "exec"), {"__name__": "__main__"})  # noqa: S102 our own text
        return printed.getvalue()


def assert_shown(real: dict[str, Any], shown: dict[str, Any]) -> None:
    """What is shown is so. A part of the answer may be left out, but errors may not."""
    assert "errors" in shown or "errors" not in real, real
    parts = {name: real.get(name) for name in shown}
    assert settled(json.dumps(parts, indent=1)) == settled(json.dumps(shown, indent=1))


def settled(text: str) -> str:
    """A text with the same words for what differs between builds."""
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text


@pytest.fixture
def reader(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    reader = Reader(here / "data", monkeypatch)
    yield reader
    reader.stop()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_document_is_true_to_the_letter(document: Path, reader: Reader) -> None:
    for block in blocks(document):
        if block.language and block.role != "client":
            try:
                reader.follow(block)
            except Exception as error:
                error.add_note(f"in {document.relative_to(PROJECT)}, line {block.line}")
                raise


def test_a_wrong_answer_in_a_document_is_found(reader: Reader) -> None:
    query = '{ benchmark(name: "EASI-8") { name } }'
    with pytest.raises(AssertionError):
        reader.follow(Block(1, "graphql", query, answer=("json", '{"data": {"benchmark": {"name": "EASI-9"}}}')))
    with pytest.raises(AssertionError):
        reader.follow(Block(1, "sql", "select 41 as number", answer=("text", "number\n42")))
    with pytest.raises(AssertionError):
        reader.follow(Block(1, "sh", "standings sql 'from nowhere'"))


@pytest.mark.parametrize("document", [*DOCUMENTS, PROJECT / "CHANGELOG.md"], ids=lambda document: document.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    assert [str(target) for target in links(document) if not target.exists()] == []


def test_every_setting_is_explained() -> None:
    ours = {f"STANDINGS_{name.upper()}" for name in Settings.model_fields}
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        ours |= {str(option.envvar) for option in command.params if option.envvar}

    explained = set(VARIABLE.findall((PROJECT / "docs/operations.md").read_text("utf-8")))

    assert explained == ours


def test_every_table_and_view_is_explained() -> None:
    text = (PROJECT / "docs/analysts.md").read_text("utf-8")
    views = [path.stem for path in (PROJECT / "warehouse/sql/views").glob("*.sql")]
    assert [name for name in [*(table.name for table in STORED), *views] if f"`{name}`" not in text] == []


def test_every_error_code_is_explained() -> None:
    source = "".join(path.read_text("utf-8") for path in sorted((PROJECT / "api/graphql").rglob("*.py")))
    codes = set(re.findall(r'(?:RequestError\(|Refused\(\d+,|"code":|return)\s*"([A-Z_]+)"', source))
    assert len(codes) > 10
    text = (PROJECT / "docs/frontends.md").read_text("utf-8")
    assert [code for code in sorted(codes) if f"`{code}`" not in text] == []


def test_the_lock_pins_everything_by_hash_and_names_no_address() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^(\S+?)==\S+.*\\\n    --hash=sha256:", lock, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z]", lock, re.MULTILINE)) > 0
    assert re.findall(r"://|^-|index-url|find-links", lock, re.MULTILINE) == []
