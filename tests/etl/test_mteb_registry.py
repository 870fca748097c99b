"""The catalogue that is written from an installed `mteb`: a small fake one, laid out as mteb 2.x is."""

import sys
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from etl.source import Unreadable
from etl.sources.mteb import Catalogue, write_catalogue
from tests.etl.mteb import described, load, result, scores, table, write_tree


class Shown(str, Enum):
    """As mteb's enums are."""

    MEAN_TASK = "mean_task"


class Url:
    """Something that JSON does not know."""

    def __str__(self) -> str:
        return "https://example.org/"


class Metadata(SimpleNamespace):
    """What a task says of itself."""

    @property
    def n_samples(self) -> dict[str, int]:
        if self.name == "Bitext":
            raise FileNotFoundError("no statistics")
        return {"test": 500}


class Task(SimpleNamespace):
    """A task of the registry, or of a benchmark."""


class Benchmark(SimpleNamespace):
    """A board."""


class RtebBenchmark(Benchmark):
    """A board without private tasks."""


class Model(SimpleNamespace):
    """A model's description."""

    def get_training_datasets(self) -> set[str] | None:
        return None if self.training_datasets is None else self.training_datasets | {"Bitext"}


def metadata(name: str, subsets: dict[str, list[str]]) -> Metadata:
    return Metadata(
        name=name,
        type="Retrieval",
        simplified_task_type="retrieval",
        hf_subsets_to_langscripts=subsets,
        languages={code.split("-")[0] for codes in subsets.values() for code in codes},
        eval_splits=["test"],
        main_score="ndcg_at_10",
        bibtex_citation="@x",
        is_public=True,
        superseded_by=None,
        dataset={"path": "acme/data", "revision": "d1"},
        date=("2015-01-01", "2015-12-31"),
        reference=Url(),
    )


ARGUING = metadata("Arguing", {"default": ["eng-Latn"]})
BITEXT = metadata("Bitext", {"en-de": ["eng-Latn", "deu-Latn"], "en-fr": ["eng-Latn", "fra-Latn"]})
PINNED = Task(metadata=BITEXT, eval_splits=["test"], hf_subsets=["en-de"], languages=["eng", "deu"], is_aggregate=False)
WHOLE = Task(metadata=ARGUING, eval_splits=["test"], hf_subsets=None, languages=["eng"], is_aggregate=False)
BOARD = RtebBenchmark(
    name="Board",
    display_name=None,
    tasks=(PINNED, WHOLE),
    aliases=("B",),
    aggregations=(Shown.MEAN_TASK,),
    language_view=[],
    superseded_by=None,
    show_zero_shot=False,
    description="A board",
    reference=Url(),
)
HIDDEN = Benchmark(name="Hidden", display_name="Not shown", tasks=(), aggregations=(), language_view="all")
MODELS = {
    "acme/embed": Model(
        max_tokens=float("inf"),
        embed_dim=(64, 128),
        languages=["rus-Cyrl"],
        model_type=["dense"],
        training_datasets={"Arguing"},
        similarity_fn_name=None,
        openness={"open weights": True},
        release_date="2024-07-23",
    ),
    "acme/secret": Model(max_tokens=512.0, languages=None, training_datasets=None, similarity_fn_name=None),
}


def install(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    inner = SimpleNamespace(name="Inner", benchmarks=[BOARD], description=None, open=True, size="sm")
    menu = [SimpleNamespace(name="Outer", benchmarks=[inner], description="All", open=False, size="md")]
    contents: dict[str, dict[str, Any]] = {
        "mteb": {"get_benchmarks": lambda: [BOARD, HIDDEN]},
        "mteb.get_tasks": {
            "_TASKS_REGISTRY": {"Arguing": Task(metadata=ARGUING), "Bitext": Task(metadata=BITEXT)},
            "_SIMILAR_TASKS": {"Arguing": ["Bitext"]},
        },
        "mteb.models": {},
        "mteb.models.model_implementations": {"MODEL_REGISTRY": MODELS},
        "mteb.benchmarks": {},
        "mteb.benchmarks._leaderboard_menu": {"HOME_BENCHMARK_ENTRIES": menu},
        "mteb.languages": {"language_label": lambda code: f"<{code}>"},
    }
    for name, content in contents.items():
        module = ModuleType(name)
        vars(module).update(content | changed.get(name, {}))
        monkeypatch.setitem(sys.modules, name, module)


def test_what_is_written_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    write_catalogue(tmp_path / "out")
    write_tree(tmp_path / "results", {"acme__embed/r/Arguing.json": result()})
    found = load(tmp_path, Catalogue.read(tmp_path / "out"))
    assert found.problems == []
    assert [(row["metric"], row["trained_on"]) for row in scores(found)] == [("ndcg_at_10", True)]

    boards = described(found, "benchmarks")
    board = boards["Board"]
    assert (board["display_name"], board["aliases"], board["aggregations"]) == ("Board", ["B"], ["mean_task"])
    assert (board["public_tasks_only"], board["in_menu"], board["url"]) == (True, True, "https://example.org/")
    assert (boards["Hidden"]["in_menu"], boards["Hidden"]["language_view"]) == (False, ["all"])
    uses = [(row["task"], row["subsets"], row["languages"]) for row in table(found, "benchmark_tasks").to_pylist()]
    assert uses == [("Bitext", ["en-de"], ["deu", "eng"]), ("Arguing", ["default"], ["eng"])]

    tasks = described(found, "tasks")
    assert tasks["Arguing"]["descriptive_statistics"] == '{"n_samples": {"test": 500}}'
    assert tasks["Bitext"]["descriptive_statistics"] is None
    assert (tasks["Bitext"]["dataset"], tasks["Bitext"]["citation"]) == ("acme/data", "@x")

    models = described(found, "models")
    assert (models["acme/embed"]["unlimited_tokens"], models["acme/embed"]["embedding_dimension"]) == (True, 128)
    assert models["acme/embed"]["trained_on"] == ["Arguing", "Bitext"]
    assert (models["acme/secret"]["max_tokens"], models["acme/secret"]["trained_on"]) == (512, None)

    menu = [(row["path"], row["benchmarks"]) for row in found.described["menu"].to_pylist()]
    assert menu == [(["Outer"], []), (["Outer", "Inner"], ["Board"])]
    languages = {row["code"]: row["name"] for row in found.described["languages"].to_pylist()}
    assert languages == {code: f"<{code}>" for code in sorted(languages)}
    assert {"eng", "eng-Latn", "deu-Latn", "fra", "rus", "rus-Cyrl"} <= set(languages)


def test_without_mteb_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mteb", None)
    with pytest.raises(Unreadable, match="pip install mteb"):
        write_catalogue(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("missing", ["_TASKS_REGISTRY", "_SIMILAR_TASKS"])
def test_an_mteb_of_another_layout_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    install(monkeypatch)
    monkeypatch.delattr(sys.modules["mteb.get_tasks"], missing)
    with pytest.raises(Unreadable, match=missing):
        write_catalogue(tmp_path / "out")
    assert not (tmp_path / "out").exists()
